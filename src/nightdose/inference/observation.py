"""From an outcome in its own unit to the series the model sees, and back: one function per kind of outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from nightdose.arrays import Bools, Floats, frozen
from nightdose.inference import _inference
from nightdose.inference.components import NO_CUTS, Cuts, Family, HyperPrior
from nightdose.inference.normal import normal_quantile
from nightdose.statistics import quantiles

# values beyond so many sd, by the middle 80 %, do not set the scale where they are at most this share; z of 90 %
FARTHEST_SD, MOST_FAR, TENTH_Z = 6.0, 0.02, 1.2816
ROUNDING_VAR = (1e-6, 0.25)  # least and most, in sd squared: no outcome is known to a thousandth of its ups and downs
STEPS = frozen(np.power(10.0, np.arange(3, -7, -1), dtype=np.float64))  # in which an outcome may have been written down
MOST_FREE_CATEGORIES = 11  # a 0-10 rating; more are merged: each free cutpoint is one more dimension to integrate


@dataclass(frozen=True, slots=True)
class BentPaths:
    """eta ~ N(middle + along u + aside v, left) on D days at N points, u and v standard normal; (N, D) each.

    felt + felt_along u + felt_aside v : the effect of the treatment in it.
    """

    middle: Floats
    along: Floats
    aside: Floats
    felt: Floats
    felt_along: Floats
    felt_aside: Floats
    left: Floats


@dataclass(frozen=True, slots=True)
class Observation:
    """One outcome as the model sees it.

    y, seen : (days,) as in `Series`.  centre, unit : outcome = centre + unit * eta where the link is straight.
    prior, cuts : of the latent scale.  values : (C + 1,) the outcome that each category stands for.
    effect_sd : prior sd of the effect of the largest dose on the latent scale.
    rounding_var : variance of writing the outcome down, in units of `unit` squared; continuous outcomes only.
    even : the cutpoints are equally far apart and each step is worth 1.
    """

    family: Family
    y: Floats
    seen: Bools
    centre: float
    unit: float
    prior: HyperPrior
    cuts: Cuts = NO_CUTS
    values: Floats = field(default_factory=lambda: np.zeros(0))
    effect_sd: float = 1.0
    even: bool = False
    rounding_var: float = 0.0

    def expected(self, mean: Floats, var: Floats, noise_sd: Floats, cuts: Floats) -> Floats:
        """E[outcome] in its own unit, (N, days), for eta ~ N(mean, var).

        mean, var : (N, days) latent; noise_sd : (N,); cuts : (N, C) or (1, C).
        """
        if self.family == "gaussian":
            return self.centre + self.unit * mean
        return self._link(cuts).expected(*map(np.ascontiguousarray, (mean, var, noise_sd)))

    def bends(self, nodes: Floats, paths: BentPaths, noise_sd: Floats, cuts: Floats) -> tuple[Floats, ...]:
        """What a felt effect makes of the outcome expected on days, N points x 3 nodes of v x 3 nodes of u.

        noise_sd, cuts : as in `expected`; not of a continuous outcome. Returns over the days the sum of E[outcome] with
        the effect minus without it, of its sizes, of the felt effect, and of its sizes, (N, 3, 3) each.
        """
        laid = {name: np.ascontiguousarray(getattr(paths, name)) for name in BentPaths.__slots__}
        return self._link(cuts).bends(nodes=nodes, noise_sd=np.ascontiguousarray(noise_sd), **laid)

    def _link(self, cuts: Floats) -> _inference.Link:
        category = self.family == "category"
        return _inference.Link(
            family=1 if category else 2,
            cut=np.ascontiguousarray(cuts),
            jump=np.diff(self.values) if category else np.zeros(cuts.shape[1]),
            base=float(self.values[0]) if category else 0.0,
            even=self.even,
        )

    def draw(self, eta: Floats, noise_sd: float, cuts: Floats, rng: np.random.Generator) -> Floats:
        """(days,) outcomes in their own unit for one latent path and one set of cutpoints (C,)."""
        latent = eta + noise_sd * rng.standard_normal(len(eta))
        if self.family == "gaussian":
            return self.centre + self.unit * latent
        if self.family == "count":
            return rng.poisson(np.exp(np.minimum(latent, 20.0))).astype(np.float64)
        return np.asarray(self.values[np.searchsorted(cuts, latent)])


def observe(kind: str, values: Floats, seen: Bools, ends: tuple[float, float] | None) -> Observation:
    """The observation of one outcome; values : (days,), used where `seen`, at least two different ones.

    kind : a name of OBSERVED; ends : lowest and highest possible value, None = any number.
    """
    return OBSERVED[kind](values, seen, ends or (-np.inf, np.inf))


def continuous(values: Floats, seen: Bools) -> Observation:
    """A continuous outcome, standardised by its own mean and sd; the few values beyond FARTHEST_SD are held there."""
    used = values[seen]
    low, middle, high = quantiles(used, 0.1, 0.5, 0.9)
    reach = FARTHEST_SD * (high - low) / (2 * TENTH_Z)
    few = np.mean(np.abs(used - middle) > reach) <= MOST_FAR
    centre, unit = _moments(np.clip(values, middle - reach, middle + reach) if reach > 0 and few else values, seen)
    y = np.where(seen, (values - centre) / unit, 0.0)
    rounding = np.clip((_step(used) / unit) ** 2 / 12, *ROUNDING_VAR)
    return Observation("gaussian", y, seen, centre, unit, HyperPrior(), rounding_var=float(rounding))


def _step(values: Floats) -> float:
    """The largest power of ten that all values are multiples of, at most 1,000; 0 where there is none above 1e-6."""
    in_steps = values / STEPS[:, None]
    whole = (np.abs(in_steps - np.rint(in_steps)) < 1e-6).all(axis=1)
    return float(STEPS[whole.argmax()]) if whole.any() else 0.0


def rating(values: Floats, seen: Bools, low: float, high: float) -> Observation:
    """A rating on whole steps from low to high: a rounded normal variable with open ends.

    Values between steps are rounded to the nearest one.
    """
    step: Floats = np.clip(np.round(np.where(seen, values, low)), low, high).astype(np.float64)
    centre, unit = _moments(step, seen)
    steps = np.arange(low, high + 0.5)
    cuts = Cuts((steps[:-1] + 0.5 - centre) / unit)
    return Observation("category", step - low, seen, centre, unit, HyperPrior(), cuts, steps, even=True)


def ordinal(values: Floats, seen: Bools) -> Observation:
    """Ordered categories of unknown distances: cumulative probit with free inner cutpoints.

    Levels nobody used do not exist; more than MOST_FREE_CATEGORIES are merged, rarest first, with the rarer neighbour,
    and stand for the mean of what they hold. The outer cutpoints lie at the normal scores of their frequencies.
    """
    used = values[seen]
    groups = [[level] for level in np.unique(used)]
    while len(groups) > MOST_FREE_CATEGORIES:
        sizes = [int(np.sum(np.isin(used, group))) for group in groups]
        at = int(np.argmin(sizes))
        sides = [i for i in (at - 1, at + 1) if 0 <= i < len(groups)]
        other = min(sides, key=lambda i: sizes[i])
        first = min(at, other)
        groups[first : first + 2] = [groups[first] + groups[first + 1]]
    if len(groups) == 2:
        return _two_levels(values, seen, groups)
    tops = np.array([group[-1] for group in groups[:-1]])
    below = np.array([np.mean(used <= top) for top in tops])
    category = np.where(seen, np.searchsorted(tops, values, side="left"), 0).astype(np.float64)
    levels = np.array([float(np.mean(used[np.isin(used, group)])) for group in groups])
    cuts = Cuts(normal_quantile(below), free=True)
    centre, unit = _moments(values, seen)
    return Observation("category", category, seen, centre, unit, HyperPrior(), cuts, levels)


def binary(values: Floats, seen: Bools) -> Observation:
    """Yes or no: a probit whose noise sd is 1, so that the scale is fixed."""
    low, high = np.unique(values[seen])
    return _two_levels(values, seen, [[low], [high]])


def _two_levels(values: Floats, seen: Bools, groups: list[list[float]]) -> Observation:
    used = values[seen]
    upper = np.where(seen, values, groups[0][0]) > groups[0][-1]
    levels = np.array([float(np.mean(used[np.isin(used, group)])) for group in groups])
    prior = HyperPrior(level_scale=0.06, ar_scale=1.0, noise_fixed=1.0)
    cuts = Cuts(normal_quantile(np.array([1 - np.mean(upper[seen])])))
    centre, unit = _moments(values, seen)
    return Observation("category", upper.astype(np.float64), seen, centre, unit, prior, cuts, levels, effect_sd=1.2)


def count(values: Floats, seen: Bools) -> Observation:
    """Counts a day: Poisson with log-normal overdispersion, effects on the log rate."""
    y = np.where(seen, np.round(values), 0.0)
    prior = HyperPrior(level_scale=0.05, ar_scale=0.7, noise_scale=0.7)
    return Observation("count", y, seen, 0.0, 1.0, prior)


# every kind of question/kind.py as a series: (values, seen, ends) -> Observation
OBSERVED: Mapping[str, Callable[[Floats, Bools, tuple[float, float]], Observation]] = MappingProxyType(
    {
        "continuous": lambda values, seen, _: continuous(values, seen),
        "rating": lambda values, seen, ends: rating(values, seen, *ends),
        "ordinal": lambda values, seen, _: ordinal(values, seen),
        "binary": lambda values, seen, _: binary(values, seen),
        "count": lambda values, seen, _: count(values, seen),
    }
)


def _moments(values: Floats, seen: Bools) -> tuple[float, float]:
    used = values[seen]
    sd = float(np.std(used))
    assert sd > 0, "a constant outcome is caught by the design check"
    return float(np.mean(used)), sd
