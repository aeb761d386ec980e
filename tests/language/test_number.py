"""Numbers in words: never surer than a model can be, never more digits than are known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.fake_answers import MAKERS, better_since
from tests.report.fake_parts import normal_estimate

from nightdose.language.number import dose_amount, number, percent, plain, times_in_hundred
from nightdose.question.question import Question
from nightdose.question.words import amount
from nightdose.report.words.estimate import estimate_words
from nightdose.verdict.words import verdict_word


@given(st.floats(0, 1))
def test_no_probability_is_printed_as_certain(p):
    assert percent(p) not in ("0 %", "100 %")
    assert "about 0 " not in times_in_hundred(p)
    assert "100 times" not in times_in_hundred(p)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_float_is_a_word(x):
    for words in (number(x), number(x, 0.3), number(x, x), number(x, signed=True)):
        assert words
        assert "nan" not in words
        assert "inf" not in words


@pytest.mark.parametrize(
    ("value", "like", "words"),
    [
        (1.44, 0.4, "1.4"),
        (-0.34, 0.05, "−0.34"),
        (-0.04, 0.4, "0.0"),
        (12.3, 12, "12"),
        (4500, None, "4,500"),
    ],
)
def test_precision_follows_what_is_known(value, like, words):
    assert number(value, like) == words


def test_frequencies_read_like_speech():
    assert times_in_hundred(0.021) == "about 2 times in 100"
    assert times_in_hundred(0.01) == "about 1 time in 100"
    assert times_in_hundred(0.001) == "fewer than 1 time in 100"
    assert times_in_hundred(0.999) == "more than 99 times in 100"


def test_each_scale_has_its_unit():
    assert amount(0.12, Question("headache", "x", "binary", meaningful=0.1)) == "3.4 days in 28"
    assert amount(1.0, Question("pain", "x", "rating")) == "1 point"
    words = estimate_words(normal_estimate(1.4, 0.4), Question("pain", "x", "rating"))
    assert words == "+1.4 (0.6 to 2.2) points"


def test_each_verdict_has_its_own_words():
    words = {verdict_word(make().verdict) for make in MAKERS.values()}
    assert len(words) == 5
    assert verdict_word(better_since().verdict) == "Better since, cause not established"


def test_text_cannot_steer_a_terminal_or_the_reading_direction():
    assert plain("a\x1b[2J\u202eb\n") == "a\ufffd[2J\ufffdb\ufffd"


@pytest.mark.parametrize(
    "kept",
    ["\U0001f469\u200d\U0001f4bb", "\U0001f3f3\ufe0f\u200d\U0001f308 pain", "\U0001f937\U0001f3fd\u200d\u2642\ufe0f"],
)
def test_a_joined_picture_stays_whole(kept):
    assert plain(kept) == kept


@pytest.mark.parametrize(
    "steers",
    ["a\u200db", "a\u200d", "\U0001f469\u200d", "\u200d\U0001f4bb", "\U0001f469\u202e\u200d\U0001f4bb", "a\u2066b"],
)
def test_whatever_steers_or_joins_nothing_is_replaced(steers):
    assert "\N{REPLACEMENT CHARACTER}" in plain(steers)
    assert "\u202e" not in plain(steers)


@given(st.integers(1, 400_000))
def test_a_dose_is_never_rounded(micrograms):
    """A quarter of a milligram more or less is another capsule: whatever can be counted out is said as it is."""
    said = dose_amount(micrograms / 1000, "mg").removesuffix(" mg").replace(",", "")
    assert float(said) == micrograms / 1000
