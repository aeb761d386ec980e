"""Orders of on and off that no lots gave, and that somebody may say were drawn: turns, shifts, cycles, journeys.

Each is one function (rng, days) -> (days,) of 0 and 1. What a life does in the same order, the scores follow
(`benchmarks/said.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

LONGEST_D = 45
Order = Callable[[np.random.Generator, int], np.ndarray]


def turn(rng: np.random.Generator, days: int) -> np.ndarray:
    """k days on of every 2 to 45, from any day on."""
    period = int(rng.integers(2, LONGEST_D + 1))
    k = int(rng.integers(1, period))
    return ((np.arange(days) + rng.integers(period)) % period < k).astype(int)


def even_turn(rng: np.random.Generator, days: int) -> np.ndarray:
    """As many days on as off, 1 to 22 each."""
    length = int(rng.integers(1, LONGEST_D // 2 + 1))
    return (np.arange(days) + rng.integers(2 * length)) // length % 2


def any_days(rng: np.random.Generator, days: int) -> np.ndarray:
    """Any days of every 3 to 28, about half of them."""
    period = int(rng.integers(3, 29))
    order = rng.permutation(np.arange(period) % 2)
    return order[(np.arange(days) + rng.integers(period)) % period]


def twos(rng: np.random.Generator, days: int) -> np.ndarray:
    """Off, off, on, on."""
    return (np.arange(days) + rng.integers(4)) // 2 % 2


def nurses(rng: np.random.Generator, days: int) -> np.ndarray:
    """Shifts of two, two and three days."""
    order = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0])
    return order[(np.arange(days) + rng.integers(14)) % 14]


def every_other_that_slips(rng: np.random.Generator, days: int) -> np.ndarray:
    """Every other evening, one evening in ten twice the same."""
    return stretches(rng, days, (1, 1), 0.1)


def twos_that_slip(rng: np.random.Generator, days: int) -> np.ndarray:
    """Two on and two off, a fifth of them three."""
    return stretches(rng, days, (2, 2), 0.2)


def fours_that_slip(rng: np.random.Generator, days: int) -> np.ndarray:
    """Four days at work and four off, a fifth of them five: swaps."""
    return stretches(rng, days, (4, 4), 0.2)


def menstrual(rng: np.random.Generator, days: int) -> np.ndarray:
    """One half of cycles of 26 to 30 days."""
    lengths = rng.integers(26, 31, size=days // 26 + 2)
    order = np.concatenate([np.r_[np.ones(n // 2, int), np.zeros(n - n // 2, int)] for n in lengths])
    begin = int(rng.integers(26))
    return order[begin : begin + days]


def journeys(rng: np.random.Generator, days: int) -> np.ndarray:
    """Away for 2 to 6 days, at home for 2 to 8."""
    lengths = [int(rng.integers(2, 7 if i % 2 else 9)) for i in range(days)]
    return np.repeat(np.arange(days) % 2, lengths)[:days]


def pay_days(rng: np.random.Generator, days: int) -> np.ndarray:
    """The week after every second Friday."""
    return ((np.arange(days) + rng.integers(14)) % 14 < 7).astype(int)


def a_month_of_fasting(rng: np.random.Generator, days: int) -> np.ndarray:
    """Thirty days in a row."""
    begin = int(rng.integers(10, max(11, days - 40)))
    return ((np.arange(days) >= begin) & (np.arange(days) < begin + 30)).astype(int)


def weekdays(rng: np.random.Generator, days: int) -> np.ndarray:
    """Three or four days of the week."""
    chosen = rng.choice(7, size=int(rng.integers(3, 5)), replace=False)
    return np.isin(np.arange(days) % 7, chosen).astype(int)


def stretches(rng: np.random.Generator, days: int, lengths: Sequence[int], slips: float) -> np.ndarray:
    """Stretches of these lengths in turn, a share of them a day longer."""
    own = [lengths[i % len(lengths)] + int(rng.random() < slips) for i in range(days)]
    return np.repeat(np.arange(days) % 2, own)[:days]


ORDERS: Mapping[str, Order] = {
    order.__name__: order
    for order in (
        turn, even_turn, any_days, twos, nurses, every_other_that_slips, twos_that_slip, fours_that_slip, menstrual,
        journeys, pay_days, a_month_of_fasting, weekdays,
    )
}  # fmt: skip
