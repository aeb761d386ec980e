"""A dose that was hardly meant is asked about; one above the label's range needs the prescriber's recorded word."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.diary.entry import Entry
from nightdose.errors import CallError
from nightdose.knowledge.drugs import drug
from nightdose.protocol.doses import (
    DoseInDoubt,
    accepted_dose,
    doubtful_doses,
    is_dose_gate,
    milligrams,
    plausible_dose,
    read_dose,
)
from nightdose.protocol.interview import Instruction

TODAY = datetime.date(2026, 11, 27)
BOUNDS = drug("naltrexone").dose_bounds


@pytest.mark.parametrize(
    ("mg", "state"),
    [(0.0999, "ask"), (0.1, "plausible"), (0.5, "plausible"), (4.5, "plausible"), (4.51, "ask"), (6, "ask"),
     (50, "ask"), (50.01, "refused"), (450, "refused")],
)  # fmt: skip
def test_the_range_is_held_from_both_sides(mg, state):
    assert plausible_dose(mg).state == state


@pytest.mark.parametrize(
    ("amount", "unit", "meant"),
    [(45, "mg", "4.5 mg"), (15, "mg", "1.5 mg"), (30, "mg", "3 mg"), (450, "mg", "4.5 mg"), (300, "mg", "3 mg"),
     (4500, "mg", "4.5 mg (4500 micrograms)"), (1500, "mg", "1.5 mg (1500 micrograms)"),
     (4.5, "g", "4.5 mg (4500 micrograms)"),
     (4.5, "mcg", "4.5 mg"), (1.5, "µg", "1.5 mg")],
)  # fmt: skip
def test_a_slip_of_the_point_or_the_unit_is_named(amount, unit, meant):
    assert f"Is {meant} meant?" in plausible_dose(amount, unit).sentence


@pytest.mark.parametrize(
    ("text", "mg"),
    [
        ("4.5", 4.5),
        ("4,5 mg", 4.5),
        ("4500 mcg", 4.5),
        ("4500µg", 4.5),
        ("4500μg", 4.5),
        ("0.0045 g", 4.5),
        ("3 MG.", 3),
    ],
)
def test_units_are_read(text, mg):
    assert read_dose(text) == pytest.approx(mg, abs=1e-12)


@pytest.mark.parametrize("text", ["4.5 ml", "2 drops", "1 cc", "4.5 stones", "lots", "", "-3", "1e3", "4.5 mg 3"])
def test_what_is_not_a_dose_in_mg_is_refused_with_a_sentence(text):
    with pytest.raises(CallError):
        read_dose(text)


def test_a_volume_says_what_to_do():
    with pytest.raises(CallError, match=r"is a volume.*Give the dose in mg"):
        milligrams(4.5, "ml")


def test_a_dose_above_the_low_range_is_accepted_when_it_is_said_again():
    check = plausible_dose(6)
    with pytest.raises(DoseInDoubt, match=r"ends at 4\.5 mg"):
        accepted_dose(check)
    with pytest.raises(DoseInDoubt):
        accepted_dose(check, said_again_mg={6.5})
    assert accepted_dose(check, said_again_mg={6}) == 6


def test_a_dose_above_the_label_needs_the_prescribers_word_about_this_dose():
    check = plausible_dose(100)
    word = Instruction(check.key, "Dr Lind", "100 mg every second day, she said.", TODAY)
    with pytest.raises(DoseInDoubt, match=r"liver injury.*Ask your prescriber"):
        accepted_dose(check, said_again_mg={100})
    assert accepted_dose(check, instructions=(word,)) == 100
    with pytest.raises(DoseInDoubt):
        accepted_dose(plausible_dose(450), instructions=(word,))


def test_the_key_of_a_dose_is_known_as_one():
    assert is_dose_gate(plausible_dose(100).key)
    assert is_dose_gate(plausible_dose(62.5).key)
    assert not is_dose_gate("opioid:codeine")


@pytest.mark.parametrize("name", ["naltrexone", "LDN", "ldn", "Naltrexon", "low dose naltrexone"])
def test_logged_doses_of_the_treatment_are_looked_at_under_all_its_names(name):
    taken = [Entry(TODAY, "dose", name, mg, "mg", "taken") for mg in (4.5, 45)]
    assert [check.mg for _, check in doubtful_doses(taken)] == [45]


def test_other_medicines_and_counted_tablets_are_not_doses_of_the_treatment():
    taken = [("topiramate", 100, "mg"), ("LDN", 30, "drops"), ("LDN", 60, "tablet")]
    entries = [Entry(TODAY, "dose", name, amount, unit, "taken") for name, amount, unit in taken]
    entries.append(Entry(TODAY, "dose", "LDN", status="missed"))
    assert [check.state for _, check in doubtful_doses(entries)] == ["ask"]  # the drops: a volume


def test_a_drug_without_bounds_is_not_judged():
    assert plausible_dose(5000, "mg", "riboflavin").state == "plausible"


@settings(deadline=None)
@given(st.floats(0.05, 4.5))
def test_no_tenfold_slip_of_a_usual_dose_passes_unasked(mg):
    """Ten times any dose from 0.45 mg on, a hundred or a thousand times any studied dose."""
    assert mg * 10 <= BOUNDS.asked_above_mg or plausible_dose(mg * 10).state != "plausible"
    assert plausible_dose(mg * 100).state != "plausible" or mg * 100 <= BOUNDS.asked_above_mg
    assert plausible_dose(mg * 1000).state != "plausible"


def test_the_bounds_have_their_sources():
    assert (BOUNDS.asked_below_mg, BOUNDS.asked_above_mg, BOUNDS.refused_above_mg) == (0.1, 4.5, 50)
