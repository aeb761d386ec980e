"""Regimens read, written and refused."""

import pytest

from nightdose.errors import CallError
from nightdose.mechanism.regimen import PRESETS, DoseStep, Regimen, parse_regimen


def hours(regimen, days):
    return [(event.time_h, round(event.amount, 6)) for event in regimen.log(days, 1.0, 1e6).events]


def test_nightly_titration():
    plan = parse_regimen("1.5mg x2d, 3mg x1d, 4.5mg")
    assert hours(plan, 4) == [(22.0, 1.5), (46.0, 1.5), (70.0, 3.0), (94.0, 4.5)]


def test_split_and_every_other_day():
    assert hours(parse_regimen("25mg@08:00+20:30/2d"), 3) == [(8.0, 25), (20.5, 25), (56.0, 25), (68.5, 25)]


def test_missed_late_double_and_stop():
    plan = Regimen("log", (DoseStep(4.5),), missed=frozenset({1}), late_h={2: 3.0}, extra={3: 1}, stop_day=4)
    assert [hour for hour, _ in hours(plan, 9)] == [22.0, 73.0, 94.0, 94.0]


def test_presets_all_make_a_log():
    assert all(preset.log(30, 0.9, 341.0) is not None for preset in PRESETS.values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-4.5mg", "negative"),
        ("0mg", "write: nothing"),
        ("450mg", r"above the labelled range .* Did you mean 4\.5 mg"),
        ("200mg", "confirm the dose"),
        ("4.5mg naloxone", "'naloxone' is not a drug this program knows"),
        ("lots", "cannot be read at 'lots'"),
        ("4.5mg@25:00", "not a clock time"),
        ("4.5mg@22:00+22:00", "stands twice"),
        ("1.5mg, 3mg", "only the last step"),
        ("1.5mg@22:00 x3d, 3mg@08:00", "one set of clock times"),
        ("1.5mg x0d, 3mg", "a step of 0 days"),
        ("4.5.5mg", "not a number of milligrams"),
        ("4.5mg/0d", "not a regimen"),
        ("", "cannot be read"),
    ],
)
def test_wrong_regimens_get_a_sentence(text, sentence):
    with pytest.raises(CallError, match=sentence):
        parse_regimen(text)


def test_stop_before_start_gets_a_sentence():
    with pytest.raises(CallError, match="stop on day 3 is not after the start on day 5"):
        Regimen("x", (DoseStep(4.5),), start_day=5, stop_day=3)


def test_a_confirmed_high_dose_is_simulated():
    assert parse_regimen("200mg", confirmed=True).steps == (DoseStep(200.0),)


@pytest.mark.parametrize(
    ("written", "doses"),
    [("4,5 mg", [4.5]), ("1,5mg x14d, 3mg x14d, 4,5mg", [1.5, 3.0, 4.5]), ("4.5mg@22:00", [4.5]),
     ("1.5mg x14d,3mg", [1.5, 3.0]), ("25mg@08:00 x3d,12mg", [25.0, 12.0])],
)  # fmt: skip
def test_a_decimal_comma_is_no_new_step(written, doses):
    assert [step.dose_mg for step in parse_regimen(written).steps] == doses
