"""How often would this very analysis be wrong on this design, these ups and downs and these missing days?

Diaries are drawn from the fitted model (coefficients and hyper-parameters from their posterior), with no effect and
with exactly the meaningful one, and judged again by the same function. Diary i has its own seed, so that neither the
number of workers nor the order of work changes a single draw.
"""

from __future__ import annotations

import hashlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Any, Protocol

import numpy as np

from nightdose.arrays import Floats
from nightdose.fit.case import Case
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import health_checks
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.statistics import wilson
from nightdose.verdict.analysis import Analysis, Certificate
from nightdose.verdict.answer import Answer
from nightdose.verdict.rule import answer_of

Judge = Callable[[Floats], Answer]  # (days,) outcome -> answer
Progress = Callable[[int, int], None]
Verdicts = tuple[Answer, Answer]  # of one diary without effect, and of one with the meaningful effect

WORTH_A_WORKER = 40  # diaries of each kind below which another process costs more than it brings
AT_ONCE = 4  # diaries a worker takes at a time
LATENT_REACH = np.linspace(-12.0, 12.0, 97)  # coefficients tried where the outcome's scale bends, latent units


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was given: counts only, nothing of the diary.

    null : answer -> diaries without an effect; effect : the same with exactly the meaningful one.
    """

    null: Mapping[str, int]
    effect: Mapping[str, int]


class Remembered(Protocol):
    """Where tallies are kept between runs; reading and writing is the caller's business."""

    def get(self, key: str) -> Tally | None: ...

    def put(self, key: str, tally: Tally) -> None: ...


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What dummy diaries are drawn from.

    planted : the effect of the second of each two diaries, the outcome's own sign and unit, as the mean over the days
    on treatment; where floor or ceiling leave no room for it, the largest that fits. seed : of all of them.
    """

    posterior: Posterior
    observation: Observation
    treatment: str
    planted: float
    seed: int

    def outcomes(self, i: int) -> tuple[Floats, Floats]:
        """(days,) outcomes of the i-th null diary and of the i-th with the effect, NaN on the days that were missed."""
        rng = np.random.default_rng([self.seed, i])
        p, series = self.posterior, self.posterior.series
        pick = int(rng.choice(len(p.weights), p=p.weights))
        k = p.coefficient(self.treatment)
        j = k - len(series.fixed_names)
        lagged = [geometric_filter(c.values, p.tau[pick, m], c.start) for m, c in enumerate(series.lagged)]
        z = np.column_stack([series.fixed, *lagged])
        made = []
        for effect in (0.0, self.planted):
            b = rng.multivariate_normal(p.mean[pick], p.cov[pick], method="cholesky")
            b[k] = 0.0
            eta = z @ b + _path(p.hyper[:, pick], len(series.y), rng)
            if effect:
                eta = eta + lagged[j] * self._coefficient(pick, eta, lagged[j], float(p.exposure[pick, j]))
            y = self.observation.draw(eta, float(p.hyper[3, pick]), p.cuts[pick], rng)
            made.append(np.where(series.seen, y, np.nan))
        return made[0], made[1]

    def _coefficient(self, pick: int, eta: Floats, exposure: Floats, mean_exposure: float) -> float:
        """The latent coefficient whose mean effect over the days on treatment is the planted one."""
        o, p = self.observation, self.posterior
        if o.family == "gaussian":
            return self.planted / o.unit / max(mean_exposure, 1e-9)
        on = p.series.day_weight > 0
        latent = eta[on] + np.concatenate([[0.0], LATENT_REACH])[:, None] * exposure[on]
        noise = np.full(len(latent), p.hyper[3, pick])
        expected = o.expected(latent, np.zeros_like(latent), noise, p.cuts[pick][None]).mean(axis=1)
        return float(np.interp(self.planted, expected[1:] - expected[0], LATENT_REACH))


def with_certificate(
    analysis: Analysis,
    n: int,
    *,
    seed: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
    remembered: Remembered | None = None,
) -> Analysis:
    """The analysis with a certificate from n diaries without and n with the meaningful effect beside it.

    seed : of their noise. workers : processes that share the work; the result does not depend on it. remembered : where
    the counts are kept between runs. Nothing is added where the analysis has no number.
    """
    case, fitted = analysis.case, analysis.fitted
    if n < 1 or fitted is None or analysis.verdict.estimate is None:
        return analysis
    started = time.perf_counter()
    question = case.question
    certificate = certify(
        partial(answer_again, case),
        Rehearsal(
            posterior=fitted.leading.posterior,
            observation=fitted.observation,
            treatment=question.treatment,
            planted=question.direction * question.meaningful,
            seed=seed,
        ),
        analysis.verdict.answer,
        n,
        about=(question, case.sure, case.log, case.forms, case.others, case.usable, case.on),
        workers=workers,
        progress=progress,
        remembered=remembered,
    )
    seconds = analysis.seconds + time.perf_counter() - started
    return replace(analysis.with_beside(certificate=certificate), seconds=seconds)


def answer_again(case: Case, outcome: Floats) -> Answer:
    """The answer of another outcome on this case's days: the re-analysis of a certificate, with nothing to print."""
    fitted = fit_case(case, outcome)
    if fitted is None or not all(check.ok for check in health_checks(fitted)):
        return "not_yet_known"
    return answer_of(fitted.estimate, fitted.settled, fitted.small_by_data, case.sure)


