"""The person's own ups and downs, for a forecast before day 1."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.knowledge.ups_and_downs import UpsAndDowns, of_a_scale, of_events
from nightdose.language.catalogue import say
from nightdose.planning import Runs, forecast, from_run_in, shortest
from nightdose.processes import Progress
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.verdict.forecast import ENOUGH_POWER, Forecast, Verdicts

TRIALS = 100  # of each kind: standard error 5 in 100 at one half
SEARCHED = 9  # kinds that a search tries at most: five lengths of up to two years, and three truths of the shortest


def usual_ups(store: Store, question: Question) -> UpsAndDowns | None:
    """The person's own ups and downs where the run-in tells them, else those of a usual person on such a scale.

    None for a plain number without a run-in: nobody knows how much it moves by itself.
    """
    kind, ends = question.kind, question.ends
    try:
        return from_run_in(run_in_scores(store, question.outcome), points=not kind.events and ends is not None)
    except CallError:
        if kind.events:
            return of_events(kind.two)
        return None if ends is None else of_a_scale(*ends)


def run_in_scores(store: Store, outcome: str) -> Floats:
    """(days,) scores of an outcome before the first dose, NaN = not recorded. CallError where there is none."""
    entries = [row.entry for row in store.entries()]
    doses = [entry.day for entry in entries if entry.kind == "dose" and entry.status in ("taken", "late")]
    until = min(doses, default=datetime.date.max)
    by_day: Mapping[datetime.date, Entry] = {
        entry.day: entry
        for entry in entries
        if entry.kind == "score" and entry.item == outcome and entry.day < until and entry.value is not None
    }
    if not by_day:
        raise CallError(
            say("The diary has no scores of '{outcome}' before the first dose.", outcome=outcome), field="outcome"
        )
    first = min(by_day)
    out = np.full((max(by_day) - first).days + 1, np.nan)
    for day, entry in by_day.items():
        out[(day - first).days] = entry.value
    return out


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a planned trial would say before day 1, and the shortest one of its kind that would say enough.

    shortest : None where two years are not enough. tried : pairs of blocks -> what a trial of that length said.
    quick : a rating was judged as a plain number.
    """

    forecast: Forecast
    shortest: Forecast | None
    tried: Mapping[int, Verdicts]
    quick: bool = False

    @property
    def lengths(self) -> tuple[tuple[int, int, int], ...]:
        """(pairs, weeks, of 100 trials how many say `helps`), the shortest first."""
        design = self.forecast.design
        known = {**self.tried, design.pairs: self.forecast.hoped}
        return tuple(
            (pairs, -(-replace(design, pairs=pairs).days // 7), round(100 * outcome.power))
            for pairs, outcome in sorted(known.items())
        )

    @property
    def sentence(self) -> str:
        """The shortest design in words."""
        enough = round(100 * ENOUGH_POWER)
        if self.shortest is None:
            return say(
                "Two years of blocks of this length do not reach {enough} of 100. A larger difference may be found, "
                "this one hardly.",
                enough=enough,
            )
        design = self.shortest.design
        return say(
            "The shortest trial of this kind that reaches {enough} of 100: {pairs} pairs of {block_days} days, {weeks} "
            "weeks.",
            enough=enough,
            pairs=design.pairs,
            block_days=design.block_days,
            weeks=self.shortest.weeks,
        )

    @property
    def basis(self) -> str:
        """Where the numbers come from."""
        n = self.forecast.nothing.n
        told = say("{n} simulated trials of each kind, judged by the analysis that you will use.", n=n)
        quick = say("A score of whole points was taken as a plain number here, which is quicker.") if self.quick else ""
        return " ".join(filter(None, (told, quick, self.forecast.ups.origin)))


def look_ahead(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    *,
    n: int = TRIALS,
    hoped: float | None = None,
    progress: Progress,
) -> Ahead:
    """Simulate the plan, then search for its shortest form; `progress` may raise to stop it."""
    plain = question.as_numbers() if question.kind.even else question
    total, counted = n * (3 + SEARCHED), itertools.count(1)

    def step(_: int, __: int) -> None:
        progress(min(next(counted), total - 1), total)

    found = forecast(design, plain, ups, Runs(n, progress=step), hoped=hoped)
    if design.kind == "open_titration":
        return Ahead(found, None, {}, question.kind.even)
    shorter, tried = shortest(design, plain, ups, Runs(n, progress=step), hoped=hoped)
    return Ahead(found, shorter, tried, question.kind.even)
