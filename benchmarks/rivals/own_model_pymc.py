"""PyMC and nutpie with nightdose's own model and priors; level and spells are integrated out.

NUTS of nutpie (numba), 1 chain of 500 + 500. The Kalman filter is a scan of PyTensor: 0.4 ms a gradient at 180 days,
where factorising the covariance matrix of all days took 1.2 ms.
"""

from __future__ import annotations

import time
import warnings

import arviz as az
import numpy as np
import nutpie
import pymc as pm
import pytensor
import pytensor.tensor as pt
from benchmarks.patients.files import Diary
from benchmarks.rivals.lines import answer_lines

TAU_MEDIAN, TAU_SDLOG = 10.0, 0.8
WARM, KEPT = 500, 500


def model_of(d: Diary) -> tuple[pm.Model, float]:
    """The model of src/nightdose/inference/components.py for one diary, and the outcome units of its 1."""
    doses = np.nan_to_num(np.column_stack([d.dose, *d.others.values()]))
    share = doses / doses.max(axis=0)
    start = share[0].copy()
    if d.question["randomised"] != "none":
        start[0] = 0.0
    seen = ~np.isnan(d.outcome) & ~np.isnan(d.dose)
    centre, unit = d.outcome[seen].mean(), d.outcome[seen].std()
    days, medicines = share.shape
    y = np.where(seen, (np.nan_to_num(d.outcome) - centre) / unit, 0.0)
    on = np.flatnonzero(seen & (doses[:, 0] > 0))
    zero = pt.as_tensor(np.float64(0.0))
    with pm.Model() as model:
        level_sd = pm.HalfNormal("level_sd", 0.05)
        ar_sd = pm.HalfNormal("ar_sd", 1.0)
        noise_sd = pm.HalfNormal("noise_sd", 1.0)
        phi = pm.Beta("phi", 2.0, 2.0)
        tau = TAU_MEDIAN * pt.exp(TAU_SDLOG * pm.Normal("tau_z", shape=medicines))
        effect = pm.Normal("effect", 0.0, 1.0, shape=medicines)
        rest = pm.Normal("rest", 0.0, np.array([5.0, 1.0]), shape=2)
        q_level = level_sd**2
        outputs = pytensor.scan(
            day,
            sequences=[pt.as_tensor(part) for part in (y, seen.astype(float), share, np.arange(days) / days - 0.5)],
            outputs_info=[pt.as_tensor(start), zero, zero, q_level, zero, ar_sd**2, None],
            non_sequences=[pt.exp(-1 / tau), effect, rest, q_level, ar_sd**2 * (1 - phi**2), phi, noise_sd**2],
            return_updates=False,
        )
        pm.Potential("diary", outputs[-1].sum())
        pm.Deterministic("asked", effect[0] * outputs[0][on, 0].mean())
    return model, unit


def day(y, seen, dose, trend, x, m1, m2, v11, v12, v22, keep, effect, rest, q_level, q_spell, phi, q_noise):
    """One day: exposure of every medicine, level and spell given what was recorded, log density."""
    x = dose + keep * (x - dose)
    total = v11 + 2 * v12 + v22 + q_noise
    off = seen * (y - rest[0] - rest[1] * trend - (effect * x).sum() - m1 - m2)
    g1, g2 = seen * (v11 + v12) / total, seen * (v12 + v22) / total
    density = -0.5 * seen * (pt.log(total) + off**2 / total)
    return (
        x,
        m1 + g1 * off,
        phi * (m2 + g2 * off),
        v11 - g1 * (v11 + v12) + q_level,
        phi * (v12 - g1 * (v12 + v22)),
        phi**2 * (v22 - g2 * (v12 + v22)) + q_spell,
        density,
    )


def answer(d: Diary) -> dict[str, object]:
    """The line of one diary. warm_s and draw_s share the CPU time of the run by leapfrog steps, without building it."""
    model, unit = model_of(d)
    compiled = nutpie.compile_pymc_model(model)
    before = time.process_time()
    trace = nutpie.sample(
        compiled, draws=KEPT, tune=WARM, chains=1, cores=1, seed=1, target_accept=0.9, save_warmup=True,
        progress_bar=False,
    )  # fmt: skip
    ran = time.process_time() - before
    warm = float(trace.warmup_sample_stats.n_steps.sum())
    kept = float(trace.sample_stats.n_steps.sum())
    gain = d.sign * unit * trace.posterior["asked"].to_numpy().reshape(-1)
    low, high = np.quantile(gain, [0.025, 0.975])
    return {
        "verdict": "helps" if low > 0 else "harms" if high < 0 else "not_yet_known",
        "improvement": {"mean": float(gain.mean()), "interval95": [float(low), float(high)]},
        "ess": round(float(az.ess(trace.posterior["asked"].to_numpy()))),
        "warm_s": round(ran * warm / (warm + kept), 3),
        "draw_s": round(ran * kept / (warm + kept), 3),
    }


def main() -> None:
    """Paths in, lines out."""
    warnings.simplefilter("ignore")
    answer_lines(answer)


if __name__ == "__main__":
    main()
