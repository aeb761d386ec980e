"""The same table as Parquet."""

import datetime
import sys

import numpy as np
import pytest

from nightdose.diary.table.table import read_cohort, read_table
from nightdose.errors import InputError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

DAYS = [datetime.date(2025, 4, 3), datetime.date(2025, 4, 1)]


@pytest.fixture
def parquet(tmp_path):
    def to_file(**columns):
        pq.write_table(pa.table(columns), tmp_path / "diary.parquet")
        return tmp_path / "diary.parquet"

    return to_file


def test_types_are_read_as_what_they_are(parquet):
    diary = read_table(
        parquet(
            date=DAYS,
            pain=pa.array([5, None], pa.int8()),
            headache=[True, False],
            naltrexone_mg=["4.5", "n/a"],
            naltrexone_time=[datetime.time(21, 30), None],
            tags=[["a"], []],
            note=["private", "private"],
        )
    )
    assert list(diary.columns) == ["pain", "headache", "naltrexone_mg", "naltrexone_time"]
    np.testing.assert_array_equal(diary.columns["pain"], [np.nan, np.nan, 5])
    np.testing.assert_array_equal(diary.columns["headache"], [0, np.nan, 1])
    np.testing.assert_array_equal(diary.columns["naltrexone_time"], [np.nan, np.nan, 21.5])
    assert diary.lines.tolist() == [3, 0, 2]
    assert len(diary.problems) == 2


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.date64()])
def test_a_midnight_is_a_day(parquet, kind):
    diary = read_table(parquet(date=pa.array(DAYS, pa.date32()).cast(kind), pain=[5.0, np.nan]))
    assert (diary.day_label(0), diary.days, diary.problems) == ("2025-04-01", 3, ())


def test_a_moment_in_a_time_zone_is_not_a_local_day(parquet):
    with pytest.raises(InputError, match="Write the local day alone"):
        read_table(parquet(date=pa.array(DAYS, pa.date32()).cast(pa.timestamp("s", "UTC")), pain=[5, 6]))


def test_numbers_that_cannot_be_are_said(parquet):
    diary = read_table(parquet(day=[1.0, 2.0, 2.5], pain=[5.0, np.inf, 1.0], naltrexone_mg=[3.0, -3.0, 0.0]))
    assert [problem.line for problem in diary.problems] == [3, 3, 4]
    np.testing.assert_array_equal(diary.columns["pain"], [5, np.nan])


def test_a_cohort_may_name_persons_by_number(parquet):
    cohort = read_cohort(parquet(person=[2, 1], day=[1, 1], pain=[5, 6]))
    assert list(cohort) == ["2", "1"]


def test_categories_are_read_through_their_dictionary(parquet):
    cohort = read_cohort(parquet(person=pa.array(["b", "a"]).dictionary_encode(), day=[1, 1], pain=[5, 6]))
    assert list(cohort) == ["b", "a"]


def test_a_file_cut_short_is_said(parquet):
    path = parquet(date=DAYS, pain=[5, 6])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="is not a whole Parquet file"):
        read_table(path)


def test_a_broken_page_is_said(parquet):
    path = parquet(date=DAYS, pain=[5, 6])
    content = bytearray(path.read_bytes())
    content[4:60] = bytes(56)
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a whole Parquet file"):
        read_table(path)


def test_a_csv_that_is_called_parquet_is_said(write):
    with pytest.raises(InputError, match="is not a whole Parquet file"):
        read_table(write("date,pain\n2025-04-01,5\n", "diary.parquet"))


def test_without_pyarrow_the_way_to_get_it_is_said(parquet, monkeypatch):
    path = parquet(date=DAYS, pain=[5, 6])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(InputError, match=r'pip install "nightdose\[parquet\]"'):
        read_table(path)
