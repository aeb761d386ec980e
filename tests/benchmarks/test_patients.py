"""The bench's patients are what they say: the same every time, and their truth is the truth."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.patients import noise
from benchmarks.patients.cells import HABITS, OUTCOMES, SCENARIOS, Cell, cells
from benchmarks.patients.design import exposure, schedule
from benchmarks.patients.files import read_diary, read_set, write_set
from benchmarks.patients.lives import LOOKS_D
from benchmarks.patients.outcome import KINDS, expected, noise_kind, written
from benchmarks.patients.patient import patient


def test_the_same_cell_and_number_is_the_same_patient():
    cell = Cell("rating", "blocks", "worst_start", -0.8)
    one, two = patient(cell, 3), patient(cell, 3)
    assert one.truth == two.truth
    assert all(np.array_equal(one.columns[name], two.columns[name], equal_nan=True) for name in one.columns)
    other = patient(cell, 4)
    assert not np.array_equal(one.columns["pain"], other.columns["pain"], equal_nan=True)


def test_a_patient_does_not_change_without_a_new_version():
    """A known patient of version 3; when this fails, raise benchmarks/patients/VERSION."""
    p = patient(Cell("continuous", "blocks", "responder", -0.8), 0)
    assert p.truth["improvement"] == pytest.approx(0.839909, abs=1e-5)
    assert p.columns["pain"][np.isfinite(p.columns["pain"])][:3] == pytest.approx([6.93, 8.56, 5.39])


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_no_effect_is_no_improvement_in_every_null_cell(outcome):
    for cell in cells((outcome,)):
        if cell.effect == 0:
            assert patient(cell, 0).truth["improvement"] == 0


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_expected_outcome_is_the_mean_of_many_written_ones(outcome, heavy):
    """Tolerance four standard errors of 200,000 days; a continuous score is rounded to 0.01 besides."""
    rng = np.random.default_rng(1)
    for state in (-0.7, 0.4):
        n = 200_000
        eta = np.full(n, state)
        e = noise.draw(noise_kind(outcome, heavy), rng.standard_normal(n), rng.chisquare(3, n))
        values = written(outcome, eta, e, heavy, rng)
        assert values.mean() == pytest.approx(expected(outcome, eta[:1], heavy)[0], abs=4 * values.std() / np.sqrt(n))


def test_the_true_improvement_is_the_mean_difference_of_the_same_person_with_and_without_the_drug():
    """Continuous scores share their noise, so the difference of the two diaries is the effect, day by day."""
    cell = Cell("continuous", "titration", "drift", -0.8)
    with_drug, without = patient(cell, 5), patient(replace(cell, effect=0.0), 5)
    on = np.isfinite(with_drug.columns["pain"]) & (with_drug.columns["naltrexone_mg"] > 0)
    gain = (without.columns["pain"] - with_drug.columns["pain"])[on].mean()
    assert gain == pytest.approx(with_drug.truth["improvement"], abs=0.005)  # both are rounded to 0.01


def test_hope_is_no_part_of_the_drugs_effect():
    """A placebo responder and a responder of the same full effect: the truth is that of the drug alone."""
    truth = patient(Cell("continuous", "switch", "placebo_responder", -0.8), 2).truth
    assert 0 < truth["improvement"] <= 0.8 * 1.8 + 1e-9
    assert not truth["can_answer"]


def test_bad_days_are_missing_more_often_where_they_are_said_to_be():
    """Compared on the same person's days: what a continuous score without gaps would have been is the seed's state."""

    def gaps(scenario):
        pains = [patient(Cell("continuous", "blocks", scenario, 0.0), k).columns["pain"] for k in range(8)]
        return np.mean(np.isnan(pains)), np.nanmean(pains)

    plain, hidden = gaps("null"), gaps("bad_days_missing")
    assert 0.15 < plain[0] < 0.25
    assert 0.15 < hidden[0] < 0.4
    assert hidden[1] < plain[1] - 0.3  # what is left looks better than it was


def test_blocks_hold_every_dose_equally_often():
    dose = schedule(np.random.default_rng(0), "dose_blocks", 0, 336)
    assert all(np.sum(dose == level) == 84 for level in (0.0, 1.5, 3.0, 4.5))
    pairs = schedule(np.random.default_rng(0), "blocks14", 0, 280).reshape(10, 28)
    assert np.all((pairs > 0).sum(axis=1) == 14)


def test_exposure_reaches_the_share_of_a_first_order_build_up():
    x = exposure(np.ones(30), 10.0)
    assert x[9] == pytest.approx(1 - np.exp(-1))


def test_an_irregular_person_takes_less_than_planned_and_the_plan_is_in_the_diary():
    p = patient(Cell("rating", "blocks", "irregular", 0.0), 1)
    taken, planned = p.columns["naltrexone_mg"], p.columns["naltrexone_assigned_mg"]
    assert np.nansum(taken) < np.nansum(planned)
    assert np.isnan(taken).any()


def test_every_scenario_has_patients_and_every_name_is_its_own():
    every = cells()
    assert {cell.scenario for cell in every} == set(SCENARIOS)
    assert len({cell.name for cell in every}) == len(every)


def test_a_written_set_reads_back_to_the_same_days(tmp_path):
    cell = Cell("continuous", "switch", "taper", -0.8)
    assert write_set(tmp_path, [cell], 2) == 2
    entries = list(read_set(tmp_path))
    p, diary = patient(cell, 0), read_diary(entries[0].diary)
    assert entries[0].truth == json.loads(json.dumps(p.truth))
    assert np.allclose(diary.outcome, p.columns["pain"], equal_nan=True)
    assert np.array_equal(diary.dose, p.columns["naltrexone_mg"])
    assert np.array_equal(diary.others["topiramate"], p.columns["topiramate_mg"])


def test_the_package_reads_the_files_of_the_bench(tmp_path):
    """One answer from end to end, through the tool's own line."""
    from benchmarks.patients.answer import problem_with
    from benchmarks.patients.nightdose import answer

    write_set(tmp_path, [Cell("continuous", "blocks", "responder", -0.8)], 1)
    line = answer(next(read_set(tmp_path)).diary)
    assert problem_with(line) is None
    assert line["improvement"]["interval95"][0] < line["improvement"]["mean"]


