"""Bearable, both headers: told apart by their names; nothing is invented."""

import pytest

from nightdose.diary.importers import detect
from nightdose.diary.importers.bearable import read
from nightdose.diary.importers.imported import Choices

OLD = """date,weekday,time of day,category,rating/amount,detail,notes
"22nd Sep 2020","Tuesday","pm","Symptom","1","Headache (Mild)",""
"22nd Sep 2020","Tuesday","03:00","Mood","6","Meh | Anxious",""
"22nd Sep 2020","Tuesday","22:30","Meds/Supplements","4.5","LDN (mg)",""
"22nd Sep 2020","Tuesday","21:00","Meds/Supplements","1","Rizatriptan (tablet)",""
"22nd Sep 2020","Tuesday","all day","Factors","","Quiet day | Work",""
"23rd Sep 2020","Wednesday","","Sleep","7:30","Asleep 23:10 - 06:40","slept well"
"""
NEW = """date,date formatted,weekday,time of day,category,rating/amount,detail,notes
"1st Nov 2024","2024-11-01","Friday","am","Symptom","3","Back (lower) pain (Severe)",""
"1st Nov 2024","2024-11-01","Friday","","Energy","2","",""
"""


def by_item(imported):
    return {entry.item: entry for entry in imported.entries}


def test_the_old_header(file, choices):
    path = file("export.csv", OLD)
    assert detect(path) == "bearable"
    found = by_item(read(path, Choices(day=choices.day, rescue=frozenset({"rizatriptan"}))))
    assert (found["Headache"].kind, found["Headache"].value) == ("score", 1)
    assert (found["LDN"].kind, found["LDN"].value, found["LDN"].unit) == ("dose", 4.5, "mg")
    assert found["LDN"].at.isoformat() == "2020-09-22T22:30:00+02:00"
    assert found["Rizatriptan"].kind == "rescue"
    assert (found["sleep"].value, found["sleep"].unit) == (7.5, "h")
    assert found["note"].text == "slept well"


def test_the_new_header(file, choices):
    found = by_item(read(file("export.csv", NEW), choices))
    assert found["Back (lower) pain"].value == 3
    assert found["energy"].day.isoformat() == "2024-11-01"


def test_a_mood_at_three_in_the_night_belongs_to_the_day_before(file, choices):
    assert by_item(read(file("export.csv", OLD), choices))["mood"].day.isoformat() == "2020-09-21"


def test_days_without_a_symptom_are_left_empty_and_that_is_said(file, choices):
    imported = read(file("export.csv", OLD), choices)
    assert [entry.day.isoformat() for entry in imported.entries if entry.item == "Headache"] == ["2020-09-22"]
    assert any("not zero" in problem.what for problem in imported.problems)
    assert imported.left_out == {"Factors": 1}


@pytest.mark.parametrize("bad", ["30th Feb 2020", "yesterday", ""])
def test_a_bad_date_is_a_problem_with_its_line(file, choices, bad):
    imported = read(file("export.csv", OLD.replace("23rd Sep 2020", bad)), choices)
    assert any(problem.line == 7 and "not a date" in problem.what for problem in imported.problems)
    assert len(imported.entries) == 4
