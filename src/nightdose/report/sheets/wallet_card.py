"""The card a person carries: what is on board, and what that means in an emergency."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.drug_file import DrugFile
from nightdose.language.catalogue import mark, say
from nightdose.language.number import date
from nightdose.report.bibliography import source_line
from nightdose.report.sheets.pages import fill

SOURCES = (
    mark(
        "Usual opioid doses may fail and breathing may be depressed later; held 3 days before surgery: Whately and "
        "Stead, Perioperative management of patients on naltrexone, Australasian Anaesthesia 2023 (full dose)."
    ),
    mark("Full-dose tablets held 3 to 4 days before an operation: SPAQI consensus statement 2021, read in quotation."),
    mark("Low-dose practice of 1 to 3 days: pharmacists’ advice pages; no trial."),
    mark("7 to 10 opioid-free days before naltrexone: US prescribing information of naltrexone tablets."),
)


@dataclass(frozen=True, slots=True)
class WalletCard:
    """What stands on the card; an empty field is a line to write on.

    blinded : True in a blinded trial: whoever treats the person has to assume that naltrexone was taken.
    """

    day: datetime.date
    name: str = ""
    dose: str = ""
    clock: str = ""
    prescriber: str = ""
    contact: str = ""
    allergies: str = ""
    blinded: bool = False
    helper: str = ""


def wallet_card_page(card: WalletCard) -> str:
    """One HTML page to print, with the card and where its sentences come from."""
    if (file := chosen()) is not None:
        return fill("drug_card.html", card=card, made=date(card.day), drug=file, sources=_stated(file))
    return fill("wallet_card.html", card=card, made=date(card.day), sources=tuple(map(say, SOURCES)))


def _stated(file: DrugFile) -> tuple[str, ...]:
    """Where the sentences of a file come from: its own sources, each with how it was read."""
    lines = (source_line(fields, key) for key, fields in file.sources.items())
    return tuple(f"{line.words} {line.url}".strip() for line in lines)
