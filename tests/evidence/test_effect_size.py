"""Each way from a paper's numbers to an effect with its variance: closed forms and round trips."""

import numpy as np
import pytest
from scipy import stats

from nightdose.errors import CallError
from nightdose.evidence import effect_size as es


def test_cree_2010_from_its_p_value():
    """SF-36 mental component +3.3, p = 0.04: standard error 1.61 (trials.csv, derived)."""
    assert es.from_p(3.3, 0.04).error == pytest.approx(1.61, abs=0.005)


def test_final_2024_from_its_interval():
    """-0.34 (-0.95 to 0.27): standard error 0.31."""
    assert es.from_interval(-0.34, -0.95, 0.27).error == pytest.approx(0.31, abs=0.002)


def test_an_interval_made_from_an_error_gives_it_back():
    q = stats.t.ppf(0.975, 20)
    assert es.from_interval(1.0, 1.0 - q * 0.4, 1.0 + q * 0.4, df=20).error == pytest.approx(0.4)
    assert es.from_p(1.0, 2 * stats.norm.sf(1.0 / 0.4)).error == pytest.approx(0.4)


def test_a_crossover_without_correlation_is_two_arms_of_the_same_size():
    a, b = es.Arm(3.0, 1.0, 20), es.Arm(4.0, 1.5, 20)
    assert es.crossover_difference(a, b, 0.0).variance == pytest.approx(es.mean_difference(a, b).variance)
    assert es.crossover_difference(a, b, 0.7).variance < es.mean_difference(a, b).variance


def test_quartiles_of_a_normal_arm_give_its_mean_and_sd():
    """Mean over many samples of 51."""
    rng = np.random.default_rng(3)
    samples = rng.normal(5.0, 2.0, (4000, 51))
    arms = [es.arm_from_quartiles(*np.quantile(s, [0.25, 0.5, 0.75]), 51) for s in samples]
    assert np.mean([a.mean for a in arms]) == pytest.approx(5.0, abs=0.02)
    assert np.mean([a.sd for a in arms]) == pytest.approx(2.0, abs=0.05)


def test_a_standardised_mean_is_unbiased():
    """Hedges' factor takes the small-sample bias out: 20,000 trials of 5 against 5 with a true difference of 1 sd."""
    rng = np.random.default_rng(4)
    x, y = rng.normal(1, 1, (20_000, 5)), rng.normal(0, 1, (20_000, 5))
    pooled = np.sqrt((x.var(axis=1, ddof=1) + y.var(axis=1, ddof=1)) / 2)
    raw = (x.mean(axis=1) - y.mean(axis=1)) / pooled
    assert np.mean(raw) > 1.08
    assert np.mean(es.small_sample_factor(8) * raw) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: es.from_interval(0, 1, 1),
        lambda: es.from_p(0, 0.5),
        lambda: es.from_p(1, 0),
        lambda: es.log_risk_ratio(5, 4, 1, 10),
        lambda: es.from_ratio_interval(-1, 0.5, 2),
        lambda: es.log_ratio_of_means(es.Arm(0, 1, 5), es.Arm(1, 1, 5)),
    ],
)
def test_what_gives_no_variance_is_refused_in_a_sentence(wrong):
    with pytest.raises(CallError):
        wrong()
