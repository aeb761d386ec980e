"""What else may have moved the score, or hidden that it moved: hope, painkillers, a coarse scale, a small dose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.diary.records import RESCUE_PREFIX
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import parameters
from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

ACUTE_WORDS = (
    "ibuprofen", "paracetamol", "acetaminophen", "aspirin", "naproxen", "diclofenac", "triptan", "rescue", "acute",
    "painkiller", "analgesic",
)  # fmt: skip
ACUTE_MOVED = 0.15  # difference in the share of recorded days with an acute medicine, with and without the treatment
PAIN_WORDS = ("migraine", "headache", "pain")
MEASURED_WORDS = ("pain", "schmerz")  # what the trials of fibromyalgia measured
HEAD_WORDS = ("migr", "head", "kopf")  # and what they did not


def dose_range(e: Evidence) -> Iterator[Reason]:
    """Less than what trials used."""
    known = drug(e.question.treatment)
    if known is None or known.studied_dose is None or e.question.unit != "mg" or not e.design.dose_levels:
        return
    highest, studied = e.design.dose_levels[-1], known.studied_dose
    if highest < studied.low_mg:
        yield Reason(
            "dose_below_studied",
            say(
                "The highest dose, {highest} mg, is below the {low_mg} to {high_mg} mg that "
                "placebo-controlled trials used.",
                highest=number(highest),
                low_mg=number(studied.low_mg),
                high_mg=number(studied.high_mg),
            ),
            {"highest_mg": highest, "studied_low_mg": studied.low_mg},
            source=studied.source,
        )


def open_label(e: Evidence) -> Iterator[Reason]:
    """Hope without blinding."""
    if not e.design.days_on or e.design.blinded:
        return
    outcome = e.question.outcome.casefold()
    if any(word in outcome for word in MEASURED_WORDS) and not any(word in outcome for word in HEAD_WORDS):
        moved = parameters("quoted")["placebo_responders"]
        yield Reason(
            "open_label",
            say(
                "You knew when you took it. Hope alone moves such scores: in fibromyalgia trials {n} of 100 people on "
                "a dummy report 30 % less pain.",
                n=number(round(moved.value)),
            ),
            {"placebo_responders_percent": moved.value},
            source=moved.source,
        )
        return
    yield Reason(
        "open_label",
        say("You knew when you took it. Hope alone moves such scores, and nobody can say how far it moved yours."),
    )


def coarse_scale(e: Evidence) -> Iterator[Reason]:
    """A scale of three or four steps."""
    low, high = e.question.ends or (0.0, np.inf)
    steps = high - low + 1
    if e.question.kind.steps and 2 < steps <= 4:
        yield Reason(
            "coarse_scale",
            say(
                "A scale of {steps} steps hides small changes and turns a little more or less into a whole step.",
                steps=number(round(steps)),
            ),
            {"steps": int(steps)},
        )


def acute_medicines(e: Evidence) -> Iterator[Reason]:
    """Painkillers that nobody wrote down."""
    about_pain = any(word in e.question.outcome.casefold() for word in PAIN_WORDS)
    written = any(word in column.casefold() for column in e.diary.columns for word in ACUTE_WORDS)
    if about_pain and not written and e.design.planned is None and e.design.days_on:
        yield Reason(
            "acute_medicine_not_recorded",
            say(
                "No acute medicine (triptan, painkiller) is written down. Taking fewer of them "
                "can by itself change headaches and pain; a column for them would tell."
            ),
        )


def acute_medicines_moved(e: Evidence) -> Iterator[Reason]:
    """Painkillers that were taken more often on one side than on the other."""
    columns = [values for name, values in e.diary.columns.items() if name.startswith(RESCUE_PREFIX)]
    if not columns:
        return
    taken = np.any(np.nan_to_num(np.array(columns)) > 0, axis=0)
    on, off = e.usable & (e.dose > 0), e.usable & (e.dose == 0)
    if not (np.any(on) and np.any(off)):
        return
    with_it, without = int(np.sum(taken & on)), int(np.sum(taken & off))
    if abs(with_it / np.sum(on) - without / np.sum(off)) < ACUTE_MOVED:
        return
    yield Reason(
        "acute_medicine_moved",
        say(
            "Acute medicine was taken on {with_it} of {of_on} recorded days with {treatment} and on {without} of "
            "{of_off} without. Those scores are partly its work.",
            with_it=whole(with_it),
            of_on=whole(int(np.sum(on))),
            treatment=e.question.treatment,
            without=whole(without),
            of_off=whole(int(np.sum(off))),
        ),
        {"days_on": with_it, "of_on": int(np.sum(on)), "days_off": without, "of_off": int(np.sum(off))},
    )
