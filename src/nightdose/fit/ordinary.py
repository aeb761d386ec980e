"""The shapes of ordinary causes: weekday, a cycle, a lasting jump, practice or recovery, the season.

Sizes and shares of the priors are `knowledge/data/ordinary_causes.toml`, with where they come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.causes import Candidate, Steps

SHORTEST_CYCLE_D, LONGEST_CYCLE_D = 18.0, 42.0
CYCLE_SPACING = 0.7  # of the frequencies tried, in cycles over the whole diary
PRACTICE_TAUS_D = (5.0, 15.0, 45.0)
EDGE_D = 7  # days at each end that no jump is looked for
WEEK_D, YEAR_D = 7, 365.25
CYCLE_COLUMN = "cycle_day"  # the day of the cycle, 1 on its first day, where somebody writes it down
SHORTEST_FOR_SEASON_D = 120


def weekday(days: int, first_day: int, sd: float) -> Candidate:
    """Six deviations from the mean of the week; the seventh is what is left."""
    return Candidate("weekday", float(WEEK_D), partial(_week, days, first_day), np.full(WEEK_D - 1, sd), 1.0)


def cycles(days: int, sd: float) -> list[Candidate]:
    """Every period of SHORTEST_CYCLE_D to LONGEST_CYCLE_D that the diary can tell apart, alike in its logarithm."""
    longest = min(LONGEST_CYCLE_D, days / 2)
    if longest <= SHORTEST_CYCLE_D:
        return []
    step = CYCLE_SPACING / days
    frequencies = np.arange(1 / longest, 1 / SHORTEST_CYCLE_D + step / 2, step)
    share = (1 / frequencies) / np.sum(1 / frequencies)
    t = np.arange(days, dtype=np.float64)
    return [
        Candidate("cycle", 1 / f, partial(_wave, t, f), _overtones(sd), p)
        for f, p in zip(frequencies.tolist(), share.tolist(), strict=True)
    ]


def written_cycle(turns: Floats, sd: float) -> Candidate:
    """The cycle that somebody wrote down (`turns_of`), with its mean length."""
    return cycle(turns, (len(turns) - 1) / float(turns[-1] - turns[0]), sd)


def cycle(turns: Floats, period: float, sd: float) -> Candidate:
    """A wave and its first overtone, half as large; turns : (days,) periods that have passed, so long on average."""
    return Candidate("cycle", period, partial(_wave, turns, 1.0), _overtones(sd), 1.0)


def practice(days: int, sd: float) -> list[Candidate]:
    """A change that fades from the first day on: getting used to the scale, recovering from a bad start."""
    each = 1 / len(PRACTICE_TAUS_D)
    return [Candidate("practice", tau, partial(_fading, days, tau), np.array([sd]), each) for tau in PRACTICE_TAUS_D]


def season(days: int, sd: float) -> Iterator[Candidate]:
    """One wave a year, where the diary is long enough to tell it from a trend."""
    if days >= SHORTEST_FOR_SEASON_D:
        yield Candidate("season", YEAR_D, partial(_year, days), np.full(2, sd), 1.0)


def _week(days: int, first_day: int) -> Floats:
    day = (first_day + np.arange(days)) % WEEK_D
    return np.stack([(day == k) * 1.0 - (day == WEEK_D - 1) for k in range(WEEK_D - 1)], axis=1)


def _overtones(sd: float) -> Floats:
    return sd * np.array([1.0, 1.0, 0.5, 0.5])


def _wave(turns: Floats, often: float) -> Floats:
    phase = 2 * np.pi * (turns * often)
    return np.stack([np.sin(phase), np.cos(phase), np.sin(2 * phase), np.cos(2 * phase)], axis=1)


def _fading(days: int, tau: float) -> Floats:
    return np.asarray(np.exp(-np.arange(days) / tau)[:, None])


def _year(days: int) -> Floats:
    phase = 2 * np.pi * np.arange(days) / YEAR_D
    return np.stack([np.sin(phase), np.cos(phase)], axis=1)


def jumps(days: int, sd: float) -> Steps:
    """A lasting step on any day but the first and last few."""
    return Steps("jump", range(EDGE_D, max(EDGE_D, days - EDGE_D)), sd)


def turns_of(day: Floats) -> Floats | None:
    """(days,) how many cycles have passed, from the day of the cycle where it was written; None without two first days.

    Days without a number count on; a cycle lasts until the next first day, the last one as long as those before it.
    """
    known = np.flatnonzero(~np.isnan(day))
    if not len(known):
        return None
    t = np.arange(len(day))
    before = known[np.maximum(np.searchsorted(known, t, side="right") - 1, 0)]
    begins = np.unique(np.round(before - day[before] + 1))  # the day on which each cycle began
    begins = begins[np.append(True, np.diff(begins) >= SHORTEST_CYCLE_D)]
    if len(begins) < 2:
        return None
    usual = float(np.median(np.diff(begins)))
    edges = np.concatenate([[begins[0] - usual], begins, [begins[-1] + usual]])
    while edges[0] > 0:
        edges = np.append(edges[0] - usual, edges)
    while edges[-1] < len(day):
        edges = np.append(edges, edges[-1] + usual)
    return np.asarray(np.interp(t, edges, np.arange(len(edges), dtype=np.float64)))
