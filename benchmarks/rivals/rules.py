"""The rules in use and the classical regressions, each given the diary as its users give it (scipy, statsmodels).

    python -m benchmarks.rivals.rules welch < paths       one line of JSON for every diary

The lagged ones (structural) are handed the exposure at the prior median of the onset time; the others know doses only.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import statsmodels.api as sm
from benchmarks.patients.design import exposure
from benchmarks.patients.files import Diary
from benchmarks.rivals.lines import answer_lines
from scipy import stats

Line = dict[str, Any]
TAU_D = 10.0
NOTHING_TO_COMPARE: Line = {"verdict": "cannot_be_known", "improvement": None}


def line(sign: float, effect: float, low: float, high: float, p: float) -> Line:
    """helps or harms where p < 0.05; these rules know no other answer than that or `not yet`."""
    if not np.all(np.isfinite([effect, low, high, p])):
        return {"error": "no finite estimate"}
    gain, ends = sign * effect, sorted((sign * low, sign * high))
    verdict = "not_yet_known" if p >= 0.05 else "helps" if gain > 0 else "harms"
    return {"verdict": verdict, "improvement": {"mean": gain, "interval95": ends}, "p": p}


def groups(d: Diary) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of days on and off treatment."""
    seen = ~np.isnan(d.outcome) & ~np.isnan(d.dose)
    return d.outcome[seen & (d.dose > 0)], d.outcome[seen & (d.dose == 0)]


def welch(d: Diary) -> Line:
    """Welch's t-test on days, as in StudyU and N1-Engine."""
    on, off = groups(d)
    if min(len(on), len(off)) < 2:
        return NOTHING_TO_COMPARE
    test = stats.ttest_ind(on, off, equal_var=False)
    ends = test.confidence_interval(0.95)
    return line(d.sign, on.mean() - off.mean(), ends.low, ends.high, test.pvalue)


