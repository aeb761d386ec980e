"""The card a person carries: naltrexone is on board, and what that means in an emergency."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from nightdose.report.sheets.pages import fill

SOURCES = (
    "Usual opioid doses may fail and breathing may be depressed later; held 3 days before surgery: "
    "Whately and Stead, Perioperative management of patients on naltrexone, Australasian Anaesthesia 2023 (full dose).",
    "Full-dose tablets held 3 to 4 days before an operation: SPAQI consensus statement 2021, read in quotation.",
    "Low-dose practice of 1 to 3 days: pharmacists' advice pages; no trial.",
    "7 to 10 opioid-free days before naltrexone: US prescribing information of naltrexone tablets.",
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
    return fill("wallet_card.html", card=card, sources=SOURCES)
