"""Writing entries: nothing of a day to come, never a dose twice by mistake, a correction stays what it corrects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.keeping.people import TODAY, at, day, new_diary, scores, sealed_trial

from nightdose.diary.entry import Entry
from nightdose.diary.kept.files import DiaryError
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import corrections, entries
from nightdose.keeping.corrections import Meant
from nightdose.keeping.entries import SecondDose
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.table import table_of
from nightdose.protocol.doses import DoseInDoubt


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db") as opened:
        yield opened


def dose(item="naltrexone", value=1.5, on=0, clock=None, status="taken"):
    return Entry(day(on), "dose", item, value, "mg", status, at=at(on, clock) if clock else None)


def doses(store):
    """Day -> mg of naltrexone in the table."""
    return {when: cells.get("naltrexone_mg") for when, cells in table_of(store).table.rows}


def test_the_same_evening_twice_is_asked_about(store):
    entries.write(store, [dose()], TODAY)
    with pytest.raises(SecondDose, match="instead of it"):
        entries.write(store, [dose(value=3.0)], TODAY)
    assert doses(store) == {TODAY: 1.5}


@pytest.mark.parametrize("other", ["LDN", "Naltrexon", "low dose naltrexone", "NALTREXONE", "Revia", "Adepend"])
def test_other_names_of_one_medicine_are_one_medicine(other, store):
    entries.write(store, [dose()], TODAY)
    with pytest.raises(SecondDose):
        entries.write(store, [dose(other)], TODAY)


@pytest.mark.parametrize(
    ("one", "other"), [("ramipril", "loratadine"), ("Mucinex", "Sudafed"), ("ozanimod", "siponimod")]
)
def test_two_medicines_of_one_collective_word_are_two(one, other):
    assert not same_medicine(one, other)


def test_a_name_that_nobody_knows_beside_the_treatment_is_asked_about_until_both_were_said(store):
    known, unknown = (Entry(TODAY, "dose", name, 1.5, "mg", "taken") for name in ("naltrexone", "zzyqx"))
    with pytest.raises(SecondDose, match="may be another name"):
        entries.write(store, [known, unknown], TODAY)
    entries.write(store, [known], TODAY)
    with pytest.raises(SecondDose, match=r"dose of naltrexone on .* already"):
        entries.write(store, [unknown], TODAY)
    entries.write(store, [unknown], TODAY, repeat="again")
    entries.write(store, [replace(each, day=day(-1)) for each in (known, unknown)], TODAY)


def test_a_depot_of_the_same_substance_is_another_medicine():
    assert not same_medicine("Vivitrol", "naltrexone")


def test_instead_replaces_and_again_adds(store):
    entries.write(store, [dose()], TODAY)
    entries.write(store, [dose(value=3.0)], TODAY, repeat="instead")
    assert doses(store) == {TODAY: 3.0}
    entries.write(store, [dose(value=1.5)], TODAY, repeat="again")
    assert doses(store) == {TODAY: 4.5}


def test_instead_of_two_doses_leaves_one(store):
    entries.write(store, [dose(), dose(value=1.0)], TODAY, repeat="again")
    entries.write(store, [dose(value=3.0)], TODAY, repeat="instead")
    assert doses(store) == {TODAY: 3.0}


@pytest.mark.parametrize("repeat", ["ask", "instead"])
@pytest.mark.parametrize("other", ["naltrexone", "LDN"])
def test_one_dose_said_twice_in_one_breath_is_asked_about(repeat, other, store):
    with pytest.raises(SecondDose, match="in what you say now"):
        entries.write(store, [dose(), dose(other)], TODAY, repeat=repeat)
    assert store.entries() == ()


def test_a_dose_that_an_import_brought_is_a_dose_of_that_evening(store):
    store.add(replace(dose(), source="table", source_key="k"))
    with pytest.raises(SecondDose):
        entries.write(store, [dose("LDN")], TODAY)
    entries.write(store, [dose(value=3.0)], TODAY, repeat="instead")
    assert doses(store) == {TODAY: 3.0}


def test_a_dose_said_anew_is_one_transaction(store):
    """One of three doses cannot be withdrawn: then nothing of the evening is written, and no dose is gone."""
    entries.write(store, [dose(), dose(value=1.0), dose(value=0.5)], TODAY, repeat="again")
    before = store.history()
    store._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON entry WHEN NEW.withdrawn = 1 AND NEW.corrects = 2 "
        "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )
    with pytest.raises(DiaryError):
        entries.write(store, [dose(value=3.0), *said("pain", 4)], TODAY, repeat="instead")
    store._connection.execute("DROP TRIGGER full")
    assert store.history() == before


def said(name, value):
    return [Entry(TODAY, "score", name, value)]


def test_answers_of_the_same_evening_correct_a_score_and_leave_alone_what_is_said_again(store):
    entries.write(store, [*said("pain", 4), dose(clock="22:30")], TODAY, answers=True)
    entries.write(store, [*said("pain", 6), dose(clock="22:30")], TODAY, answers=True)
    assert [(row.entry.item, row.entry.value) for row in store.entries()] == [("naltrexone", 1.5), ("pain", 6)]


def test_a_missed_dose_after_a_taken_one_is_asked_about(store):
    entries.write(store, [dose()], TODAY)
    with pytest.raises(SecondDose):
        entries.write(store, [Entry(TODAY, "dose", "naltrexone", status="missed")], TODAY)


@pytest.mark.parametrize(("clock", "two"), [("08:00", True), ("20:01", False), ("21:59", False), ("22:00", True)])
def test_doses_two_hours_apart_are_two(clock, two, store):
    """A tablet at eight in the morning and one at eight in the evening are no slip of the hand."""
    entries.write(store, [dose("topiramate", 25, clock="20:00")], TODAY)
    second = dose("topiramate", 25, clock=clock)
    if two:
        entries.write(store, [second], TODAY)
    else:
        with pytest.raises(SecondDose):
            entries.write(store, [second], TODAY)


def test_rescue_tablets_of_one_day_are_many_but_one_minute_is_one_tablet(store):
    tablet = Entry(TODAY, "rescue", "ibuprofen", 400, "mg", "taken", at=at(0, "15:00"))
    later = Entry(TODAY, "rescue", "ibuprofen", 400, "mg", "taken", at=at(0, "15:20"))
    entries.write(store, [tablet, later], TODAY)
    with pytest.raises(SecondDose):
        entries.write(store, [tablet], TODAY)


def test_nothing_is_written_where_one_entry_is_of_a_day_to_come(store):
    with pytest.raises(CallError, match="has not come yet"):
        entries.write(store, [dose(), dose(on=1)], TODAY)
    assert not store.entries()


def test_a_dose_that_does_not_look_as_meant_is_said_again(store):
    with pytest.raises(DoseInDoubt, match=r"4\.5 mg"):
        entries.write(store, [dose(value=45)], TODAY)
    entries.write(store, [dose(value=45)], TODAY, said_again_mg=[45])
    assert doses(store) == {TODAY: 45}


def test_names_of_one_medicine_share_a_column(store):
    """LDN, naltrexone and Naltrexon on three days: one column, in the name of the drug's file."""
    entries.write(store, [dose("LDN", on=-2), dose("naltrexone", 3.0, on=-1), dose("Naltrexon", 4.5)], TODAY)
    assert table_of(store).table.columns == ("naltrexone_mg",)


