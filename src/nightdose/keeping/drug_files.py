"""Drug files that can be chosen: those carried, those in the user's folder, one at a path; read, not yet kept."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightdose.errors import CallError
from nightdose.keeping.medicine_names import same_medicine
from nightdose.knowledge.chosen import NALTREXONE, about
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.drug_file_reading import read_again, read_drug_file
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
        return brought(file_text(named), Path(named).name)
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
        return brought(file_text(str(path)), path.name)
    return read_again(data_text(f"{CARRIED}/{each.name}{SUFFIX}"), f"{each.name}{SUFFIX}")


def brought(text: str, name: str) -> DrugFile:
    """The drug of a file that its user brings now. Raises InputError with the field that is wrong."""
    return read_drug_file(text, name, datetime.date.today())
