"""Any diary that is written as a table reads back the same."""

import datetime

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nightdose.diary.records import Diary
from nightdose.diary.table.headers import fold
from nightdose.diary.table.table import read_table, write_table

KINDS = {
    "": st.floats(allow_nan=True, allow_infinity=False),
    "_mg": st.floats(0, 300) | st.just(np.nan),
    "_guess": st.floats(0, 1) | st.just(np.nan),
    "_time": st.integers(0, 1439).map(lambda minute: minute // 60 + minute % 60 / 60) | st.just(np.nan),
}


@st.composite
def diaries(draw):
    days = draw(st.integers(1, 20))
    stems = draw(st.lists(st.sampled_from(["pain", "sleep, h", 'so "so"', "müde", "x1"]), min_size=1, unique=True))
    columns = {}
    for stem in stems:
        suffix = draw(st.sampled_from(list(KINDS)))
        name = fold(stem) + suffix if suffix else stem
        columns[name] = draw(arrays(float, days, elements=KINDS[suffix]))
    dated = draw(st.booleans())
    first = draw(st.integers(datetime.date(1900, 1, 1).toordinal(), datetime.date(2100, 1, 1).toordinal()))
    return Diary("diary", first if dated else first - 700_000, dated, columns, days)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(diary=diaries())
def test_a_written_table_reads_back_the_same(write, diary):
    back = read_table(write(write_table(diary)))
    assert back.problems == ()
    assert (back.first_day, back.days, back.dated) == (diary.first_day, diary.days, diary.dated)
    assert list(back.columns) == list(diary.columns)
    for name, values in diary.columns.items():
        np.testing.assert_array_equal(back.columns[name], values)
