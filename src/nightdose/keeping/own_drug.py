"""Which medicine a run, a diary or a page is about where it is not naltrexone: its file, found, kept, read again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents
from nightdose.keeping.documents import DRUG, KeptDrug
from nightdose.keeping.medicine_names import same_medicine
from nightdose.knowledge.chosen import NALTREXONE, about, choose
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.drug_file_reading import read_drug_file
from nightdose.knowledge.load import data_names, data_text, file_text
from nightdose.language.catalogue import say

SUFFIX, CARRIED = ".toml", "drugs"


@dataclass(frozen=True, slots=True)
class Offered:
    """A drug file that can be chosen by its name. own : from the user's folder, else carried by nightdose."""

    name: str
    own: bool


def folder() -> Path:
    """Where a user's drug files lie: `drugs` in the folder for settings of this system, or NIGHTDOSE_DRUGS."""
    if said := os.environ.get("NIGHTDOSE_DRUGS"):
        return Path(said)
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "nightdose" / CARRIED


def offered() -> tuple[Offered, ...]:
    """Every drug file that can be chosen by name, one's own before those that are carried."""
    try:
        own = [path.stem for path in sorted(folder().glob(f"*{SUFFIX}"))]
    except OSError:
        own = []
    carried = [name.removesuffix(SUFFIX) for name in sorted(data_names(CARRIED))]
    return tuple(Offered(name, True) for name in own) + tuple(Offered(n, False) for n in carried if n not in own)


def found(named: str) -> DrugFile | None:
    """The drug file of that name or at that path; None for naltrexone, which needs none.

    Raises InputError where the file cannot be read or is wrong, CallError where there is none.
    """
    if same_medicine(named, NALTREXONE):
        return None
    if named.endswith(SUFFIX) or os.sep in named:
        return read_drug_file(file_text(named), Path(named).name)
    for each in offered():
        if each.name == named.casefold():
            return _read(each)
    known = ", ".join([NALTREXONE, *(each.name for each in offered())])
    raise CallError(
        say(
            "There is no drug file called '{name}'. Known: {known}. Give the path of a file that ends in .toml, or put "
            "it into {folder}.",
            name=named[:60], known=known, folder=folder(),
        ),
        field="drug",
    )  # fmt: skip


@contextmanager
def about_drug(drug: str | Path) -> Iterator[None]:
    """A block of code that is about the medicine of a drug file (docs/drug-file.md), and not afterwards.

    drug : path of the file, or the name of one that is carried or lies in the user's folder. Raises InputError where
    it cannot be read or is wrong, CallError where there is none.
    """
    with about(found(str(drug))):
        yield


def own_file_of(treatment: str) -> DrugFile | None:
    """The file in the user's folder that is named like the treatment, or None."""
    wanted = treatment.casefold().removesuffix("_mg")
    return next((_read(each) for each in offered() if each.own and each.name == wanted), None)


def _read(each: Offered) -> DrugFile:
    if each.own:
        path = folder() / f"{each.name}{SUFFIX}"
        return read_drug_file(file_text(str(path)), path.name)
    return read_drug_file(data_text(f"{CARRIED}/{each.name}{SUFFIX}"), f"{each.name}{SUFFIX}")


def of_diary(store: Store) -> DrugFile | None:
    """The drug file that a diary carries, newest content; None for a diary about naltrexone."""
    kept = documents.every(store, DRUG)
    return read_drug_file(kept[-1].text, say("the drug file in this diary")) if kept else None


def settle(store: Store, given: DrugFile | None = None) -> DrugFile | None:
    """From here on the run is about this diary's medicine. given : the file asked for now; it is kept in the diary.

    Raises CallError where the diary is about another medicine.
    """
    kept = documents.every(store, DRUG)
    file = read_drug_file(kept[-1].text, say("the drug file in this diary")) if kept else None
    if given is not None and (file is None or given.sha256 != file.sha256):
        _refuse_another(store, file, given)
        documents.keep(store, DRUG, KeptDrug(given.name, given.text, given.sha256))
        file = given
    choose(file)
    return file


def _refuse_another(store: Store, file: DrugFile | None, given: DrugFile) -> None:
    if file is not None and file.name != given.name:
        about = file.name
    elif file is None and any(
        row.entry.kind == "dose" and same_medicine(row.entry.item, NALTREXONE) for row in store.entries()
    ):
        about = NALTREXONE
    else:
        return
    raise CallError(
        say(
            "This diary is about {about}. Keep {name} in a diary of its own: each medicine has its own safety "
            "questions.",
            about=about,
            name=given.name,
        ),
        field="drug",
    )
