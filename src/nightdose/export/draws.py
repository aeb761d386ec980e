"""Random draws from the posterior of one analysis, for further calculations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.errors import CallError
from nightdose.fit.contrast import NODE_WEIGHTS, NODES
from nightdose.fit.fitted import Fitted
from nightdose.language.catalogue import say
from nightdose.verdict.analysis import Analysis


def improvement_draws(analysis: Analysis, draws: int = 1000, seed: int = 0) -> Floats:
    """(draws,) draws of the improvement, the outcome's own unit, positive = better.

    Raises CallError where the analysis carries no number (`cannot_be_known`, a refused fit).
    """
    return posterior_draws(analysis, draws, seed)["improvement"]


def posterior_draws(analysis: Analysis, draws: int = 1000, seed: int = 0) -> Mapping[str, Floats]:
    """Joint draws, name -> (draws,): `improvement`, variance parameters, coefficients and time constants.

    A dose-response form and a hyper-parameter point i are drawn with their weights, coefficients b from the point's
    normal N(m_i, V_i), and the improvement is that of the drawn coefficients: with a the mean exposure of each column
    and u = a'(b - m_i) / sd(a'b), effect = g(u, v) of `fit/contrast.py`, v one of its nodes by their weights.
    Beside an ordinary cause a'b is another one, and b follows it along its regression on a'b.
    `form` is the number of the form. `b_NAME`, `level_sd`, `ar_sd`, `noise_sd` are on the latent scale, in sd of the
    outcome where it is continuous or a rating; `tau_NAME` in days. A coefficient that a form does not have is NaN.
    """
    fitted = _numbered(analysis)
    if not isinstance(draws, int | np.integer) or draws < 1:
        raise CallError(say("{draws} is not a number of draws. Give one above 0.", draws=draws))
    rng = np.random.default_rng(seed)
    effect = fitted.effect
    component = rng.choice(len(effect.weights), size=draws, p=effect.weights / np.sum(effect.weights))
    drawn = component if effect.origin is None else effect.origin[component]
    noise = rng.standard_normal((draws, max(part.posterior.mean.shape[1] for part in fitted.parts)))
    out: dict[str, Floats] = {"improvement": np.empty(draws), "form": np.empty(draws)}
    first = 0
    for number, part in enumerate(fitted.parts):
        p = part.posterior
        here = np.flatnonzero((drawn >= first) & (drawn < first + len(p.weights)))
        at = drawn[here] - first
        step = np.einsum("npq,nq->np", np.linalg.cholesky(p.cov)[at], noise[here, : p.mean.shape[1]])
        ks = [p.coefficient(name) for name in part.form.names]
        share = p.exposure[at][:, [k - len(p.series.fixed_names) for k in ks]]
        pull = np.einsum("npk,nk->np", p.cov[at][:, :, ks], share)
        sd = np.sqrt(np.maximum(np.einsum("nk,nk->n", share, pull[:, ks]), 1e-300))
        u = np.einsum("nk,nk->n", share, step[:, ks]) / sd
        nodes = rng.choice(len(NODES), size=len(here), p=NODE_WEIGHTS)
        of = component[here]
        wanted = (effect.line[of, 0] + effect.line[of, 1] * u) / fitted.observation.unit
        b = p.mean[at] + step
        b += pull / np.square(sd)[:, None] * (wanted - np.einsum("nk,nk->n", share, b[:, ks]))[:, None]
        worth = analysis.question.direction * effect.values(of, u[:, None], nodes)[:, 0]
        values = {"improvement": worth, "form": np.full(len(here), float(number))}
        values |= dict(zip(("level_sd", "ar_sd", "ar_phi", "noise_sd"), p.hyper[:, at], strict=True))
        values |= {f"b_{name}": b[:, i] for i, name in enumerate(p.series.names)}
        values |= {f"tau_{c.name}": p.tau[at, j] for j, c in enumerate(p.series.lagged) if c.has_unknown_tau}
        for name, part_of in values.items():
            out.setdefault(name, np.full(draws, np.nan))[here] = part_of
        first += len(p.weights)
    return out


def _numbered(analysis: Analysis) -> Fitted:
    if analysis.fitted is None or analysis.verdict.estimate is None:
        raise CallError(
            say("This analysis carries no number to draw from: {sentence}", sentence=analysis.verdict.sentence)
        )
    return analysis.fitted
