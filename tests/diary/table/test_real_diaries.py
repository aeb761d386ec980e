"""Diaries that people really kept."""

import contextlib

import numpy as np
import pytest
from tests.real import BESIDE, CARRIED, real

from nightdose.diary.table.table import read_cohort, read_table
from nightdose.errors import InputError


def test_the_lsd_diary_is_read_whole():
    diary = read_table(real("lsd_microdose_self_experiment/lsd_daily.csv"))
    assert diary.problems == ()
    assert (diary.day_label(0), diary.days, np.count_nonzero(diary.lines)) == ("2012-02-16", 456, 451)
    assert diary.columns["mood_productivity"][:2].tolist() == [4, 3]


def test_the_caffeine_diary_keeps_its_gaps_and_says_what_is_text():
    diary = read_table(real("caffeine_self_experiment/caffeine_daily.csv"))
    assert np.count_nonzero(diary.lines) == 50
    assert diary.days == 78
    (problem,) = diary.problems
    assert "'dose_taken_at', 'amount'" in problem.what


def test_the_untreated_diaries_are_a_cohort():
    cohort = read_cohort(real("untreated_daily_diaries/mirorr_group1.csv"))
    assert len(cohort) == 25
    assert {diary.days for diary in cohort.values()} == {88}
    assert cohort["1"].columns["relx"][:2].tolist() == [62.95, 69.5]


def test_every_public_table_is_read_or_refused_with_a_sentence():
    paths = sorted({*CARRIED.glob("*/*.csv"), *BESIDE.glob("*/*.csv")})
    assert len(paths) >= 6
    for path in paths:
        for read in (read_table, read_cohort):
            with contextlib.suppress(InputError):
                read(path)


def test_two_ratings_of_one_day_are_never_averaged():
    diary = read_table(real("caffeine_self_experiment/caffeine_mood_pings.csv"))
    assert np.isnan(diary.columns["happiness"][0])
    with pytest.raises(InputError, match="names no persons"):
        read_cohort(real("caffeine_self_experiment/caffeine_mood_pings.csv"))
