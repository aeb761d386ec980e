"""Student's t and chi-squared against SciPy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nightdose.evidence.quantiles import chi2_cdf, chi2_quantile, t_cdf, t_quantile

FREEDOM = st.one_of(st.integers(1, 200), st.floats(0.5, 200))


@settings(deadline=None)
@given(p=st.floats(1e-6, 1 - 1e-6), df=FREEDOM)
def test_quantiles_agree_with_scipy(p, df):
    assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-7, abs=1e-7)
    assert chi2_quantile(p, df) == pytest.approx(stats.chi2.ppf(p, df), rel=1e-7, abs=1e-300)


@settings(deadline=None)
@given(x=st.floats(-50, 50), df=FREEDOM)
def test_distributions_agree_with_scipy(x, df):
    # within a hair of 0 SciPy answers a flat 0.5: there the tangent is the authority
    wanted = stats.t.cdf(x, df) if abs(x) > 1e-6 else 0.5 + x * stats.t.pdf(0, df)
    assert t_cdf(x, df) == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert chi2_cdf(abs(x), df) == pytest.approx(stats.chi2.cdf(abs(x), df), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("x", [1.7e-9, -1.7e-9, 1e-7, -1e-7, 2e-6, 1e-5])
@pytest.mark.parametrize("df", [0.5, 1, 7.5, 200])
def test_the_middle_keeps_its_digits(x, df):
    assert t_cdf(x, df) - 0.5 == pytest.approx(x * stats.t.pdf(0, df), rel=1e-5)


@pytest.mark.parametrize("bad", [0.0, 1.0, -0.1])
def test_a_chance_outside_0_to_1_has_no_quantile(bad):
    with pytest.raises(ValueError):
        t_quantile(bad, 3)
    with pytest.raises(ValueError):
        chi2_quantile(bad, 3)
