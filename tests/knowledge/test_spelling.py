"""Letters are read, never dropped: lookalikes, accents, hidden characters, other alphabets; one slip is one slip."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.knowledge.spelling import is_one_slip, one_slip, other_script, plain, words

letters = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "read"),
    [("Codéine", "codeine"), ("CОDЕINЕ", "codeine"), ("co\u200bdei\u00adne", "codeine"), ("кодеин", "kodein"),
     ("Ørsted", "orsted"), ("ﬁve", "five"), ("Ultram™", "ultram "), ("№ 3", "no 3"), ("c\u0338odeine", "codeine")],
)  # fmt: skip
def test_what_looks_the_same_is_read_the_same(text, read):
    assert plain(text).split() == read.split()


def test_words_numbers_and_signs_are_told_apart():
    assert words("Tylenol#3 (500mg/30 mg) + x") == ("tylenol", "#", "3", "500", "mg", "30", "mg", "+", "x")
    assert words("パブロンゴールドA") == ("パブロンゴールド", "a")
    assert other_script("コデイン 20 mg") == "コデイン"


@settings(deadline=None)
@given(letters, st.data())
def test_one_slip_is_found_from_either_side(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    before, here, after = word[:place], word[place], word[place + 1 :]
    swapped = before + after[:1] + here + after[1:]
    for other in (before + after, before + letter + here + after, before + letter + after, swapped):
        assert is_one_slip(word, other)
        assert is_one_slip(other, word)
        assert set(one_slip(word)) & set(one_slip(other))


@pytest.mark.parametrize(("one", "other"), [("codeine", "cdoiene"), ("codeine", "codin"), ("abc", "cab"), ("ab", "cd")])
def test_two_slips_are_not_one(one, other):
    assert not is_one_slip(one, other)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_without_error_and_reading_twice_changes_nothing(text):
    assert words(plain(text)) == words(text)