def test_a_name_that_was_always_written_so_is_the_columns(store):
    entries.write(store, [dose("LDN", on=-1), dose("LDN")], TODAY)
    assert table_of(store).table.columns == ("LDN_mg",)


def test_a_brand_keeps_the_first_name_that_was_written(store):
    entries.write(store, [dose("Topamax", 25, on=-1), dose("topiramate", 50)], TODAY)
    assert table_of(store).table.columns == ("Topamax_mg",)


def test_a_correction_keeps_the_day_the_kind_and_the_item(store):
    scores(store, day(-6), value=8)
    done = corrections.correct(store, 1, Entry(TODAY, "score", "pain", 5), "typo")
    assert (done.after.day, done.after.kind, done.after.item, done.after.value) == (day(-6), "score", "pain", 5)
    assert not store.entries(day=TODAY)


def test_a_correction_moves_to_another_day_only_where_that_is_said(store):
    store.add(dose(on=-6, clock="22:30"))
    done = corrections.correct(store, 1, dose(value=3.0, clock="23:10"), meant=Meant(day(-5)))
    assert done.after.day == day(-5)
    assert done.after.at == at(-5, "23:10")


def test_what_a_correction_does_not_say_stays(store):
    """The amount was wrong: the clock time stays. The clock was wrong: the amount stays."""
    store.add(dose(on=-6, clock="22:30"))
    amount = corrections.correct(store, 1, dose(value=3.0))
    assert (amount.after.value, amount.after.at) == (3.0, at(-6, "22:30"))
    clock = corrections.correct(
        store, amount.number, Entry(TODAY, "dose", "naltrexone", status="taken", at=at(0, "23:00"))
    )
    assert (clock.after.value, clock.after.unit, clock.after.at) == (3.0, "mg", at(-6, "23:00"))


