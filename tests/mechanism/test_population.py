"""Populations: streamed in chunks, honest about their error, different from each other as said."""

from dataclasses import replace

import numpy as np
import pytest
from tests.counting import python_calls

from nightdose.errors import CallError
from nightdose.knowledge.load import joint_spread, parameters
from nightdose.mechanism import population
from nightdose.mechanism.overview import HOURLY_DAYS, overview
from nightdose.mechanism.people import Body, sampled_person
from nightdose.mechanism.population import (
    CHUNK,
    CHUNK_BYTES,
    CHUNK_DAYS,
    TIGHTEST_ASKED,
    Study,
    achieved_error,
    chunks,
    whole,
)
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.system import OUTPUT_NAMES
from nightdose.mechanism.virtual_diaries import virtual_diary
from nightdose.report.words.simulation import study_words

BODY = Body()
NAMES = ("occupancy_mu", "conc_naltrexone", "symptom_score")


def test_chunks_and_the_whole_are_the_same_bits():
    study = Study(PRESETS["ldn"], 3, CHUNK + 5, BODY, NAMES, 12.0)
    pieces = np.concatenate([found.values for _, found in chunks(study, workers=2)])
    assert np.array_equal(pieces, whole(study).values)


@pytest.mark.parametrize("preset", ["ldn", "full-50", "full-300", "comparator-continuous"])
@pytest.mark.parametrize("error", [1e-4, 1e-6])
def test_a_run_states_the_error_it_achieved_in_every_state(preset, error):
    study = Study(PRESETS[preset], 40, 40, BODY, OUTPUT_NAMES, relapsing=True, error=error)
    assert 0 < achieved_error(study) <= error


def test_the_smallest_error_that_can_be_asked_for_is_measured_too():
    """The check goes a hundred times below it; what is left is mostly rounding, and not nothing."""
    study = Study(PRESETS["ldn"], 14, 8, BODY, OUTPUT_NAMES, error=TIGHTEST_ASKED)
    assert 1e-11 < achieved_error(study) <= TIGHTEST_ASKED
    with pytest.raises(CallError, match="1e-10 cannot be asked for"):
        replace(study, error=1e-10)


def test_what_is_held_at_a_time_does_not_grow_with_the_people_nor_with_what_is_recorded():
    for every_h, days, names in ((24.0, 4, NAMES), (0.5, 28, OUTPUT_NAMES)):
        study = Study(PRESETS["ldn"], days, 2 * CHUNK, BODY, names, every_h)
        _, found = next(chunks(study, workers=1))
        assert found.values.nbytes <= CHUNK_BYTES
        assert found.values.shape[0] == CHUNK or found.values.nbytes > CHUNK_BYTES / 2
    _, found = next(chunks(Study(PRESETS["ldn"], CHUNK_DAYS // 10, 100, BODY, NAMES, 24.0 * 100)))
    assert found.values.shape[0] == 10


@pytest.mark.parametrize("days", [3, HOURLY_DAYS + 1])
def test_a_picture_of_many_people_is_of_some_of_them_evenly_chosen(days, monkeypatch):
    """Of a few it is of all: the same numbers as their own hourly course."""
    study = Study(PRESETS["ldn"], days, 12, BODY, NAMES)
    everybody = whole(replace(study, every_h=1.0)).of("occupancy_mu")[:, -25:].mean(axis=1)
    assert overview(study).last_day["occupancy_mu"] == pytest.approx(
        np.quantile(everybody, [0.05, 0.5, 0.95]), rel=1e-3
    )
    monkeypatch.setattr(population, "SEEN", 3)
    assert study.sample == (0, 5, 11)
    some = np.quantile(everybody[[0, 5, 11]], [0.05, 0.5, 0.95])
    assert overview(study).last_day["occupancy_mu"] == pytest.approx(some, rel=1e-3)
    assert "medians and shaded 90% of 3 of them" in study_words(study)


def test_people_scatter_as_the_published_spread():
    people = [sampled_person(BODY, 5, i) for i in range(400)]
    names, root = joint_spread("calibrated_joint")
    expected = np.hypot(np.linalg.norm(root[names.index("escape")]), parameters("people")["escape"].value)
    assert np.std([np.log(p["escape"]) for p in people]) == pytest.approx(expected, rel=0.15)


def test_fitted_values_keep_their_joint_spread():
    people = [sampled_person(BODY, 5, i) for i in range(400)]
    names, root = joint_spread("calibrated_joint")
    covariance = root @ root.T
    i, j = names.index("flow_peripheral"), names.index("volume_peripheral")
    expected = covariance[i, j] / np.sqrt(covariance[i, i] * covariance[j, j])
    found = np.corrcoef(
        [[np.log(p[n]) for n in ("flow_peripheral", "volume_peripheral")] for p in people], rowvar=False
    )
    assert found[0, 1] == pytest.approx(expected, abs=0.12)


def test_a_virtual_diary_is_a_diary():
    diary = virtual_diary(Study(PRESETS["ldn"], 120, 1, BODY, NAMES), 0)
    pain = diary.column("pain")
    assert diary.dose("naltrexone").tolist() == [4.5] * 120
    assert set(np.unique(pain[~np.isnan(pain)])) <= set(range(11))
    assert 0.03 < np.isnan(pain).mean() < 0.3


@pytest.mark.long
def test_diaries_fall_as_on_placebo_when_the_drug_does_nothing():
    # placebo arm of FINAL: 0.9 (0.5 to 1.4) points in 12 weeks
    study = Study(PRESETS["ldn"], 84, 1, BODY, NAMES)
    falls = []
    for number in range(150):
        pain = virtual_diary(study, number).column("pain")
        falls.append(np.nanmean(pain[:5]) - np.nanmean(pain[-14:]))
    assert 0.4 < np.mean(falls) < 1.2


def test_weight_and_liver_change_exposure_as_published():
    light, heavy = (sampled_person(Body(weight_kg=kg), 1, 0)["clearance"] for kg in (50, 100))
    assert heavy / light == pytest.approx((140 + 25 * 0.548) / (140 - 25 * 0.548), rel=1e-6)
    ill = sampled_person(Body(liver="cirrhosis"), 1, 0)
    well = sampled_person(BODY, 1, 0)
    assert 1 < ill["escape"] / well["escape"] <= 7.0


def test_a_month_for_the_slider_is_little_work():
    """Below 50 ms on one core of 2026: two runs of 1,323 solver steps, and 2,044 Python functions around them."""
    study = Study(PRESETS["ldn"], 30, 1, BODY, NAMES)
    assert whole(study).steps.max() < 2_000
    assert python_calls(lambda: overview(study)) < 4_000


def test_nothing_is_negative_in_the_most_extreme_people():
    body = Body(liver="cirrhosis", readings={"exposure": "high", "clearance": "licko"})
    study = Study(PRESETS["full-300"], 5, 60, body, ("central", "metabolite", "eliminated", "occupancy_mu"))
    assert whole(study).values.min() > -1e-3
