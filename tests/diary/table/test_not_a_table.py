"""A file that is no diary table gets one sentence, never a traceback."""

import contextlib
import os
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.counting import at_most_cpu_s

from nightdose.diary.table import openfile
from nightdose.diary.table.table import read_cohort, read_table
from nightdose.errors import InputError, printable


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b'{"date": "2025-04-01"}', "is JSON"),
        (b"\n[1, 2]", "is JSON"),
        ("date,pain\n2025-04-01,5\n".encode("utf-16"), "is text in UTF-16"),
        (b"date,pain\n2025-04-01,5\n2025-04-02,\0\n", "line 3 holds a NUL byte"),
        (bytes(range(1, 32)) * 9, "is not text"),
        (b"date,pain\n", "has column names but no row"),
        (b"date,pain\n,\n", "has column names but no row"),
        (b"date,pain\n2025-04-01,5,6,7\n", "no row to use (line 2: The row has 4 cells for 2 columns"),
        (b"date,pain\n03/04/2025,5\n", "no row that can be used (line 2: '03/04/2025' can be 2025-04-03 or"),
        (b"date,note\n2025-04-01,5\n", "has no column with a number"),
        (b"date,pain\n2025-04-01,bad\n", "has no column with a number"),
        (b"when,pain\n2025-04-01,5\n", "has no column 'date' or 'day'. Its columns: 'when', 'pain'"),
        (b"study_day,pain\n1,5\n", "If 'study_day' is the day, name it"),
        (b"2025-04-01,5\n2025-04-02,6\n", "begins with a day's values, not with names"),
        (b"date," + b",".join(b"c%d" % i for i in range(2_000)) + b"\n", "has 2,001 columns"),
        (b"x" * 2_000_000, "begins with a line of 2,000,000 characters"),
        (b"PAR1 is how it begins, PAR1", "is not a whole Parquet file"),
    ],
)
def test_what_it_is_instead_is_said_in_one_sentence(write, content, sentence):
    path = write(content)
    with pytest.raises(InputError) as raised:
        read_table(path)
    assert "diary.csv" in str(raised.value)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_spreadsheet_is_to_be_saved_as_csv(tmp_path):
    path = tmp_path / "diary.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match="save the sheet as CSV"):
        read_table(path)


def test_a_file_that_is_not_there_a_folder_and_a_device_are_said(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, sentence in [
        (tmp_path / "diary.csv", "There is no file 'diary.csv'"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is not an ordinary file"),
        ("/dev/zero", "is not an ordinary file"),
        ("a\0b", "cannot be opened"),
        ("x" * 5000, "cannot be opened"),
    ]:
        with pytest.raises(InputError, match=sentence):
            read_table(path)


def test_a_file_that_may_not_be_read_is_said(write, monkeypatch):
    path = write("date,pain\n2025-04-01,5\n")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(openfile.os, "stat", refuse)
    with pytest.raises(InputError, match="may not be read"):
        read_table(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(InputError, match="has 2,000 MB; a table has at most 200 MB"):
        read_table(path)


def test_half_a_byte_order_mark_is_a_sentence(write):
    with pytest.raises(InputError):
        read_table(write(b"\xef"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"date,pain\n", b"day;pain;note\r", b"PAR1", b"person\tday\tpain\n1\t1\t1\n"]),
    rest=st.binary(max_size=200)
    | st.text(st.sampled_from('0123456789-,;\t"\n\r .x\xa0'), max_size=200).map(str.encode),
)
def test_random_bytes_raise_nothing_but_a_sentence(write, start, rest):
    path = write(start + rest)
    for read in (read_table, read_cohort):
        with contextlib.suppress(InputError):
            diaries = read(path)
            for diary in [diaries] if read is read_table else diaries.values():
                assert all(np.isfinite(v[~np.isnan(v)]).all() for v in diary.columns.values())
                said = [str(problem) for problem in diary.problems]
                assert said == [printable(words).replace("\n", " ") for words in said]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("day;pain\n" + "1;" + "9" * 100_000 + "x\n" + "2;3\n", "is a number with a unit"),
        ("day;pain\n1;3\n" + "\n" * 200_000 + "2;x\n", "is not a number"),
        ("day;pain\n1;3\n2;" + "4" * 200_000 + "\n", "cannot be split into cells"),
        ('day;pain;note\n1;3;\n2;4;"a\n' + "b\n" * 20_000, "A quotation mark opens"),
    ],
)
def test_text_made_to_be_slow_is_not(write, content, what):
    with at_most_cpu_s(3.0):
        diary = read_table(write(content))
    assert any(what in problem.what for problem in diary.problems)
