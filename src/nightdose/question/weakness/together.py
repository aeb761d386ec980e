"""What moved together with the treatment: another medicine, or time itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import mark, say
from nightdose.language.number import percent
from nightdose.question.design import ENOUGH_SWITCHES
from nightdose.question.reason import Reason
from nightdose.question.runs import Run
from nightdose.question.weakness.counts import FEWEST_DAYS
from nightdose.question.weakness.evidence import Evidence

SHORTEST_WINDOW_D = 7
PARTLY = 0.25  # by how much oftener another medicine was taken on days without, from which it is said
MOVED = 0.25  # a co-treatment moved when its mean dose around a switch changed by more of its range
INSTEAD = mark(
    "{other} was nearly always taken instead of {treatment}: what the one does and what leaving off the other does "
    "cannot be told apart. {treatment} compared with {other} can be asked instead."
)
STARTED_TOO = mark(
    "{other} started within {window} days of the change in {treatment} ({day}): its own effect, or that of leaving it "
    "off, cannot be told apart."
)
STOPPED_TOO = mark(
    "{other} was reduced or stopped within {window} days of the change in {treatment} ({day}): its own effect, or that "
    "of leaving it off, cannot be told apart."
)
ALONE = mark("A slow natural change would look just like {treatment} here: it explains {share} of the exposure.")
WITH_OTHERS = mark(
    "A slow natural change together with the adjusted medicines would look just like {treatment} here: it explains "
    "{share} of the exposure."
)
TOGETHER = mark("{other} was nearly always taken together with {treatment}: the two cannot be told apart.")
INSEPARABLE = 0.95  # share of an exposure's variance that others explain


def co_treatments(e: Evidence) -> Iterator[Reason]:
    """Another medicine that moved with it."""
    if e.design.switches == 0 or not np.any(e.usable):
        return
    trial = e.design.randomised != "none"
    window = int(max(SHORTEST_WINDOW_D, round(2 * e.onset_d)))
    for name, dose in e.co_doses.items():
        all_along = _all_along(e, name)
        if e.design.switches < ENOUGH_SWITCHES and not (trial and all_along):
            moved = _moved_at_switches(e.runs, dose, window)
            if moved is not None:
                before, after, day = moved
                words = STARTED_TOO if before < after else STOPPED_TOO
                yield Reason(
                    "co_treatment_moved",
                    say(words, other=name, window=window, treatment=e.question.treatment, day=e.diary.day_label(day)),
                    {"medicine": name, "mean_before": round(before, 3), "mean_after": round(after, 3)},
                    decisive=not trial,
                )
                continue
        x, c = e.exposure[e.usable], e.co_exposures[name][e.usable]
        like = float(np.corrcoef(x, c)[0, 1]) if np.ptp(x) > 0 and np.ptp(c) > 0 else 0.0
        if all_along or like**2 > INSEPARABLE:
            instead = all_along or like < 0
            yield Reason(
                "taken_instead" if instead else "co_treatment_inseparable",
                say(INSTEAD if instead else TOGETHER, other=name, treatment=e.question.treatment),
                {"medicine": name, "shared_variance": round(like**2, 3)},
                decisive=True,
            )
        else:
            yield from _partly_instead(e, name)


def _all_along(e: Evidence, name: str) -> bool:
    """Was this medicine taken on the days without, hardly with, and are there too few days to tell the two apart?"""
    return e.instead is not None and e.instead.name == name and e.instead.all_along and name not in e.question.adjust


def _partly_instead(e: Evidence, name: str) -> Iterator[Reason]:
    """Part of what the treatment is compared with is another medicine."""
    i = e.instead
    if i is None or i.name != name or name in e.question.adjust or i.on_off - i.on_on < PARTLY:
        return
    yield Reason(
        "partly_another",
        say(
            "On {off} of 100 days without {treatment}, {other} was taken, on {on} of 100 with it: part of what "
            "{treatment} is compared with is {other}. Adjusted for it, the answer speaks of {treatment} alone.",
            off=round(100 * i.on_off),
            on=round(100 * i.on_on),
            treatment=e.question.treatment,
            other=name,
        ),
        {"medicine": name, "on_off": round(i.on_off, 3), "on_on": round(i.on_on, 3)},
    )


def _moved_at_switches(runs: tuple[Run, ...], other: Floats, window: int) -> tuple[float, float, int] | None:
    """Mean of another dose before and after the switch it moved most at, where it moved at every switch."""
    span = float(np.ptp(other))
    found = []
    for day in (run.begin for run in runs[1:]):
        before, after = other[max(0, day - window) : day], other[day : day + window]
        if span == 0 or abs(after.mean() - before.mean()) <= MOVED * span:
            return None
        found.append((float(before.mean()), float(after.mean()), day))
    return max(found, key=lambda f: abs(f[1] - f[0])) if found else None


def trend(e: Evidence) -> Iterator[Reason]:
    """A slow change that looks like its exposure."""
    if int(np.sum(e.usable)) < FEWEST_DAYS:
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
            say(
                WITH_OTHERS if adjusted else ALONE,
                treatment=e.question.treatment,
                share=percent(explained),
            ),
            {"explained": round(explained, 4)},
            decisive=True,
        )
