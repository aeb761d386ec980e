"""Daylio: moods are words, and a word without a number is asked for."""

from nightdose.diary.importers import detect
from nightdose.diary.importers.daylio import read
from nightdose.diary.importers.imported import Choices

TEXT = """full_date,date,weekday,time,mood,activities,note_title,note
2021-09-28,28 September,Tuesday,10:00 pm,sad ,"clean | music","",""
2021-09-27,27 September,Tuesday,11:00 pm,good,"","Title","<div>a &amp; b<br></div>"
"""


def test_known_moods_become_numbers_and_unknown_ones_are_asked_for(file, choices):
    path = file("daylio.csv", TEXT)
    assert detect(path) == "daylio"
    imported = read(path, choices)
    assert [(e.day.isoformat(), e.value) for e in imported.entries if e.kind == "score"] == [("2021-09-27", 4)]
    assert "'sad' has no number" in imported.problems[0].what


def test_the_person_gives_the_number_of_a_renamed_mood(file):
    moods = [e.value for e in read(file("d.csv", TEXT), Choices(moods={"Sad": 2})).entries if e.item == "mood"]
    assert moods == [4, 2]


def test_notes_lose_their_html_and_keep_their_words(file, choices):
    notes = [e.text for e in read(file("d.csv", TEXT), choices).entries if e.kind == "note"]
    assert [" ".join(note.split()) for note in notes] == ["Title a & b"]


def test_the_header_of_2018_has_its_year_in_a_column_of_its_own(file, choices):
    old = """year,date,weekday,time,mood,activities,note
2018,18 May,Friday,11:54 pm,good,"clean | cook","Went to a party"
2018,May 17,Thursday,10:21 pm,meh,"",""
"""
    moods = [(e.at.isoformat(), e.value) for e in read(file("d.csv", old), choices).entries if e.kind == "score"]
    assert moods == [("2018-05-17T22:21:00+02:00", 3), ("2018-05-18T23:54:00+02:00", 4)]


def test_scales_are_scores_of_their_own_names(file, choices):
    new = """full_date,date,weekday,time,mood,activities,scales,note_title,note
2026-07-27,July 27,Monday,13:48,meh,work,Pain: 6 | Stress: level: 2.5/10,,
2026-07-26,July 26,Sunday,23:20,rad,,Pain,,
"""
    imported = read(file("d.csv", new), choices)
    assert {e.item: e.value for e in imported.entries if e.day.day == 27} == {
        "mood": 3,
        "Pain": 6,
        "Stress: level": 2.5,
    }
    assert any("'Pain' has no name and number" in problem.what for problem in imported.problems)


def test_the_newest_entry_stands_first_and_is_the_last_of_the_day(file, choices):
    text = (
        TEXT.splitlines()[0]
        + "\n"
        + "".join(
            f"2026-03-01,March 1,Sunday,{clock},{mood},,,\n" for clock, mood in (("20:39", "awful"), ("08:20", "rad"))
        )
    )
    assert [e.value for e in read(file("d.csv", text), choices).entries] == [5, 1]
