"""The checks that a fit makes of itself: no verdict rests on one that fails them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nightdose.fit.fitted import Fitted
from nightdose.inference.posterior import Posterior
from nightdose.inference.selfcheck import PathCheck
from nightdose.language.catalogue import say
from nightdose.language.number import COARSE, FINE, number, whole

LEAST_ESS, MOST_UNCONVERGED = 50.0, 0.02
MOST_SHIFT = 0.1  # posterior sd; reasons in docs/inference.md
# paths at every point, and the error of the shift from which more of them are drawn: a rating is clear with the first
DRAWS = ((32, 0.02), (64, 0.02), (128, 0.05), (512, np.inf))
SURELY = 3.0  # errors by which a shift that is allowed lies inside the bound: clear whatever its error


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One self-check of the fit: what was measured, against what bound."""

    name: str
    value: float
    bound: float
    ok: bool
    sentence: str


def healthy(posteriors: Sequence[Posterior]) -> bool:
    """Do all pass the two checks of every fit?"""
    return all(p.ess >= LEAST_ESS and p.unconverged <= MOST_UNCONVERGED for p in posteriors)


def health_checks(fitted: Fitted) -> tuple[HealthCheck, ...]:
    """The worst of the parts that carry the answer."""
    ess = min(part.posterior.ess for part in fitted.parts)
    unconverged = max(part.posterior.unconverged for part in fitted.parts)
    return (
        HealthCheck(
            "effective_points",
            ess,
            LEAST_ESS,
            ess >= LEAST_ESS,
            say(
                "The integration is as good as {ess} independent points; {least} are asked for.",
                ess=number(round(ess)),
                least=number(LEAST_ESS),
            ),
        ),
        HealthCheck(
            "unsettled_share",
            unconverged,
            MOST_UNCONVERGED,
            unconverged <= MOST_UNCONVERGED,
            say(
                "{share} % of the posterior rests on points whose inner iteration did not settle; {most} % are "
                "allowed.",
                share=number(100 * unconverged, COARSE),
                most=number(100 * MOST_UNCONVERGED),
            ),
        ),
    )


def all_health_checks(fitted: Fitted, rng: np.random.Generator) -> tuple[HealthCheck, ...]:
    """The two of every fit, and expectation propagation against importance sampling."""
    return (*health_checks(fitted), *expectation_health(fitted, rng))


def expectation_health(fitted: Fitted, rng: np.random.Generator) -> tuple[HealthCheck, ...]:
    """Expectation propagation against importance sampling, for the effect under the likeliest form; none is needed, and
    none given, for a continuous outcome. An unclear check is made again with more draws.
    """
    part = max(fitted.parts, key=lambda part: part.share)
    p, names = part.posterior, part.form.names
    if p.series.family == "gaussian":
        return ()
    direction = np.zeros(len(p.series.names))
    ks = [p.coefficient(name) for name in names]
    direction[ks] = p.weights @ p.exposure[:, : len(names)]
    paths = PathCheck(p, direction)
    for draws, unclear in DRAWS:
        check = paths.with_paths(draws, rng)
        clear = check.shift_error <= unclear or abs(check.shift) + SURELY * check.shift_error <= MOST_SHIFT
        if check.answered >= check.points / 2 and clear:
            break
    sentence = say(
        "Importance sampling puts the effect {shift} (error {error}) posterior standard deviations from where "
        "expectation propagation has it; {most} are allowed.",
        shift=number(abs(check.shift), FINE),
        error=number(check.shift_error, FINE),
        most=number(MOST_SHIFT),
    )
    if 0 < check.answered < check.points:
        sentence += " " + say(
            "Only {answered} of {points} points can be checked in this way: there is little noise in a step.",
            answered=whole(check.answered),
            points=whole(check.points),
        )
    ok = abs(check.shift) - 2 * check.shift_error <= MOST_SHIFT
    if ok and check.answered == 0:
        sentence = say(
            "Expectation propagation could not be checked by importance sampling: there is too little noise in a step."
        )
        return (HealthCheck("expectation_shift", float("nan"), MOST_SHIFT, True, sentence),)
    return (HealthCheck("expectation_shift", abs(check.shift), MOST_SHIFT, ok, sentence),)
