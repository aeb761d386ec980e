"""A trial of six months and what its dummy diaries are drawn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.checks.certificate import dummies_of
from nightdose.exposure.onset import effect_compartment
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case

TRIAL = {"randomised": "blocks", "meaningful": 0.5}


def year(seed=1, scale="continuous"):
    dose = blocks(168)
    pain = wobbling(168, seed, 1.3) - 0.5 * effect_compartment(dose, 8.0, 0.0) / 4.5
    pain[::6] = np.nan
    if scale == "rating":
        pain = np.clip(np.round(pain), 0, 10)
    elif scale == "count":
        pain = np.round(np.clip(pain - 3, 0, None))
    elif scale == "binary":
        pain = np.where(np.isnan(pain), np.nan, pain > 5)
    return diary(pain, naltrexone_mg=dose)


def dummies(planted=-0.5, **question):
    case = open_case(year(scale=question.get("scale", "continuous")), ask(**(TRIAL | question)))
    fitted = fit_case(case, case.outcome)
    return case, replace(dummies_of(case, fitted, seed=3), planted=planted)
