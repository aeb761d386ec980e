"""What a person reads before anything is written: words first, then the numbers."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pooling.people import ANSWER

from nightdose.evidence.profile import GRID, Profile
from nightdose.pooling.shown import said_by, shown


def test_words_stand_before_the_likelihood_that_they_explain():
    said = [what for what, _ in shown(ANSWER)]
    assert said.index("What the numbers below say") < said.index("Settled improvement by the diary alone")


@pytest.mark.parametrize(
    ("mean", "sd", "none"),
    [
        (0.2, 0.3, "about as well"),  # exp(0.22) = 1.2
        (0.89, 1.0, "about as well"),  # exp(0.396) = 1.49
        (0.91, 1.0, "1.5 times less well"),  # exp(0.414) = 1.51
        (1.0, 0.4, "23 times less well"),  # exp(3.125) = 22.8
        (3.71, 1.0, "975 times less well"),  # exp(6.88)
        (3.72, 1.0, "more than 1,000 times less well"),  # exp(6.92) = 1,011
        (-1.0, 0.1, "more than 1,000 times less well"),  # exp(50)
    ],
)
def test_the_words_say_how_much_worse_no_difference_fits(mean, sd, none):
    assert none in said_by(Profile(mean, sd))


def test_the_words_name_the_range_that_fits_at_most_seven_times_less_well():
    """exp(1.96 ** 2 / 2) = 6.8 at both ends of a normal one."""
    words = said_by(Profile(0.5, 0.25))
    assert "+0.5 of" in words
    assert "7 times less well by anything from 0.0 to +1.0" in words


def test_the_words_of_a_skewed_likelihood_are_its_own():
    """Its best value is half an sd below its mean; 0, at -1 sd, explains the days e^2 = 7.4 times less well."""
    values = np.where(GRID < -0.5, -4.0 * (-0.5 - GRID), -0.5 * (GRID + 0.5))
    words = said_by(Profile(1.0, 1.0, values))
    assert "improvement of +0.5 of" in words
    assert "7.4 times less well" in words
    assert "from 0.0 to +4.4" in words  # between two of its points a likelihood is a piece of a normal one


def test_a_diary_without_numbers_is_told_in_words_alone():
    said = dict(shown(replace(ANSWER, effect=None)))
    assert said["Numbers"] == "none: this diary gives none"
    assert "What the numbers below say" not in said
