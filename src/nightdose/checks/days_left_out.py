"""How the recorded days lie in what all other days predict for them."""

from __future__ import annotations

import numpy as np

from nightdose.fit.fitted import Fitted
from nightdose.inference.normal import normal_quantile
from nightdose.inference.predictive import left_out
from nightdose.verdict.analysis import DayFit

TENTHS, FAR_OUT = 10, 0.0005  # bars; chance on its side below which a day is called far out
WEEK_D, FEWEST_PAIRS = 7, 30


def day_fit_of(fitted: Fitted) -> DayFit:
    """How the recorded days lie in what all other days predict for them, under the likeliest form."""
    found = left_out(max(fitted.parts, key=lambda part: part.share).posterior)
    score = np.full(fitted.observation.seen.shape, np.nan)
    score[found.days] = normal_quantile(np.clip(found.middle, 1e-6, 1 - 1e-6))
    pairs = ~np.isnan(score[WEEK_D:]) & ~np.isnan(score[:-WEEK_D])
    week = float("nan")
    if np.sum(pairs) >= FEWEST_PAIRS:
        week = float(np.corrcoef(score[WEEK_D:][pairs], score[:-WEEK_D][pairs])[0, 1])
    return DayFit(
        days=len(found.days),
        histogram=tuple(found.histogram(TENTHS).tolist()),
        inside50=found.inside(0.5),
        inside90=found.inside(0.9),
        far_out=tuple(found.days[found.far_out(FAR_OUT)].tolist()),
        week=week,
    )
