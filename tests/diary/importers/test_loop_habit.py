"""Loop Habit Tracker: an automatic check is not a dose, and a 'no' may only be the app's empty day."""

from nightdose.diary.importers import detect
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.loop_habit import read

HABITS = """Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,\
Target Type,Target Value,Archived?
001,LDN,YES_NO,Taken?,,1,1,#FF8F00,,,,false
002,Pain,NUMERICAL,How bad?,,1,1,#00897B,points,0,0,false
"""
OWN = "Date,Value,Notes\n2026-11-20,YES_MANUAL,\n2026-11-19,YES_AUTO,\n2026-11-18,NO,\n2026-11-17,UNKNOWN,\n"
PAIN = "Date,Value,Notes\n2026-11-20,4000,\n2026-11-19,NO,\n2026-11-18,SKIP,\n2026-11-17,UNKNOWN,\n2026-11-16,6500,\n"


def members(**more):
    return {"Habits.csv": HABITS, "Checkmarks.csv": "Date,LDN,\n2026-11-20,2,\n2026-11-19,1,\n", **more}


def doses(imported):
    return [(e.day.isoformat(), e.status, e.value) for e in imported.entries if e.kind == "dose"]


def test_only_manual_checks_are_doses(archive):
    path = archive("loop.zip", members(**{"001 LDN/Checkmarks.csv": OWN, "002 Pain/Checkmarks.csv": PAIN}))
    assert detect(path) == "loop"
    imported = read(path, Choices(mg_per_unit={"ldn": 1.5}))
    assert doses(imported) == [("2026-11-20", "taken", 1.5)]
    assert [e.day.isoformat() for e in imported.entries if e.kind == "dose"] == ["2026-11-20"]
    assert any("1 days are 'automatic'" in problem.what for problem in imported.problems)


def test_a_no_counts_only_when_the_person_says_that_it_was_answered(archive):
    path = archive("loop.zip", members(**{"001 LDN/Checkmarks.csv": OWN}))
    imported = read(path, Choices(mg_per_unit={"LDN": 1.5}, no_means_no=True))
    assert ("2026-11-18", "missed", None) in doses(imported)


def test_the_common_table_of_old_exports_is_read_too(archive):
    imported = read(archive("loop.zip", members()), Choices(mg_per_unit={"LDN": 1.5}))
    assert doses(imported) == [("2026-11-20", "taken", 1.5)]


def test_a_number_habit_is_stored_in_thousandths_and_its_zero_is_written_no(archive):
    """Loop writes 4 as 4000, an entered 0 as NO; a skipped day is not a score."""
    path = archive("loop.zip", members(**{"002 Pain/Checkmarks.csv": PAIN}))
    pain = [(e.day.isoformat(), e.value) for e in read(path, Choices()).entries if e.item == "Pain"]
    assert pain == [("2026-11-16", 6.5), ("2026-11-19", 0), ("2026-11-20", 4)]


def test_a_number_habit_counts_capsules_where_the_person_says_their_mg(archive):
    """Three capsules of 1.5 mg are 4.5 mg; an entered 0 is a missed dose."""
    habits = HABITS.replace("LDN,YES_NO", "LDN,NUMERICAL")
    own = "Date,Value,Notes\n2026-11-20,3000,\n2026-11-19,NO,\n"
    path = archive("loop.zip", {"Habits.csv": habits, "Checkmarks.csv": "Date,LDN,\n", "001 LDN/Checkmarks.csv": own})
    assert doses(read(path, Choices(mg_per_unit={"LDN": 1.5}))) == [
        ("2026-11-19", "missed", None), ("2026-11-20", "taken", 4.5),
    ]  # fmt: skip


def test_names_come_from_the_table_of_habits_not_from_the_folders(archive):
    """A folder's name lacks the letters that file names may not have."""
    habits = HABITS.replace("002,Pain,", '002,"Pain: back/neck",')
    path = archive(
        "loop.zip", {"Habits.csv": habits, "Checkmarks.csv": "Date,\n", "002 Pain backneck/Checkmarks.csv": PAIN}
    )
    assert {e.item for e in read(path, Choices()).entries} == {"Pain: back/neck"}


def test_two_habits_of_one_name_are_two_things(archive):
    habits = HABITS.replace("LDN,YES_NO", "Pain,NUMERICAL")
    other = PAIN.replace("4000", "9000")
    path = archive("loop.zip", {"Habits.csv": habits, "Checkmarks.csv": "Date,\n", "001 Pain/Checkmarks.csv": other,
                                "002 Pain/Checkmarks.csv": PAIN})  # fmt: skip
    values = {e.item: e.value for e in read(path, Choices()).entries if e.day.day == 20}
    assert values == {"Pain 001": 9, "Pain 002": 4}
