"""What people see first: plain averages with their days, one large number, dots only where the diary decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.report.figures import NARROW, WIDE, diary_figure
from nightdose.report.page import report_html
from nightdose.report.terminal import terminal_summary
from nightdose.report.words.averages import averages, averages_in_turn, large_number
from nightdose.report.words.diary import data_decide

DAYS = 168


def trial(effect=2.0, outcome="continuous"):
    """Six blocks of 28 days, off first, asked for beforehand; an effect of the same day."""
    dose = blocks(DAYS)
    pain = wobbling(DAYS, 3) - effect * (dose > 0)
    if outcome == "binary":
        pain = (pain > 4.0).astype(float)
    pain[[3, 40]] = np.nan
    question = ask(onset="same-day", scale=outcome, meaningful=0.1 if outcome == "binary" else 1.0)
    return analyse(diary(pain, naltrexone_mg=dose, naltrexone_assigned_mg=dose), question)


def before_after(sd):
    """Twenty days without, forty with; a medicine that does nothing."""
    dose = np.where(np.arange(60) < 20, 0.0, 4.5)
    return analyse(diary(wobbling(60, 5, sd=sd), naltrexone_mg=dose), ask())


def test_averages_are_those_of_the_recorded_days():
    found = trial()
    on = found.dose > 0
    ((with_it, mean_on, n_on), (without, mean_off, n_off)) = averages(found)
    assert (with_it, without, n_on, n_off) == ("with naltrexone", "without", "83", "83")
    assert float(mean_on) == pytest.approx(np.nanmean(found.outcome[on]), abs=0.1)
    assert float(mean_off) == pytest.approx(np.nanmean(found.outcome[~on]), abs=0.1)


def test_each_block_has_its_own_line():
    found = trial()
    rows = averages_in_turn(found)
    assert [row[2] for row in rows] == ["27", "27", "28", "28", "28", "28"]
    assert rows[0][0] == "2021-07-29 to 2021-08-25, no dose"
    assert rows[1][0].endswith("dose taken")


@pytest.mark.parametrize(("stretches", "rows"), [(26, 26), (27, 0)])
def test_a_year_of_fortnights_is_a_table_and_more_is_none(stretches, rows):
    dose = blocks(14 * stretches, 14)
    pain = wobbling(14 * stretches, 3) - (dose > 0)
    there = diary(pain, naltrexone_mg=dose, naltrexone_assigned_mg=dose)
    found = analyse(there, ask(onset="same-day"), curves=False)
    assert len(averages(found)) == 2
    assert len(averages_in_turn(found)) == rows


def test_yes_and_no_are_said_as_days_in_28():
    assert all("in 28" in mean for _, mean, _ in averages(trial(outcome="binary")))


def test_where_it_cannot_be_known_no_average_stands_beside_the_answer():
    """The same evening each week: a habit, no trial."""
    dose = 4.5 * (np.arange(DAYS) % 7 < 5)
    found = analyse(diary(wobbling(DAYS), naltrexone_mg=dose), ask())
    assert found.verdict.answer == "cannot_be_known"
    assert averages(found) == averages_in_turn(found) == ()
    assert large_number(found) == ("", "")
    assert "Plain averages" not in terminal_summary(found) + report_html(found)


def test_the_large_number_is_the_settled_one_with_its_range():
    found = trial()
    number, between = large_number(found)
    assert 1.5 < float(number) < 2.5
    assert f'<p class="big">{number} <span class="range">({between})</span></p>' in report_html(found)


def test_the_averages_stand_on_the_page_and_in_the_terminal():
    found = trial()
    assert "Plain averages of pain, without any model" in report_html(found)
    assert "(83 recorded days)" in " ".join(terminal_summary(found, width=100).split())


def test_dots_are_drawn_only_where_the_diary_and_not_the_prior_decides():
    """Six blocks of a plan; one start, where what is believed of drift decides; a plan whose prior says half of it."""
    drawn = [analysis for analysis in (trial(), before_after(1.2)) if data_decide(analysis)]
    assert [analysis.verdict.ceiling for analysis in drawn] == ["moderate"]
    assert "One hundred equally likely readings" in report_html(trial())
    assert "One hundred equally likely readings" not in report_html(before_after(1.2))
    found = trial()
    small = found.verdict.settled.no_meaningful_difference
    for flat, decided in ((small + 0.15, True), (small + 0.25, False)):
        assert data_decide(replace(found, fitted=replace(found.fitted, small_by_data=flat))) is decided


def test_a_phone_shows_points_without_a_line_through_them():
    found = trial()
    wide, narrow = (diary_figure(found, width=width) for width in (WIDE, NARROW))
    assert 'class="curve-taken"' in wide.svg
    assert "curve-" not in narrow.svg
    assert "solid line" in wide.sentence
    assert "line is" not in narrow.sentence
