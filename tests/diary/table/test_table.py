"""The diary table as people write it."""

import datetime
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from tests.counting import python_calls

from nightdose.diary.table.table import check_outcome, read_cohort, read_table, write_table
from nightdose.errors import CallError, InputError

NAN = np.nan


def said(diary):
    return [str(problem) for problem in diary.problems]


def test_days_without_a_row_are_unknown_and_rows_come_in_any_order(diary):
    """
    date,pain,naltrexone_mg
    2025-04-04,6,4.5
    2025-04-01,7,0
    2025-04-02,,
    """
    np.testing.assert_array_equal(diary.columns["pain"], [7, NAN, NAN, 6])
    np.testing.assert_array_equal(diary.dose("naltrexone"), [0, NAN, NAN, 4.5])
    assert diary.day_label(0) == "2025-04-01"
    assert diary.lines.tolist() == [3, 4, 0, 2]
    assert diary.name == "diary"
    assert said(diary) == []


def test_days_may_be_numbers_below_zero(diary):
    """
    day,headache
    1,0
    -1,1
    """
    assert (diary.first_day, diary.days, diary.dated) == (-1, 3, False)
    np.testing.assert_array_equal(diary.columns["headache"], [1, NAN, 0])


def test_clock_times_become_hours_and_notes_are_not_kept(diary):
    """
    date,pain,naltrexone_mg,naltrexone_time,note
    2025-04-01,5,3,21:45,"woke at 3, again"
    2025-04-02,5,3,26:00,12
    """
    np.testing.assert_array_equal(diary.columns["naltrexone_time"], [21.75, NAN])
    assert "note" not in diary.columns
    assert said(diary) == [
        "line 3: Column 'naltrexone_time': '26:00' is not a clock time. Write HH:MM, for example 22:30."
    ]


def test_lines_are_counted_as_an_editor_does(diary):
    """
    date,note,pain
    2025-04-01,"two
    lines",5

    2025-04-02,short,much
    """
    assert diary.lines.tolist() == [2, 5]
    assert [problem.line for problem in diary.problems] == [5]


def test_a_semicolon_file_may_have_decimal_commas(diary):
    """
    date;pain;naltrexone_mg
    2025-04-01;5,5;1,5
    2025-04-02;6;3
    """
    np.testing.assert_array_equal(diary.columns["pain"], [5.5, 6])
    assert said(diary) == []


def test_tabs_separate_too_and_quoted_commas_are_decimal(diary):
    """
    date·pain
    2025-04-01·"5,5"
    """
    assert diary.columns["pain"].tolist() == [5.5]


def test_with_points_and_commas_the_point_is_the_decimal_sign(diary):
    """
    date;pain;sleep_h
    2025-04-01;5,5;7.5
    2025-04-02;6;8
    """
    np.testing.assert_array_equal(diary.columns["pain"], [NAN, 6])
    assert "decimal comma in a file with decimal points" in said(diary)[0]


def test_thousands_are_never_guessed(diary):
    """
    date,steps
    2025-04-01,"8,452"
    2025-04-02,9120
    """
    np.testing.assert_array_equal(diary.columns["steps"], [NAN, 9120])
    assert diary.problems[0].remedy == "Write 8452 or 8.452."


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("03/04/2025", "Write 2025-04-03 or 2025-03-04."),
        ("13/04/2025", "Write 2025-04-13."),
        ("03.03.2025", "Write 2025-03-03."),
        ("2025/4/3", "Write 2025-04-03."),
        ("20250403", "Write 2025-04-03."),
        ("2025-02-30", "Check day and month."),
        ("1025-04-03", "Check the year."),
        ("2025-04-03T22:10", "Write the local day alone, for example 2025-04-03."),
        ("yesterday", "Write the day as 2025-04-03 (year-month-day)."),
        ("", "Write the day as 2025-04-03 (year-month-day)."),
    ],
)
def test_a_day_is_never_guessed(write, written, remedy):
    diary = read_table(write(f"date,pain\n2025-04-01,5\n{written},6\n"))
    assert diary.days == 1
    assert [(problem.line, problem.remedy) for problem in diary.problems] == [(3, remedy)]


def test_a_mistyped_century_does_not_stretch_the_grid(diary):
    """
    date,pain
    2025-04-01,5
    2205-04-02,6
    2025-04-03,7
    """
    assert diary.days == 3
    assert said(diary) == ["line 3: 2205-04-02 is more than 36,525 days from the other rows. Check the year."]


def test_equal_rows_of_one_day_count_once(diary):
    """
    date,pain
    2025-04-01,5
    2025-04-01,5
    """
    assert diary.columns["pain"].tolist() == [5]
    assert "line 3: 2025-04-01 has a row already at line 2; they agree" in said(diary)[0]


