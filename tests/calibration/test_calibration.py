"""The fit reruns to the numbers that are shipped, and the page says what it says."""

from pathlib import Path

import numpy as np
import pytest
from calibration.__main__ import fixed_values, report, short_block_gain
from calibration.fit import fit, targets
from calibration.predict import METABOLITE_MASS, NTX_MASS, curves, predict

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
    assert np.allclose(root @ root.T, found.covariance[:size, :size], rtol=1e-3, atol=1e-5)


def test_the_mode_is_a_mode(found):
    p = found.parameters(fixed_values())
    rows = [row for row in targets() if row.id == "ed50_rabiner"]
    said = predict(rows[0].what, "occupancy", 5.6, "", curves(p), p)
    assert 3.65 < said < 7.54


def test_the_page_shows_this_fit(found):
    page = (ROOT / "docs/accuracy.md").read_text(encoding="utf-8")
    table = report(found, found.parameters(fixed_values()))
    named = [line for line in table.splitlines() if "**miss**" in line]
    assert len(named) > 3
    for line in table.splitlines()[2:]:
        target = line.split("|")[1]
        assert target in page
    assert [line.split("|")[1] for line in page.splitlines() if "**miss**" in line and line.startswith("| `")] == [
        line.split("|")[1] for line in named
    ]


def test_every_target_names_a_source_that_exists():
    assert {row.source for row in targets()} <= reference_keys()


def test_masses_are_those_of_the_passports():
    p = fixed_values()
    assert (p["molar_mass"], p["metabolite_molar_mass"]) == (NTX_MASS, METABOLITE_MASS)
