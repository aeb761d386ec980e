"""Orders said to be drawn by lot, open, by word alone: which true draws count, and which others that claim it?

    python -m benchmarks.said [--n 200] [--first 0] [--lengths 60 120 240 364] [--workers 2]

True draws without an effect and with one of 0.8 and 1.5 within-person sd, and true draws of pairs of days and of
blocks; doses that follow the same evening's score, loosely to strictly, under each onset; turns, shifts and cycles
(`benchmarks/orders.py`), kept strictly or with evenings out of place, in a life that is better or worse in the same
order, of all scales and onsets; the habits of `benchmarks/habits`. The drug of all but the true draws does nothing.
Nothing is written down as asked for, nothing hidden, and each diary is read once. Writes the section `said` of
docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import get_args

import numpy as np
from tests.generators import written

from benchmarks.habits.diaries import habit_diary
from benchmarks.habits.habit import HABITS
from benchmarks.lives import MEANINGFUL, Cell, diary, question
from benchmarks.orders import ORDERS, even_turn
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.fit.case import open_case
from nightdose.question.kind import Scale
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import OnsetName, Question, Randomised

LENGTHS = (60, 120, 240, 364)
EFFECTS = (0.0, 0.8, 1.5)
CLOSELY = (0.3, 0.6, 1.2, 3.0)  # odds of taking it rise by e to the 4 times this with each sd of the score
ONSETS: tuple[OnsetName, ...] = get_args(OnsetName)
CHOICES = {  # taken on the side (1 = worse), the quantile that parts it, days whose mean the evening is set against
    "worse half": (1, 0.5, 0),
    "better half": (-1, 0.5, 0),
    "worse third": (1, 2 / 3, 0),
    "better third": (-1, 1 / 3, 0),
    "worse than the last 3 days": (1, 0.5, 3),
    "worse than the last 7": (1, 0.5, 7),
}
FLIPS = (0.0, 0.05, 0.15)  # share of evenings the other way round
AMPLITUDES = (-1.2, -0.6, 0.6, 1.2)  # of a life in the same order, in within-person sd
WITHIN_SD, NOISE_SD = 1.06, 0.8
SCALES: tuple[Scale, ...] = ("continuous", "rating", "ordinal", "binary", "count")
LOW = "low at most"
JUDGED = ("helps", "harms", "no_meaningful_difference")


@dataclass(frozen=True)
class Told:
    """One answer, LOW where none at more than low can come. drawn : the claim was believed."""

    answer: str
    ceiling: str
    drawn: bool


def told(there: Diary, asked: Question) -> Told:
    """The answer of one diary that claims to be drawn; where it can count low only, nobody fits it."""
    case = open_case(there, asked, ONE_LOOK)
    if not case.can_answer or case.plan is None or case.design.only_said:
        return Told(LOW, "low", case.plan is not None)
    verdict = analyse(there, asked, curves=False, looks=ONE_LOOK).verdict
    return Told(verdict.answer, verdict.ceiling, case.plan is not None)


def drawn(seed: int, days: int, effect: float) -> Told:
    """A true draw of days."""
    cell = Cell("continuous", "days", "S1", effect)
    there = diary(seed, cell, days)
    columns = {name: values for name, values in there.columns.items() if not name.endswith("_assigned_mg")}
    return told(replace(there, columns=columns), question(cell))


def dealt(seed: int, days: int, length: int) -> Told:
    """A true draw of pairs: which of two days, or blocks, has it. The drug does nothing."""
    rng = np.random.default_rng([seed, days, length])
    on = np.concatenate([rng.permutation([0, 1]).repeat(length) for _ in range(days // (2 * length) + 1)])[:days]
    return told(lived(seed, on, np.zeros(days), "continuous"), asked(seed, "days" if length == 1 else "blocks"))


def chosen(seed: int, days: int, choice: str, onset: OnsetName) -> Told:
    """A drug that does nothing, taken by the same evening's score; how closely goes with the seed."""
    cell = Cell("continuous", "days", "S1", 0.0)
    there = diary(seed, cell, days)
    rng = np.random.default_rng([seed, days, 5])
    score = there.columns["pain"]
    unknown = np.isnan(score)
    felt = np.where(unknown, rng.choice(score[~unknown], days), score)
    side, bar, lately = CHOICES[choice]
    felt = felt - [felt[max(0, t - lately) : t].mean() if t and lately else 0.0 for t in range(days)]
    odds = 4 * CLOSELY[seed % len(CLOSELY)] * side * (felt - np.quantile(felt, bar)) / np.std(felt)
    dose = 4.5 * (rng.random(days) < 1 / (1 + np.exp(-odds)))
    there = replace(there, columns={"pain": score, "naltrexone_mg": dose})
    return told(there, replace(question(cell), onset=onset))


