"""A row of a cohort says in words what of a person's table could not be used, without becoming a list."""

import pytest

from nightdose.diary.records import Problem
from nightdose.export.frames import not_used


@pytest.mark.parametrize(
    ("kinds", "end"), [(3, "line 3: what 3"), (4, "line 3: what 3 and one other kind"), (6, "and 3 other kinds")]
)
def test_three_kinds_of_problem_are_told_and_the_others_counted(kinds, end):
    assert not_used([Problem(i, f"what {i}", f"remedy {i}") for i in range(1, kinds + 1)]).endswith(end)


def test_more_lines_of_one_kind_are_counted_behind_the_first():
    assert not_used([Problem(i, "what", "remedy") for i in (4, 7, 9)]) == (
        "line 4: what (and 2 more lines like it, the last is 9)"
    )


def test_what_a_line_shows_stands_before_what_is_only_counted():
    said = not_used([Problem(None, "And 15 more problems that are not listed.", ""), Problem(6, "what", "remedy")])
    assert said == "line 6: what And 15 more problems that are not listed."
