"""Attacks: nothing on most days, and days with a severity that come together.

Such scores are events and no degree of one thing: their average on a rating says little, and a normal under a rounded
scale, which has many small values wherever it has many zeros, does not fit them. So they are read as attack days (yes
or no) or as beginnings of attacks (counts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, whole
from nightdose.question.question import Question
from nightdose.question.reason import Reason

MOSTLY_NONE = 0.6  # share of recorded days without, from which degrees are refused
OFTEN_NONE = 0.4  # the same where days or beginnings of attacks are asked for
FEWEST_DAYS, FEWEST_ATTACKS = 6, 3
LEAST_SEVERITY = 2.0  # the middle day of attacks
NO_COUNT = 4.0  # of a middle day: nobody has as many attacks on every second bad day
SMALL, FEW_SMALL = 0.25, 0.15  # of the worst tenth; share of attack days: of a normal above a floor it is a third


@dataclass(frozen=True, slots=True)
class Attacks:
    """free : share of recorded days without; days : attack days; starts : attacks; severity : of the middle day."""

    free: float
    days: int
    starts: int
    severity: float

    @property
    def length_d(self) -> float:
        """Recorded days of an attack, on average."""
        return self.days / self.starts


def attacks_of(outcome: Floats, dose: Floats | None = None, least_free: float = MOSTLY_NONE) -> Attacks | None:
    """The attacks of a column of severities; None where it is none.

    outcome : (days,), NaN = unknown, 0 = nothing. least_free : share of days without. dose : (days,) of the treatment;
    then they have to be attacks on the days without it, because a medicine that takes everything away leaves zeros of
    whatever was there.
    """
    seen = ~np.isnan(outcome)
    some_without = dose is not None and bool(np.any((dose == 0) & seen))
    if some_without and attacks_of(np.where(dose == 0, outcome, np.nan), None, least_free) is None:
        return None
    values = outcome[seen]
    ill = values[values > 0]
    if len(ill) < FEWEST_DAYS or np.min(values) < 0 or np.mean(values == 0) < least_free:
        return None
    severity, worst = float(np.median(ill)), float(np.quantile(ill, 0.9))
    begun = int(np.nansum(beginnings(outcome)))
    small = float(np.mean(ill <= worst * SMALL))
    if begun < FEWEST_ATTACKS or severity < LEAST_SEVERITY or small > FEW_SMALL:
        return None
    return Attacks(float(np.mean(values == 0)), len(ill), begun, severity)


def beginnings(outcome: Floats) -> Floats:
    """(days,) 1 on the first day of an attack, 0 on days without and on its later days; NaN = unknown.

    The first day after a hole is the first of an attack only where the hole was one day and the day before it was
    free; else nobody knows whether the attack had begun before.
    """
    before = np.r_[np.nan, outcome[:-1]]
    two_before = np.r_[np.nan, np.nan, outcome[:-2]]
    last = np.where(np.isnan(before), np.where(two_before == 0, 0.0, np.nan), before)
    begins = np.where(np.isnan(last), np.nan, (last == 0).astype(float))
    return np.where(np.isnan(outcome), np.nan, np.where(outcome == 0, 0.0, begins))


def read_as_events(question: Question, outcome: Floats, dose: Floats) -> tuple[Floats, tuple[Reason, ...]]:
    """The column as it is judged, and what has to be said of it.

    Asked as yes or no, severities are attack days; asked as a count, where they are too large to be one, beginnings of
    attacks; on a scale of degrees they cannot be judged, and the other two are named.
    """
    kind = question.kind
    seen = attacks_of(outcome, None, OFTEN_NONE) if kind.events else attacks_of(outcome, dose)
    found = seen if question.better == "lower" else None
    if found is None:
        return outcome, ()
    if kind.straight:
        return outcome, (_refused(question, found, _counted(question, outcome, dose)),)
    if kind.two:
        days = np.where(np.isnan(outcome), np.nan, (outcome > 0).astype(float))
        return days, (_read(question, found, mark("Days above 0 are read as attack days: {n} in {starts} attacks.")),)
    if kind.whole and found.severity >= NO_COUNT:
        words = mark("First days of attacks are counted, not severities: {starts} attacks on {n} days.")
        return beginnings(outcome), (_read(question, found, words),)
    return outcome, ()


def _read(question: Question, found: Attacks, words: str) -> Reason:
    return Reason(
        "read_as_attacks", say(words, n=whole(found.days), starts=whole(found.starts)), {"attacks": found.starts}
    )


def _counted(question: Question, outcome: Floats, dose: Floats) -> str:
    """Attack days of the recorded days with and without the treatment, in a sentence; empty where one side has none."""
    seen = ~np.isnan(outcome)
    on, off = seen & (dose > 0), seen & (dose == 0)
    if not (np.any(on) and np.any(off)):
        return ""
    ill = outcome > 0
    return " " + say(
        "Counted, not judged: attacks on {ill_on} of {on} recorded days with {treatment} and on {ill_off} of {off} "
        "without.",
        ill_on=whole(int(np.sum(ill & on))),
        on=whole(int(np.sum(on))),
        ill_off=whole(int(np.sum(ill & off))),
        off=whole(int(np.sum(off))),
        treatment=question.treatment,
    )


def _refused(question: Question, found: Attacks, counted: str) -> Reason:
    return Reason(
        "comes_in_attacks",
        say(
            "{outcome} is 0 on {free} of 100 days and comes in attacks ({starts} of about {length} days, severity "
            "{severity}). Attacks happen or do not; a mean severity of all days hides that. Ask for attack days, as "
            "yes or no, or for attacks that begin, as a count.",
            outcome=question.outcome,
            free=round(100 * found.free),
            starts=whole(found.starts),
            length=number(found.length_d, 0.5),
            severity=number(found.severity),
        )
        + counted,
        {"free": round(found.free, 3), "attacks": found.starts, "severity": found.severity},
        decisive=True,
    )
