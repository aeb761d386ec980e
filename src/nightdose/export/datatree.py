"""An analysis as an xarray DataTree of draws, the form that ArviZ reads."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np

from nightdose.errors import CallError
from nightdose.export.draws import improvement_draws, posterior_draws
from nightdose.language.catalogue import say
from nightdose.verdict.analysis import Analysis


def to_datatree(analysis: Analysis | Mapping[str, Analysis], draws: int = 1000, seed: int = 0) -> Any:
    """DataTree with the groups `posterior` (chain, draw), `observed_data` (day) and `constant_data` (day).

    The draws are independent, one chain; convergence measures say nothing about them. `improvement` is in the outcome's
    own unit, positive = better; the other parameters are in sd of the outcome (`export/draws.py`).
    Of a mapping person -> analysis: one Dataset with the dimension `person`: `improvement` (chain, draw, person), NaN
    where it cannot be known, `verdict` and `ceiling`. Nothing is pooled there.

    Raises CallError where xarray is not installed or the analysis carries no number.
    """
    try:
        xarray = importlib.import_module("xarray")
    except ImportError as error:
        raise CallError(say('A DataTree needs xarray: pip install "nightdose[arviz]".')) from error
    if isinstance(analysis, Mapping) and all(isinstance(each, Analysis) for each in analysis.values()):
        return xarray.DataTree(_of_people(xarray, analysis, draws, seed))
    if not isinstance(analysis, Analysis):
        raise CallError(
            say(
                "Draws come of an analysis, or of a mapping of persons to analyses, not of a {kind}. A cohort has rows "
                "alone: analyse the people you want draws of one by one.",
                kind=type(analysis).__name__,
            )
        )
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


def _of_people(xarray: Any, analyses: Mapping[str, Analysis], draws: int, seed: int) -> Any:
    improvement = np.full((1, draws, len(analyses)), np.nan)
    for i, analysis in enumerate(analyses.values()):
        if analysis.verdict.estimate is not None:
            improvement[0, :, i] = improvement_draws(analysis, draws, seed + i)
    return xarray.Dataset(
        {
            "improvement": (("chain", "draw", "person"), improvement),
            "verdict": ("person", [a.verdict.answer for a in analyses.values()]),
            "ceiling": ("person", [a.verdict.ceiling for a in analyses.values()]),
        },
        coords={"chain": [0], "draw": np.arange(draws), "person": list(analyses)},
        attrs={"engine": f"nightdose {version('nightdose')}", "seed": seed},
    )
