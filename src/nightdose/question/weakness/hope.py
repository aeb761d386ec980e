"""What else may have moved the score, or hidden that it moved: hope, painkillers, a coarse scale, a small dose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import parameters
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.question.reason import Reason
from nightdose.question.weakness.evidence import Evidence

ACUTE_WORDS = (
    "ibuprofen", "paracetamol", "acetaminophen", "aspirin", "naproxen", "diclofenac", "triptan", "rescue", "acute",
    "painkiller", "analgesic",
)  # fmt: skip
PAIN_WORDS = ("migraine", "headache", "pain")


def dose_range(e: Evidence) -> Iterator[Reason]:
    """Less than what trials used."""
    known = drug(e.question.treatment)
    if known is None or known.studied_dose is None or e.question.unit != "mg" or not e.design.dose_levels:
        return
    highest, studied = e.design.dose_levels[-1], known.studied_dose
    if highest < studied.low_mg:
        yield Reason(
            "dose_below_studied",
            f"The highest dose, {highest:g} mg, is below the {studied.low_mg:g} to {studied.high_mg:g} mg that "
            "placebo-controlled trials used.",
            {"highest_mg": highest, "studied_low_mg": studied.low_mg},
            source=studied.source,
        )


def open_label(e: Evidence) -> Iterator[Reason]:
    """Hope without blinding."""
    if e.design.days_on and not e.design.blinded:
        moved = parameters("ordinary_causes")["placebo_responders"]
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


def coarse_scale(e: Evidence) -> Iterator[Reason]:
    """A scale of three or four steps."""
    low, high = e.question.ends or (0.0, np.inf)
    steps = high - low + 1
    if e.question.kind.steps and 2 < steps <= 4:
        yield Reason(
            "coarse_scale",
            f"A scale of {steps:.0f} steps hides small changes and turns a little more or less into a whole step.",
            {"steps": int(steps)},
        )


def acute_medicines(e: Evidence) -> Iterator[Reason]:
    """Painkillers that nobody wrote down."""
    about_pain = any(word in e.question.outcome.casefold() for word in PAIN_WORDS)
    written = any(word in column.casefold() for column in e.diary.columns for word in ACUTE_WORDS)
    if about_pain and not written and e.design.planned is None and e.design.days_on:
        yield Reason(
            "acute_medicine_not_recorded",
            "No acute medicine (triptan, painkiller) is written down. Taking fewer of them can by itself change "
            "headaches and pain; a column for them would tell.",
        )
