"""What a design cannot rule out: each weakness a reason, the decisive ones enough to say `cannot be known`.

The check-list follows the eight things that make one hopeful person's diary unable to show an effect: a start on the
worst days, another medicine stopped or started in the same weeks, acute medicines not written down, holidays, a dose or
a time too short, hope without blinding, a coarse scale, no days before.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.diary.records import Diary
from nightdose.knowledge.drugs import drug
from nightdose.question.design import ENOUGH_SWITCHES, Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason

FEWEST_DAYS = 14  # recorded days in all
FEWEST_EACH = 5  # recorded days with and without the treatment
ENOUGH_BEFORE = 14  # recorded days before the first dose
SHORTEST_WINDOW_D = 7
NEAR_WORST = 0.1  # share of the scale
MOVED = 0.25  # a co-treatment moved when its mean dose around a switch changed by more of its range
INSEPARABLE = 0.95  # share of an exposure's variance that others explain
ACUTE_WORDS = (
    "ibuprofen", "paracetamol", "acetaminophen", "aspirin", "naproxen", "diclofenac", "triptan", "rescue", "acute",
    "painkiller", "analgesic",
)  # fmt: skip
# with one of these there is nothing to fit
UNFITTABLE = frozenset(
    {"doses_unknown", "doses_mostly_unknown", "no_days_on", "no_days_off", "too_few_days", "outcome_constant"}
)
PAIN_WORDS = ("migraine", "headache", "pain")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the check looks at; exposures at the prior median of the onset.

    exposure : (days,) of the treatment; co_doses : name -> (days,) dose of every other medicine in the diary, without
    unknowns; usable : (days,) days whose outcome enters the fit; onset_d : prior median of the onset, days.
    """

    diary: Diary
    question: Question
    design: Design
    outcome: Floats
    dose: Floats
    exposure: Floats
    co_doses: Mapping[str, Floats]
    co_exposures: Mapping[str, Floats]
    usable: Bools
    onset_d: float


def weaknesses(evidence: Evidence) -> tuple[Reason, ...]:
    """Every weakness found, decisive ones first, each in the order of the check-list."""
    found = [reason for check in CHECKS for reason in check(evidence)]
    return tuple(sorted(found, key=lambda reason: not reason.decisive))


def _days_missing(e: Evidence) -> Iterator[Reason]:
    d, name = e.design, e.question.treatment
    if d.days_on + d.days_off == 0:
        yield Reason(
            "doses_unknown",
            f"No dose of {name} is written down on any day, so days with and without it cannot be told apart. "
            "If an empty field means that none was taken, write 0.",
            {"days": d.days},
            decisive=True,
        )
        return
    if d.recorded_on < FEWEST_EACH:
        yield Reason(
            "no_days_on",
            f"There are {d.recorded_on} recorded days on {name}; at least {FEWEST_EACH} are needed to compare.",
            {"recorded_on": d.recorded_on},
            decisive=True,
        )
    if d.recorded_off < FEWEST_EACH:
        empty = d.dose_unknown > 0
        yield Reason(
            "no_days_off",
            f"There are {d.recorded_off} recorded days known to be without {name}; at least {FEWEST_EACH} are needed "
            "to compare with."
            + (f" On {d.dose_unknown} days the dose is unknown: if empty means none, write 0." if empty else ""),
            {"recorded_off": d.recorded_off, "dose_unknown": d.dose_unknown},
            decisive=True,
        )
    if d.recorded < FEWEST_DAYS:
        yield Reason(
            "too_few_days",
            f"Only {d.recorded} days have a value of {e.question.outcome}; at least {FEWEST_DAYS} are needed.",
            {"recorded": d.recorded},
            decisive=True,
        )
    elif int(np.sum(e.usable)) < FEWEST_DAYS:
        yield Reason(
            "doses_mostly_unknown",
            f"Only {int(np.sum(e.usable))} days have both a value of {e.question.outcome} and a known exposure to "
            f"{name}; at least {FEWEST_DAYS} are needed. Fill in the doses you know; 0 for none.",
            {"usable": int(np.sum(e.usable))},
            decisive=True,
        )


def _constant_outcome(e: Evidence) -> Iterator[Reason]:
    values = e.outcome[e.usable]
    if len(values) >= FEWEST_DAYS and np.ptp(values) == 0:
        yield Reason(
            "outcome_constant",
            f"{e.question.outcome} is {values[0]:g} on every usable day, so nothing can be seen to change.",
            {"value": float(values[0])},
            decisive=True,
        )


