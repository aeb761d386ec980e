"""The comparisons worked out: derivations, why published pools disagree, and what a single trial does not give."""

import numpy as np
import pytest
from scipy import stats

from nightdose.errors import CallError
from nightdose.evidence import effect_size as es
from nightdose.evidence.body import body
from nightdose.evidence.pool import pool
from nightdose.knowledge.comparisons import comparisons


def test_final_and_innova_pool_to_nearly_nothing():
    """-0.34 (-0.95 to 0.27) and +0.49 (p 0.236): 0.03 by REML, 0.01 (-0.83 to 0.92) with heterogeneity integrated."""
    found = body("fibromyalgia-pain").pooled
    assert found.reml.mean == pytest.approx(0.030, abs=0.001)
    assert found.bayes.middle == pytest.approx(0.013, abs=0.001)
    assert found.bayes.interval95() == pytest.approx((-0.83, 0.92), abs=0.01)


def test_the_unequal_crossovers_and_the_missing_trial_are_why_published_pools_disagree():
    """With the old crossovers and without INNOVA the pool looks like a published one (d -0.34); without the crossovers
    of unequal periods nothing is left of it."""
    found = body("fibromyalgia-pain-all")
    old, equal = (pair for _, pair in found.switched)
    published = next(r for r in found.comparison.published if r.id == "MA-HEGDE2025.2")
    assert old.bayes.middle == pytest.approx(published.numbers["effect"], abs=0.05)
    assert old.bayes.interval95()[1] < 0
    assert abs(equal.bayes.middle) < 0.1
    assert equal.bayes.interval95()[0] < 0 < equal.bayes.interval95()[1]


def test_the_pools_are_those_that_the_page_of_the_docs_gives():
    """docs/evidence.md: all five, without INNOVA, without the crossovers of unequal periods."""
    found = body("fibromyalgia-pain-all")
    pools = [(p.bayes.middle, *p.bayes.interval95()) for p in (found.pooled, *(pair for _, pair in found.switched))]
    for pool_, given in zip(pools, ((-0.26, -0.65, 0.06), (-0.37, -0.80, -0.03), (-0.06, -0.39, 0.28)), strict=True):
        assert pool_ == pytest.approx(given, abs=0.006)


def test_leaving_a_trial_out_pools_the_others():
    found = body("fibromyalgia-pain-all")
    without = found.without[0]
    rest = found.trials[1:]
    again = pool(np.array([t.effect.value for t in rest]), np.array([t.effect.variance for t in rest]))
    assert without.reml.mean == again.mean
    assert len(found.without) == len(found.trials)


def test_without_high_risk_of_bias_only_the_other_trials_count():
    found = body("fibromyalgia-pain-all")
    assert [t.use.bias.name for t in found.low_risk.trials] == ["Bested 2023", "FINAL 2024", "INNOVA 2026"]
    assert body("fibromyalgia-pain").low_risk is None


@pytest.mark.parametrize("name", [n for n, c in comparisons().items() if len(c.uses) == 1])
def test_one_trial_is_not_a_pool(name):
    found = body(name)
    assert found.pooled is None
    assert found.without == ()


@pytest.mark.parametrize("name", comparisons())
def test_below_ten_trials_nothing_is_said_about_missing_ones(name):
    assert body(name).asymmetry is None


def test_a_recalled_number_keeps_its_mark_in_what_is_made_of_it():
    assert body("bowel-response").trials[0].status == "recalled"
    assert body("fibromyalgia-pain").trials[0].status == "seen"


def test_counts_that_were_recalled_give_the_published_ratio():
    """Cochrane 2018: 15 of 18 against 6 of 16, ratio 2.22 (1.14 to 4.32)."""
    trial = body("bowel-response").trials[0]
    assert np.exp([trial.effect.value, *trial.interval95]) == pytest.approx([2.22, 1.14, 4.32], abs=0.01)


def test_a_scale_on_which_more_is_better_is_turned_round():
    """Younger 2013: 10.8 points more reduction of pain is less pain."""
    younger = next(t for t in body("fibromyalgia-pain-all").trials if t.use.result.id == "FM-YOUNGER2013.1")
    assert younger.use.result.numbers["effect"] > 0 > younger.effect.value


def test_a_paired_p_gives_back_the_standardised_difference_it_came_from():
    """Differences with mean 0.4 and sd 1 in 25 people: d_z 0.4; with a correlation of 0.5 the two scales are one."""
    p = 2 * stats.t.sf(0.4 * 5, 24)
    assert es.crossover_standardised_from_p(-3.0, p, 25, 0.5).value == pytest.approx(-0.4)
    assert es.crossover_standardised_from_p(-3.0, p, 25, 0.0).value == pytest.approx(-0.4 * 2**0.5)
    at_half = es.crossover_standardised_from_p(1.0, p, 25, 0.5)
    assert at_half.variance == pytest.approx(1 / 25 + 0.4**2 / 50)


@pytest.mark.parametrize(("value", "p", "n", "r"), [(0, 0.1, 9, 0.5), (1, 0, 9, 0.5), (1, 0.1, 1, 0.5), (1, 0.1, 9, 1)])
def test_a_crossover_that_gives_no_variance_is_refused(value, p, n, r):
    with pytest.raises(CallError):
        es.crossover_standardised_from_p(value, p, n, r)


def test_a_difference_as_reported_has_the_variance_of_its_arms():
    """d 0.19, 48 against 50 people."""
    assert es.standardised_given(0.19, 48, 50).variance == pytest.approx(1 / 48 + 1 / 50 + 0.19**2 / 196)
