"""The fit reruns to the numbers that are shipped, and the page says what it says."""

from pathlib import Path

import numpy as np
import pytest
from calibration.__main__ import ACCURACY, fixed_values, offset_words, report, short_block_gain
from calibration.fit import SHIPPED, evidence_for_two, fit, targets
from calibration.nightly import nightly, reference_block
from calibration.predict import METABOLITE_MASS, NTX_MASS, at_dose, curves, predict
from calibration.tested import CRITICAL, probability_significant
from scipy import stats

from nightdose.knowledge.load import joint_spread, parameters, reference_keys

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def found():
    return fit(fixed_values())


def test_the_fit_reruns_to_the_shipped_values(found):
    p = found.parameters(fixed_values())
    for name, entry in parameters("calibrated").items():
        expected = short_block_gain(p) if name == "short_block_gain" else p[name]
        assert entry.value == pytest.approx(expected, rel=1e-4), name
    names, root = joint_spread("calibrated_joint")
    size = len(names)
    assert names == SHIPPED
    assert np.allclose(root @ root.T, found.covariance[:size, :size], rtol=1e-3, atol=1e-5)


def test_the_mode_is_a_mode(found):
    p = found.parameters(fixed_values())
    rows = [row for row in targets() if row.id == "ed50_rabiner"]
    said = predict(rows[0].what, "occupancy", 5.6, "", curves(at_dose(p, 5.6)), p)
    assert 3.65 < said < 7.54


def test_the_page_shows_this_fit(found):
    """Fitted and checked stand in tables of their own, with the misses named."""
    page = ACCURACY.read_text(encoding="utf-8")
    fitted, checked = report(found, found.parameters(fixed_values())).split("**Checked**")
    for table, use in ((fitted, True), (checked, False)):
        rows = [line for line in table.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == [row.id for row in targets() if row.fitted is use]
        verdicts = {line.split("|")[1]: line.split("|")[-2] for line in page.splitlines() if line.startswith("| `")}
        for row in rows:
            assert verdicts[row.split("|")[1]] == row.split("|")[-2]


@pytest.mark.slow
def test_two_curves_foretell_the_data_better_than_one_and_the_page_has_the_number(found):
    evidence = evidence_for_two(fixed_values(), (1.0, 0.5))
    assert evidence[1.0] > 50
    assert evidence[0.5] > 20
    assert offset_words(found, found.parameters(fixed_values()), evidence) in ACCURACY.read_text(encoding="utf-8")


def test_the_page_shows_what_the_model_says_for_nightly_doses():
    assert nightly() in ACCURACY.read_text(encoding="utf-8")


def test_dreams_are_tied_to_the_block_of_the_dose_they_were_seen_under():
    assert reference_block() == pytest.approx(parameters("mechanism")["dream_reference_block"].value, abs=0.01)


def test_critical_values_are_those_of_student():
    for (degrees, p), t in CRITICAL.items():
        assert stats.t.isf(p / 2, degrees) == pytest.approx(t, abs=1e-6)


@pytest.mark.parametrize(("n", "p"), [(4, 0.05), (4, 0.001), (5, 0.01)])
def test_the_chance_of_a_significant_block_is_that_of_the_noncentral_t(n, p):
    for block in (0.0, 10.0, 40.0):
        away = block / (7.6 / np.sqrt(n))
        expected = stats.nct.sf(stats.t.isf(p / 2, n - 1), n - 1, away)
        assert probability_significant(block, 7.6, n, p) == pytest.approx(expected, abs=2e-3)


def test_every_target_names_a_source_that_exists():
    assert {row.source for row in targets()} <= reference_keys()


def test_masses_are_those_of_the_passports():
    p = fixed_values()
    assert (p["molar_mass"], p["metabolite_molar_mass"]) == (NTX_MASS, METABOLITE_MASS)
