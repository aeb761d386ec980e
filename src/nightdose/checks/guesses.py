"""Did the person know what was in the capsule? Guesses against the truth, by the two published indices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.diary.records import GUESS_SUFFIX
from nightdose.fit.case import Case
from nightdose.fit.estimate import Estimate
from nightdose.fit.fitted import Fitted
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import health_checks
from nightdose.statistics import Z95, wilson
from nightdose.verdict.answer import BlindingIndex, GuessCheck

RECENT_D = (1, 3, 7, 14, 28)  # over how many days a person may look back to guess from the scores
FEWEST_PERIODS = 4
FEWEST_GUESSED = 14  # days with outcome and guess below which nothing is adjusted


def guess_check(case: Case, fitted: Fitted | None, threads: int = 1) -> GuessCheck | None:
    """Guesses against the truth, and the effect with the guess as a further column, from the days with a guess alone:
    on the others it would adjust nothing. No such effect where that fit fails its own checks.
    """
    guess = case.diary.column(case.question.treatment + GUESS_SUFFIX)
    known = case.log.known & ~np.isnan(guess)
    adjusted = settled = None
    if fitted is not None and np.sum(known) > 0 and np.ptp(guess[known]) > 0:
        written = ~np.isnan(guess)
        column = np.where(written, 2 * guess - 1, 0.0)
        outcome = np.where(written, case.outcome, np.nan)
        if np.any(written & case.on) and np.sum(case.usable & ~np.isnan(outcome)) >= FEWEST_GUESSED:
            again = fit_case(replace(case, on=case.on & written), outcome, threads, extra={"guess": column})
            healthy = again is not None and all(check.ok for check in health_checks(again))
            if again is not None and healthy:
                adjusted, settled = again.estimate, again.settled
    found = check_guesses(guess, case.log.dose > 0, case.log.known, case.outcome, adjusted)
    return replace(found, adjusted_settled=settled) if found else None


def check_guesses(
    guess: Floats, active: Bools, known: Bools, outcome: Floats, adjusted: Estimate | None
) -> GuessCheck | None:
    """The guesses, counted and put into indices, or None where nobody took a side.

    guess : (days,) stated probability of active, NaN = none, 0.5 = does not know; active, known : (days,) of the doses;
    outcome : (days,) NaN = missing.
    """
    used = known & ~np.isnan(guess)
    decided = used & (guess != 0.5)
    counted = int(np.sum(decided))
    if counted == 0:
        return None
    correct = int(np.sum((guess > 0.5)[decided] == active[decided]))
    interval = wilson(correct, counted)
    counts = guess_counts(guess[used], active[used])
    return GuessCheck(
        days=int(np.sum(used)),
        correct=correct,
        counted=counted,
        rate=correct / counted,
        interval95=interval,
        better_than_chance=interval[0] > 0.5,
        bang_active=bang_index(*counts[0]),
        bang_inactive=bang_index(*counts[1, [1, 0, 2]]),
        james=james_index(counts),
        given_away=given_away(guess, active, known, outcome),
        adjusted=adjusted,
    )


def given_away(guess: Floats, active: Bools, known: Bools, outcome: Floats) -> float | None:
    """How far the guesses follow the capsule beyond what the scores explain, as a standard normal; None = cannot say.

    A guess can be right because the drug works (the person felt better) or because something else gave the capsule
    away (dreams, taste). Only the second lets hope stand in for an effect. Guess and capsule are both regressed on
    what the person may have guessed from: the mean outcome of the last RECENT_D days, and a line. With residuals g, a
    and the periods p (runs of equal capsules) as clusters, whose days are not independent,

        s_p = sum of g_t a_t over the days of p,    z = sum_p s_p / sqrt(sum_p s_p^2)

    the score of a partial association (Liang & Zeger 1986). Positive: right guesses.
    Arguments as in `check_guesses`. How often 1.645 is exceeded by whom: docs/decisions/046.
    """
    used = known & ~np.isnan(guess)
    begun = np.r_[0, active[1:] != active[:-1]].astype(bool)
    period = np.cumsum(begun)[used]
    since = np.arange(len(guess)) - np.maximum.accumulate(np.where(begun, np.arange(len(guess)), 0)) + 1
    if len(np.unique(period)) < FEWEST_PERIODS or np.ptp(guess[used]) == 0 or np.all(np.isnan(outcome)):
        return None
    days = np.arange(len(guess)) / len(guess)
    seen_from = np.column_stack([np.ones(len(guess)), days, *(_recent(outcome, k) for k in (*RECENT_D, since))])[used]
    both = np.column_stack([guess, active.astype(float)])[used]
    left = both - seen_from @ np.linalg.lstsq(seen_from, both, rcond=None)[0]
    scores = np.bincount(period, weights=left[:, 0] * left[:, 1])
    spread = float(np.sqrt(np.sum(np.square(scores))))
    return float(np.sum(scores)) / spread if spread > 0 else None


def _recent(outcome: Floats, days: int | Integers) -> Floats:
    """(days,) mean of the outcomes recorded in the last so many days; the overall mean where there are none."""
    total, count = np.nancumsum(outcome), np.cumsum(~np.isnan(outcome))
    before = np.maximum(np.arange(len(outcome)) - days, -1)
    sums = total - np.where(before >= 0, total[before], 0.0)
    counts = count - np.where(before >= 0, count[before], 0)
    return np.asarray(np.divide(sums, counts, out=np.full(len(outcome), np.nanmean(outcome)), where=counts > 0))


def guess_counts(guess: Floats, active: Bools) -> Floats:
    """(2, 3) days: rows active and not, columns guessed active, guessed not, does not know (0.5).

    guess : (n,) stated probabilities of active; active : (n,).
    """
    said = [guess > 0.5, guess < 0.5, guess == 0.5]
    return np.array([[np.sum(arm & answer) for answer in said] for arm in (active, ~active)], dtype=float)


def bang_index(right: float, wrong: float, unknown: float) -> BlindingIndex | None:
    """Bang's index of one arm, (right - wrong) / n: 1 = always known, 0 = as good as a coin, -1 = always the opposite.

    right, wrong, unknown : days of this arm by guess; None where there are none.
    The interval is the adjusted Wald interval of a difference of two multinomial shares, with half a day added to
    each of the four cells of a paired table (Agresti & Min 2005), which keeps its 95 % in small samples, where the
    published plain Wald interval does not.

    Source: Bang, Ni & Davis (2004), Control Clin Trials 25:143, section 2 (2 x 3 format).
    """
    n = right + wrong + unknown
    if n == 0:
        return None
    up, down, total = right + 0.5, wrong + 0.5, n + 2
    middle = (up - down) / total
    half = Z95 * float(np.sqrt(max(0.0, (up + down) / total - middle**2) / total))
    interval = (max(-1.0, middle - half), min(1.0, middle + half))
    return BlindingIndex(float((right - wrong) / n), (float(interval[0]), float(interval[1])), int(n))


def james_index(counts: Floats) -> BlindingIndex | None:
    """James' index of the whole diary: 1 = nobody claims to know, 0.5 = guessed by coin, 0 = always known.

    counts : (2, 3) as `guess_counts` gives. None without both arms, or where every guess has the same side.

        J = (1 + p_unknown + (1 - p_unknown) K) / 2,   K = (D_observed - D_expected) / D_expected

    D is the share of wrong guesses among those that took a side, and the same share had the guess nothing to do with
    the capsule. The standard error is the delta method on multinomial shares. Days are taken as independent.

    Source: James et al. (1996), Stat Med 15:1421, as given by Bang, Ni & Davis (2004), section 2.
    """
    n = float(np.sum(counts))
    if np.any(np.sum(counts, axis=1) == 0) or n == 0:
        return None
    shares = counts / n
    value = _james(shares)
    if not np.isfinite(value):
        return None
    slope = _slope(_james, shares)
    centred = slope - float(np.sum(shares * slope))
    half = Z95 * float(np.sqrt(np.sum(shares * np.square(centred)) / n))
    return BlindingIndex(value, (max(0.0, value - half), min(1.0, value + half)), int(n))


def _james(shares: Floats) -> float:
    sided = shares[:, :2]
    decided = float(np.sum(sided))
    if decided <= 0:
        return 1.0  # nobody took a side (James et al. 1996, p. 1425)
    wrong = (sided[0, 1] + sided[1, 0]) / decided
    arm, said = sided.sum(axis=1) / decided, sided.sum(axis=0) / decided
    expected = arm[0] * said[1] + arm[1] * said[0]
    if expected <= 0:
        return float("nan")
    return float((1 + (1 - decided) + decided * (wrong - expected) / expected) / 2)


def _slope(f: Callable[[Floats], float], shares: Floats, step: float = 1e-6) -> Floats:
    """(2, 3) partial derivatives of f by difference quotients; one-sided at a share of 0."""
    out = np.zeros_like(shares)
    for cell in np.ndindex(*shares.shape):
        up, down = shares.copy(), shares.copy()
        up[cell] += step
        down[cell] -= min(step, float(shares[cell]))
        out[cell] = (f(up) - f(down)) / (up[cell] - down[cell])
    return out