@pytest.mark.parametrize("design", HABITS)
def test_a_habit_is_kept_and_the_drug_does_nothing(design):
    p = patient(Cell("rating", design, "habit", 0.0), 1)
    dose = p.columns["naltrexone_mg"]
    assert 0 < np.mean(dose > 0) < 1
    assert (p.truth["improvement"], p.truth["can_answer"]) == (0, False)
    assert "naltrexone_assigned_mg" not in p.columns


def test_a_plan_is_written_down_and_a_start_is_not():
    assert "naltrexone_assigned_mg" in patient(Cell("rating", "alternating", "null", 0.0), 0).columns
    assert "naltrexone_assigned_mg" not in patient(Cell("rating", "switch", "null", 0.0), 0).columns


def test_a_slip_changes_one_score_and_one_dose():
    """Ten times too large: the largest dose of a year is 45, and one score lies outside its scale."""
    p = patient(Cell("rating", "blocks", "slip", 0.0), 0)
    assert np.sum(p.columns["naltrexone_mg"] == 45) == 1
    assert np.sum(p.columns["pain"] > 10) == 1


@pytest.mark.parametrize("outcome", ["binary", "count"])
def test_half_of_the_attacks_are_prevented_once_settled(outcome):
    """The truth over the days on treatment is some of what would have come, and nothing of a drug that does nothing."""
    both = [patient(Cell(outcome, "blocks", "attacks", effect), k) for k in range(6) for effect in (-0.8, 0.0)]
    assert all(p.truth["improvement"] > 0 for p in both[::2])
    assert all(p.truth["improvement"] == 0 for p in both[1::2])
    assert set(np.unique(both[0].columns[KINDS[outcome].column])) >= {0.0, 1.0}


def test_a_diary_that_is_looked_at_is_its_own_beginning(tmp_path):
    cell = Cell("continuous", "blocks", "looks", 0.0)
    assert write_set(tmp_path, [cell], 1) == len(LOOKS_D)
    entries = list(read_set(tmp_path))
    whole = patient(cell, 0)
    for entry, days in zip(entries, LOOKS_D, strict=True):
        assert entry.truth["look_of"] == whole.name
        assert np.allclose(read_diary(entry.diary).outcome, whole.columns["pain"][:days], equal_nan=True)
