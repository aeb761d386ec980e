"""After the reveal each capsule becomes what it was."""

import datetime

from nightdose.diary.entry import Entry
from nightdose.diary.kept.daily import daily_table
from nightdose.protocol.revealed import assigned_mg, revealed
from nightdose.protocol.trial import TrialDesign

START = datetime.date(2026, 11, 23)
DESIGN = TrialDesign("randomised_blocks", START, run_in_days=1, pairs=1, block_days=2, blinded=True)


def day(number):
    return START + datetime.timedelta(days=number)


def test_capsules_become_doses_or_nights_without():
    """Day 0 run-in; days 1-2 a box without; days 3-4 a box with 4.5 mg, one of them missed."""
    entries = [Entry(day(number), "score", "pain", 4) for number in range(5)]
    entries += [Entry(day(number), "dose", "capsule", status="taken") for number in (1, 2, 3)]
    entries += [Entry(day(4), "dose", "capsule", status="missed")]
    assigned = assigned_mg(DESIGN, ("off", "on"), lambda day: 4.5)
    table = daily_table(revealed(entries, assigned, "naltrexone"), assigned={"naltrexone": assigned})
    assert [cells["naltrexone_mg"] for _, cells in table.rows] == [0, 0, 0, 4.5, 0]
    assert [cells["naltrexone_assigned_mg"] for _, cells in table.rows] == [0, 0, 0, 4.5, 4.5]


def test_a_night_nobody_remembers_stays_unknown_in_an_active_box():
    entries = [Entry(day(3), "dose", "capsule", status="unknown"), Entry(day(4), "score", "pain", 4)]
    assigned = assigned_mg(DESIGN, ("off", "on"), lambda day: 4.5)
    table = daily_table(revealed(entries, assigned, "naltrexone"))
    assert all("naltrexone_mg" not in cells for _, cells in table.rows)
