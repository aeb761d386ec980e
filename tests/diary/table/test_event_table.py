"""Dose logs in NONMEM form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.diary.table.event_table import Taken, parse_event_table, write_event_table
from nightdose.errors import InputError
from nightdose.mechanism.intake import intake_of, taken_of
from nightdose.mechanism.people import typical_values


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
        ("ID,TIME,AMT,ADDL\n1,2,4.5,3\n", "is not a series"),
        ("ID,TIME,AMT,II\n1,2,4.5,24\n", "line 2: ADDL 0 with II 24 is not a series"),
        ("ID,TIME,AMT,II,ADDL\n1,2,4.5,24,1.5\n", "line 2: ADDL is 1.5. Give a whole number"),
        ("ID,TIME,AMT,EVID,CMT\n1,2,4.5,1,1.2\n", "CMT is 1.2"),
        ("ID,TIME,AMT,EVID\n1,2,4.5,0.5\n", "EVID is 0.5"),
        ("ID,TIME,AMT,EVID\n1,2,4.5,1\n1,46,4.5,0\n", "line 3: an observation"),
        ("ID,TIME,AMT,EVID,II,ADDL\n1,2,.,0,24,3\n", "line 2: an observation"),
        ("ID,TIME,AMT,EVID,time\n1,22,4.5,1,0.9\n", "line 1: there are 2 columns TIME"),
        ("ID,TIME,AMT,amt\n1,22,4.5,9\n", "line 1: there are 2 columns AMT"),
        ("ID,DAY,TIME,AMT\n1,1,22,4.5\n1,2,22,4.5\n", "beside DAY TIME would be a time of day"),
        ("ID,TIME,AMT\n1,22,4,5\n", "4 cells for 3 columns"),
        ("ID;TIME;AMT\n1;22;4,5\n", "AMT is '4,5', which is not a number"),
        ("ID,TIME,AMT\n\n1,nan,4.5\n", "line 3: TIME is 'nan'"),
        ("ID,TIME,AMT\n1,1e300,4.5\n", "absurd"),
        ("ID,TIME,AMT,II,ADDL\n1,2,4.5,24,1000000000\n", "is not a series"),
    ],
)
def test_what_cannot_be_simulated_gets_a_sentence_with_its_line(text, sentence):
    with pytest.raises(InputError, match=sentence):
        parse_event_table(text, "log.csv")


def test_a_dose_behind_the_end_is_refused_with_its_line():
    """Two days are simulated; the third dose of the series is in the third night."""
    text = "ID,TIME,AMT,EVID,II,ADDL\n1,22,4.5,1,24,2\n"
    with pytest.raises(InputError, match="line 2: a dose at 70 h lies behind the end") as refused:
        parse_event_table(text, "log.csv", end_h=48.0)
    assert "at least 3 days" in str(refused.value)
    assert len(parse_event_table(text, "log.csv", end_h=72.0).doses["1"]) == 3


@given(st.floats(0.01, 300).map(lambda mg: float(f"{mg:.4g}")))
def test_an_amount_goes_out_as_it_came_in(mg):
    p = typical_values()
    salt, mass = p["salt_fraction"], p["molar_mass"]
    assert taken_of(intake_of((Taken(22.0, mg),), salt, mass), salt, mass) == (Taken(22.0, mg),)
