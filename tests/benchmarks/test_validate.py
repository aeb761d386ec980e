"""The calibration scripts run on today's engine: a figure that cannot be made again is not a figure."""

import numpy as np
import pytest
from benchmarks.drift_prior import SCALES, TRENDS, evidence
from benchmarks.validate import OUTCOMES, judged, ranked
from tests.generators import NOISE, expected, written


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_truth_drawn_from_the_priors_falls_inside_the_posterior(outcome):
    """Six diaries: all ranks beyond 99.9 % the same way happen once in 10^18."""
    ranks = [ranked(seed, "blocks", outcome) for seed in range(6)]
    assert min(ranks) > 0.001
    assert max(ranks) < 0.999


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_one_cell_of_the_table_can_be_made(outcome):
    cell = judged(0, scenario="S2", design="blocks", effect=-0.8, outcome=outcome)
    assert cell.answer in ("helps", "not_yet_known", "no_meaningful_difference")
    assert abs(cell.error_sd) < 5


def test_the_drift_prior_s_evidence_can_be_made():
    values = np.random.default_rng(0).standard_normal(80)
    assert np.all(np.isfinite(evidence(values)))
    assert len(evidence(values)) == len(SCALES) + len(TRENDS)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_expected_outcome_is_the_mean_of_many_written_ones(outcome):
    """Tolerance four standard errors of 100,000 days."""
    rng = np.random.default_rng(0)
    for eta in (-0.5, 0.8):
        y = written(outcome, eta + NOISE * rng.standard_normal(100_000), rng)
        assert y.mean() == pytest.approx(expected(outcome, np.array([eta]))[0], abs=4 * y.std() / np.sqrt(100_000))