def in_order(seed: int, days: int, name: str, flips: float, randomised: Randomised) -> Told:
    """A life and doses in one order; scale, onset and amplitude go with the seed."""
    rng = np.random.default_rng([seed, days, round(100 * flips)])
    order = ORDERS[name](rng, days)
    on = np.where(rng.random(days) < flips, 1 - order, order)
    scale, amplitude = SCALES[seed % 5], AMPLITUDES[seed // 5 % 4]
    return told(lived(seed, on, amplitude * WITHIN_SD * order, scale), asked(seed, randomised, scale))


def lived(seed: int, on: np.ndarray, cause: np.ndarray, scale: Scale) -> Diary:
    """A diary of spells, daily noise and a cause; an evening in five without a score."""
    rng = np.random.default_rng([seed, 7])
    calm = diary(seed, Cell("continuous", "switch", "S0"), len(on)).column("pain")
    calm = np.where(np.isnan(calm), NOISE_SD * rng.standard_normal(len(on)), calm)
    values = np.where(rng.random(len(on)) < 0.2, np.nan, written(scale, calm + cause, rng))
    return Diary(f"lived {seed}", 736000, True, {"pain": values, "naltrexone_mg": 4.5 * on}, len(on))


def asked(seed: int, randomised: Randomised, scale: Scale = "continuous") -> Question:
    """What is asked; the onset goes with the seed."""
    onset = (None, *ONSETS)[seed // 20 % 4]
    limits = (0, 10) if scale == "rating" else None
    return Question(
        "pain", "naltrexone", scale, limits=limits, meaningful=MEANINGFUL[scale], randomised=randomised, onset=onset
    )


def habit(seed: int, name: str) -> Told:
    """A habit of `benchmarks/habits` that claims to be drawn; its amplitude goes with the seed."""
    there = habit_diary(name, "continuous", (0.3, 0.6, 1.2)[seed % 3], seed)
    return told(there.diary, replace(there.question, randomised="days"))


def line(words: str, found: Iterable[Told]) -> str:
    """One row of the table."""
    answers = list(found)
    n = len(answers)
    told_something = sum(told.answer in JUDGED and told.ceiling != "low" for told in answers)
    doubted = sum(not told.drawn for told in answers)
    low = sum(told.drawn and told.ceiling == "low" for told in answers)
    counts = " | ".join(share(k, n) for k in (doubted, low, n - doubted - low, told_something))
    return f"| {words} | {n} | {counts} |"


def rows(lengths: Sequence[int]) -> Iterator[tuple[str, Callable[[int], Told], float]]:
    """(words, one diary by its seed, diaries as a part of n)."""
    for days in lengths:
        for effect in EFFECTS:
            yield f"drawn, {days} days, effect {effect:g} sd", partial(drawn, days=days, effect=effect), 1.0
        for length in (1, 7, 14, 28):
            if days >= 8 * length:
                words = f"drawn pairs of {'days' if length == 1 else f'{length}-day blocks'}, {days} days, no effect"
                yield words, partial(dealt, days=days, length=length), 1.0
        for onset in ONSETS:
            for choice in CHOICES:
                words = f"by the same evening's score, {choice}, {days} days, onset {onset}"
                yield words, partial(chosen, days=days, choice=choice, onset=onset), 1.0
        for flips in FLIPS:
            for name in ORDERS:
                words = f"order `{name}`, {days} days, {100 * flips:.0f} of 100 evenings out of place"
                yield words, partial(in_order, days=days, name=name, flips=flips, randomised="days"), 0.3
            words = f"`{even_turn.__name__}` said to be blocks, {days} days, {100 * flips:.0f} of 100 out of place"
            yield words, partial(in_order, days=days, name=even_turn.__name__, flips=flips, randomised="blocks"), 1.0
    for name in HABITS:
        yield f"habit `{name}`, 150 to 365 days", partial(habit, name=name), 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed; 0 to 400 were used to choose numbers")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started = time.time()
    lines = [
        f"### Orders said to be drawn, open, by word alone, seeds {arguments.first} on",
        "",
        "| doses | n | claim doubted, % | believed, ceiling low, % | ceiling moderate, % | told something at it, % |",
        "|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        for words, one, part in rows(arguments.lengths):
            seeds = range(arguments.first, arguments.first + round(part * arguments.n))
            lines.append(line(words, pool.map(one, seeds, chunksize=8)))
            print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("said", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
