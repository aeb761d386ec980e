"""Is this a dose that was meant? Units and tenfold slips, above the low-dose range, above the label's range."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from nightdose.diary.entry import Entry
from nightdose.errors import CallError
from nightdose.knowledge.chosen import NALTREXONE
from nightdose.knowledge.chosen import treatment as chosen_treatment
from nightdose.knowledge.drug_file import DoseBounds
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.interactions import rule
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import say
from nightdose.protocol.interview import Instruction

MG_IN: dict[str, Decimal] = {
    "mg": Decimal(1), "milligram": Decimal(1), "milligrams": Decimal(1),
    "mcg": Decimal("0.001"), "ug": Decimal("0.001"), "μg": Decimal("0.001"), "µg": Decimal("0.001"),
    "microgram": Decimal("0.001"), "micrograms": Decimal("0.001"),
    "g": Decimal(1000), "gram": Decimal(1000), "grams": Decimal(1000),
}  # fmt: skip
VOLUMES = frozenset({"ml", "millilitre", "millilitres", "milliliter", "milliliters", "l", "cc", "drops", "drop"})
ABOVE_LABEL = "dose_above_label"  # id of the rule; `Gate.key`s begin with it

DoseState = Literal["plausible", "ask", "refused"]


@dataclass(frozen=True, slots=True)
class DoseCheck:
    """A dose held against the range it is expected in.

    mg       : the dose in milligrams.
    state    : plausible | ask (the person says it again) | refused (needs a prescriber's recorded word).
    sentence : the question, or why it is refused and whom to ask; "" when plausible.
    key      : the gate that a prescriber's word about a refused dose names.
    """

    mg: float
    state: DoseState
    sentence: str = ""
    key: str = ""


class DoseInDoubt(CallError):
    """A dose that has to be said again, or that needs a prescriber's recorded word."""

    def __init__(self, check: DoseCheck) -> None:
        super().__init__(check.sentence, code="dose")
        self.check = check


def milligrams(amount: float | Decimal, unit: str) -> float:
    """An amount in mg; a volume and an unknown unit are refused with a sentence."""
    name = unit.strip().lower().rstrip(".")
    if name in VOLUMES:
        raise CallError(
            say(
                "{amount} {unit} is a volume, and how much medicine it holds depends on the "
                "bottle. Give the dose in mg; the liquid is worked out from what the label states.",
                amount=f"{amount:g}",
                unit=unit,
            )
        )
    if name not in MG_IN:
        raise CallError(say("'{unit}' is not a unit of a dose. Give it in mg, for example 1.5 mg.", unit=unit))
    mg = float(Decimal(str(amount)) * MG_IN[name])
    if not 0 <= mg < 1e6:
        raise CallError(
            say("{amount} {unit} is not a dose. Give it in mg, for example 1.5 mg.", amount=f"{amount:g}", unit=unit)
        )
    return mg


def read_dose(text: str) -> float:
    """'4.5', '4,5 mg' or '4500 mcg' in mg; without a unit it is mg."""
    found = re.fullmatch(r"\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*([^\W\d_]*)\.?\s*", text)
    if found is None:
        raise CallError(say("'{text}': write a dose as 1.5 mg.", text=text))
    return milligrams(Decimal(found[1].replace(",", ".")), found[2] or "mg")


def plausible_dose(amount: float | Decimal, unit: str = "mg", treatment: str = "") -> DoseCheck:
    """Hold one daily dose against the drug's file: plausible, asked about, or refused.

    Asked about above the low-dose range (and below a tenth of a milligram), with the dose that a slip of the decimal
    point or of the unit would have made of it; refused above the label's range. A drug without bounds is not judged.
    treatment : "" = the medicine that this run is about.
    """
    mg = milligrams(amount, unit)
    known = drug(treatment or chosen_treatment())
    if mg == 0 or known is None or known.dose_bounds is None:
        return DoseCheck(mg, "plausible")
    bounds = known.dose_bounds
    if bounds.asked_below_mg <= mg <= bounds.asked_above_mg:
        return DoseCheck(mg, "plausible")
    said = f"{mg:g} mg"
    meant = _meant(mg, bounds)
    slip = say(" Is {meant} meant?", meant=meant) if meant else ""
    if mg > bounds.refused_above_mg:
        found = rule(ABOVE_LABEL)
        sentence = f"{say(found.wording, name=said)}{slip} {say(found.call, name=said)}"
        return DoseCheck(mg, "refused", sentence, f"{ABOVE_LABEL}:{said}")
    if known.name != NALTREXONE:
        sentence = say(
            "{said} is outside {low} to {high} mg, which the file of {drug} lets pass.{slip} Say it again if that is "
            "what your prescriber wrote; if you are not sure, ask them.",
            said=said,
            low=f"{bounds.asked_below_mg:g}",
            high=f"{bounds.asked_above_mg:g}",
            drug=known.name,
            slip=slip,
        )
        return DoseCheck(mg, "ask", sentence)
    if mg < bounds.asked_below_mg:
        sentence = say(
            "{said} is less than any low dose that was studied.{slip} Say it again if that is what was prescribed.",
            said=said,
            slip=slip,
        )
        return DoseCheck(mg, "ask", sentence)
    sentence = say(
        "{said} is above the low-dose range, which ends at {asked_above_mg} mg.{slip} Say it "
        "again if that is what your prescriber wrote; if you are not sure, ask them.",
        said=said,
        asked_above_mg=f"{bounds.asked_above_mg:g}",
        slip=slip,
    )
    return DoseCheck(mg, "ask", sentence)


def _meant(mg: float, bounds: DoseBounds) -> str:
    """The low dose that a lost decimal point, or micrograms read as milligrams, would turn into this one."""
    for factor in (10, 100, 1000):
        usual = mg / factor
        if 0.5 <= usual <= bounds.asked_above_mg and mg >= 10:
            return f"{usual:g} mg" + (f" ({mg:g} micrograms)" if factor == 1000 else "")
    if mg < bounds.asked_below_mg and 0.5 <= mg * 1000 <= bounds.asked_above_mg:
        return f"{mg * 1000:g} mg"
    return ""


def accepted_dose(
    check: DoseCheck, said_again_mg: Collection[float] = (), instructions: Sequence[Instruction] = ()
) -> float:
    """The dose in mg, once it is plausible, was said again, or is covered by a prescriber's recorded word.

    said_again_mg : doses that the person said twice. Raises DoseInDoubt, whose sentence is the question.
    """
    again = any(abs(check.mg - said) < 1e-9 for said in said_again_mg)
    word = any(each.gate == check.key for each in instructions)
    if check.state == "plausible" or (check.state == "ask" and again) or (check.state == "refused" and word):
        return check.mg
    raise DoseInDoubt(check)


def doubtful_doses(entries: Iterable[Entry], treatment: str = "") -> tuple[tuple[Entry, DoseCheck], ...]:
    """Logged or imported doses of the treatment that are not plausible, each with its question.

    What was taken is a fact and can be kept once it was said again; the question is whether it was written as meant.
    """
    found, treatment = [], treatment or chosen_treatment()
    for entry in entries:
        counted = entry.unit and entry.unit.lower() not in MG_IN and entry.unit.lower() not in VOLUMES  # tablets
        if entry.kind not in ("dose", "rescue") or entry.value is None or counted:
            continue
        if not _is_treatment(entry.item, treatment):
            continue
        try:
            check = plausible_dose(entry.value, entry.unit or "mg", treatment)
        except CallError as error:
            check = DoseCheck(float("nan"), "ask", str(error))
        if check.state != "plausible":
            found.append((entry, check))
    return tuple(found)


def doubtful_days(entries: Iterable[Entry], treatment: str = "") -> tuple[tuple[Entry, DoseCheck], ...]:
    """The last dose of every day whose doses of the treatment are plausible one by one and not together.

    A file that has each dose twice would double them: two rows of one minute, or one under another name.
    """
    treatment, of_day = treatment or chosen_treatment(), dict[datetime.date, list[Entry]]()
    for entry in entries:
        weighed = entry.value is not None and (entry.unit or "mg").lower() in MG_IN
        if entry.kind == "dose" and weighed and _is_treatment(entry.item, treatment):
            of_day.setdefault(entry.day, []).append(entry)
    found = []
    for day, doses in of_day.items():
        amounts = [milligrams(each.value or 0.0, each.unit or "mg") for each in doses]
        if len(doses) < 2 or any(plausible_dose(mg, "mg", treatment).state != "plausible" for mg in amounts):
            continue
        whole = plausible_dose(sum(amounts), "mg", treatment)
        if whole.state != "plausible":
            words = say("{day} has {n} doses. {question}", day=day, n=len(doses), question=whole.sentence)
            found.append((doses[-1], replace(whole, sentence=words)))
    return tuple(found)


def is_dose_gate(key: str) -> bool:
    """True when a prescriber's word under this key is about a dose above the label's range."""
    return re.fullmatch(rf"{ABOVE_LABEL}:\d+(\.\d+)? mg", key) is not None


def _is_treatment(item: str, treatment: str) -> bool:
    if item.casefold() == treatment.casefold():
        return True
    known = drug(treatment)
    if known is None:
        return False
    same_file = drug(item)
    groups = {recognised.group for recognised in recognise(item)}
    return (same_file is not None and same_file.name == known.name) or (
        known.name == NALTREXONE and "this_drug" in groups
    )
