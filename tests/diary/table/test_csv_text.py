"""A spreadsheet finds no formula in a table that leaves the program; numbers stay numbers."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.diary.table.csv_text import FORMULA, csv_cell, csv_text, harmless
from nightdose.diary.table.event_table import Taken, write_event_table


@pytest.mark.parametrize(
    "text", ["=cmd|calc", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
)
def test_a_text_that_looks_like_a_formula_has_an_apostrophe_in_front(text):
    assert harmless(text).startswith("'")
    assert harmless(text).replace("'", "") == text


@pytest.mark.parametrize(("cell", "written"), [(-1.4, "-1.4"), (None, ""), (3, "3"), ("x", "x"), ("a;b", '"a;b"')])
def test_numbers_and_plain_words_are_left_alone(cell, written):
    assert csv_cell(cell) == written


def test_what_stands_behind_a_semicolon_is_no_formula_either():
    assert harmless("a;=1+1") == "a;'=1+1"
    assert harmless("slept; badly") == "slept; badly"


words = st.text(max_size=8) | st.text(st.sampled_from("=+-@;|\t\n\"'a,"), max_size=8)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=4), st.sampled_from(",;\t"))
def test_no_cell_begins_a_formula_whatever_sign_the_spreadsheet_splits_at(rows, delimiter):
    """A German Excel splits at ';', and what stands behind one would begin a cell."""
    written = csv_text(("a", "b"), rows)
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter):
        assert not any(cell.startswith(tuple(FORMULA)) for cell in row)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8), min_size=2,
                         max_size=2), max_size=4))  # fmt: skip
def test_a_written_table_reads_back(rows):
    read = list(csv.reader(io.StringIO(csv_text(("a", "b"), rows), newline="")))
    assert read[1:] == [[harmless(cell) for cell in row] for row in rows]


def test_a_person_in_an_event_table_is_no_formula():
    assert write_event_table({"=cmd": (Taken(22.0, 4.5),)}).splitlines()[1].startswith("'=cmd,")
