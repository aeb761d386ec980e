"""Column names that nearly match."""

import pytest

from nightdose.diary.table.headers import fold, resolve_column
from nightdose.diary.table.table import read_table
from nightdose.errors import CallError


def test_names_that_differ_in_case_and_spaces_are_read_and_said(diary):
    """
    Date ,Pain,pain score ,Naltrexone mg,NALTREXONE-assigned-MG
    2025-04-01,5,6,3,4.5
    """
    assert list(diary.columns) == ["Pain", "pain score", "naltrexone_mg", "naltrexone_assigned_mg"]
    assert diary.medicines == ("naltrexone",)
    (problem,) = diary.problems
    assert problem.line is None
    assert "'Date ' as 'date'" in problem.what
    assert "'Naltrexone mg' as 'naltrexone_mg'" in problem.what


@pytest.mark.parametrize("day", ["date", "Date", "DATE"])
def test_common_spellings_of_the_day_go_without_a_word(write, day):
    assert read_table(write(f"{day},pain\n2025-04-01,5\n")).problems == ()


def test_of_two_columns_with_one_name_the_exact_one_is_read(diary):
    """
    date,Pain,pain,sleep,sleep
    2025-04-01,1,2,3,4
    """
    assert {name: values[0] for name, values in diary.columns.items()} == {"pain": 2, "sleep": 3}
    assert [problem.what for problem in diary.problems] == [
        "Column 2 'Pain' has the name of column 3 'pain' and is left out.",
        "Column 5 'sleep' has the name of column 4 'sleep' and is left out.",
    ]


def test_a_column_without_a_name_is_left_out(diary):
    """
    ,date,pain
    0,2025-04-01,5
    """
    assert list(diary.columns) == ["pain"]
    assert diary.problems[0].what == "Column 1 has no name and is left out."


def test_with_a_date_a_day_is_a_value_like_others(diary):
    """
    day,date,pain
    12,2025-04-01,5
    """
    assert diary.dated
    assert list(diary.columns) == ["day", "pain"]


def test_a_person_may_write_a_column_as_they_like(diary):
    """
    date,Sleep quality,pain
    2025-04-01,3,5
    """
    assert resolve_column(diary, "sleep_quality") == "Sleep quality"
    assert resolve_column(diary, "pain") == "pain"


def test_a_wrong_name_gets_the_nearest_ones():
    with pytest.raises(CallError, match=r"no column 'pian'. Did you mean 'pain'\? Columns: 'pain', 'sleep'"):
        resolve_column(["pain", "sleep"], "pian")
    with pytest.raises(CallError, match="There are no columns"):
        resolve_column([], "pain")
    with pytest.raises(CallError, match="can be 'Pain', 'PAIN'"):
        resolve_column(["Pain", "PAIN"], "pain")


def test_folding_forgives_only_what_nobody_means():
    assert fold(" Naltrexone - MG ") == fold("naltrexone_mg") == "naltrexone_mg"
    assert fold("pain2") != fold("pain")


@pytest.mark.parametrize(("wanted", "there"), [("mood", True), ("Mood", True), ("other", False)])
def test_a_column_of_words_is_said_to_be_there_without_a_number(diary, wanted, there):
    """
    date,pain,mood
    2025-04-01,5,good
    2025-04-02,4,bad
    """
    with pytest.raises(CallError) as told:
        resolve_column(diary, wanted)
    assert ("is there and holds no number" in str(told.value)) == there


def test_the_first_cell_of_a_column_without_numbers_is_named(diary):
    """
    date,pain,naltrexone_mg
    2025-04-01,5,"4,5 mg"
    2025-04-02,4,"0 mg"
    """
    with pytest.raises(CallError, match="line 2: Column 'naltrexone_mg': '4,5 mg' is a number with a unit"):
        resolve_column(diary, "naltrexone_mg")
