"""Days that a person says shall not be judged, as a column of the table."""

from nightdose.diary.table.table import read_table, write_table


def test_the_column_of_days_that_are_not_judged_is_read_with_its_reasons(write):
    """Words are reasons; an empty cell, 0 and no are judged; two rows of one day keep the first reason."""
    rows = ["date,pain,not_judged", "2026-01-01,3,steroids", "2026-01-02,4,", "2026-01-03,5,0", "2026-01-04,5,no"]
    rows += ["2026-01-05,6,infection", "2026-01-06,2,steroids", "2026-01-06,2,infection"]
    diary = read_table(write("\n".join(rows)))
    assert diary.judged.tolist() == [False, True, True, True, False, False]
    assert diary.why_left_out() == {"steroids": 2, "infection": 1}
    assert "not_judged" not in diary.columns
    assert [problem.line for problem in diary.problems] == [8]  # the second row of a day; the first reason is kept


def test_a_diary_with_days_that_are_not_judged_is_written_and_read_back(write):
    diary = read_table(write("date,pain,not_judged\n2026-01-01,3,steroids\n2026-01-02,4,\n2026-01-03,4,infection\n"))
    again = read_table(write(write_table(diary)))
    assert again.why_left_out() == diary.why_left_out()
    assert again.judged.tolist() == diary.judged.tolist()