def _co_treatments(e: Evidence) -> Iterator[Reason]:
    if e.design.switches == 0 or not np.any(e.usable):
        return
    trial = e.question.randomised != "none"
    window = int(max(SHORTEST_WINDOW_D, round(2 * e.onset_d)))
    for name, dose in e.co_doses.items():
        if e.design.switches < ENOUGH_SWITCHES:
            moved = _moved_at_switches(e.dose, dose, window)
            if moved is not None:
                before, after, day = moved
                verb = "started" if before < after else "was reduced or stopped"
                yield Reason(
                    "co_treatment_moved",
                    f"{name} {verb} within {window} days of the change in {e.question.treatment} "
                    f"({e.diary.day_label(day)}): its own effect, or that of leaving it off, cannot be told apart.",
                    {"medicine": name, "mean_before": round(before, 3), "mean_after": round(after, 3)},
                    decisive=not trial,
                )
                continue
        x, c = e.exposure[e.usable], e.co_exposures[name][e.usable]
        if np.ptp(x) > 0 and np.ptp(c) > 0 and np.corrcoef(x, c)[0, 1] ** 2 > INSEPARABLE:
            yield Reason(
                "co_treatment_inseparable",
                f"{name} was nearly always taken together with {e.question.treatment} (or instead of it): the two "
                "cannot be told apart.",
                {"medicine": name, "shared_variance": round(float(np.corrcoef(x, c)[0, 1] ** 2), 3)},
                decisive=True,
            )


def _moved_at_switches(dose: Floats, other: Floats, window: int) -> tuple[float, float, int] | None:
    """Mean of another dose before and after the switch it moved most at, where it moved at every switch."""
    on = dose > 0
    span = float(np.ptp(other))
    found = []
    for day in np.flatnonzero(on[1:] != on[:-1]) + 1:
        before, after = other[max(0, day - window) : day], other[day : day + window]
        if span == 0 or abs(after.mean() - before.mean()) <= MOVED * span:
            return None
        found.append((float(before.mean()), float(after.mean()), int(day)))
    return max(found, key=lambda f: abs(f[1] - f[0])) if found else None


def _trend(e: Evidence) -> Iterator[Reason]:
    if e.design.switches == 0 or int(np.sum(e.usable)) < FEWEST_DAYS:
        return
    adjusted = [e.co_exposures[name] for name in e.question.adjust if name in e.co_exposures]
    days = np.arange(len(e.exposure), dtype=float)
    others = np.column_stack([np.ones_like(days), days, *adjusted])[e.usable]
    x = e.exposure[e.usable]
    if np.ptp(x) == 0:
        return
    rest = x - others @ np.linalg.lstsq(others, x, rcond=None)[0]
    explained = 1 - float(rest @ rest) / float(np.sum(np.square(x - x.mean())))
    if explained > INSEPARABLE:
        yield Reason(
            "trend_can_imitate",
            f"A slow natural change{' together with the adjusted medicines' if adjusted else ''} would look just like "
            f"{e.question.treatment} here: it explains {100 * explained:.0f} % of the exposure.",
            {"explained": round(explained, 4)},
            decisive=True,
        )


def _too_short(e: Evidence) -> Iterator[Reason]:
    if e.design.days_on == 0 or e.onset_d == 0 or not np.any(e.dose > 0):
        return
    reached = float(np.max(e.exposure) / np.max(e.dose))
    if e.design.switches and reached < 0.5:
        yield Reason(
            "too_short_for_onset",
            f"The longest time on {e.question.treatment} is too short: an effect that builds with a time constant of "
            f"about {e.onset_d:g} days would have reached {100 * reached:.0f} % of itself.",
            {"reached": round(reached, 3), "onset_d": e.onset_d},
            decisive=True,
        )
    elif e.design.switches < ENOUGH_SWITCHES and e.design.days_on < 4 * e.onset_d:
        yield Reason(
            "short_time_on",
            f"{e.design.days_on} days on {e.question.treatment} are few for an effect that may need weeks to build; "
            "trials judge after 3 to 12 weeks.",
            {"days_on": e.design.days_on},
        )


def _started_at_worst(e: Evidence) -> Iterator[Reason]:
    first = e.design.first_on
    if first is None or e.design.switches >= ENOUGH_SWITCHES or e.question.randomised != "none":
        return
    recorded = ~np.isnan(e.outcome)
    week = np.arange(len(recorded)) >= first - 7
    before = recorded & (np.arange(len(recorded)) < first)
    last_week, rest = e.outcome[before & week], e.outcome[recorded & ~(before & week)]
    if len(last_week) < 2 or len(rest) < FEWEST_DAYS:
        return
    numbers = {"week_before": round(float(last_week.mean()), 3), "otherwise": round(float(rest.mean()), 3)}
    lead = f"{e.question.treatment} was started in a bad week ({e.question.outcome} {last_week.mean():.1f}"
    excess = -e.question.direction * (last_week.mean() - rest.mean())
    if excess > 0.75 * np.std(e.outcome[recorded]):
        yield Reason(
            "started_at_worst",
            f"{lead} against {rest.mean():.1f} otherwise). After a worst week things get better by themselves.",
            numbers,
        )
    elif e.question.limits is not None:
        low, high = e.question.limits
        worst = low if e.question.direction > 0 else high
        if abs(last_week.mean() - worst) <= NEAR_WORST * (high - low):
            yield Reason(
                "started_at_worst",
                f"{lead} of at worst {worst:g}). From the end of a scale things can only get better.",
                numbers,
            )


