"""How often is a drug that does nothing judged, where doses follow a habit? By habit, scale and strength.

    python -m benchmarks.habits [--n 100] [--first 0] [--workers 2] [--untreated FILE]

Writes the section `habits` of docs/calibration.md: 15 habits (`habit.py`), five scales, three strengths; the answer is
read once, which is when it is called soonest. With the diaries of untreated people, the same habits are laid over real
scores. A diary whose design cannot answer needs no fit, and gets none.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.habits.diaries import AMPLITUDES, Asked, habit_diary, over_real_scores
from benchmarks.habits.habit import HABITS
from benchmarks.validate import UNTREATED, keep, share
from nightdose.analyse import analyse
from nightdose.diary.table.table import read_cohort
from nightdose.fit.case import open_case
from nightdose.question.kind import Scale
from nightdose.question.looks import ONE_LOOK

PART: dict[Scale, float] = {"continuous": 1.0, "rating": 0.4, "ordinal": 0.4, "binary": 0.4, "count": 0.3}
Run = Callable[..., Iterable[str]]


def answered(asked: Asked) -> str:
    """The answer, with its ceiling where it is a judgement."""
    if not open_case(asked.diary, asked.question, ONE_LOOK).can_answer:
        return "cannot_be_known"
    verdict = analyse(asked.diary, asked.question, curves=False, looks=ONE_LOOK).verdict
    return verdict.answer if verdict.ceiling == "low" else f"{verdict.ceiling} {verdict.answer}"


def of_seed(seed: int, habit: str, outcome: Scale, amplitude: float) -> str:
    """The answer of one simulated diary."""
    return answered(habit_diary(habit, outcome, amplitude, seed))


def of_person(number: int, habit: str, people: Path) -> Counter[str]:
    """The answers of every item of one untreated person under one habit."""
    person = list(read_cohort(people).values())[number]
    return Counter(answered(asked) for asked in over_real_scores(person, habit, number))


def simulated(n: int, first: int, run: Run) -> Iterator[str]:
    """The table of simulated diaries."""
    sizes = ", ".join(f"{scale} {round(part * n)}" for scale, part in PART.items())
    yield f"### Habits: a drug that does nothing, doses that follow something else; seeds from {first}"
    yield ""
    yield (
        f"Called `helps` or `harms`, % / cannot be known, %. Each cell holds the strengths "
        f"{', '.join(f'{a:g}' for a in AMPLITUDES)} sd together (diaries of each: {sizes}); the last column is the "
        "worst single strength of any scale. Every call has ceiling low."
    )
    yield ""
    yield "| habit | " + " | ".join(PART) + " | worst, % |"
    yield "|---|" + "---|" * (len(PART) + 1)
    for habit in HABITS:
        cells, worst, above_low = [], 0.0, 0
        for scale, part in PART.items():
            size, both = round(part * n), Counter[str]()
            for amplitude in AMPLITUDES:
                one = partial(of_seed, habit=habit, outcome=scale, amplitude=amplitude)
                found = Counter(run(one, range(first, first + size)))
                worst = max(worst, 100 * called(found) / size)
                both += found
            above_low += sum(count for word, count in both.items() if word.startswith(("moderate", "high")))
            total = len(AMPLITUDES) * size
            cells.append(f"{share(called(both), total)} / {100 * both['cannot_be_known'] / total:.0f}")
        assert above_low == 0, f"{habit}: {above_low} diaries that nobody planned count higher than low"
        yield f"| {named(habit)} | {' | '.join(cells)} | {worst:.1f} |"


def called(found: Counter[str]) -> int:
    """How many were told that it helps or harms."""
    return sum(count for word, count in found.items() if word.endswith(("helps", "harms")))


def untreated(people: Path, most: int, run: Callable[..., Iterable[Counter[str]]]) -> Iterator[str]:
    """The table of untreated people."""
    yield ""
    yield f"The same habits, their doses laid over the real scores of {most} untreated people (one seed, 33 items):"
    yield ""
    yield "| habit | series | called `helps` or `harms`, % | cannot be known, % |"
    yield "|---|---|---|---|"
    number = min(most, len(read_cohort(people)))
    for habit in HABITS:
        found = sum(run(partial(of_person, habit=habit, people=people), range(number)), Counter[str]())
        total = found.total()
        unknown = f"{100 * found['cannot_be_known'] / total:.0f}"
        yield f"| {named(habit)} | {total} | {share(called(found), total)} | {unknown} |"


def named(habit: str) -> str:
    """The first sentence of what a habit is."""
    return re.split(r"\.(?:\s|$)", HABITS[habit].__doc__ or habit)[0].strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100, help="diaries a strength, continuous; the others take a part")
    parser.add_argument("--first", type=int, default=1000, help="the first seed; 0 to 299 were used to choose numbers")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--untreated", type=Path, default=UNTREATED)
    parser.add_argument("--people", type=int, default=25, help="how many of the untreated people")
    arguments = parser.parse_args()
    started, lines = time.time(), []
    with ProcessPoolExecutor(arguments.workers) as pool:
        for line in simulated(arguments.n, arguments.first, partial(pool.map, chunksize=4)):
            print(line, flush=True)
            lines.append(line)
        if arguments.untreated.is_file():
            for line in untreated(arguments.untreated, arguments.people, pool.map):
                print(line, flush=True)
                lines.append(line)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("habits", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
