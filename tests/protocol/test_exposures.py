"""The gates see the whole diary: what was logged or imported counts as what was told."""

import datetime

import pytest

from nightdose.diary.entry import Entry
from nightdose.knowledge.interactions import questions
from nightdose.protocol.exposures import exposures_from
from nightdose.protocol.gates import SafetyRecord, judge
from nightdose.protocol.interview import Answers, Instruction, Medicine

TODAY = datetime.date(2026, 11, 22)
NO_TO_ALL = {question.id: False for question in questions()}


def ago(days):
    return TODAY - datetime.timedelta(days=days)


def refusing(*entries, medicines=(), instructions=(), start=TODAY):
    record = SafetyRecord(Answers(ago(30), medicines, NO_TO_ALL, complete=True), exposures_from(entries), instructions)
    return {gate.key for gate in judge(record, start, TODAY).gates if gate.refuses}


@pytest.mark.parametrize(
    "entry",
    [
        Entry(TODAY, "rescue", "tramadol", 50, "mg", "taken"),
        Entry(TODAY, "dose", "tramadol", 50, "mg", "taken"),
        Entry(TODAY, "dose", "tramadol", 50, "mg", "late"),
        Entry(TODAY, "dose", "tramadol", status="unknown"),
        Entry(TODAY, "medicine", "tramadol", status="start"),
        Entry(TODAY, "medicine", "tramadol", status="taper"),
        Entry(TODAY, "medicine", "tramadol", status="stop"),
        Entry(TODAY, "event", "had tramadol after the dentist", text="had tramadol after the dentist"),
        Entry(TODAY, "dose", "tramadol", 50, "mg", "taken", source="bearable"),
        Entry(TODAY, "score", "tramadol", 1, source="loop-habit"),
        Entry(TODAY, "measure", "Tramadol (count)", 2, source="generic"),
        Entry(TODAY, "lab", "tramadol in urine", 3, "ng/mL"),
        Entry(TODAY, "note", "note", text="LDN + tramadol"),
        Entry(TODAY, "note", "note", text="slept badly. " * 200 + "Dentist gave Tramadol.", source="table"),
        Entry(TODAY, "note", "note", text="Зубной: трамадол"),
    ],
    ids=lambda entry: f"{entry.kind}-{entry.status}-{entry.source}",
)
def test_a_logged_tramadol_closes_the_gate_as_a_told_one_does(entry):
    assert refusing(entry) == {"tramadol:tramadol"}
    assert refusing(medicines=(Medicine("tramadol"),)) == {"tramadol:tramadol"}


@pytest.mark.parametrize(
    "entry",
    [
        Entry(TODAY, "dose", "tramadol", status="missed"),
        Entry(TODAY, "score", "tramadol", 0, source="loop-habit"),
        Entry(TODAY, "note", "note", text="the surgeon's heroic parade on state television"),
        Entry(TODAY, "event", "hospitality at the co-op", text="hospitality at the co-op"),
        Entry(TODAY, "note", "note", text="prednisone in March made it worse"),
        Entry(ago(10), "note", "note", text="tramadol from the dentist"),
        Entry(TODAY, "dose", "capsule", status="taken"),
        Entry(TODAY, "event", "journey to my sister's", text="journey to my sister's"),
        Entry(TODAY, "side_effect", "vivid dreams", 3),
        Entry(TODAY, "score", "fatigue", 3),
    ],
    ids=lambda entry: f"{entry.kind}-{entry.item}",
)
def test_what_was_not_taken_closes_nothing(entry):
    assert refusing(entry) == set()


@pytest.mark.parametrize(
    ("kind", "words", "gate"),
    [
        ("note", "codien for the cough", "opioid:codien"),
        ("note", "two percs", "opioid:percs"),
        ("note", "oxy", "opioid:oxy"),
        ("note", "T3s", "opioid:t3s"),
        ("event", "took an oxy", "opioid:oxy"),
        ("event", "hydrocodne", "opioid:hydrocodne"),
        ("event", "Tramadoltropfen", "tramadol:tramadoltropfen"),
        ("event", "epidural, PCA", "procedure:epidural"),
        ("event", "Zahn-OP", "procedure:op"),
        ("note", "had surgery, general anaesthesia", "procedure:surgery"),
    ],
)
def test_slips_short_names_and_operations_in_words_are_asked_about(kind, words, gate):
    assert gate in refusing(Entry(TODAY, kind, "note" if kind == "note" else words, text=words))
    assert refusing(Entry(ago(10), kind, "note" if kind == "note" else words, text=words)) == set()


