"""One diary of one habit: ups and downs, the habit's cause, doses that follow it about nine days in ten, holes."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.habits.habit import HABITS, Life
from benchmarks.patients import noise
from benchmarks.patients.course import ar1
from benchmarks.patients.outcome import KINDS, noise_kind, written
from nightdose.diary.records import Diary
from nightdose.question.kind import Scale
from nightdose.question.question import OnsetName, Question

SPELL_SD, WITHIN_SD = 0.7, float(np.hypot(0.7, noise.NORMAL_SD))
AMPLITUDES = (0.3, 0.6, 1.2)  # of the cause, in within-person sd; for doses that follow scores, how closely
ONSETS: tuple[OnsetName | None, ...] = (None, "same-day", "days")
SHORTEST_D, LONGEST_D = 150, 366
FEWEST_SCORES = 40


@dataclass(frozen=True)
class Asked:
    """What is asked of one simulated diary."""

    diary: Diary
    question: Question


def habit_diary(habit: str, outcome: Scale, amplitude: float, seed: int) -> Asked:
    """The diary with one number. The drug does nothing; same person in every outcome and amplitude."""
    rng = np.random.default_rng([seed, zlib.crc32(habit.encode())])
    n = int(rng.integers(SHORTEST_D, LONGEST_D))
    first = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(rng.integers(365)))
    phi = rng.uniform(0.5, 0.9)
    state, standard, squares = ar1(rng, n, SPELL_SD, phi), rng.standard_normal(n), rng.chisquare(3, n)
    state = state + 0.01 * np.cumsum(rng.standard_normal(n))
    e = noise.draw(noise_kind(outcome, False), standard, squares)
    felt = (state + noise.NORMAL_SD * standard) / WITHIN_SD
    life = Life(tuple(first + datetime.timedelta(days=t) for t in range(n)), felt, np.random.default_rng([seed, 1]))
    cause, meant = HABITS[habit](life, amplitude)
    values = written(outcome, state + WITHIN_SD * cause, e, False, np.random.default_rng([seed, 2]))
    hidden = rng.random(n) < rng.uniform(0, 0.25)
    columns = {
        KINDS[outcome].column: np.where(hidden, np.nan, values),
        "naltrexone_mg": np.where(rng.random(n) < 0.02, np.nan, kept_to(rng, meant)),
    }
    diary = Diary(f"{habit} {seed}", first.toordinal(), True, columns, n)
    return Asked(diary, replace(asked(outcome), onset=ONSETS[seed % len(ONSETS)]))


def kept_to(rng: np.random.Generator, meant: np.ndarray) -> np.ndarray:
    """(days,) what was taken: the habit is kept to on 85 to 100 of 100 days, else it is the other way round."""
    slips = (rng.random(len(meant)) < rng.uniform(0, 0.15)) & (np.arange(len(meant)) >= np.argmax(meant > 0))
    return np.where(slips, np.where(meant > 0, 0.0, np.max(meant)), meant)


def asked(outcome: Scale) -> Question:
    """The question of the bench of patients, half a daily unit being worth having."""
    kind = KINDS[outcome]
    return Question(
        outcome=kind.column,
        treatment="naltrexone",
        scale=outcome,
        better="lower",
        meaningful=kind.meaningful,
        limits=kind.limits,
    )


def over_real_scores(person: Diary, habit: str, seed: int) -> Iterator[Asked]:
    """One untreated person's items under one habit; doses that follow scores follow each item's own.

    Nothing is added to the scores: what a weekend, a cycle or a bad day does to them is the person's own.
    """
    rng = np.random.default_rng([seed, zlib.crc32(habit.encode())])
    for item in [name for name in person.columns if name != "group"]:
        values = person.column(item)
        seen = ~np.isnan(values)
        if np.sum(seen) < FEWEST_SCORES or np.std(values[seen]) == 0:
            continue
        felt = np.interp(np.arange(person.days), np.flatnonzero(seen), values[seen])
        felt = (felt - felt.mean()) / felt.std()
        first = person.first_day if person.dated else datetime.date(2023, 1, 2).toordinal()
        days = tuple(datetime.date.fromordinal(first + t) for t in range(person.days))
        _, meant = HABITS[habit](Life(days, felt, np.random.default_rng([seed, 1])), 1.2)
        dosed = replace(person, dated=True, first_day=first).with_column("naltrexone_mg", kept_to(rng, meant))
        meaningful = float(max(0.5 * np.std(values[seen]), 1e-6))
        yield Asked(dosed, Question(item, "naltrexone", meaningful=meaningful, onset=ONSETS[seed % len(ONSETS)]))
