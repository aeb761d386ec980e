"""Which orders could have been drawn: units of days that lots dealt out, read off what was planned, never off a run-in.

A plan is a dose for every day. Blocks are its stretches of one planned length; a stretch of about k lengths is k
blocks. A first stretch without treatment may hold a run-in, which nobody drew, and a last one days after the trial:
where more than one reading fits, all are returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from nightdose.arrays import Floats, Integers
from nightdose.question.question import Randomised

ALIKE = 0.1  # stretches whose lengths differ by no more are blocks of one planned length
NEARLY_ALL = 0.8  # of the stretches; a day too many or too few happens to the best
WEEK_D = 7  # from blocks of a week on, a day more or less is not another length
SHORTEST_SHARED_D = 3  # of a length that no stretch has by itself, only as its divisor
LONGEST_HOLE_D = 2  # days inside a block, between two equal doses, that the plan leaves open
FEWEST_SETS = 2
RUN_IN_OF_DAYS = 10  # zeros in a row before days drawn by lot: a coin gives as many once in a thousand


@dataclass(frozen=True, slots=True)
class Draw:
    """What lots dealt out.

    unit_of : (days,) number of the unit (block or day) a day belongs to, -1 = not drawn; dose : (days,) as planned,
    NaN outside. sets : units among which every order was as likely as every other; a unit in no set was not drawn.
    paired : the sets are consecutive units, one of each kind. block_days : days of a planned unit.
    """

    unit_of: Integers
    dose: Floats
    sets: tuple[tuple[int, ...], ...]
    paired: bool
    block_days: int

    @property
    def units(self) -> int:
        return int(np.max(self.unit_of, initial=-1)) + 1

    @property
    def levels(self) -> Floats:
        """(units,) the largest planned dose of each unit."""
        out = np.zeros(self.units)
        drawn = self.unit_of >= 0
        np.maximum.at(out, self.unit_of[drawn], self.dose[drawn])
        return out


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `begin` to `end` (not included) that are alike in the plan."""

    begin: int
    end: int
    dose: float

    @property
    def days(self) -> int:
        return self.end - self.begin


def draws(dose: Floats, randomised: Randomised, *, written: bool) -> tuple[Draw, ...]:
    """Every reading of a plan as a draw; empty where none was drawn, or none can be known.

    dose : (days,) as planned, NaN = the plan says nothing. written : the plan itself is written down; where it is only
    read off the doses taken, orders that are not paired could have been drawn in too many ways.
    """
    if randomised == "none" or np.all(np.isnan(dose)):
        return ()
    return _of_days(dose) if randomised == "days" else _of_blocks(dose, written)


def blocks_laid_out(dose: Floats, begins: Integers, block_days: int) -> Draw:
    """The draw of a locked protocol: blocks whose days are known, in pairs. dose : (days,) planned."""
    unit_of = np.full(len(dose), -1, dtype=np.int64)
    for number, begin in enumerate(begins.tolist()):
        unit_of[max(0, begin) : max(0, begin + block_days)] = number
    unit_of[np.isnan(dose)] = -1
    pairs = tuple((k, k + 1) for k in range(0, len(begins) - 1, 2) if {k, k + 1} <= set(unit_of.tolist()))
    return Draw(unit_of, dose, pairs, True, block_days)


def _of_days(dose: Floats) -> tuple[Draw, ...]:
    known = ~np.isnan(dose)
    at = np.flatnonzero(known)
    active = np.flatnonzero(known & (dose > 0))
    if len(active) == 0:
        return ()
    lead, tail = int(np.sum(at < active[0])), int(np.sum(at > active[-1]))
    at = at[lead if lead >= RUN_IN_OF_DAYS else 0 : len(at) - (tail if tail >= RUN_IN_OF_DAYS else 0)]
    unit_of = np.full(len(dose), -1, dtype=np.int64)
    unit_of[at] = np.arange(len(at))
    return (Draw(unit_of, dose, (tuple(range(len(at))),), False, 1),)


def _of_blocks(dose: Floats, written: bool) -> tuple[Draw, ...]:
    stretches = stretches_of(dose)
    lengths = block_lengths(stretches)
    for length in lengths:
        found = [_numbered(dose, stretches, length, lead) for lead in _leads(stretches[0], length)]
        each = [_paired(laid) for laid in found]
        paired = tuple(draw for draw in each if draw is not None)
        if not paired:
            continue
        surely = each[0] is not None or not fits(stretches[0].days, length)
        return paired if surely or not written else (*paired, *_all_together(found[0]))
    if not lengths or not written:
        return ()
    return _all_together(_numbered(dose, stretches, lengths[0], _leads(stretches[0], lengths[0])[0]))


def _all_together(laid: Draw) -> tuple[Draw, ...]:
    """The blocks dealt out in any order."""
    every = Draw(laid.unit_of, laid.dose, (tuple(range(laid.units)),), False, laid.block_days)
    return (every,) if laid.units > 1 else ()


def stretches_of(dose: Floats) -> tuple[Stretch, ...]:
    """The stretches of a plan. Days of one dose; where a block climbs to its dose, the whole climb is one stretch.

    A hole of one or two days between equal doses belongs to its stretch.
    """
    return _stretches_of(np.ascontiguousarray(dose, dtype=np.float64).tobytes())


@lru_cache(maxsize=16)  # every habit that might stand behind a plan asks for its stretches
def _stretches_of(of_days: bytes) -> tuple[Stretch, ...]:
    filled = without_small_holes(np.frombuffer(of_days))
    by_dose = _runs(filled, filled)
    by_arm = _runs(filled, np.where(np.isnan(filled), np.nan, filled > 0))
    length = block_length(by_arm)
    if length is None or len({run.dose for run in by_dose}) < 3:
        return by_dose
    falls = any(after.dose < before.dose for before, after in pairwise(by_dose) if after.dose > 0)
    climbs = any(run.dose > 0 and run.days < (1 - ALIKE) * length for run in by_dose[:-1])
    return by_arm if climbs and not falls else by_dose