def test_a_depot_in_a_note_is_never_over_by_time():
    note = Entry(ago(200), "note", "note", text="the monthly shot of buprenorphine")
    assert refusing(note) == {"opioid_depot:buprenorphine depot"}


def test_an_event_counts_to_its_last_day():
    stay = Entry(ago(30), "event", "hospital", text="hospital", extra={"until": ago(9).isoformat()})
    assert refusing(stay) == {"procedure:hospital"}
    assert refusing(stay, start=TODAY + datetime.timedelta(days=1)) == set()
    to_come = Entry(ago(1), "event", "hospital", text="hospital", extra={"until": ago(-5).isoformat()})
    assert refusing(to_come) == {"procedure:hospital"}


def test_the_opioid_free_time_counts_from_the_last_logged_day():
    entries = [Entry(ago(days), "rescue", "codeine", 30, "mg", "taken") for days in (40, 9)]
    assert refusing(*entries) == {"opioid:codeine"}
    assert refusing(*entries, start=TODAY + datetime.timedelta(days=1)) == set()


def test_a_medicine_that_was_started_and_never_stopped_is_still_taken():
    started = Entry(ago(300), "medicine", "methadone", 40, "mg", "start")
    assert refusing(started) == {"opioid_long:methadone"}
    assert refusing(started, Entry(ago(20), "medicine", "methadone", status="stop")) == set()


def test_a_name_that_nobody_knows_is_asked_about_when_it_was_taken():
    assert refusing(Entry(TODAY, "rescue", "zzyqx", 1, "tablet", "taken")) == {"unknown_medicine:zzyqx"}
    assert refusing(Entry(TODAY, "event", "zzyqx festival", text="zzyqx festival")) == set()


def word(given):
    return Instruction("opioid:codeine", "Dr Lind", "May be taken together, she said.", given)


def test_a_dose_logged_after_the_prescribers_word_is_not_cleared_by_it():
    taken = Entry(TODAY, "rescue", "codeine", 30, "mg", "taken")
    assert refusing(taken, instructions=(word(ago(1)),)) == {"opioid:codeine"}
    assert refusing(taken, instructions=(word(TODAY),)) == set()


def test_logged_doses_of_what_is_known_to_be_taken_all_along_are_no_news():
    told = (Medicine("codeine", named=ago(20)),)
    taken = Entry(TODAY, "rescue", "codeine", 30, "mg", "taken")
    assert refusing(taken, medicines=told, instructions=(word(ago(10)),)) == set()


def steroid(*days_ago):
    return [Entry(ago(days), "dose", "prednisone", 20, "mg", "taken") for days in days_ago]


def test_a_steroid_that_was_logged_within_a_month_is_taken_now():
    assert refusing(*steroid(30)) == {"steroid:prednisone"}
    assert refusing(*steroid(31)) == set()
    assert refusing(Entry(ago(3), "event", "prednisone burst", text="prednisone burst")) == {"steroid:prednisone"}


def test_a_steroid_that_was_told_to_be_stopped_since_is_over():
    told = Medicine("prednisone", current=False, last_taken=ago(3), named=ago(1))
    assert refusing(*steroid(5, 4, 3), medicines=(told,)) == set()
    assert refusing(*steroid(5, 4, 2), medicines=(told,)) == {"steroid:prednisone"}
    assert refusing(*steroid(4), Entry(ago(3), "medicine", "prednisone", status="stop")) == set()


def test_the_next_dose_of_a_confirmed_spell_needs_no_new_word_and_a_new_spell_does():
    word = Instruction("steroid:prednisone", "Dr Lind", "May be taken together, she said.", ago(3))
    assert refusing(*steroid(5, 4, 3, 2, 1, 0), instructions=(word,)) == set()
    assert refusing(*steroid(40, 1), instructions=(word,)) == {"steroid:prednisone"}


@pytest.mark.parametrize(
    "words", ["relistor injection for constipation", "started movantik 25", "methylnaltrexone", "carry a narcan spray"]
)
def test_a_note_that_names_what_is_given_beside_an_opioid_is_asked_about(words):
    """Methylnaltrexone and its relatives are for people who take an opioid: which one is it?"""
    assert {gate.split(":")[0] for gate in refusing(Entry(TODAY, "note", words))} == {"opioid_blocker"}