def test_a_taken_dose_that_was_missed_loses_its_amount(store):
    store.add(dose(on=-6, clock="22:30"))
    done = corrections.correct(store, 1, Entry(TODAY, "dose", "naltrexone", status="missed"))
    assert (done.after.status, done.after.value, done.after.at) == ("missed", None, None)


@pytest.mark.parametrize(
    "said",
    [
        Entry(TODAY, "score", "pain", 9), Entry(TODAY, "rescue", "naltrexone", 1.5, "mg", "taken"),
        Entry(TODAY, "dose", "topiramate", 25, "mg", "taken"), Entry(TODAY, "note", "note", text="x"),
    ],
)  # fmt: skip
def test_another_kind_or_another_item_is_refused(said, store):
    store.add(dose())
    with pytest.raises(CallError, match="Entry 1 is"):
        corrections.correct(store, 1, said)
    assert [row.number for row in store.entries()] == [1]


def test_another_name_of_the_medicine_is_no_other_item(store):
    store.add(dose("LDN"))
    assert corrections.correct(store, 1, dose("naltrexone", 3.0)).after.value == 3.0


@pytest.mark.parametrize("number", [0, -1, 9, 2**63, 10**30])
def test_a_number_that_no_entry_has_is_one_sentence(number, store):
    with pytest.raises(CallError, match="no current entry"):
        corrections.correct(store, number, dose())


def test_a_second_score_of_a_day_is_kept_and_said(store):
    entries.write(store, said("pain", 4), TODAY)
    done = entries.write(store, said("pain", 5), TODAY)
    assert done.warnings == (f"pain has 2 scores on {TODAY} now: 4 (entry 1), 5 (entry 2). The last of them counts.",)


def test_a_boxs_capsule_and_the_medicine_by_name_are_one_intake(store):
    entries.write(store, [Entry(TODAY, "dose", "capsule", status="taken")], TODAY)
    with pytest.raises(SecondDose):
        entries.write(store, [dose("LDN")], TODAY)
    entries.write(store, [dose("ibuprofen", 400)], TODAY)


def test_an_amount_written_in_a_blinded_box_is_asked_about(tmp_path):
    with new_diary(tmp_path / "blinded.db", answered=TODAY) as blinded:
        sealed_trial(blinded, run_in=0)
        done = entries.write(blinded, [dose("LDN", 4.5)], TODAY)
        assert "nobody knows its amount" in done.warnings[0]
        capsule = [Entry(TODAY, "dose", "capsule", status="taken")]
        assert entries.write(blinded, capsule, TODAY, repeat="instead").warnings == ()


def test_two_windows_at_once_do_not_double_a_dose(store, monkeypatch):
    """The other window writes its dose between this one's look at the evening and its writing."""
    looked = entries.doses_there

    def overtaken(here, entry):
        found = looked(here, entry)
        monkeypatch.setattr(entries, "doses_there", looked)
        with Store(store.path, None) as other:
            entries.write(other, [dose()], TODAY)
        return found

    monkeypatch.setattr(entries, "doses_there", overtaken)
    with pytest.raises(SecondDose):
        entries.write(store, [dose("LDN")], TODAY)
    assert doses(store) == {TODAY: 1.5}


def test_a_correction_to_a_tenfold_dose_is_said_twice(store):
    entries.write(store, [dose(value=4.5)], TODAY)
    with pytest.raises(DoseInDoubt, match=r"Is 4.5 mg meant"):
        corrections.correct(store, 1, dose(value=45.0))
    assert doses(store) == {TODAY: 4.5}
    corrections.correct(store, 1, dose(value=45.0), meant=Meant(said_again_mg=[45.0]))
    assert doses(store) == {TODAY: 45.0}


def test_a_dose_that_is_moved_to_a_day_with_a_dose_is_asked_about(store):
    entries.write(store, [dose(on=-1), dose(value=3.0)], TODAY)
    with pytest.raises(SecondDose):
        corrections.correct(store, 2, dose(value=3.0), meant=Meant(day(-1)))
    corrections.correct(store, 2, dose(value=3.0), meant=Meant(day(-1), "instead"))
    assert doses(store) == {day(-1): 3.0}


def test_a_guess_is_said_as_one():
    said = entries.in_words(Entry(day(0), "guess", "naltrexone", 0.5))
    assert said == "guess: 50 % that it was naltrexone"
