"""How often would this very analysis be wrong on this design, these ups and downs and these missing days?

Diaries are drawn from the fitted model (coefficients and hyper-parameters from their posterior), with no effect and
with exactly the meaningful one, and judged again by the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nightdose.arrays import Floats
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.verdict.answer import Answer, Certificate
from nightdose.verdict.proportion import wilson

Judge = Callable[[Floats], Answer]  # (days,) outcome -> answer
Progress = Callable[[int, int], None]


def certify(
    judge: Judge,
    posterior: Posterior,
    observation: Observation,
    treatment: str,
    answer: Answer,
    improvement: float,
    n: int,
    seed: int,
    progress: Progress | None = None,
) -> Certificate:
    """The certificate from n diaries without and n with an effect.

    improvement : the effect to plant, outcome's own sign and unit, as mean over the days on treatment.
    """
    rng = np.random.default_rng(seed)
    answers: dict[float, list[Answer]] = {0.0: [], improvement: []}
    for done, (effect, outcome) in enumerate(_simulated(posterior, observation, treatment, improvement, n, rng)):
        answers[effect].append(judge(outcome))
        if progress is not None:
            progress(done + 1, 2 * n)
    alarms = sum(a in ("helps", "harms") for a in answers[0.0])
    misses = sum(a != "helps" for a in answers[improvement])
    return Certificate(
        n=n,
        seed=seed,
        false_alarm=alarms / n,
        false_alarm_interval95=wilson(alarms, n),
        same_verdict_if_null=sum(a == answer for a in answers[0.0]) / n,
        miss=misses / n,
        miss_interval95=wilson(misses, n),
    )


def _simulated(
    posterior: Posterior,
    observation: Observation,
    treatment: str,
    improvement: float,
    n: int,
    rng: np.random.Generator,
) -> Iterator[tuple[float, Floats]]:
    """2 n outcomes in the diary's own unit, NaN on the days that were missed."""
    series = posterior.series
    k = posterior.coefficient(treatment)
    j = k - len(series.fixed_names)
    picks = rng.choice(len(posterior.weights), size=n, p=posterior.weights)
    for i in picks:
        lagged = np.stack(
            [_filtered(c.values, posterior.tau[i, m], c.start) for m, c in enumerate(series.lagged)], axis=1
        )
        z = np.column_stack([series.fixed, lagged])
        for effect in (0.0, improvement):
            b = rng.multivariate_normal(posterior.mean[i], posterior.cov[i], method="cholesky")
            b[k] = effect / observation.unit / max(posterior.exposure[i, j], 1e-9)
            eta = z @ b + _path(posterior.hyper[:, i], len(series.y), rng)
            y = observation.draw(eta, float(posterior.hyper[3, i]), posterior.cuts[i], rng)
            yield effect, np.where(series.seen, y, np.nan)


def _path(hyper: Floats, days: int, rng: np.random.Generator) -> Floats:
    """(days,) level + spell of one draw."""
    level_sd, ar_sd, phi, _ = hyper
    spell = _filtered_noise(ar_sd, phi, rng.standard_normal(days))
    return np.asarray(np.cumsum(level_sd * rng.standard_normal(days)) + spell)


def _filtered_noise(ar_sd: float, phi: float, noise: Floats) -> Floats:
    out = np.empty_like(noise)
    u = ar_sd * noise[0]
    out[0] = u
    step = ar_sd * np.sqrt(1 - phi * phi)
    for t in range(1, len(noise)):
        u = phi * u + step * noise[t]
        out[t] = u
    return out


def _filtered(values: Floats, tau: float, start: float) -> Floats:
    keep = np.exp(-1 / tau) if tau > 0 else 0.0
    out = np.empty_like(values)
    x = start
    for t, value in enumerate(values):
        x = value + keep * (x - value)
        out[t] = x
    return out
