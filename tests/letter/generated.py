"""Analyses of generated diaries, for letters: 3 to 3,650 days, 1 to 12 outcomes, 0 to 8 doses, the longest names."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from nightdose.diary.records import Diary
from nightdose.keeping.answer import Wanted, ask, full_answer
from nightdose.language.catalogue import reading_in
from nightdose.letter.background import AGE_BANDS, Background, Tried
from nightdose.letter.letter import Letter, letter_of
from nightdose.letter.words import LONGEST_POINT
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis

FIRST_DAY = 736000
FEWEST_DAYS, MOST_DAYS, MOST_OUTCOMES, MOST_DOSES = 3, 3650, 12, 8
LONGEST_COLUMN, LONGEST_WORD = 40, 14
LANGUAGES = ("en", "de")
MOST_DAYS_OF_MANY = 120  # with more days there are at most two outcomes, so that a thousand letters end in minutes


@dataclass(frozen=True)
class Made:
    """A generated analysis, said in `language`, and what its person adds; outcomes, doses : how many there are."""

    analysis: Analysis
    background: Background
    language: str
    outcomes: int
    doses: int


def words(rng: random.Random, most: int) -> str:
    """Words of up to 14 letters that mean nothing, `most` characters of them."""
    some = ("".join(rng.choices("aeilmnorstW", k=rng.randint(1, LONGEST_WORD))) for _ in range(most))
    return " ".join(some)[:most].strip() or "a"


def column(rng: random.Random, taken: set[str]) -> str:
    """A name that no other column has, short or as long as names are."""
    while True:
        name = words(rng, rng.choice((4, 12, LONGEST_COLUMN))).replace(" ", "_").strip("_") or "a"
        if name not in taken:
            taken.add(name)
            return name


def doses_of(rng: random.Random, draw: np.random.Generator, days: int) -> tuple[np.ndarray, int, str]:
    """(days,) mg with unknown and forgotten ones, how many doses there are, and how the days were assigned."""
    levels = rng.choice((0, 1, 1, 1, 2, 3, rng.randint(4, MOST_DOSES)))
    amounts = np.sort(draw.choice(np.arange(1, 46), levels, replace=False)) / 10 if levels else np.zeros(1)
    way = rng.choice(("start", "steps", "blocks", "days"))
    day = np.arange(days)
    if way == "start":
        at = np.where(day >= days * rng.random(), rng.randrange(len(amounts)), -1)
    elif way == "steps":
        at = np.minimum(day * (len(amounts) + 1) // days - 1, len(amounts) - 1)
    else:
        length = rng.choice((7, 14, 28)) if way == "blocks" else 1
        at = draw.integers(-1, len(amounts), days // length + 1).repeat(length)[:days]
    dose = np.where(at >= 0, amounts[at], 0.0)
    if rng.random() < 0.5:
        dose = np.where(draw.random(days) < 0.1, draw.choice((0.0, np.nan), days), dose)
    return dose, levels, {"blocks": "blocks", "days": "days"}.get(way, "none")


def values_of(rng: random.Random, draw: np.random.Generator, dose: np.ndarray) -> np.ndarray:
    """(days,) an outcome with spells, a drift, gaps, and an effect of any size."""
    days = len(dose)
    noise = draw.standard_normal(days)
    spell = np.convolve(draw.standard_normal(days + 6), np.ones(7) / 3, "valid")
    values = 5 + spell + noise + rng.choice((0, 0.002)) * np.arange(days) - rng.choice((0, 0.8, 3)) * (dose > 0)
    match rng.choice(("continuous", "rating", "binary", "large")):
        case "rating":
            values = np.clip(np.round(values), 0, 10)
        case "binary":
            values = (values > 5.5) * 1.0
        case "large":
            values = 1e4 * values
    return np.where(draw.random(days) < rng.choice((0.0, 0.1, 0.6)), np.nan, values)


def letters_of(made: Made, number: int) -> list[Letter]:
    """That many letters of one analysis, of people who say little and much."""
    rng = random.Random(f"letters {made.analysis.diary.first_day}")
    with reading_in(made.language):
        return [
            letter_of(made.analysis, background_of(rng), label=rng.choice(("", "SYNTHETIC", words(rng, 70))))
            for _ in range(number)
        ]


def background_of(rng: random.Random) -> Background:
    """A person who says nothing, or as much as a page has room for."""
    return Background(
        name=rng.choice(("", "Kim", words(rng, 60))),
        condition=rng.choice(("", "migraine", "fibromyalgia", words(rng, 60))),
        age=rng.choice(("", *AGE_BANDS)),
        notes=rng.choice(("", words(rng, 120), words(rng, 400))),
        tried=tuple(Tried(*(words(rng, most) for most in (34, 10, 30, 30))) for _ in range(rng.randint(0, 6))),
        safety=rng.choice((None, (), tuple(words(rng, LONGEST_POINT) for _ in range(rng.randint(1, 6))))),
        dates=rng.random() < 0.8,
        others=rng.random() < 0.8,
        price_a_day=rng.choice((None, 0.9)),
    )


def generated(seed: int, most_days: int = MOST_DAYS) -> Made:
    """The analysis of one generated diary; the same seed gives the same one. Every ninth is as long as they may be."""
    rng, draw = random.Random(f"letter {seed} {most_days}"), np.random.default_rng(seed)
    days = round(float(np.exp(rng.uniform(np.log(FEWEST_DAYS), np.log(most_days)))))
    days = (most_days if seed % 18 else FEWEST_DAYS) if seed % 9 == 0 else days
    taken: set[str] = set()
    treatment = rng.choice(("naltrexone", column(rng, taken)))
    dose, doses, randomised = doses_of(rng, draw, days)
    columns = {f"{treatment}_mg": dose}
    if randomised != "none":
        columns[f"{treatment}_assigned_mg"] = np.nan_to_num(dose)
    many = (1, 2, 3, MOST_OUTCOMES) if days <= MOST_DAYS_OF_MANY else (1, 1, 2)
    outcomes = [column(rng, taken) for _ in range(rng.choice(many))]
    columns |= {name: values_of(rng, draw, dose) for name in outcomes}
    for number in range(rng.randint(0, 5)):
        columns[f"side_effect_{column(rng, taken)}"] = (draw.random(days) < 0.1 * number) * 1.0
    for number in range(rng.randint(0, 4)):
        columns[f"rescue_{column(rng, taken)}"] = (draw.random(days) < 0.1 * number) * 1.0
    diary = Diary(words(rng, 20), FIRST_DAY + rng.randrange(3000), rng.random() < 0.9, columns, days)
    language, blinded = LANGUAGES[seed % 2], randomised != "none" and rng.random() < 0.7
    with reading_in(language):
        better = rng.choice(("lower", "higher"))
        asked, *also = [_question(diary, name, treatment, better, randomised, blinded) for name in outcomes]
        found = full_answer(diary, asked, Wanted(also=tuple(also), looked=rng.choice((None, 1, 7))))
    return Made(found, background_of(rng), language, len(outcomes), doses)


def _question(diary: Diary, outcome: str, treatment: str, better: str, randomised: str, blinded: bool) -> Question:
    values = diary.columns[outcome]
    two = set(values[np.isfinite(values)].tolist()) == {0.0, 1.0}
    said = {"scale": "binary", "meaningful": 0.1} if two else {}
    return ask(diary, outcome, treatment, better=better, randomised=randomised, blinded=blinded, **said)
