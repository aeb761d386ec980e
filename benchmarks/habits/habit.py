"""Habits: what else moves a person's score, and how their doses follow it. The drug itself does nothing.

Every habit is one function (rng, calendar, score, amplitude) -> (cause, dose): `cause` is what the habit adds to the
latent score (higher is worse), in within-person sd times the amplitude; `dose` is what the person means to take.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

FULL_MG = 4.5


@dataclass(frozen=True)
class Life:
    """What a habit sees. days : dates; felt : (days,) the score without the habit's cause, sd 1; rng : of the habit."""

    days: tuple[datetime.date, ...]
    felt: np.ndarray
    rng: np.random.Generator

    @property
    def n(self) -> int:
        return len(self.days)

    @property
    def weekday(self) -> np.ndarray:
        return np.array([day.weekday() for day in self.days])

    @property
    def sign(self) -> float:
        return float(self.rng.choice([-1.0, 1.0]))


Habit = Callable[[Life, float], tuple[np.ndarray, np.ndarray]]


def weekend_off(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """None at weekends, and weekends differ."""
    weekend = life.weekday >= 5
    return amplitude * life.sign * weekend, FULL_MG * ~weekend


def chosen_weekdays(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """One to three weekdays on (work, sport, a child's days), and these days differ."""
    chosen = life.rng.choice(7, size=life.rng.integers(1, 4), replace=False)
    on = np.isin(life.weekday, chosen)
    return amplitude * life.sign * on, FULL_MG * on


def after_weeks_without(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Weeks without, then every day but weekends."""
    cause, dose = weekend_off(life, amplitude)
    return cause, np.where(np.arange(life.n) < life.rng.integers(20, 60), 0.0, dose)


def cycle(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """A cycle of 21 to 38 days, each a day or two longer or shorter; taken in one part of it."""
    mean, wobble = life.rng.uniform(21, 38), life.rng.uniform(0, 2)
    phase = _phase(life, mean, wobble)
    share = life.rng.uniform(0.2, 0.6)
    centre = life.rng.uniform(0, 1)
    on = np.abs((phase - centre + 0.5) % 1 - 0.5) < share / 2
    return amplitude * life.sign * np.cos(2 * np.pi * (phase - centre)), FULL_MG * on


def half_of_a_cycle(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """14 days on and 14 off, exactly, in a rhythm of 28 days; weeks without before."""
    start = int(life.rng.integers(0, 40))
    phase = ((np.arange(life.n) - start) % 28) / 28
    on = (phase < 0.5) & (np.arange(life.n) >= start)
    return amplitude * life.sign * np.sin(2 * np.pi * phase), FULL_MG * on


ROTAS = ((4, 4), (5, 5), (6, 3), (7, 7), (5, 3), (8, 6), (4, 3), (10, 4))


def shifts(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Days of work and days off in a rota; taken on one kind of them."""
    work, off = ROTAS[life.rng.integers(len(ROTAS))]
    at_work = (np.arange(life.n) + life.rng.integers(30)) % (work + off) < work
    on = at_work if life.rng.random() < 0.5 else ~at_work
    return amplitude * life.sign * at_work, FULL_MG * on


def month_end(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """The last days of a month (or the first): bills, wages, deadlines."""
    span = int(life.rng.integers(4, 13))
    left = np.array([(_next_month(day) - day).days for day in life.days])
    first = np.array([day.day for day in life.days])
    inside = left <= span if life.rng.random() < 0.5 else first <= span
    return amplitude * life.sign * inside, FULL_MG * inside


def holidays(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Every day but on journeys of 5 to 16 days, every six to thirteen weeks, and journeys differ."""
    away = np.zeros(life.n, dtype=bool)
    begin = int(life.rng.integers(10, 60))
    while begin < life.n - 5:
        away[begin : begin + int(life.rng.integers(5, 17))] = True
        begin += int(life.rng.integers(40, 90))
    return amplitude * life.sign * away, FULL_MG * ~away


def as_needed_same_day(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Taken on bad days, by the evening's own score; `amplitude` is how closely."""
    return np.zeros(life.n), FULL_MG * _drawn(life, life.felt, amplitude)


def as_needed_next_day(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Taken on the evening after a bad day or after three."""
    width = int(life.rng.choice([1, 3]))
    return np.zeros(life.n), FULL_MG * _drawn(life, _before(life.felt, width), amplitude)


def on_good_days(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Left out on bad days (too ill to think of it), by the same evening or the one before."""
    score = life.felt if life.rng.random() < 0.5 else _before(life.felt, 1)
    return np.zeros(life.n), FULL_MG * _drawn(life, -score, amplitude)


def flares(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """A course of 5 to 14 days whenever the last days were bad; flares themselves come and go."""
    flare = _flares(life)
    score = life.felt + 2 * amplitude * flare
    width, length = int(life.rng.integers(2, 6)), int(life.rng.integers(5, 15))
    bar = np.quantile(_before(score, width), life.rng.uniform(0.75, 0.9))
    on, left = np.zeros(life.n, dtype=bool), 0
    for t, recent in enumerate(_before(score, width)):
        left = length if left == 0 and recent > bar else max(0, left - 1)
        on[t] = left > 0
    return 2 * amplitude * flare, FULL_MG * on


def stopped_when_well(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Started when the last fortnight was bad, stopped when it was good."""
    flare = _flares(life)
    recent = _before(life.felt + 2 * amplitude * flare, 14)
    high, low = np.quantile(recent, [0.7, 0.3])
    on, now = np.zeros(life.n, dtype=bool), False
    for t, mean in enumerate(recent):
        now = mean > low if now else mean > high
        on[t] = now
    return 2 * amplitude * flare, FULL_MG * on


def by_severity(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Some every day, more on worse days: 1.5, 3 or 4.5 mg by the last days' score; weeks without before."""
    score = life.felt if life.rng.random() < 0.5 else _before(life.felt, int(life.rng.choice([1, 3])))
    follow = amplitude * score / np.std(score) + 0.4 * life.rng.standard_normal(life.n)
    dose = 1.5 * (1 + np.sum(follow[:, None] > np.quantile(follow, [0.4, 0.75]), axis=1))
    return np.zeros(life.n), np.where(np.arange(life.n) < life.rng.integers(0, 50), 0.0, dose)


def skipped_when_well(life: Life, amplitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Weeks without, then every day but the good ones."""
    on = _drawn(life, life.felt + 0.8, amplitude)
    return np.zeros(life.n), np.where(np.arange(life.n) < life.rng.integers(20, 70), 0.0, FULL_MG * on)


HABITS: dict[str, Habit] = {
    habit.__name__: habit
    for habit in (
        weekend_off, chosen_weekdays, after_weeks_without, cycle, half_of_a_cycle, shifts, month_end, holidays,
        as_needed_same_day, as_needed_next_day, on_good_days, flares, stopped_when_well, by_severity,
        skipped_when_well,
    )
}  # fmt: skip


def _drawn(life: Life, score: np.ndarray, closely: float) -> np.ndarray:
    """(days,) taken with odds that rise with the score: at 0.3 sd loosely, at 1.2 sd almost by rule."""
    bar = np.quantile(score, life.rng.uniform(0.4, 0.75))
    odds = 4 * closely * (score - bar) / np.std(score)
    return life.rng.random(life.n) < 1 / (1 + np.exp(-odds))


def _before(score: np.ndarray, width: int) -> np.ndarray:
    """(days,) mean of the `width` days before each."""
    padded = np.r_[np.full(width, score[0]), score]
    sums = np.cumsum(np.r_[0.0, padded])
    return (sums[width : width + len(score)] - sums[: len(score)]) / width


def _flares(life: Life) -> np.ndarray:
    """(days,) 1 in flares of 10 days on average, 40 apart."""
    out, bad = np.zeros(life.n), False
    for t in range(life.n):
        bad = life.rng.random() >= 1 / 10 if bad else life.rng.random() < 1 / 40
        out[t] = bad
    return out


def _phase(life: Life, mean: float, wobble: float) -> np.ndarray:
    """(days,) where in its cycle each day lies, 0 to 1; every cycle has its own length."""
    begin, phase = -life.rng.uniform(0, mean), np.zeros(life.n)
    while begin < life.n:
        length = max(15.0, mean + wobble * life.rng.standard_normal())
        t = np.arange(life.n)
        inside = (t >= begin) & (t < begin + length)
        phase[inside] = (t[inside] - begin) / length
        begin += length
    return phase


def _next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
