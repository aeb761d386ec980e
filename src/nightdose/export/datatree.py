"""An analysis as an xarray DataTree of draws, the form that ArviZ reads."""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import Any

import numpy as np

from nightdose.errors import CallError
from nightdose.export.draws import posterior_draws
from nightdose.language.catalogue import say
from nightdose.verdict.analysis import Analysis


def to_datatree(analysis: Analysis, draws: int = 1000, seed: int = 0) -> Any:
    """DataTree with the groups `posterior` (chain, draw), `observed_data` (day) and `constant_data` (day).

    The draws are independent, one chain; convergence measures say nothing about them. `improvement` is in the outcome's
    own unit, positive = better; the other parameters are in sd of the outcome (`export/draws.py`).

    Raises CallError where xarray is not installed or the analysis carries no number.
    """
    try:
        xarray = importlib.import_module("xarray")
    except ImportError as error:
        raise CallError(say('A DataTree needs xarray: pip install "nightdose[arviz]".')) from error
    question, diary = analysis.question, analysis.diary
    attributes = {
        "engine": f"nightdose {version('nightdose')}",
        "verdict": analysis.verdict.answer,
        "sentence": analysis.verdict.sentence,
        "outcome": question.outcome,
        "treatment": question.treatment,
        "seed": seed,
    }
    posterior = {
        name: (("chain", "draw"), values[None]) for name, values in posterior_draws(analysis, draws, seed).items()
    }
    days = {"day": [diary.day_label(i) for i in range(diary.days)]}
    return xarray.DataTree.from_dict(
        {
            "/": xarray.Dataset(attrs=attributes),
            "posterior": xarray.Dataset(posterior, coords={"chain": [0], "draw": np.arange(draws)}, attrs=attributes),
            "observed_data": xarray.Dataset({question.outcome: ("day", analysis.outcome)}, coords=days),
            "constant_data": xarray.Dataset({f"{question.treatment}_dose": ("day", analysis.dose)}, coords=days),
        }
    )
