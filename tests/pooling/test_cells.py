"""Nothing of fewer than ten people is published, nor what they could be worked out from."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nightdose.pooling.cells import FEWEST, cells, published

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=1)


def test_ten_is_published_and_nine_is_not():
    assert published({"a": 10, "b": 10}) == {"a": 10, "b": 10}
    assert published({"a": 9, "b": 10, "c": 30}) == {"a": None, "b": None, "c": 30}


@given(COUNTS)
def test_what_is_hidden_is_two_cells_or_more_and_ten_people_together(counts):
    shown = published(counts)
    hidden = [name for name, n in shown.items() if n is None]
    assert all(n is None or n == counts[name] for name, n in shown.items())
    assert all(n is None or n == 0 or n >= FEWEST for n in shown.values())
    if hidden and sum(counts.values()) >= FEWEST:
        rest = [n for n in shown.values() if n]
        assert not rest or (len(hidden) >= 2 and sum(counts[name] for name in hidden) >= FEWEST)


@given(st.lists(st.sampled_from("abcdef"), max_size=120))
def test_cells_hold_ten_each_and_everybody(labels):
    found = cells(list(enumerate(labels)), lambda person: person[1])
    if found:
        assert len(found) > 1
        assert all(len(group) >= FEWEST for group in found.values())
        assert sum(map(len, found.values())) == len(labels)
        for name, group in found.items():
            assert name == "others" or len(group) == Counter(labels)[name]