def test_rows_of_one_day_that_disagree_leave_only_the_differing_value_unknown(diary):
    """
    date,pain,sleep,naltrexone_mg
    2025-04-01,5,7,
    2025-04-01,8,7,3
    """
    values = [diary.columns[name][0] for name in ("pain", "sleep", "naltrexone_mg")]
    np.testing.assert_array_equal(values, [NAN, 7, 3])
    assert "another value of 'pain', left unknown" in said(diary)[0]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("3 mg", "a number with a unit"),
        ("1,5", "not used"),  # unquoted: one cell too many
        ('"1,5"', "decimal comma"),
        ("inf", "not a number that a day can have"),
        ("1e999", "not a number that a day can have"),
        ("1_000", "is not a number"),
        ("٣", "is not a number"),
        ("−3", "is not a number"),
        ("a lot", "is not a number"),
        ("-1", "a dose of -1 cannot be"),
    ],
)
def test_a_dose_that_is_no_number_is_unknown_and_said(write, written, what):
    diary = read_table(write(f"date,pain,naltrexone_mg\n2025-04-01,5,4.5\n2025-04-02,5,{written}\n2025-04-03,5,3\n"))
    np.testing.assert_array_equal(diary.dose("naltrexone"), [4.5, NAN, 3])
    (problem,) = diary.problems
    assert problem.line == 3
    assert what in problem.what


def test_words_for_unknown_are_counted_once_per_column(diary):
    """
    date,pain,naltrexone_mg
    2025-04-01,n/a,none
    2025-04-02,?,3
    2025-04-03,4,nan
    """
    np.testing.assert_array_equal(diary.columns["pain"], [NAN, NAN, 4])
    np.testing.assert_array_equal(diary.dose("naltrexone"), [NAN, 3, NAN])
    assert [problem.line for problem in diary.problems] == [None, None]
    assert "'n/a', '?' in 2 cells was read as not known" in diary.problems[0].what


def test_a_guess_is_a_probability(diary):
    """
    date,pain,naltrexone_guess
    2025-04-01,5,0.7
    2025-04-02,5,70
    """
    np.testing.assert_array_equal(diary.columns["naltrexone_guess"], [0.7, NAN])
    assert "70 is not a probability" in said(diary)[0]


def test_a_column_of_text_costs_one_problem_for_the_file(diary):
    """
    date,pain,weather,bed_time
    2025-04-01,5,rain,late
    2025-04-02,6,sun,early
    """
    assert list(diary.columns) == ["pain"]
    assert [problem.line for problem in diary.problems] == [None, None]


def test_rows_of_another_length_are_used_only_where_nothing_can_be_misplaced(diary):
    """
    date,pain,sleep,note
    2025-04-01,5,7
    2025-04-02,6,7,tired, sore
    2025-04-03,7
    2025-04-04,8,8,
    """
    np.testing.assert_array_equal(diary.columns["pain"], [5, 6, NAN, 8])
    assert [problem.line for problem in diary.problems] == [3, 4]


def test_empty_trailing_cells_and_rows_of_delimiters_are_no_mistake(diary):
    """
    date,pain
    2025-04-01,5,,
    ,,
    """
    assert (diary.days, said(diary)) == (1, [])


def test_a_quotation_mark_that_never_closes_costs_no_other_row(diary):
    """
    date,pain,note
    2025-04-01,5,"bad night
    2025-04-02,6,good
    2025-04-03,7,"said ""no"", twice"
    """
    assert diary.columns["pain"].tolist() == [5, 6, 7]
    assert [problem.line for problem in diary.problems] == [2]


def test_a_byte_order_mark_and_excels_own_first_line_are_skipped(write):
    diary = read_table(write("\ufeffsep=;\r\ndate;pain\r\n2025-04-01;5\r\n"))
    assert diary.columns["pain"].tolist() == [5]
    assert diary.lines.tolist() == [3]
    assert said(diary) == []


def test_a_windows_file_keeps_its_numbers(write):
    text = "date,pain,Übelkeit,note\n2025-04-01,5,2,müde\n2025-04-02,6,3,ok\n"
    diary = read_table(write(text.encode("cp1252")))
    assert diary.columns["pain"].tolist() == [5, 6]
    assert diary.columns["Übelkeit"].tolist() == [2, 3]
    assert said(diary) == [
        "file: Column names hold bytes that are not UTF-8, read as Windows-1252: 'Übelkeit'. "
        "Save the file as UTF-8 (in Excel: 'CSV UTF-8').",
        "line 2: Column 'note' holds a byte (0xFC) that is not UTF-8; it looks like Windows-1252. "
        "Save the file as UTF-8 (in Excel: 'CSV UTF-8').",
    ]


