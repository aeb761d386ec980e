"""How often a tool is right: false alarms, power, coverage, error, honesty; every figure with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.patients.answer import problem_with


@dataclass(frozen=True)
class Figure:
    """A value with its Monte Carlo standard error over n diaries; value NaN where n is 0."""

    value: float
    error: float
    n: int


@dataclass(frozen=True)
class Scored:
    """One answer beside its truth. answer None = the tool failed on this diary."""

    truth: dict[str, Any]
    answer: dict[str, Any] | None

    @property
    def verdict(self) -> str:
        return self.answer["verdict"] if self.answer else "failed"

    @property
    def interval(self) -> tuple[float, float] | None:
        improvement = (self.answer or {}).get("improvement") or {}
        found = improvement.get("interval95")
        return (found[0], found[1]) if found else None

    @property
    def off(self) -> float | None:
        """Estimate minus truth, in sd of this person's recorded outcome."""
        improvement = (self.answer or {}).get("improvement")
        return (improvement["mean"] - self.truth["improvement"]) / self.truth["outcome_sd"] if improvement else None


@dataclass(frozen=True)
class Score:
    """The figures of one tool on one group of diaries.

    false_helps, false_harms : verdicts on diaries whose drug does nothing (of those that could answer);
    fooled : helps or harms on such diaries where nobody could tell the drug from what else happened;
    power : helps, and interval_power : interval above 0, on diaries with a drug that helps and that could answer;
    wrong_sign : harms there; interval_alarm : interval excludes 0 although the drug does nothing;
    coverage : interval holds the truth; bias, rmse : of the estimate, in sd of the outcome;
    honest : `cannot_be_known` where it cannot be known; overcautious : the same where it can;
    failed : no line, or none that can be scored; best_dose : the right dose named, where one was;
    ever : helps or harms at any of its looks, of diaries that were looked at often and whose drug does nothing. All
    other figures leave such diaries out.
    """

    diaries: int
    false_helps: Figure
    false_harms: Figure
    interval_alarm: Figure
    fooled: Figure
    power: Figure
    interval_power: Figure
    wrong_sign: Figure
    coverage: Figure
    bias: Figure
    rmse: Figure
    honest: Figure
    overcautious: Figure
    best_dose: Figure
    failed: Figure
    ever: Figure
    cpu_ms: float  # median, NaN where the tool does not say


def match(truths: dict[str, dict[str, Any]], answers: Sequence[dict[str, Any]]) -> list[Scored]:
    """Answers with their truths; a line that cannot be scored counts as failed."""
    return [Scored(truths[a["id"]], None if problem_with(a) else a) for a in answers if a.get("id") in truths]


def score(pairs: Sequence[Scored]) -> Score:
    """All figures of one group."""
    looks, pairs = ([s for s in pairs if ("look_of" in s.truth) is often] for often in (True, False))
    answerable = [s for s in pairs if s.truth["can_answer"]]
    hopeless = [s for s in pairs if not s.truth["can_answer"]]
    null = [s for s in answerable if s.truth["improvement"] == 0]
    treated = [s for s in answerable if s.truth["improvement"] > 0]
    with_interval = [s for s in pairs if s.interval]
    off = np.array([s.off for s in pairs if s.off is not None])
    doses = [s for s in treated if s.answer and s.answer.get("best_dose_mg") is not None]
    people = sorted({s.truth["look_of"] for s in looks})
    called = {s.truth["look_of"] for s in looks if s.verdict in ("helps", "harms")}
    cpu = [s.answer["cpu_s"] for s in pairs if s.answer and s.answer.get("cpu_s") is not None]
    return Score(
        diaries=len(pairs),
        false_helps=share([s.verdict == "helps" for s in null]),
        false_harms=share([s.verdict == "harms" for s in null]),
        interval_alarm=share([not s.interval[0] <= 0 <= s.interval[1] for s in null if s.interval]),
        fooled=share([s.verdict in ("helps", "harms") for s in hopeless if s.truth["improvement"] == 0]),
        power=share([s.verdict == "helps" for s in treated]),
        interval_power=share([bool(s.interval and s.interval[0] > 0) for s in treated]),
        wrong_sign=share([s.verdict == "harms" for s in treated]),
        coverage=share([s.interval[0] <= s.truth["improvement"] <= s.interval[1] for s in with_interval]),
        bias=mean(off),
        rmse=root_mean_square(off),
        honest=share([s.verdict == "cannot_be_known" for s in hopeless]),
        overcautious=share([s.verdict == "cannot_be_known" for s in answerable]),
        best_dose=share([s.answer["best_dose_mg"] == s.truth["best_dose_mg"] for s in doses]),
        failed=share([s.answer is None for s in pairs]),
        ever=share([name in called for name in people]),
        cpu_ms=float(1000 * np.median(cpu)) if cpu else float("nan"),
    )


def share(hits: Sequence[bool]) -> Figure:
    """A proportion; its error from (k + 2) / (n + 4), so that 0 of n is not called certain."""
    n, k = len(hits), sum(hits)
    if n == 0:
        return Figure(float("nan"), float("nan"), 0)
    near = (k + 2) / (n + 4)
    return Figure(k / n, float(np.sqrt(near * (1 - near) / (n + 4))), n)


def mean(values: np.ndarray) -> Figure:
    """A mean with its standard error."""
    n = len(values)
    if n < 2:
        return Figure(float(values[0]) if n else float("nan"), float("nan"), n)
    return Figure(float(values.mean()), float(values.std(ddof=1) / np.sqrt(n)), n)


def root_mean_square(values: np.ndarray) -> Figure:
    """sqrt(mean of squares) with its standard error by the delta method."""
    squares = mean(np.square(values))
    root = float(np.sqrt(squares.value))
    return Figure(root, squares.error / (2 * root) if root > 0 else float("nan"), squares.n)
