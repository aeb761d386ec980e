"""The orders that lots could have given: every one of them where they are few, a sample where they are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, log10

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.question.draws import Draw, is_in_sets

BATCH = 500


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a draw as labels.

    kind : (units,) which dose (or climb of doses) each was; profiles : kind -> (days of a unit,) its doses day by day.
    sets : among which units the lots chose. arm : (kinds,) 1 = with treatment, where an order with one on and one off
    in every pair would have been read as drawn in pairs: such orders are left out. None = nothing is left out.
    """

    kind: Integers
    profiles: tuple[Floats, ...]
    sets: tuple[Integers, ...]
    arm: Integers | None

    @property
    def log10_orders(self) -> float:
        """log10 of how many orders there are."""
        return float(sum(_log10_orders(self.kind[part]) for part in self.sets))


def units_of(draw: Draw) -> Units:
    """The units of a draw. Units that were planned alike day by day are of one kind; one that was cut short is of the
    kind that it begins like."""
    sets = tuple(np.array(part) for part in draw.sets)
    if draw.block_days == 1:
        levels, kind = np.unique(draw.dose[draw.unit_of >= 0], return_inverse=True)
        return Units(kind, tuple(np.array([level]) for level in levels), sets, None)
    planned = [draw.dose[draw.unit_of == unit] for unit in range(draw.units)]
    profiles: list[Floats] = []
    kind = np.empty(len(planned), dtype=np.int64)
    for unit in sorted(range(len(planned)), key=lambda unit: -len(planned[unit])):
        own = planned[unit]
        like = [k for k, known in enumerate(profiles) if np.array_equal(known[: len(own)], own)]
        kind[unit] = like[0] if like else len(profiles)
        if not like:
            profiles.append(own)
    on = draw.levels > 0
    could_be_paired = not draw.paired and 0 <= int(np.sum(on)) - len(on) // 2 <= len(on) % 2 and len(on) > 3
    arm = np.array([int(np.max(profile) > 0) for profile in profiles]) if could_be_paired else None
    return Units(kind, tuple(profiles), sets, arm)


def every_order(units: Units) -> Integers:
    """(orders, units) kinds of every order that could have been drawn."""
    orders = units.kind[None]
    for part in units.sets:
        own = np.stack(list(_arrangements(units.kind[part])))
        many = len(orders)
        orders = np.repeat(orders, len(own), axis=0)
        orders[:, part] = np.tile(own, (many, 1))
    kept = [not _left_out(units, order) for order in orders] if units.arm is not None else slice(None)
    return orders[kept]


def some_orders(units: Units, rng: np.random.Generator, n: int) -> Iterator[Integers]:
    """n orders drawn again, in batches of (orders, units) kinds."""
    for done in range(0, n, BATCH):
        orders = np.broadcast_to(units.kind, (min(BATCH, n - done), len(units.kind))).copy()
        for part in units.sets:
            orders[:, part] = rng.permuted(orders[:, part], axis=1)
        while units.arm is not None and any(again := [_left_out(units, order) for order in orders]):
            orders[again] = rng.permuted(orders[again], axis=1)
        yield orders


def _left_out(units: Units, order: Integers) -> bool:
    """Would this order have been read as drawn in pairs?"""
    return units.arm is not None and is_in_sets(units.arm[order][: len(order) // 2 * 2], 2)


def _arrangements(kinds: Integers) -> Iterator[Integers]:
    """Every distinct order of a multiset, in lexical order."""
    order = np.sort(kinds)
    while True:
        yield order.copy()
        falls = np.flatnonzero(order[:-1] < order[1:])
        if len(falls) == 0:
            return
        i = falls[-1]
        j = np.flatnonzero(order > order[i])
        j = j[j > i][-1]
        order[i], order[j] = order[j], order[i]
        order[i + 1 :] = order[i + 1 :][::-1]


def _log10_orders(kinds: Integers) -> float:
    size, left = 0.0, len(kinds)
    for count in Counter(kinds.tolist()).values():
        size += _log10_comb(left, count)
        left -= count
    return size


def _log10_comb(n: int, k: int) -> float:
    if n <= 10_000:
        return log10(comb(n, k))
    ends = np.array([k, n - k, n], dtype=float)
    stirling = ends * np.log(np.maximum(ends, 1)) - ends + 0.5 * np.log(2 * np.pi * np.maximum(ends, 1))
    return float(stirling @ [-1, -1, 1]) / np.log(10) if 0 < k < n else 0.0
