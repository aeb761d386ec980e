"""Dose logs in NONMEM form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.diary.table.event_table import Taken, parse_event_table, write_event_table
from nightdose.errors import InputError


def test_addl_and_ii_are_the_same_as_one_row_each():
    """ID,TIME,AMT,EVID,II,ADDL with 1,22,4.5,1,24,2 against three rows."""
    short = parse_event_table("ID,TIME,AMT,EVID,II,ADDL\n1,22,4.5,1,24,2\n", "a")
    long = parse_event_table("ID,TIME,AMT,EVID\n1,22,4.5,1\n1,46,4.5,1\n1,70,4.5,1\n", "b")
    assert short.doses == long.doses


def test_observations_and_dots_and_order():
    table = parse_event_table("ID,TIME,AMT,EVID,DV\n1,30,.,0,5\n1,22,4.5,1,.\n2,1,50,1,.\n", "a")
    assert table.doses == {"1": (Taken(22.0, 4.5),), "2": (Taken(1.0, 50.0),)}
    assert table.observations["1"] == (30.0,)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(1e-3, 300), st.sampled_from([1, 2])), max_size=8))
def test_a_written_table_reads_back(rows):
    doses = {"7": tuple(sorted(Taken(*row) for row in rows))}
    if rows:
        assert parse_event_table(write_event_table(doses), "x").doses == doses


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ID,AMT\n1,4\n", "no column TIME"),
        ("ID,TIME,AMT\n", "no rows"),
        ("ID,TIME,AMT\n1,22,lots\n", "line 2: AMT is 'lots'"),
        ("ID,TIME,AMT\n1,-1,4.5\n", "before 0"),
        ("ID,TIME,AMT,EVID\n1,2,4.5,3\n", "EVID 3 is not simulated"),
        ("ID,TIME,AMT,SS\n1,2,4.5,1\n", "steady state"),
        ("ID,TIME,AMT,RATE\n1,2,4.5,1\n", "swallowed"),
        ("ID,TIME,AMT,EVID\n1,2,-4.5,1\n", "AMT is -4.5"),
        ("ID,TIME,AMT,CMT\n1,2,4.5,9\n", "CMT 9"),
        ("ID,TIME,AMT,ADDL\n1,2,4.5,3\n", "is no series"),
    ],
)
def test_what_cannot_be_simulated_gets_a_sentence_with_its_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        parse_event_table(text, "log.csv")
