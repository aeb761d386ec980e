"""Fifty dots: the numbers in the picture are the numbers of the posterior."""

import numpy as np
import pytest
from scipy.stats import norm

from nightdose.report.figures.fifty import CHANCES, DOTS, fifty_counts, fifty_figure, stacks


@pytest.mark.parametrize(("mean", "sd"), [(1.1, 0.35), (0.0, 0.5), (-2.0, 0.1), (3.0, 1e-9)])
def test_the_dots_count_what_the_posterior_says(mean, sd):
    """Within half a dot of the probability itself."""
    worse, small, better = fifty_counts(mean + sd * norm.ppf(CHANCES), 0.5)
    assert worse + small + better == DOTS
    assert abs(better / DOTS - norm.sf((0.5 - mean) / sd)) <= 0.5 / DOTS + 1e-9
    assert abs(worse / DOTS - norm.cdf((-0.5 - mean) / sd)) <= 0.5 / DOTS + 1e-9


def test_the_sentence_and_the_picture_say_the_same_numbers():
    drawn = fifty_figure(1.1 + 0.35 * norm.ppf(CHANCES), 0.5, "points")
    assert "48 lie at 0.5 points better or more, 2 are too small to matter, 0 lie" in drawn.sentence
    assert "48 of 50: better by 0.5 points or more" in drawn.svg


def test_no_two_dots_lie_on_each_other():
    spots = stacks(np.sort(np.random.default_rng(1).normal(size=DOTS)), 0.2)
    assert len({tuple(spot) for spot in spots.tolist()}) == DOTS


@pytest.mark.parametrize("width", [328.0, 720.0])
@pytest.mark.parametrize("sd", [1e-9, 0.3, 50.0])
def test_every_dot_stays_inside_the_picture(width, sd):
    svg = fifty_figure(sd * norm.ppf(CHANCES), 1.0, "", width=width).svg
    xs = [float(move.split(" ")[0]) for d in svg.split(' d="')[1:] for move in d.split('"')[0].split("M")[1:]]
    assert 0 <= min(xs) <= max(xs) <= width
