"""Which medicine a diary is about where it is not naltrexone: its file, kept, put in another's place, read again."""

from __future__ import annotations

import datetime

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety
from nightdose.keeping.documents import DRUG, PROTOCOL, TAKEN_BACK, TITRATION, KeptDrug
from nightdose.keeping.medicine_names import same_medicine
from nightdose.knowledge.chosen import NALTREXONE, about, choose
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.drug_file_reading import read_again
from nightdose.language.catalogue import say
from nightdose.protocol.interview import TakenBack


def of_diary(store: Store) -> DrugFile | None:
    """The drug file that a diary carries, newest content; None for a diary about naltrexone."""
    kept = documents.every(store, DRUG)
    return read_again(kept[-1].text, say("the drug file in this diary")) if kept else None


def settle(store: Store, given: DrugFile | None = None, *, naltrexone: bool = False) -> DrugFile | None:
    """From here on the run is about this diary's medicine. given : the file asked for now; the first one is kept.

    naltrexone : asked for by its name. Raises CallError where the diary is about another medicine, or about another
    version of the file: that one is put in its place by `replace_file`, never by the way.
    """
    file = of_diary(store)
    if naltrexone and file is not None:
        raise _another(file.name, NALTREXONE)
    if given is not None and file is None:
        _refuse_beside_naltrexone(store, given)
        documents.keep(store, DRUG, _as_kept(given))
        file = given
    elif given is not None and file is not None and given.sha256 != file.sha256:
        _refuse_other_name(file, given)
        raise CallError(
            say(
                "This diary carries another version of the file of {name} (its fingerprint begins {kept}, that of "
                "yours {yours}). Leave the file out to go on with the kept one, or put yours in its place first.",
                name=file.name, kept=file.sha256[:12], yours=given.sha256[:12],
            ),
            field="drug",
            code="drug_version",
        )  # fmt: skip
    choose(file)
    return file


def replace_file(store: Store, given: DrugFile, today: datetime.date, reason: str = "") -> DrugFile:
    """Put another version of the diary's drug file in its place; the older ones stay as history.

    reason : needed where a gate that stands in the way now would go by it; kept, and printed with the gates.
    Raises CallError where the diary is about another medicine.
    """
    file = of_diary(store)
    if file is None:
        return settle(store, given) or given
    _refuse_other_name(file, given)
    with about(file):
        before = safety.refusing_now(store, today)
    with about(given):
        gone = tuple(sorted(before - safety.refusing_now(store, today)))
    about_what = ", ".join(dict.fromkeys(key.split(":", 1)[1] for key in gone))
    what = say("the file of {name} that was kept before, about {about_what}", name=file.name, about_what=about_what)
    told = (TAKEN_BACK, TakenBack(today, gone, what, reason)) if gone else None
    documents.keep_all(store, told, (DRUG, _as_kept(given)))
    choose(given)
    return given


def _as_kept(file: DrugFile) -> KeptDrug:
    return KeptDrug(file.name, file.text, file.sha256)


def _refuse_other_name(file: DrugFile, given: DrugFile) -> None:
    if file.name != given.name:
        raise _another(file.name, given.name)


def _refuse_beside_naltrexone(store: Store, given: DrugFile) -> None:
    """A diary in which naltrexone was taken or planned keeps naltrexone's questions."""
    taken = any(same_medicine(row.entry.item, NALTREXONE) for row in store.entries(kind="dose"))
    if taken or any(store.documents(kind.name) for kind in (TITRATION, PROTOCOL)):
        raise _another(NALTREXONE, given.name)


def _another(about: str, name: str) -> CallError:
    words = say(
        "This diary is about {about}. Keep {name} in a diary of its own: each medicine has its own safety questions.",
        about=about,
        name=name,
    )
    return CallError(words, field="drug")