def without_small_holes(dose: Floats) -> Floats:
    """(days,) the plan with one or two open days between equal doses filled."""
    out, known = dose.copy(), ~np.isnan(dose)
    if known.all():
        return out
    at = np.flatnonzero(known)
    hole = (np.diff(at) > 1) & (np.diff(at) <= LONGEST_HOLE_D + 1) & (dose[at[:-1]] == dose[at[1:]])
    for before, after in zip(at[:-1][hole].tolist(), at[1:][hole].tolist(), strict=True):
        out[before:after] = dose[before]
    return out


def _runs(dose: Floats, key: Floats) -> tuple[Stretch, ...]:
    """Runs of equal `key`; days that the plan leaves open end a run and are in none."""
    open_days = np.isnan(key)
    begins = np.flatnonzero((key[1:] != key[:-1]) & ~(open_days[1:] & open_days[:-1])) + 1
    edges = [0, *begins.tolist(), len(key)] if len(key) else []
    return tuple(
        Stretch(begin, end, float(np.max(dose[begin:end]))) for begin, end in pairwise(edges) if not open_days[begin]
    )


def block_length(stretches: tuple[Stretch, ...], *, strict: bool = False) -> int | None:
    """Days of one block, the likeliest of `block_lengths`; None where no length fits."""
    return next(iter(block_lengths(stretches, strict=strict)), None)


@lru_cache(maxsize=64)
def block_lengths(stretches: tuple[Stretch, ...], *, strict: bool = False) -> tuple[int, ...]:
    """Lengths that nearly every stretch but the first and the last is a multiple of, the commonest first.

    A first stretch with treatment counts as well: no run-in has any. The shortest first where two are as common.
    strict : every stretch has to be a multiple.
    """
    lengths = [run.days for run in stretches]
    inside = lengths[1:-1] or lengths
    whole = [lengths[0], *inside] if stretches[0].dose > 0 and len(lengths) > 2 else inside
    alike = {n: sum(abs(m - n) <= ALIKE * n for m in inside) for n in sorted(set(lengths))}
    shared = int(np.gcd.reduce(whole))  # no stretch may be of one block alone
    tried = [*sorted(alike, key=lambda n: (-alike[n], n)), *([shared] if shared >= SHORTEST_SHARED_D else [])]
    share = 1.0 if strict else NEARLY_ALL
    return tuple(n for n in dict.fromkeys(tried) if sum(fits(m, n) for m in whole) >= share * len(whole))


def fits(days: int, length: int) -> bool:
    """Is a stretch of so many days about a whole number of blocks of that length?"""
    k = round(days / length)
    return k >= 1 and abs(days - k * length) <= max(ALIKE * length, 1 if length >= WEEK_D else 0)


def _leads(first: Stretch, length: int) -> range:
    """How many blocks the first stretch may hold: with treatment all, without it any number down to a run-in alone."""
    whole = int((first.days + ALIKE * length) // length)
    if first.dose > 0:
        return range(max(1, round(first.days / length)), max(1, round(first.days / length)) + 1)
    return range(whole, -1, -1)


def _numbered(dose: Floats, stretches: tuple[Stretch, ...], length: int, lead: int) -> Draw:
    """Blocks numbered in the order of time, the first stretch holding `lead` of them at its end; nothing drawn yet."""
    unit_of, number = np.full(len(dose), -1, dtype=np.int64), 0
    for at, run in enumerate(stretches):
        begin, parts = run.begin, max(1, round(run.days / length))
        if at == 0:
            parts, begin = lead, max(run.begin, run.end - lead * length)
        elif at == len(stretches) - 1:  # what is left of a trial cut short is a block too
            parts = int((run.days + (1 - ALIKE) * length) // length) or 1
        if at == len(stretches) - 1 and parts > 1:  # whole blocks first, what is left in the last one
            begins = [begin + k * length for k in range(parts)]
        else:
            begins = even_begins(begin, run.end, parts)
        for first, end in pairwise([*begins, run.end]):
            unit_of[first:end], number = number, number + 1
    return Draw(unit_of, without_small_holes(dose), (), False, length)


def even_begins(begin: int, end: int, parts: int) -> list[int]:
    """Where each of so many parts of these days begins: as even as whole days can be, the longer ones first."""
    whole, more = divmod(end - begin, max(parts, 1))
    return [begin + k * whole + min(k, more) for k in range(parts)]


def _paired(laid: Draw) -> Draw | None:
    """The same blocks as pairs, one with and one without in each, or as sets with one of every dose; None = they are
    neither. Blocks at the end that break the last set, days after the trial, are taken out."""
    levels = laid.levels
    arms = (levels > 0).astype(float)
    for kinds in (arms, levels):
        g = len(set(kinds.tolist()))
        last = len(kinds)
        while last > 0 and not is_in_sets(kinds[:last], g) and kinds[last - 1] == kinds[-1]:
            last -= 1
        if g > 1 and last >= FEWEST_SETS * g and is_in_sets(kinds[:last], g):
            sets = tuple(tuple(range(k, k + g)) for k in range(0, last - g + 1, g))
            return Draw(np.where(laid.unit_of < last, laid.unit_of, -1), laid.dose, sets, True, laid.block_days)
    return None


def is_in_sets(kinds: Floats | Integers, g: int) -> bool:
    """Does every consecutive set of g units, the unfinished last one included, hold no kind twice?"""
    return all(len(set(part)) == len(part) for part in (kinds[k : k + g].tolist() for k in range(0, len(kinds), g)))
