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
    assert moods == [2, 4]


def test_notes_lose_their_html_and_keep_their_words(file, choices):
    notes = [e.text for e in read(file("d.csv", TEXT), choices).entries if e.kind == "note"]
    assert [" ".join(note.split()) for note in notes] == ["Title a & b"]