def _few_days_before(e: Evidence) -> Iterator[Reason]:
    first = e.design.first_on
    if first is None or e.design.switches >= ENOUGH_SWITCHES:
        return
    before = int(np.sum(~np.isnan(e.outcome[:first])))
    if before < ENOUGH_BEFORE:
        yield Reason(
            "few_days_before",
            f"Only {before} recorded days lie before the first dose; without days before, nobody knows how it would "
            "have gone on.",
            {"recorded_before": before},
        )


def _few_switches(e: Evidence) -> Iterator[Reason]:
    if 0 < e.design.switches < ENOUGH_SWITCHES:
        times = "once" if e.design.switches == 1 else "twice"
        yield Reason(
            "few_switches",
            f"The treatment changed between on and off only {times}. Whatever else changed then looks the same; "
            f"{ENOUGH_SWITCHES} or more changes, in random order, can tell.",
            {"switches": e.design.switches},
        )


def _dose_range(e: Evidence) -> Iterator[Reason]:
    known = drug(e.question.treatment)
    if known is None or known.studied_dose is None or e.question.unit != "mg" or not e.design.dose_levels:
        return
    highest, studied = e.design.dose_levels[-1], known.studied_dose
    if highest < studied.low_mg:
        yield Reason(
            "dose_below_studied",
            f"The highest dose, {highest:g} mg, is below the {studied.low_mg:g} to {studied.high_mg:g} mg that "
            "placebo-controlled trials used.",
            {"highest_mg": highest, "studied_low_mg": studied.low_mg, "source": studied.source},
        )


def _open_label(e: Evidence) -> Iterator[Reason]:
    if e.design.days_on and not e.question.blinded:
        yield Reason(
            "open_label",
            "You knew when you took it. Hope alone moves such scores: in fibromyalgia trials 31 of 100 people on a "
            "dummy report 30 % less pain.",
            {"placebo_responders_percent": 30.8, "source": "haeuser2011placebo"},
        )


def _coarse_scale(e: Evidence) -> Iterator[Reason]:
    low, high = e.question.ends or (0.0, np.inf)
    steps = high - low + 1
    if e.question.kind.steps and 2 < steps <= 4:
        yield Reason(
            "coarse_scale",
            f"A scale of {steps:.0f} steps hides small changes and turns a little more or less into a whole step.",
            {"steps": int(steps)},
        )


def _acute_medicines(e: Evidence) -> Iterator[Reason]:
    about_pain = any(word in e.question.outcome.casefold() for word in PAIN_WORDS)
    written = any(word in column.casefold() for column in e.diary.columns for word in ACUTE_WORDS)
    if about_pain and not written and e.question.randomised == "none" and e.design.days_on:
        yield Reason(
            "acute_medicine_not_recorded",
            "No acute medicine (triptan, painkiller) is written down. Taking fewer of them can by itself change "
            "headaches and pain; a column for them would tell.",
        )


def _holidays(e: Evidence) -> Iterator[Reason]:
    if not e.diary.dated or e.design.switches >= ENOUGH_SWITCHES or e.question.randomised != "none":
        return
    on = np.flatnonzero(e.dose > 0)
    festive = sum(_is_year_end(e.diary.first_day + int(i)) for i in on)
    if festive >= 3 and festive > 0.1 * len(on):
        yield Reason(
            "holiday_period",
            f"{festive} of the {len(on)} days with a dose fall between 23 December and 2 January. Days off have fewer "
            "migraine attacks with or without a medicine (risk ratio 0.64).",
            {"festive_days": festive, "days_on": len(on), "source": "weekendmigraine2007"},
        )


def _is_year_end(ordinal: int) -> bool:
    day = datetime.date.fromordinal(ordinal)
    return (day.month == 12 and day.day >= 23) or (day.month == 1 and day.day <= 2)


CHECKS = (
    _days_missing,
    _constant_outcome,
    _co_treatments,
    _trend,
    _too_short,
    _started_at_worst,
    _few_days_before,
    _few_switches,
    _dose_range,
    _holidays,
    _acute_medicines,
    _open_label,
    _coarse_scale,
)