def mannwhitney(d: Diary) -> Line:
    """Mann-Whitney on days; for a continuous outcome the shift of Hodges and Lehmann with the test's interval.

    On a scale of few steps that shift is mostly 0 and says nothing of the mean, so there it gives no estimate.
    """
    on, off = groups(d)
    if min(len(on), len(off)) < 2:
        return NOTHING_TO_COMPARE
    test = stats.mannwhitneyu(on, off)
    shifts = np.sort(np.subtract.outer(on, off).ravel())
    m, n = len(on), len(off)
    reach = int(1.96 * np.sqrt(m * n * (m + n + 1) / 12))
    at = max(0, m * n // 2 - reach)
    found = line(d.sign, float(np.median(shifts)), shifts[at], shifts[m * n - 1 - at], test.pvalue)
    if test.pvalue < 0.05:  # the median shift of whole numbers may be 0; the ranks still have a side
        higher = test.statistic > m * n / 2
        found["verdict"] = "helps" if higher == (d.sign > 0) else "harms"
    if d.question["scale"] != "continuous":
        found["improvement"] = None
    return found


def cycles(d: Diary) -> Line:
    """Means of periods, compared within cycles of one period on and one off (two-way analysis of variance)."""
    on = d.dose > 0
    known = ~np.isnan(d.dose)
    period = np.cumsum(np.r_[0, on[known][1:] != on[known][:-1]])
    outcome, state = d.outcome[known], on[known]
    parts = [outcome[period == k] for k in range(period[-1] + 1)]
    means = [np.nanmean(part) if np.any(~np.isnan(part)) else np.nan for part in parts]
    first = [bool(state[period == k][0]) for k in range(period[-1] + 1)]
    gaps = [
        (means[k] - means[k + 1]) * (1 if first[k] else -1)
        for k in range(0, len(means) - 1, 2)
        if np.isfinite(means[k]) and np.isfinite(means[k + 1])
    ]
    if len(gaps) < 2:
        return NOTHING_TO_COMPARE
    test = stats.ttest_1samp(gaps, 0.0)
    ends = test.confidence_interval(0.95)
    return line(d.sign, float(np.mean(gaps)), ends.low, ends.high, float(test.pvalue))


def regressors(d: Diary, treatment: np.ndarray, *, trend: bool) -> np.ndarray:
    """Treatment first, then other medicines, weekend, and the trend."""
    days = len(d.outcome)
    others = [v / np.nanmax(v) for v in d.others.values() if np.nanmax(v) > 0]
    more = [np.arange(days) / days - 0.5] if trend else []
    return np.column_stack([treatment, *others, d.weekend, *more])


def share(d: Diary) -> tuple[np.ndarray, float]:
    """Dose as a share of the largest; the mean of it over recorded days on treatment."""
    top = np.nanmax(d.dose)
    s = d.dose / top if top > 0 else d.dose
    on = ~np.isnan(d.outcome) & (d.dose > 0)
    return s, float(s[on].mean()) if np.any(on) else 0.0


def hac(d: Diary, *, trend: bool = False) -> Line:
    """Ordinary least squares with Newey-West errors over 14 recorded days."""
    s, mean = share(d)
    x = sm.add_constant(regressors(d, s, trend=trend), has_constant="add")
    used = ~np.isnan(d.outcome) & ~np.isnan(x).any(axis=1)
    if np.ptp(s[used]) == 0:
        return NOTHING_TO_COMPARE
    fit = sm.OLS(d.outcome[used], x[used]).fit(cov_type="HAC", cov_kwds={"maxlags": 14, "use_correction": True})
    return coefficient(d, fit.params[1] * mean, fit.bse[1] * mean)


def coefficient(d: Diary, effect: float, se: float) -> Line:
    """A normal estimate."""
    p = float(2 * stats.norm.sf(abs(effect / se))) if se > 0 else float("nan")
    return line(d.sign, float(effect), float(effect - 1.96 * se), float(effect + 1.96 * se), p)


def ar1(d: Diary) -> Line:
    """Regression with first-order autoregressive errors and a trend, exact likelihood, missing days kept as gaps."""
    s, mean = share(d)
    x = regressors(d, s, trend=True)
    if np.ptp(s[~np.isnan(s) & ~np.isnan(d.outcome)]) == 0:
        return NOTHING_TO_COMPARE
    y = np.where(np.isnan(x).any(axis=1), np.nan, d.outcome)
    fit = sm.tsa.SARIMAX(y, np.nan_to_num(x), order=(1, 0, 0), trend="c").fit(disp=False, maxiter=200)
    at = list(fit.param_names).index("x1")
    return coefficient(d, fit.params[at] * mean, fit.bse[at] * mean)


def structural(d: Diary) -> Line:
    """Local level + AR(1) + regressors by maximum likelihood (UnobservedComponents), exposure at the prior median."""
    s, _ = share(d)
    s = np.nan_to_num(s)
    known = ~np.isnan(d.dose)
    x1 = exposure(s, TAU_D, float(s[0]) if d.question["randomised"] == "none" else 0.0)
    on = ~np.isnan(d.outcome) & known & (s > 0)
    if np.ptp(x1[~np.isnan(d.outcome)]) == 0 or not np.any(on):
        return NOTHING_TO_COMPARE
    y = np.where(known, d.outcome, np.nan)
    model = sm.tsa.UnobservedComponents(y, level="llevel", autoregressive=1, exog=regressors(d, x1, trend=True))
    fit = model.fit(disp=False, maxiter=200)
    at = list(fit.param_names).index("beta.x1")
    mean = float(x1[on].mean())
    return coefficient(d, fit.params[at] * mean, fit.bse[at] * mean)


RULES: dict[str, Callable[[Diary], Line]] = {
    "welch": welch,
    "mannwhitney": mannwhitney,
    "cycles": cycles,
    "hac": hac,
    "hac_trend": lambda d: hac(d, trend=True),
    "ar1": ar1,
    "structural": structural,
}


def main() -> None:
    """Paths in, lines out."""
    warnings.simplefilter("ignore")
    answer_lines(RULES[sys.argv[1]], (ValueError, np.linalg.LinAlgError))


if __name__ == "__main__":
    main()
