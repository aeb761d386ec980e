"""Columns of the calendar and of things recorded beside the outcome: weekday, season, cycle, any other daily value."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.records import Diary
from nightdose.diary.table.headers import resolve_column
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.question.question import Question

CALENDAR_SD = 0.5  # prior sd of such an effect, in sd of the outcome: smaller than a treatment's
DAYS_OF_YEAR = 365.25


def calendar_columns(diary: Diary, question: Question) -> Mapping[str, Floats]:
    """name -> (days,) columns without delay, scaled so that a coefficient N(0, 1) means an effect N(0, CALENDAR_SD).

    weekday : six deviations from the week's mean; yearly : one sine and cosine; covariates : standardised, unknown
    days at their mean. Raises CallError for a weekday or a season without dates, and for columns that are not there.
    """
    out: dict[str, Floats] = {}
    if (question.weekday or question.yearly) and not diary.dated:
        raise CallError(say("Weekday and season need dates; this diary has day numbers only."))
    days = np.arange(diary.days) + diary.first_day
    if question.weekday:
        of_week = np.array([datetime.date.fromordinal(int(day)).weekday() for day in days[:7]])
        weekday = of_week[np.arange(diary.days) % 7] if diary.days >= 7 else of_week[: diary.days]
        for k in range(6):
            out[f"weekday_{k}"] = CALENDAR_SD * ((weekday == k).astype(np.float64) - (weekday == 6))
    if question.yearly:
        phase = 2 * np.pi * days / DAYS_OF_YEAR
        out["yearly_sine"], out["yearly_cosine"] = CALENDAR_SD * np.sin(phase), CALENDAR_SD * np.cos(phase)
    for name in question.covariates:
        values = diary.column(resolve_column(diary, name))
        known = ~np.isnan(values)
        spread = float(np.std(values[known])) if np.any(known) else 0.0
        if spread == 0:
            raise CallError(
                say("'{name}' has no two different values, so nothing can be adjusted for it. Leave it out.", name=name)
            )
        out[f"with_{name}"] = CALENDAR_SD * np.where(known, (values - np.mean(values[known])) / spread, 0.0)
    return out
