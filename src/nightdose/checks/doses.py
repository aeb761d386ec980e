"""Which dose? Steady-state improvement of every dose taken, P(best), P(better than the next lower one), regret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.case import Case
from nightdose.fit.contrast import NODES, Contrast, mixed
from nightdose.fit.estimand import contrast, estimate
from nightdose.fit.fitted import Fitted, Part
from nightdose.inference.normal import normal_quantile
from nightdose.inference.posterior import Posterior
from nightdose.statistics import spread_evenly
from nightdose.verdict.answer import DoseEffect

DRAWS, MOST_EACH = 6_000, 24  # joint draws of the coefficients in all, and at every hyper-parameter point


@dataclass(frozen=True, slots=True)
class DosePart:
    """One dose-response form's contribution: its share, posterior, columns, and the contrast of every dose.

    steady : (doses, K) responses; contrasts : one per dose.
    """

    share: float
    posterior: Posterior
    columns: tuple[str, ...]
    steady: Floats
    contrasts: tuple[Contrast, ...]


def dose_effects(case: Case, fitted: Fitted) -> tuple[DoseEffect, ...]:
    """Steady-state improvement of every dose that was taken, averaged over the dose-response forms."""
    question, levels = case.question, case.design.dose_levels

    def of(part: Part, level: float) -> Contrast:
        if len(levels) == 1:
            return part.settled
        names, steady = part.form.names, np.array(part.form.steady[level])
        return contrast(part.posterior, fitted.observation, part.measured, names, case.on, steady)

    parts = [
        DosePart(
            share=part.share,
            posterior=part.posterior,
            columns=part.form.names,
            steady=np.array([part.form.steady[level] for level in levels]),
            contrasts=tuple(of(part, level) for level in levels),
        )
        for part in fitted.parts
    ]
    days = [int(np.sum(case.log.dose == level)) for level in levels]
    found = compare_doses(parts, levels, days, question.direction, question.meaningful)
    if len(levels) > 1:
        return found
    settled = fitted.settled  # the only dose, settled, is the settled effect: one number, from one place
    p_best, p_better = settled.better, settled.meaningfully_better
    return (replace(found[0], improvement=settled, p_best=p_best, p_better_than_lower=p_better),)


def compare_doses(
    parts: Sequence[DosePart], doses: Sequence[float], days: Sequence[int], direction: float, meaningful: float
) -> tuple[DoseEffect, ...]:
    """Every dose with its improvement and how it compares, averaged over the forms.

    Comparisons need joint draws: at every point up to MOST_EACH fixed low-discrepancy draws of the coefficients, each
    dose bent as its own contrast says. Taking none counts as 0 and competes. regret : expected loss of this dose
    instead of the best.
    """
    gains, weights = zip(*(_joint(part) for part in parts), strict=True)
    gain = direction * np.concatenate(gains)  # (draws, doses)
    weight = np.concatenate(weights)
    with_none = np.column_stack([np.zeros(len(gain)), gain])
    best = np.argmax(with_none, axis=1)
    top = np.max(with_none, axis=1)
    step = gain - with_none[:, :-1]
    return tuple(
        DoseEffect(
            dose=dose,
            days=days[i],
            improvement=estimate(
                mixed([part.contrasts[i] for part in parts], [part.share for part in parts]), direction, meaningful
            ),
            p_best=float(weight @ (best == i + 1)),
            p_better_than_lower=float(weight @ (step[:, i] >= meaningful)),
            regret=float(weight @ (top - gain[:, i])),
        )
        for i, dose in enumerate(doses)
    )


def _joint(part: DosePart) -> tuple[Floats, Floats]:
    """(draws, doses) effects in the outcome's unit and their weights."""
    p = part.posterior
    ks = [p.coefficient(name) for name in part.columns]
    root = np.linalg.cholesky(p.cov[:, ks][:, :, ks] + 1e-14 * np.eye(len(ks)))
    each = min(MOST_EACH, -(-DRAWS // len(p.weights)))
    # one running sequence over all points, so that few draws at each are still spread evenly over them all
    unit = normal_quantile(spread_evenly(each * len(p.weights), len(ks), skip=-1)).reshape(
        len(p.weights), each, len(ks)
    )
    b = p.mean[:, None, ks] + np.einsum("nkl,nql->nqk", root, unit)
    line = np.einsum("nqk,dk->nqd", b, part.steady)
    # each dose bent as its own contrast says, where the person is expected to stand
    straight = np.einsum("nk,dk->nd", p.mean[:, ks], part.steady)
    sd = np.sqrt(np.einsum("dk,nkl,dl->nd", part.steady, p.cov[:, ks][:, :, ks], part.steady))
    u = (line - straight[:, None]) / np.maximum(sd, 1e-300)[:, None]
    points, middle = np.arange(len(p.weights)), np.full(len(p.weights), len(NODES) // 2)
    out = np.stack([c.values(points, u[:, :, d], middle) for d, c in enumerate(part.contrasts)], axis=2)
    return out.reshape(-1, out.shape[2]), np.repeat(part.share * p.weights / each, each)
