"""NumPyro with nightdose's own model and priors; level and spells integrated out by a Kalman filter (lax.scan).

NUTS, 1 chain of 500 + 500 in double precision. Compilation is counted in the first diary's time only.
"""

from __future__ import annotations

import time

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from benchmarks.patients.files import Diary
from benchmarks.rivals.lines import answer_lines
from jax import lax
from numpyro.diagnostics import effective_sample_size
from numpyro.infer import MCMC, NUTS

numpyro.enable_x64()
TAU_MEDIAN, TAU_SDLOG = 10.0, 0.8


def model(y, seen, fixed, dose, start):
    """The model of src/nightdose/inference/components.py."""
    level_sd = numpyro.sample("level_sd", dist.HalfNormal(0.05))
    ar_sd = numpyro.sample("ar_sd", dist.HalfNormal(1.0))
    noise_sd = numpyro.sample("noise_sd", dist.HalfNormal(1.0))
    phi = numpyro.sample("phi", dist.Beta(2.0, 2.0))
    with numpyro.plate("medicines", dose.shape[1]):
        tau = TAU_MEDIAN * jnp.exp(TAU_SDLOG * numpyro.sample("tau_z", dist.Normal()))
        effect = numpyro.sample("effect", dist.Normal(0.0, 1.0))
    rest = numpyro.sample("rest", dist.Normal(jnp.zeros(2), jnp.array([5.0, 1.0])))
    keep = jnp.exp(-1 / tau)

    def build(x, d):
        x = d + keep * (x - d)
        return x, x

    _, exposure = lax.scan(build, start, dose)
    off = y - fixed @ rest - exposure @ effect
    q_level, q_spell = level_sd**2, ar_sd**2 * (1 - phi**2)

    def day(state, now):
        m1, m2, v11, v12, v22 = state
        r, s = now
        total = v11 + 2 * v12 + v22 + noise_sd**2
        gap, g1, g2 = s * (r - m1 - m2), s * (v11 + v12) / total, s * (v12 + v22) / total
        density = -0.5 * s * (jnp.log(total) + gap**2 / total)
        after = (
            m1 + g1 * gap,
            phi * (m2 + g2 * gap),
            v11 - g1 * (v11 + v12) + q_level,
            phi * (v12 - g1 * (v12 + v22)),
            phi**2 * (v22 - g2 * (v12 + v22)) + q_spell,
        )
        return after, density

    first = (0.0 * phi, 0.0 * phi, q_level, 0.0 * phi, ar_sd**2)
    _, density = lax.scan(day, first, (off, seen))
    numpyro.factor("diary", density.sum())
    numpyro.deterministic("exposure", exposure[:, 0])


MCMC_ = MCMC(NUTS(model, target_accept_prob=0.9), num_warmup=500, num_samples=500, progress_bar=False)


def answer(d: Diary) -> dict[str, object]:
    """The line of one diary."""
    doses = np.nan_to_num(np.column_stack([d.dose, *d.others.values()]))
    seen = ~np.isnan(d.outcome) & ~np.isnan(d.dose)
    centre, unit = d.outcome[seen].mean(), d.outcome[seen].std()
    share = doses / doses.max(axis=0)
    start = share[0].copy()
    if d.question["randomised"] != "none":
        start[0] = 0.0
    days = len(seen)
    fixed = np.column_stack([np.ones(days), np.arange(days) / days - 0.5])
    y = np.where(seen, (np.nan_to_num(d.outcome) - centre) / unit, 0.0)
    given = y, seen.astype(float), fixed, share, start
    before = time.process_time()
    MCMC_.warmup(jax.random.PRNGKey(1), *given)
    warm_s = time.process_time() - before
    before = time.process_time()
    MCMC_.run(MCMC_.post_warmup_state.rng_key, *given)
    draws = MCMC_.get_samples()
    draw_s = time.process_time() - before
    on = seen & (doses[:, 0] > 0)
    gain = d.sign * unit * np.asarray(draws["effect"][:, 0]) * np.asarray(draws["exposure"])[:, on].mean(axis=1)
    low, high = np.quantile(gain, [0.025, 0.975])
    verdict = "helps" if low > 0 else "harms" if high < 0 else "not_yet_known"
    return {
        "verdict": verdict,
        "improvement": {"mean": float(gain.mean()), "interval95": [float(low), float(high)]},
        "ess": round(float(effective_sample_size(gain[None]))),
        "warm_s": round(warm_s, 3),
        "draw_s": round(draw_s, 3),
    }


def main() -> None:
    """Paths in, lines out."""
    answer_lines(answer)


if __name__ == "__main__":
    main()
