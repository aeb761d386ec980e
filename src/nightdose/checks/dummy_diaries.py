"""Dummy diaries: drawn from the fitted model on the days of the person, with no effect, with one, in another world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Bools, Floats
from nightdose.checks.worlds import WORLDS, Dummy
from nightdose.exposure.onset import effect_compartment
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.statistics import spells

LATENT_REACH = np.linspace(-12.0, 12.0, 97)  # coefficients tried where the outcome's scale bends, latent units
NULL, EFFECT, WORLD = 0, 1, 2  # streams of random numbers of one diary


@dataclass(frozen=True, slots=True)
class DummyDiaries:
    """What dummy diaries are drawn from.

    planted : the effect of a diary that has one once each dose has settled, the outcome's own sign and unit, as the
    mean over the days on treatment; onset takes its part of it, as in life. Where floor or ceiling leave no room for
    it, the largest that fits. better : sign of an improvement.
    drawn : the order was planned beforehand. certain : (days,) days whose exposure is known. seed : of all diaries;
    each has its own numbers, whatever was drawn before it.
    """

    posterior: Posterior
    observation: Observation
    treatment: str
    planted: float
    better: float
    drawn: bool
    certain: Bools
    seed: int

    def null(self, i: int) -> Floats:
        """(days,) outcome of the i-th diary without an effect, NaN on the days that were missed."""
        rng = np.random.default_rng([self.seed, i, NULL])
        pick, eta = self._latent(rng)
        return self._written(pick, eta, self.posterior.series.seen, rng)

    def effect(self, i: int) -> Floats:
        """(days,) outcome of the i-th diary with the planted effect."""
        rng = np.random.default_rng([self.seed, i, EFFECT])
        pick, eta = self._latent(rng)
        settled, reached = self._exposures(pick)
        eta = eta + reached * self._coefficient(pick, eta, settled)
        return self._written(pick, eta, self.posterior.series.seen, rng)

    def in_world(self, name: str, i: int) -> Floats | None:
        """(days,) outcome of the i-th diary without an effect in that world; None where it cannot be one of it."""
        number = list(WORLDS).index(name)
        rng = np.random.default_rng([self.seed, i, WORLD + number])
        pick, eta = self._latent(rng)
        p = self.posterior
        column = p.series.lagged[p.coefficient(self.treatment) - len(p.series.fixed_names)]
        seen = p.series.seen | ~self.certain  # a day of unknown exposure is nobody's missing day
        found = WORLDS[name](Dummy(eta, seen, column.values, -self.better, self.drawn), rng)
        return None if found is None else self._written(pick, found.eta, found.seen & self.certain, rng)

    def _latent(self, rng: np.random.Generator) -> tuple[int, Floats]:
        """(hyper-parameter point, (days,) latent outcome without noise and without effect)."""
        p, series = self.posterior, self.posterior.series
        pick = int(rng.choice(len(p.weights), p=p.weights))
        lagged = [effect_compartment(c.values, float(p.tau[pick, m]), c.start) for m, c in enumerate(series.lagged)]
        b = rng.multivariate_normal(p.mean[pick], p.cov[pick], method="cholesky")
        b[p.coefficient(self.treatment)] = 0.0
        return pick, np.column_stack([series.fixed, *lagged]) @ b + _path(p.hyper[:, pick], len(series.y), rng)

    def _exposures(self, pick: int) -> tuple[Floats, Floats]:
        """(days,) of the doses had each settled, and as they were reached."""
        p = self.posterior
        j = p.coefficient(self.treatment) - len(p.series.fixed_names)
        column = p.series.lagged[j]
        return column.values, effect_compartment(column.values, float(p.tau[pick, j]), column.start)

    def _written(self, pick: int, eta: Floats, seen: Bools, rng: np.random.Generator) -> Floats:
        p = self.posterior
        y = self.observation.draw(eta, float(p.hyper[3, pick]), p.cuts[pick], rng)
        return np.where(seen, y, np.nan)

    def _coefficient(self, pick: int, eta: Floats, settled: Floats) -> float:
        """The latent coefficient whose settled effect, as a mean over the days on treatment, is the planted one."""
        o, p = self.observation, self.posterior
        on = p.series.day_weight > 0
        if o.family == "gaussian":
            return self.planted / o.unit / max(float(np.mean(settled[on])), 1e-9)
        certain, noise = np.zeros((1, int(np.sum(on)))), p.hyper[3, [pick]]

        def expected(coefficient: float) -> float:
            latent = eta[on] + coefficient * settled[on]
            return float(np.mean(o.expected(latent[None], certain, noise, p.cuts[pick][None])))

        nothing = expected(0.0)
        below, above = 0, len(LATENT_REACH) - 1  # the effect rises with the coefficient
        while above - below > 1:
            middle = (below + above) // 2
            if expected(LATENT_REACH[middle]) - nothing <= self.planted:
                below = middle
            else:
                above = middle
        ends = LATENT_REACH[[below, above]]
        return float(np.interp(self.planted, [expected(end) - nothing for end in ends], ends))


def _path(hyper: Floats, days: int, rng: np.random.Generator) -> Floats:
    """(days,) level + spell of one draw."""
    level_sd, ar_sd, phi, _ = hyper
    spell = spells(float(ar_sd), float(phi), days, rng)
    return np.asarray(np.cumsum(level_sd * rng.standard_normal(days)) + spell)