def certify(
    judge: Judge,
    rehearsal: Rehearsal,
    answer: Answer,
    n: int,
    *,
    about: object = None,
    workers: int = 1,
    progress: Progress | None = None,
    remembered: Remembered | None = None,
) -> Certificate:
    """The certificate from n diaries without and n with the meaningful effect.

    judge : must be picklable where workers > 1. answer : the verdict that stands above the certificate.
    remembered : tallies of earlier runs; the same design, noise, question and seed are not simulated again. about : the
    values that the judge rests on besides the outcome, which make the key together with the rehearsal.
    """
    key = fingerprint(about, rehearsal, n) if remembered is not None else ""
    tally = remembered.get(key) if remembered is not None else None
    if tally is None:
        tally = _tally(judge, rehearsal, n, workers, progress)
        if remembered is not None:
            remembered.put(key, tally)
    alarms = tally.null.get("helps", 0) + tally.null.get("harms", 0)
    misses = n - tally.effect.get("helps", 0)
    return Certificate(
        n=n,
        seed=rehearsal.seed,
        false_alarm=alarms / n,
        false_alarm_interval95=wilson(alarms, n),
        same_verdict_if_null=tally.null.get(answer, 0) / n,
        miss=misses / n,
        miss_interval95=wilson(misses, n),
    )


def _tally(judge: Judge, rehearsal: Rehearsal, n: int, workers: int, progress: Progress | None) -> Tally:
    null: Counter[str] = Counter()
    effect: Counter[str] = Counter()
    for done, verdicts in enumerate(_judged(judge, rehearsal, n, min(workers, n // WORTH_A_WORKER))):
        null[verdicts[0]] += 1
        effect[verdicts[1]] += 1
        if progress is not None:
            progress(2 * (done + 1), 2 * n)
    return Tally(dict(null), dict(effect))


def _judged(judge: Judge, rehearsal: Rehearsal, n: int, workers: int) -> Iterator[Verdicts]:
    """The verdicts of diaries 0 to n - 1, in order, whatever the number of workers."""
    if workers < 2:
        yield from (_one(judge, rehearsal, i) for i in range(n))
        return
    # fresh processes, not forked ones: threads of the linear algebra would not survive a fork
    with get_context("spawn").Pool(workers, _begin, (judge, rehearsal)) as pool:
        yield from pool.imap(_work, range(n), chunksize=AT_ONCE)


def _one(judge: Judge, rehearsal: Rehearsal, i: int) -> Verdicts:
    null, effect = rehearsal.outcomes(i)
    return judge(null), judge(effect)


_task: list[Callable[[int], Verdicts]] = []  # what this worker process was started for


def _begin(judge: Judge, rehearsal: Rehearsal) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the parent alone
    _task[:] = [partial(_one, judge, rehearsal)]


def _work(i: int) -> Verdicts:
    return _task[0](i)


def fingerprint(*parts: object) -> str:
    """A hash of values: equal for equal numbers, arrays, texts and dataclasses of them, whatever the process."""
    digest = hashlib.sha256()
    for part in parts:
        _digest(digest, part)
    return digest.hexdigest()


def _digest(into: Any, value: object) -> None:
    into.update(type(value).__name__.encode())
    if isinstance(value, np.ndarray):
        into.update(f"{value.dtype}{value.shape}".encode())
        into.update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            into.update(field.name.encode())
            _digest(into, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _digest(into, (name, item))
    elif isinstance(value, (tuple, list)):
        into.update(str(len(value)).encode())
        for item in value:
            _digest(into, item)
    else:
        assert value is None or isinstance(value, (str, int, float, bool)), f"no fingerprint for {type(value)}"
        into.update(repr(value).encode())


def _path(hyper: Floats, days: int, rng: np.random.Generator) -> Floats:
    """(days,) level + spell of one draw."""
    level_sd, ar_sd, phi, _ = hyper
    shocks = ar_sd * rng.standard_normal(days)
    shocks[1:] *= np.sqrt(1 - phi * phi)
    return np.asarray(np.cumsum(level_sd * rng.standard_normal(days)) + _accumulated(shocks, phi))


def geometric_filter(values: Floats, tau: float, start: float) -> Floats:
    """x_t = x_(t-1) + (1 - exp(-1/tau)) (values_t - x_(t-1)), (days,), as `effect_compartment` gives it."""
    keep = float(np.exp(-1 / tau)) if tau > 0 else 0.0
    steps = (1 - keep) * values
    steps[0] += keep * start
    return _accumulated(steps, keep)


def _accumulated(steps: Floats, keep: float) -> Floats:
    """u_t = keep u_(t-1) + steps_t, (days,), in log2(days) sweeps: after each, u reaches twice as far back."""
    out, reach = steps.copy(), 1
    while reach < len(out) and keep > 0:
        out[reach:] += keep * out[:-reach].copy()
        keep, reach = keep * keep, 2 * reach
    return out
