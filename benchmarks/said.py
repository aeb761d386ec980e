"""Days said to be drawn by lot, open, by word alone: which true draws count, and which habits that claim it?

    python -m benchmarks.said [--n 300] [--first 0] [--lengths 60 120 240 364] [--workers 2]

True draws without an effect and with one of 0.8 and 1.5 within-person sd; doses that follow the same evening's score,
loosely to strictly, those that follow the evening before, and the other habits of `benchmarks/habits`, whose drug does
nothing. Every diary claims `randomised = "days"`, without an assigned dose and without blinding, and is read once.
Writes the section `said` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version

import numpy as np

from benchmarks.habits.diaries import habit_diary
from benchmarks.habits.habit import HABITS
from benchmarks.lives import Cell, diary, question
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.fit.case import open_case
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import Question

LENGTHS = (60, 120, 240, 364)
EFFECTS = (0.0, 0.8, 1.5)
CLOSELY = (0.3, 0.6, 1.2, 3.0)  # odds of taking it rise by e to the 4 times this with each sd of the score
SAME_EVENING = "same evening"


@dataclass(frozen=True)
class Told:
    """One answer. drawn : the claim was believed."""

    answer: str
    ceiling: str
    drawn: bool


def told(there: Diary, asked: Question) -> Told:
    """The answer of one diary that claims to be drawn by days."""
    case = open_case(there, asked, ONE_LOOK)
    if not case.can_answer:
        return Told("cannot_be_known", "low", case.plan is not None)
    verdict = analyse(there, asked, curves=False, looks=ONE_LOOK).verdict
    return Told(verdict.answer, verdict.ceiling, case.plan is not None)


def drawn(seed: int, days: int, effect: float) -> Told:
    """A true draw of days."""
    cell = Cell("continuous", "days", "S1", effect)
    there = diary(seed, cell, days)
    columns = {name: values for name, values in there.columns.items() if not name.endswith("_assigned_mg")}
    return told(replace(there, columns=columns), question(cell))


def chosen(seed: int, days: int, closely: float) -> Told:
    """A drug that does nothing, taken by the same evening's score: on the worse or on the better half of evenings."""
    cell = Cell("continuous", "days", "S1", 0.0)
    there = diary(seed, cell, days)
    rng = np.random.default_rng([seed, days, 5])
    score = there.columns["pain"]
    unknown = np.isnan(score)
    felt = np.where(unknown, rng.choice(score[~unknown], days), score)
    odds = 4 * closely * rng.choice([-1, 1]) * (felt - np.median(felt)) / np.std(felt)
    dose = 4.5 * (rng.random(days) < 1 / (1 + np.exp(-odds)))
    return told(replace(there, columns={"pain": score, "naltrexone_mg": dose}), question(cell))


def habit(seed: int, name: str) -> Told:
    """A habit of `benchmarks/habits` that claims to be drawn; its amplitude goes with the seed."""
    asked = habit_diary(name, "continuous", (0.3, 0.6, 1.2)[seed % 3], seed)
    return told(asked.diary, replace(asked.question, randomised="days"))


def line(words: str, found: Iterable[Told]) -> str:
    """One row of the table."""
    answers = list(found)
    n = len(answers)
    called = Counter(told.ceiling for told in answers if told.answer in ("helps", "harms"))
    above = called["moderate"] + called["high"]
    doubted = sum(not told.drawn for told in answers)
    low = sum(told.drawn and told.ceiling == "low" for told in answers)
    return f"| {words} | {n} | {share(doubted, n)} | {share(low, n)} | {share(called['low'], n)} | {share(above, n)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the first seed; 0 to 400 were used to choose numbers")
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started, n = time.time(), arguments.n
    seeds: Sequence[int] = range(arguments.first, arguments.first + n)
    lines = [
        f"### Days said to be drawn, open, by word alone; continuous, seeds {arguments.first} on",
        "",
        "| doses | n | claim doubted, % | believed, ceiling low, % | called at low, % | called at moderate, % |",
        "|---|---|---|---|---|---|",
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        run = partial(pool.map, chunksize=8)
        for days in arguments.lengths:
            for effect in EFFECTS:
                words = f"drawn, {days} days, effect {effect:g} sd"
                lines.append(line(words, run(partial(drawn, days=days, effect=effect), seeds)))
                print(lines[-1], flush=True)
            for closely in CLOSELY:
                words = f"by the {SAME_EVENING}'s score, {days} days, closely {closely:g}"
                lines.append(line(words, run(partial(chosen, days=days, closely=closely), seeds)))
                print(lines[-1], flush=True)
        for name in HABITS:
            words = f"habit `{name}`, 150 to 365 days"
            lines.append(line(words, run(partial(habit, name=name), seeds[: max(n // 3, 30)])))
            print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("said", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