def test_a_person_is_chosen_by_name(path):
    """
    person,date,pain
    Kim,2025-04-01,5
    Ada,2025-04-01,1
    Kim,2025-04-02,often
    """
    kim = read_table(path, person="Kim")
    np.testing.assert_array_equal(kim.columns["pain"], [5, NAN])
    assert [problem.line for problem in kim.problems] == [4]
    assert said(read_table(path, person="Ada")) == []
    with pytest.raises(InputError, match=r"2 persons: 'Kim', 'Ada'.*for example Kim.*as a cohort"):
        read_table(path)
    with pytest.raises(CallError, match="Did you mean 'Kim'"):
        read_table(path, person="kim")


def test_a_cohort_has_a_diary_a_person_and_says_who_is_missing(path):
    """
    person,day,pain
    b,1,5
    a,3,4
    b,3,6
    c,soon,1
    ,2,2
    """
    cohort = read_cohort(path)
    assert list(cohort) == ["b", "a"]
    assert cohort["b"].days == 3
    assert "Persons without a row that can be used: 'c'" in said(cohort["a"])[0]
    assert [problem.line for problem in cohort["a"].problems] == [None, 5, 6]


def test_one_persons_file_is_no_cohort(path):
    """
    date,pain
    2025-04-01,5
    """
    with pytest.raises(InputError, match="names no persons"):
        read_cohort(path)
    with pytest.raises(CallError, match="has no column 'person'"):
        read_table(path, person="Kim")


def test_values_outside_the_stated_range_are_unknown_with_their_line(diary):
    """
    date,Pain
    2025-04-02,55
    2025-04-01,5
    """
    checked = check_outcome(diary, "pain", (0, 10))
    np.testing.assert_array_equal(checked.columns["Pain"], [5, NAN])
    assert said(checked) == [
        "line 2: 2025-04-02: 'Pain' is 55, not 0 to 10. Correct the value, or give the right range."
    ]
    assert check_outcome(diary, "Pain", None) is diary


def test_problems_stay_few_whatever_the_file(write):
    rows = "".join(f"{day},{day % 2 or 'x'}\n" for day in range(30_000))
    diary = read_table(write("day,pain\n" + rows))
    assert len(diary.problems) == 1_001
    assert diary.problems[-1].what == "And 14,000 more problems that are not listed."
    assert len(check_outcome(diary, "pain", (5, 6)).problems) <= 1_002


def test_a_diary_cannot_be_changed_from_outside(diary):
    """
    date,pain
    2025-04-01,5
    """
    with pytest.raises(ValueError, match="read-only"):
        diary.columns["pain"][0] = 6
    with pytest.raises(TypeError):
        diary.columns["pain"] = diary.columns["pain"]


def year_file(write, days):
    start = datetime.date(2015, 1, 1)
    rows = [f"{start + datetime.timedelta(d)},{d % 10},7.{d % 10},4.5,22:30,fine\n" for d in range(days)]
    return write("date,pain,sleep_h,naltrexone_mg,naltrexone_time,note\n" + "".join(rows), f"{days}.csv")


def test_a_row_costs_few_calls_and_no_more_in_a_long_file(write):
    """Below ten milliseconds a year on one core of 2026, which is 24 Python calls a row."""
    year, ten_years = (python_calls(partial(read_table, year_file(write, days))) for days in (365, 3650))
    assert year < 40 * 365
    assert ten_years < 10 * year


@pytest.mark.slow
@pytest.mark.parametrize("header", ["day,pain", "person,day,pain"])
def test_a_million_rows_are_read(write, header):
    named = "p{}," if header.startswith("person") else ""
    rows = "".join(f"{named.format(d // 1000)}{d},{d % 11}\n" for d in range(1_000_000))
    read = (read_cohort if named else read_table)(write(f"{header}\n{rows}"))
    assert len(read) == 1_000 if named else read.days == 36_525


def test_importing_the_module_does_not_import_pyarrow():
    code = "import sys, nightdose.diary.table.table; print('pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_written_diary_is_a_table_for_people(diary):
    """
    date,pain,naltrexone_mg,naltrexone_time
    2025-04-03,5.5,3,07:05
    2025-04-01,6,0,
    """
    assert write_table(diary) == (
        "date,pain,naltrexone_mg,naltrexone_time\n2025-04-01,6,0,\n2025-04-02,,,\n2025-04-03,5.5,3,07:05\n"
    )
