"""The pictures: well formed, inside their frame, true to the days, readable without colour."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.fake_answers import cannot_be_known, helps, long_diary, not_yet_known
from tests.report.fake_parts import normal_estimate

from nightdose.report.figures import NARROW, WIDE, diary_figure, effect_figure, hundred_figure, spread_figure
from nightdose.report.figures.axes import Axis, days_per_dot, gathered, ticks
from nightdose.report.figures.hundred import shares_of_hundred
from nightdose.report.figures.svg import text_width
from nightdose.report.words.day_fit import day_fit_words
from nightdose.verdict.analysis import DayFit

SVG = "{http://www.w3.org/2000/svg}"


def drawn(analysis, width):
    figures = (f(analysis, width=width) for f in (diary_figure, effect_figure, hundred_figure))
    return [figure for figure in figures if figure is not None]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pictures_are_well_formed_and_nothing_leaves_the_frame(odd, width):
    for figure in drawn(odd, width):
        root = ElementTree.fromstring(figure.svg)
        _, _, right, bottom = (float(v) for v in root.get("viewBox").split())
        assert not re.search(r"\b(nan|inf|None)\b", figure.svg)
        for words in root.iter(f"{SVG}text"):
            x, room = float(words.get("x")), text_width(words.text or "")
            start = x - {"start": 0, "middle": 0.5, "end": 1}[words.get("text-anchor")] * room
            assert start >= -room * 0.2  # the width of a character is an estimate, generous by a fifth
            assert start + room <= right + room * 0.2
            assert 0 < float(words.get("y")) <= bottom


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_words_do_not_overlap(analysis, width):
    for figure in drawn(analysis, width):
        boxes = []
        for words in ElementTree.fromstring(figure.svg).iter(f"{SVG}text"):
            x, y, room = float(words.get("x")), float(words.get("y")), 0.9 * text_width(words.text)
            start = x - {"start": 0, "middle": 0.5, "end": 1}[words.get("text-anchor")] * room
            boxes.append((start, start + room, y - 9, y + 1, words.text))
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2], (a, b)


def dots_of(svg, class_):
    found = re.search(rf'<path d="([^"]*)" class="{class_}"', svg)
    return found.group(1).count("M") if found else 0


def test_every_recorded_day_is_a_dot_told_apart_by_shape():
    """A year with 30 days missing and 3 days of unknown dose."""
    answer = helps()
    svg, seen = diary_figure(answer).svg.split(">dose unknown<")[1], np.isfinite(answer.outcome)
    marks = re.findall(r'<path d="([^"]*)" class="(dot|dot-core|cross)"', svg)
    counts = [(name, d.count("M")) for d, name in marks]
    assert ("dot", answer.design.recorded_on) in counts
    assert ("dot-core", answer.design.recorded_off) in counts
    assert ("cross", int((seen & np.isnan(answer.dose)).sum())) in counts


def test_ten_years_are_drawn_in_weeks_and_stay_small():
    figure = diary_figure(long_diary())
    assert "mean of the recorded days" in figure.sentence
    assert len(figure.svg) < 60_000


def test_co_medicines_have_their_own_strips():
    svg = diary_figure(cannot_be_known()).svg
    assert "topiramate: up to 200 mg a day" in svg
    assert "riboflavin: 400 mg a day" in svg
    assert "url(#diary-unknown)" in svg  # riboflavin was not recorded at first


def test_a_yes_no_outcome_has_words_on_its_axis():
    svg = diary_figure(not_yet_known()).svg
    assert ">yes<" in svg
    assert ">no<" in svg


def test_the_effect_stands_right_of_zero_when_better():
    svg = effect_figure(helps()).svg
    zero = float(re.search(r'x1="([\d.]+)"[^>]*class="zero"', svg).group(1))
    mean = float(re.search(r'<path d="M([\d.]+) [^>]*class="mean"', svg).group(1)) + 6
    assert mean > zero
    assert "too small to matter" in svg
    assert "adjusted for the guesses" in svg


@given(st.floats(-5, 5), st.floats(0.01, 5))
def test_a_hundred_marks_are_a_hundred(mean, sd):
    estimate = normal_estimate(mean, sd)
    better, small, worse = shares_of_hundred(estimate)
    assert better + small + worse == 100
    assert abs(better - 100 * estimate.meaningfully_better) <= 1


def test_marks_show_the_probabilities():
    svg = hundred_figure(not_yet_known()).svg
    assert dots_of(svg, "mark") + dots_of(svg, "cross-mark") == 100


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low, width):
    found = ticks(low, low + width)
    assert 1 <= len(found) <= 7
    assert all(low - 1e-6 * width <= v <= low + width * (1 + 1e-6) for v in found)


def test_gathering_leaves_unknown_days_out():
    """Eight days: a week with one value, then a day with none."""
    values = np.array([np.nan, 3.0, np.nan, np.nan, 5.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(gathered(values, 7), [4.0, np.nan])
    assert days_per_dot(20, 300) == 1
    assert days_per_dot(3650, 300) == 28


def test_an_axis_holds_what_lies_outside_at_its_border():
    axis = Axis(0.0, 10.0, 100.0, 200.0)
    assert [axis.place(v) for v in (-5.0, 5.0, 50.0)] == [100.0, 150.0, 200.0]


def test_days_against_their_predictions_are_ten_bars_and_named_outliers():
    fit = DayFit(200, (0.1,) * 10, 0.5, 0.8, (3, 5), 0.4)
    shown = helps().with_beside(day_fit=fit)
    figure = spread_figure(shown)
    assert figure.svg.count('class="dose"') == 10
    assert "80 % in the middle nine tenths" in figure.sentence
    said = " ".join(day_fit_words(shown))
    assert "surer than it should be" in said
    assert "less than 1 chance in 2,000" in said
    assert "weekly rhythm" in said
    assert spread_figure(helps().with_beside(day_fit=None)) is None


def test_a_fitting_model_is_not_scolded():
    calm = helps().with_beside(day_fit=DayFit(200, (0.1,) * 10, 0.5, 0.9, (), 0.05))
    assert len(day_fit_words(calm)) == 1
