"""Student's t and chi-squared, to the last digits that a meta-analysis needs; compared with SciPy in the tests.

SciPy itself would be the largest part of the default install, for these two curves.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, fabs, isinf, lgamma, log, log1p

TINY = 1e-300
MOST_TERMS = 10_000


def t_cdf(x: float, df: float) -> float:
    """P(T <= x) of Student's t, by the incomplete beta function: 1 - I(df / 2, 1 / 2; df / (df + x^2)) / 2."""
    if isinf(df):
        raise ValueError("give finite degrees of freedom")
    square = x * x
    if square < df:  # near the middle the other form keeps the digits
        half = 0.5 - 0.5 * _beta(0.5, 0.5 * df, square / (df + square))
    else:
        half = 0.5 * _beta(0.5 * df, 0.5, df / (df + square))
    return 1 - half if x > 0 else half


def t_quantile(p: float, df: float) -> float:
    """x with P(T <= x) = p."""
    if not 0 < p < 1 or not df > 0:
        raise ValueError("a quantile needs 0 < p < 1 and degrees of freedom above 0")
    if p < 0.5:
        return -t_quantile(1 - p, df)
    return _solved(lambda x: t_cdf(x, df) - p, 0.0, 2.0)


def chi2_cdf(x: float, df: float) -> float:
    """P(X <= x) of chi-squared: the regularised incomplete gamma function P(df / 2, x / 2)."""
    return _gamma(0.5 * df, 0.5 * x) if 0.5 * x > 0 else 0.0


def chi2_quantile(p: float, df: float) -> float:
    """x with P(X <= x) = p."""
    if not 0 < p < 1 or not df > 0:
        raise ValueError("a quantile needs 0 < p < 1 and degrees of freedom above 0")
    return _solved(lambda x: chi2_cdf(x, df) - p, 0.0, df + 1.0)


def _solved(rising: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a rising function that is not above 0 at `low`, by halving until nothing is left to halve."""
    while rising(high) < 0:
        low, high = high, 2 * high
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I(a, b; x) by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, 1 - x) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    out = d
    for m in range(1, MOST_TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            out *= d * c
        if fabs(d * c - 1) < 1e-16:
            break
    return out


def _away(x: float) -> float:
    return x if fabs(x) > TINY else TINY


def _gamma(a: float, x: float) -> float:
    """Regularised lower incomplete gamma function: its series below a + 1, else one minus its continued fraction."""
    front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while fabs(term) > 1e-17 * fabs(total):
            n += 1
            term *= x / n
            total += term
        return front * total
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    out = d
    for i in range(1, MOST_TERMS):
        term = -i * (i - a)
        b += 2
        d, c = 1 / _away(term * d + b), _away(b + term / c)
        out *= d * c
        if fabs(d * c - 1) < 1e-16:
            break
    return 1 - front * out
