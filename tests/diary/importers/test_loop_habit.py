"""Loop Habit Tracker: an automatic check is no dose, and a 'no' may only be the app's empty day."""

from nightdose.diary.importers import detect
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.loop_habit import read

HABITS = """Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,\
Target Type,Target Value,Archived?
001,LDN,YES_NO,Taken?,,1,1,#FF8F00,,,,false
002,Pain,NUMERICAL,How bad?,,1,1,#00897B,points,0,0,false
"""
OWN = "Date,Value,Notes\n2026-11-20,YES_MANUAL,\n2026-11-19,YES_AUTO,\n2026-11-18,NO,\n2026-11-17,UNKNOWN,\n"
PAIN = "Date,Value,Notes\n2026-11-20,4,\n"


def members(**more):
    return {"Habits.csv": HABITS, "Checkmarks.csv": "Date,LDN,\n2026-11-20,2,\n2026-11-19,1,\n", **more}


def doses(imported):
    return [(e.day.isoformat(), e.status, e.value) for e in imported.entries if e.kind == "dose"]


def test_only_manual_checks_are_doses(archive):
    path = archive("loop.zip", members(**{"001 LDN/Checkmarks.csv": OWN, "002 Pain/Checkmarks.csv": PAIN}))
    assert detect(path) == "loop"
    imported = read(path, Choices(mg_per_unit={"ldn": 1.5}))
    assert doses(imported) == [("2026-11-20", "taken", 1.5)]
    assert [e.value for e in imported.entries if e.item == "Pain"] == [4]
    assert any("1 days are 'automatic'" in problem.what for problem in imported.problems)


def test_a_no_counts_only_when_the_person_says_that_it_was_answered(archive):
    path = archive("loop.zip", members(**{"001 LDN/Checkmarks.csv": OWN}))
    imported = read(path, Choices(mg_per_unit={"LDN": 1.5}, no_means_no=True))
    assert ("2026-11-18", "missed", None) in doses(imported)


def test_the_common_table_of_old_exports_is_read_too(archive):
    imported = read(archive("loop.zip", members()), Choices(mg_per_unit={"LDN": 1.5}))
    assert doses(imported) == [("2026-11-20", "taken", 1.5)]
