"""Everything that is shown of one comparison: each trial, the pool in two ways, without each trial, without some."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from nightdose.arrays import Floats
from nightdose.evidence.bayes import BayesPool, bayes_pool
from nightdose.evidence.derive import Derived, derive
from nightdose.evidence.pool import Asymmetry, Pooled, asymmetry, pool
from nightdose.knowledge.comparisons import Comparison, Switch, comparisons, overall


@dataclass(frozen=True, slots=True)
class Pair:
    """The same trials pooled twice: heterogeneity integrated (the main one), and REML with modified Knapp-Hartung."""

    bayes: BayesPool
    reml: Pooled
    trials: tuple[Derived, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """One comparison with its arithmetic.

    pooled : None for a single trial. without : each trial left out in turn, in the order of `trials`, () below three.
    switched : (switch, pool); low_risk : without trials at high risk of bias, None where there is none or all are.
    asymmetry : None below ten trials.
    """

    comparison: Comparison
    trials: tuple[Derived, ...]
    pooled: Pair | None
    without: tuple[Pair, ...]
    switched: tuple[tuple[Switch, Pair], ...]
    low_risk: Pair | None
    asymmetry: Asymmetry | None


@cache
def body(name: str) -> Body:
    """The comparison of that name, worked out."""
    comparison = comparisons()[name]
    trials = tuple(derive(use, comparison) for use in comparison.uses)
    fine = tuple(t for t in trials if overall(t.use.bias.id) != "high")
    return Body(
        comparison=comparison,
        trials=trials,
        pooled=pooled(trials, comparison.tau) if len(trials) > 1 else None,
        without=tuple(pooled(_but(trials, (t.use.result.id,)), comparison.tau) for t in trials)
        if len(trials) > 2
        else (),
        switched=tuple((s, pooled(_but(trials, s.drop), comparison.tau)) for s in comparison.switches),
        low_risk=pooled(fine, comparison.tau) if 1 < len(fine) < len(trials) else None,
        asymmetry=asymmetry(*_arrays(trials)),
    )


def pooled(trials: tuple[Derived, ...], tau: float) -> Pair:
    """These trials together; tau : scale of the half-normal prior of their true differences."""
    effect, variance = _arrays(trials)
    return Pair(bayes_pool(effect, variance, tau), pool(effect, variance), trials)


def _but(trials: tuple[Derived, ...], dropped: tuple[str, ...]) -> tuple[Derived, ...]:
    return tuple(t for t in trials if t.use.result.id not in dropped)


def _arrays(trials: tuple[Derived, ...]) -> tuple[Floats, Floats]:
    return np.array([t.effect.value for t in trials]), np.array([t.effect.variance for t in trials])
