"""Weekday, season and other daily columns: what they are, and that they take their share out of the noise."""

import datetime

import numpy as np
import pytest
from tests.diaries import FIRST_DAY, ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.errors import CallError
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.question.calendar import calendar_columns

DAYS = 336


def test_weekday_columns_sum_to_nothing_over_a_week():
    columns = calendar_columns(diary(wobbling(14), naltrexone_mg=np.zeros(14)), ask(weekday=True))
    assert len(columns) == 6
    assert all(abs(values[:7].sum()) < 1e-12 for values in columns.values())
    monday = next(i for i in range(7) if datetime.date.fromordinal(FIRST_DAY + i).weekday() == 0)
    assert columns["weekday_0"][monday] == pytest.approx(0.5)


def test_a_weekly_rhythm_is_taken_out_of_the_noise_whether_or_not_it_was_said():
    weekend = 3.0 * (np.arange(DAYS) % 7 >= 5)
    d = diary(wobbling(DAYS, 2, 0.7) + weekend, naltrexone_mg=blocks(DAYS))
    plain, knowing = (analyse(d, ask(weekday=w, randomised="blocks"), curves=False) for w in (False, True))
    case = open_case(d, ask(randomised="blocks"))
    blind = fit_case(case, case.outcome, causes=False)
    assert plain.fitted.causes[0].family == "weekday"
    assert plain.fitted.causes[0].adopted
    assert "weekday" not in {cause.family for cause in knowing.fitted.causes}
    for found in (knowing, plain):
        assert found.verdict.estimate.sd < 0.8 * blind.estimate.sd


def test_a_recorded_cycle_is_adjusted_for():
    cycle = ((np.arange(DAYS) % 28) < 5).astype(float)
    d = diary(wobbling(DAYS, 3, 0.7) + 2.5 * cycle, naltrexone_mg=blocks(DAYS, 30), menses=cycle)
    plain, knowing = (analyse(d, ask(covariates=c, randomised="blocks"), curves=False) for c in ((), ("menses",)))
    assert knowing.verdict.estimate.sd < plain.verdict.estimate.sd


def test_a_season_needs_dates_and_a_column_needs_values():
    from dataclasses import replace

    undated = replace(diary(wobbling(60), naltrexone_mg=blocks(60)), dated=False)
    with pytest.raises(CallError, match="dates"):
        analyse(undated, ask(yearly=True))
    with pytest.raises(CallError, match="no two different values"):
        analyse(diary(wobbling(60), naltrexone_mg=blocks(60), menses=np.zeros(60)), ask(covariates=("menses",)))
