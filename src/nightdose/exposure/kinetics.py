"""A medicine by mouth in one compartment: first-order absorption and elimination, doses superposed; closed form.

For a medicine that comes as a file of its user. With equal rates the form has no value: the file's reader refuses them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats

NG_PER_ML_OF_MG_PER_L = 1000.0


@dataclass(frozen=True, slots=True)
class Rates:
    """One row a person. absorption, elimination : 1/h; apparent_volume : L, over the share that reaches blood."""

    absorption: Floats
    elimination: Floats
    apparent_volume: Floats


def drawn_rates(middle: Floats, sdlog: Floats, people: int, seed: int) -> Rates:
    """Virtual people around (3,) medians with (3,) sd of the logarithm; the first is in the middle of everything.

    A pure function of the seed and the person's number. Where somebody would absorb exactly as fast as they eliminate,
    the two are held a thousandth apart.
    """
    drawn = np.array([np.random.default_rng([seed, i]).standard_normal(3) if i else np.zeros(3) for i in range(people)])
    values = np.asarray(middle) * np.exp(np.asarray(sdlog) * drawn)
    absorption, elimination = values[:, 0], values[:, 1]
    close = np.abs(absorption / elimination - 1) < 1e-3
    return Rates(np.where(close, elimination * 1.001, absorption), elimination, values[:, 2])


def concentration(rates: Rates, dose_h: Floats, dose_mg: Floats, time_h: Floats) -> Floats:
    """(people, time) ng/mL at `time_h` hours after doses of `dose_mg` at `dose_h` hours; 0 before the first."""
    ka, ke = rates.absorption[:, None], rates.elimination[:, None]
    scale = NG_PER_ML_OF_MG_PER_L * ka / (rates.apparent_volume[:, None] * (ka - ke))
    out = np.zeros((len(rates.absorption), len(time_h)))
    for hour, mg in zip(dose_h, dose_mg, strict=True):
        since = time_h - hour
        after = np.maximum(since, 0.0)[None, :]
        out += mg * scale * np.where(since >= 0, np.exp(-ke * after) - np.exp(-ka * after), 0.0)
    return out
