"""When it was started, for how long, how often it changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from nightdose.knowledge.load import parameters
from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.question.design import ENOUGH_SWITCHES
from nightdose.question.onset_prior import onset_of
from nightdose.question.reason import Reason
from nightdose.question.weakness.counts import FEWEST_DAYS
from nightdose.question.weakness.evidence import Evidence

ENOUGH_BEFORE = 14  # recorded days before the first dose
NEAR_WORST = 0.1  # share of the scale


def too_short(e: Evidence) -> Iterator[Reason]:
    """Not long enough for an effect to build."""
    if e.design.days_on == 0 or e.onset_d == 0 or not np.any(e.dose > 0):
        return
    reached = float(np.max(e.exposure) / max(e.design.dose_levels))  # of the usual doses, without a slip
    if e.design.switches and reached < 0.5:
        yield Reason(
            "too_short_for_onset",
            say(
                "The longest time on {treatment} is too short: an effect that builds with a time "
                "constant of about {onset_d} days would have reached {value} % of itself.",
                treatment=e.question.treatment,
                onset_d=number(e.onset_d),
                value=number(round(100 * reached)),
            ),
            {"reached": round(reached, 3), "onset_d": e.onset_d},
            decisive=True,
        )
    elif e.design.switches < ENOUGH_SWITCHES and e.design.days_on < 4 * e.onset_d:
        yield Reason(
            "short_time_on",
            say(
                "{days_on} days on {treatment} are few for an effect that may need weeks to "
                "build; trials judge after 3 to 12 weeks.",
                days_on=e.design.days_on,
                treatment=e.question.treatment,
            ),
            {"days_on": e.design.days_on},
        )


def speed_not_known(e: Evidence) -> Iterator[Reason]:
    """A medicine that is not on file, and nobody said how fast it acts."""
    onset = onset_of(e.question)
    if len(onset.priors) > 1 and e.design.days_on:
        yield Reason("onset_not_known", onset.sentence)


def started_at_worst(e: Evidence) -> Iterator[Reason]:
    """Started in the worst week, after which things get better by themselves."""
    first = e.design.first_on
    if first is None or e.design.switches >= ENOUGH_SWITCHES or e.design.planned is not None:
        return
    recorded = ~np.isnan(e.outcome)
    week = np.arange(len(recorded)) >= first - 7
    before = recorded & (np.arange(len(recorded)) < first)
    last_week, rest = e.outcome[before & week], e.outcome[recorded & ~(before & week)]
    if len(last_week) < 2 or len(rest) < FEWEST_DAYS:
        return
    numbers = {"week_before": round(float(last_week.mean()), 3), "otherwise": round(float(rest.mean()), 3)}
    named = {"treatment": e.question.treatment, "outcome": e.question.outcome, "mean": number(last_week.mean(), 0.2)}
    excess = -e.question.direction * (last_week.mean() - rest.mean())
    if excess > 0.75 * np.std(e.outcome[recorded]):
        yield Reason(
            "started_at_worst",
            say(
                "{treatment} was started in a bad week ({outcome} {mean} against {rest} otherwise). After a worst week "
                "things get better by themselves.",
                rest=number(rest.mean(), 0.2),
                **named,
            ),
            numbers,
        )
    elif e.question.limits is not None:
        low, high = e.question.limits
        worst = low if e.question.direction > 0 else high
        if abs(last_week.mean() - worst) <= NEAR_WORST * (high - low):
            yield Reason(
                "started_at_worst",
                say(
                    "{treatment} was started in a bad week ({outcome} {mean} of at worst {worst}). From the end of a "
                    "scale things can only get better.",
                    worst=number(worst),
                    **named,
                ),
                numbers,
            )


def few_days_before(e: Evidence) -> Iterator[Reason]:
    """No days before, or none after it was stopped that could stand for them."""
    first = e.design.first_on
    if first is None or e.design.switches >= ENOUGH_SWITCHES:
        return
    if e.design.stopped:
        yield Reason(
            "only_stopped",
            say(
                "The diary begins on {treatment}; the days without come after it was stopped. It shows what leaving it "
                "off was like, with whatever stopping itself brings, and nothing of the time before it was begun.",
                treatment=e.question.treatment,
            ),
            {"recorded_off": e.design.recorded_off},
        )
        return
    before = int(np.sum(~np.isnan(e.outcome[:first])))
    if before < ENOUGH_BEFORE:
        yield Reason(
            "few_days_before",
            say(
                "Only {before} recorded days lie before the first dose; without days before, "
                "nobody knows how it would have gone on.",
                before=before,
            ),
            {"recorded_before": before},
        )


def few_switches(e: Evidence) -> Iterator[Reason]:
    """Whatever else changed at one switch looks the same."""
    if 0 < e.design.switches < ENOUGH_SWITCHES:
        times = "once" if e.design.switches == 1 else "twice"
        yield Reason(
            "few_switches",
            say(
                "The treatment changed between on and off only {times}. Whatever else changed "
                "then looks the same; {enough_switches} or more changes, in random order, can tell.",
                times=times,
                enough_switches=ENOUGH_SWITCHES,
            ),
            {"switches": e.design.switches},
        )


def holidays(e: Evidence) -> Iterator[Reason]:
    """Many of its days fall between Christmas and the new year."""
    if not e.diary.dated or e.design.switches >= ENOUGH_SWITCHES or e.design.planned is not None:
        return
    on = np.flatnonzero(e.dose > 0)
    festive = sum(_is_year_end(e.diary.first_day + int(i)) for i in on)
    if festive >= 3 and festive > 0.1 * len(on):
        fewer = parameters("quoted")["holiday_migraine"]
        yield Reason(
            "holiday_period",
            say(
                "{festive} of all {days} days with a dose (those without a score included) fall between 23 December "
                "and 2 January. Days off have fewer migraine attacks with or without a medicine (risk ratio {ratio}).",
                festive=whole(festive),
                days=whole(len(on)),
                ratio=number(fewer.value),
            ),
            {"festive_days": festive, "days_on": len(on)},
            source=fewer.source,
        )


def _is_year_end(ordinal: int) -> bool:
    day = datetime.date.fromordinal(ordinal)
    return (day.month == 12 and day.day >= 23) or (day.month == 1 and day.day <= 2)
