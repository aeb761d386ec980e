"""What the timeline draws: every kind of entry has its row, gaps stay gaps, ten years become weeks."""

import datetime

import numpy as np

from nightdose.diary.entry import Entry, Outcome
from nightdose.report.figures.timeline import Row, timeline_figure
from nightdose.web.views.timeline_rows import by_weeks, marks_of, rows_of

FIRST = datetime.date(2026, 1, 1)


def on(day, kind, item, *rest, **more):
    return Entry(FIRST + datetime.timedelta(days=day), kind, item, *rest, **more)


ENTRIES = (
    on(-20, "medicine", "topiramate", status="start"), on(3, "medicine", "topiramate", status="stop"),
    on(0, "score", "Pain", 4.0), on(2, "score", "Pain", 6.0), on(2, "score", "Pain", 7.0),
    on(1, "dose", "naltrexone", 1.5, "mg", "taken"), on(1, "dose", "naltrexone", 1.5, "mg", "taken"),
    on(2, "dose", "naltrexone", status="missed"), on(4, "dose", "naltrexone", status="unknown"),
    on(3, "rescue", "ibuprofen", 400.0, "mg", "taken"), on(2, "lab", "TSH", 2.5, "mU/L"),
    on(4, "side_effect", "vivid dreams", 6.0), on(1, "event", "period"), on(2, "event", "period"),
    on(4, "event", "a cold"), on(0, "note", "note", text="rain"), on(0, "guess", "naltrexone", 0.5),
)  # fmt: skip


def rows():
    return {row.name: row for row in rows_of(ENTRIES, {"Pain": Outcome("Pain", "0-10")}, FIRST, 5)}


def test_every_kind_that_has_days_has_a_row_and_notes_and_guesses_have_none():
    assert list(rows()) == [
        "Pain", "naltrexone, mg", "ibuprofen, mg (rescue)", "topiramate", "vivid dreams (side effect)", "TSH, mU/L",
    ]  # fmt: skip


def test_the_last_score_of_a_day_counts_doses_add_up_and_what_is_not_known_is_a_gap():
    found = rows()
    np.testing.assert_equal(found["Pain"].values, [4, np.nan, 7, np.nan, np.nan])
    np.testing.assert_equal(found["naltrexone, mg"].values, [np.nan, 3, 0, np.nan, np.nan])
    assert (found["Pain"].low, found["Pain"].high) == (0, 10)


def test_a_medicine_that_began_before_goes_on_until_it_is_stopped():
    np.testing.assert_equal(rows()["topiramate"].values, [1, 1, 1, np.nan, np.nan])


def test_an_event_on_days_in_a_row_is_one_mark():
    assert [(mark.day, mark.words) for mark in marks_of(ENTRIES, FIRST, 5)] == [(1, "period"), (4, "a cold")]


def test_a_week_is_the_mean_of_its_recorded_days_and_an_empty_week_stays_empty():
    values = np.array([2.0, np.nan, 4.0, np.nan, np.nan, np.nan, np.nan, *[np.nan] * 7, 5.0])
    np.testing.assert_equal(by_weeks([Row("Pain", values, 0, 10)])[0].values, [3, np.nan, 5])


def test_the_picture_of_weeks_says_that_it_is_one():
    figure = timeline_figure(FIRST, by_weeks([Row("Pain", np.ones(1000), 0, 10)]), of_days=7)
    assert "mean of 7 days" in figure.sentence
    assert "1001 days" in figure.sentence


def test_ten_years_of_doses_are_one_path():
    figure = timeline_figure(FIRST, [Row("naltrexone", np.ones(3653), 0, 1, "dose")])
    assert figure.svg.count("<path") == 1
    assert figure.svg.count("<rect") == 0
