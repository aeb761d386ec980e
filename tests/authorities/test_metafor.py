"""The pool and the effect sizes against metafor's numbers (metafor.json, made by metafor.R)."""

import json
from pathlib import Path

import numpy as np
import pytest

from nightdose.evidence import effect_size as es
from nightdose.evidence.pool import asymmetry, pool

KEPT = json.loads(Path(__file__).with_name("metafor.json").read_text(encoding="utf-8"))
WIDTHS = {"z": "normal", "knha": "knapp-hartung", "adhoc": "modified knapp-hartung"}
FITS = [(name, fit) for name, kept in KEPT["sets"].items() for fit in kept["fits"]]
ARMS = es.Arm(3.1, 1.2, 30), es.Arm(3.9, 1.4, 28)


@pytest.mark.parametrize(("name", "fit"), FITS, ids=[f"{n}-{f['method']}-{f['test']}" for n, f in FITS])
def test_the_pool_agrees_to_nine_digits(name, fit):
    kept = KEPT["sets"][name]
    found = pool(np.array(kept["y"]), np.array(kept["v"]), method=fit["method"], width=WIDTHS[fit["test"]])
    ours = (found.mean, found.sd, *found.interval95, found.between, found.i2, found.q)
    assert ours == pytest.approx([fit[k] for k in ("mean", "sd", "low", "high", "tau2", "i2", "q")], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", KEPT["sets"])
def test_the_interval_of_heterogeneity_agrees(name):
    kept = KEPT["sets"][name]
    found = pool(np.array(kept["y"]), np.array(kept["v"]))
    assert found.between95 == pytest.approx(kept["tau2_interval"], rel=1e-8, abs=1e-8)


def test_eggers_regression_agrees_from_ten_trials_on_and_is_not_given_below():
    twelve, five = KEPT["sets"]["twelve"], KEPT["sets"]["five"]
    found = asymmetry(np.array(twelve["y"]), np.array(twelve["v"]))
    assert found.slope == pytest.approx(twelve["egger"][0], rel=1e-9)
    assert asymmetry(np.array(five["y"]), np.array(five["v"])) is None
    assert asymmetry(np.array(twelve["y"][:9]), np.array(twelve["v"][:9])) is None
    assert asymmetry(np.array(twelve["y"][:10]), np.array(twelve["v"][:10])) is not None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("MD", es.mean_difference(*ARMS)),
        ("SMD", es.standardised_difference(*ARMS)),
        ("SMCC", es.crossover_standardised(es.Arm(3.1, 1.2, 28), es.Arm(3.9, 1.4, 28), 0.6)),
        ("ROM", es.log_ratio_of_means(*ARMS)),
        ("RR", es.log_risk_ratio(11, 50, 5, 48)),
        ("OR", es.log_odds_ratio(11, 50, 5, 48)),
        ("OR0", es.log_odds_ratio(0, 50, 5, 48)),
    ],
)
def test_effect_sizes_agree(name, found):
    assert (found.value, found.variance) == pytest.approx(KEPT["sizes"][name], rel=1e-9)
