"""Migraine Buddy's report: columns by their titles, dates never guessed, attacks only."""

import pytest

from nightdose.diary.importers import detect
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.migraine_buddy import read
from nightdose.errors import InputError

PAGE = """<!DOCTYPE html><html><head><title>Migraine Listing</title></head><body>
<table><thead class="header"><tr><td rowspan="2">#</td><td>Started</td><td>Lasted</td><td>Pain Level</td>
<td>Affected Activities</td><td> Potential Triggers <br>(including menstruations) </td><td>Symptoms</td><td>Auras</td>
<td colspan="2">Pain Position</td><td>Medication</td><td>Relief</td></tr></thead><tbody>
<tr><td>54</td><td><div><span> {date} 21:06 </span><br>Location:<div> Out </div></div></td><td> 06h 00m <br></td>{gap}
<td> 5 </td><td> Woke up </td><td> Alcohol </td><td> Throbbing </td><td> No </td><td> Left Temple </td><td> </td>
<td><div><b>Helpful</b> - 1x Sumatriptan, 2x Naproxen sodium 550mg Oral</div></td>
<td><div class="relief-methods"><b>Unhelpful</b> - Sleep</div></td>
<td colspan="14" class="notes"><pre><strong>Notes:</strong> bad day</pre></td></tr>
</tbody></table></body></html>"""


@pytest.mark.parametrize("gap", ["", "<td> </td>"])
def test_an_attack_with_its_pain_length_and_medicines(file, choices, gap):
    path = file("report.html", PAGE.format(date="22/12/18", gap=gap))
    assert detect(path) == "migraine-buddy"
    imported = read(path, choices)
    found = {(e.kind, e.item): e.value for e in imported.entries}
    assert found == {
        ("score", "attack pain"): 5,
        ("measure", "attack length"): 6,
        ("note", "note"): None,
        ("rescue", "Sumatriptan"): 1,
        ("rescue", "Naproxen sodium 550mg Oral"): 2,
    }
    assert imported.entries[0].at.isoformat() == "2018-12-22T21:06:00+01:00"
    assert any("not zero" in problem.what for problem in imported.problems)


def test_a_date_that_can_be_read_two_ways_is_asked_for(file, choices):
    path = file("report.html", PAGE.format(date="10/12/18", gap=""))
    with pytest.raises(InputError, match="dmy or mdy"):
        read(path, choices)
    days = {order: read(path, Choices(date_order=order)).entries[0].day.isoformat() for order in ("dmy", "mdy")}
    assert days == {"dmy": "2018-12-10", "mdy": "2018-10-12"}


def test_another_page_is_said_to_be_another(file, choices):
    with pytest.raises(InputError, match="no table with Started"):
        read(file("x.html", "<html><table><tr><td>1</td></tr></table>"), choices)


NEWER = """<html><title>Migraine Listing</title>
<table><tr><td>Time Period:</td><td>31/07/18 - 14/12/18</td></tr></table>
<table><tr><td>#</td><td>Started &amp; Lasted</td><td>Attack Type</td><td>Pain Level</td><td>Medication</td></tr>
<tr><td>2</td><td>Started: <span>10/12/18 21:06</span> Lasted: <div>06h 30m</div></td><td>Don't know yet</td><td>5</td>
<td>Unsure - 1x Sumatriptan</td></tr><tr><td colspan="14" class="notes">Notes: in the night</td></tr></table>"""


def test_the_newer_report_with_one_column_for_start_and_length(file, choices):
    """The period at its top settles the order of day and month."""
    entries = read(file("report.html", NEWER), choices).entries
    assert [(e.kind, e.item, e.value, e.text) for e in entries] == [
        ("score", "attack pain", 5, ""),
        ("measure", "attack length", 6.5, ""),
        ("note", "note", None, "in the night"),
        ("rescue", "Sumatriptan", 1, ""),
    ]
    assert {e.day.isoformat() for e in entries} == {"2018-12-10"}
