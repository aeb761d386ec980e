"""Settled runs: stretches on or off treatment that are long enough to be meant. A forgotten capsule ends none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nightdose.arrays import Bools

SINGLE_DAYS = 0.2  # share of days unlike the settled run that they lie in; whoever forgets one in seven stays below
SHORTEST_RUN_D = 5  # fewer evenings are forgotten or doubled capsules, not a change of mind
TIE = 0.2  # so that a run of just the shortest length counts


@dataclass(frozen=True, slots=True)
class Run:
    """Days `begin` to `end` (not included) on or off treatment, interruptions inside it counted in."""

    begin: int
    end: int
    on: bool

    @property
    def days(self) -> int:
        return self.end - self.begin


def shortest_run(tau_d: float) -> int:
    """Days from which a stretch is settled: five, and as many as half of an effect needs to build.

    tau_d : prior median of the onset time constant, 0 = the same day.
    """
    return max(SHORTEST_RUN_D, int(np.ceil(tau_d * np.log(2))))


def settled_runs(on: Bools, known: Bools, shortest_d: int = SHORTEST_RUN_D) -> tuple[Run, ...]:
    """The runs in the order of time; interruptions shorter than `shortest_d` known days belong to what is around them.

    on : (days,) on treatment; known : (days,) whether that is known. Days between two runs that nobody knows belong to
    neither. It is the sequence of states with the least (days that differ from it) + (shortest_d / 2) (switches),
    found exactly by dynamic programming: an interruption costs two switches, a first or last run one.
    """
    days = np.flatnonzero(known)
    if len(days) == 0:
        return ()
    state = on[days]
    changes = (np.flatnonzero(state[1:] != state[:-1]) + 1).tolist()  # the best sequence switches nowhere else
    edges = [0, *changes, len(state)]
    price = (shortest_d - TIE) / 2
    cost, came = [0.0, 0.0], []
    for on_here, (begin, end) in zip(state[edges[:-1]].tolist(), pairwise(edges), strict=True):
        stay = [cost[s] <= cost[1 - s] + price for s in (0, 1)]
        came.append([s if stay[s] else 1 - s for s in (0, 1)])
        cost = [cost[s] if stay[s] else cost[1 - s] + price for s in (0, 1)]
        cost[1 - int(on_here)] += end - begin
    path = [int(cost[1] < cost[0])]
    for back in reversed(came[1:]):
        path.append(back[path[-1]])
    path.reverse()
    begins = [k for k in range(len(path)) if k == 0 or path[k] != path[k - 1]]
    return tuple(
        Run(int(days[edges[k]]), int(days[edges[after] - 1]) + 1, path[k] > 0)
        for k, after in pairwise([*begins, len(path)])
    )


def settled_switches(runs: tuple[Run, ...]) -> int:
    """Changes between settled runs."""
    return max(0, len(runs) - 1)


def day_by_day(on: Bools, known: Bools, runs: tuple[Run, ...]) -> bool:
    """Was it taken and left out from one evening to the next, so that its runs are no settled times?

    True where more than a fifth of the days from the first dose to the last are unlike their run.
    """
    taken = np.flatnonzero(known & on)
    if len(taken) == 0:
        return False
    state = np.zeros(len(on), dtype=bool)
    for run in runs:
        state[run.begin : run.end] = run.on
    here = slice(int(taken[0]), int(taken[-1]) + 1)
    unlike = (on != state)[here][known[here]]
    return float(np.mean(unlike)) > SINGLE_DAYS


def changes(on: Bools, known: Bools) -> tuple[int, int]:
    """(evenings on which it was the other way than on the evening before, evenings that can tell), of any length."""
    both = known[1:] & known[:-1]
    return int(np.sum((on[1:] != on[:-1])[both])), int(np.sum(both))
