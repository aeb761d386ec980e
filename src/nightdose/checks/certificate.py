"""How often would this analysis be wrong on this design, these ups and downs and these missing days?

Dummy diaries are drawn from the fitted model (`dummy_diaries.py`), with no effect and with exactly the meaningful one,
and judged again by the same analysis (`rejudge.py`); some also in worlds that the model does not hold (`worlds.py`),
and at the looks there were before this one. Diary i has its own seed, so that neither the number of workers nor the
order of work changes a single draw.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from nightdose.checks.dummy_diaries import DummyDiaries
from nightdose.checks.fingerprint import fingerprint
from nightdose.checks.rejudge import Rejudge, earlier_looks, glances_of
from nightdose.checks.worlds import WORLDS
from nightdose.fit.case import Case
from nightdose.fit.fitted import Fitted
from nightdose.knowledge.chosen import carried
from nightdose.processes import Progress, shared
from nightdose.statistics import wilson
from nightdose.verdict.analysis import Analysis, AnyLook, Certificate, WorldRate
from nightdose.verdict.answer import Answer

PLANTED = "the settled effect"  # what `miss` plants; counts kept by an older version planted another one
WORTH_A_WORKER = 40  # diaries of each kind below which another process costs more than it brings
AT_ONCE = 4  # diaries a worker takes at a time
ONE_IN_WORLDS, ONE_AT_LOOKS = 8, 4  # of so many null diaries one is also drawn in every world, or judged at every look


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was given: counts only, nothing of the diary.

    null : answer -> diaries without an effect; found : with exactly the meaningful one, told `helps`. worlds : world
    -> (calls, diaries without an effect). looks : how many there were; ever : (called at any of them, diaries).
    """

    null: Mapping[str, int]
    found: int
    worlds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    looks: int = 1
    ever: tuple[int, int] = (0, 0)


class Remembered(Protocol):
    """Where tallies are kept between runs; reading and writing is the caller's business."""

    def get(self, key: str) -> Tally | None: ...

    def put(self, key: str, tally: Tally) -> None: ...


@dataclass(frozen=True, slots=True)
class Judging:
    """Who judges: at this look, and at those before it, first to last. Must be picklable where workers > 1.

    about : the values that judging rests on besides the outcome; with the dummy diaries they are the key of a tally.
    """

    now: Rejudge
    before: tuple[Rejudge, ...] = ()
    about: object = None


@dataclass(frozen=True, slots=True)
class Work:
    """How the diaries are judged. workers : processes; the result does not depend on them.

    remembered : where tallies are kept between runs; the same diaries, judged alike, are not drawn again.
    """

    workers: int = 1
    progress: Progress | None = None
    remembered: Remembered | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of dummy diary i: without effect; `helps` with one; called in each world; ever called at a look."""

    null: Answer
    found: bool
    worlds: tuple[tuple[str, bool], ...]
    ever: bool | None


ALONE = Work()


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
    if n < 1 or fitted is None or not analysis.verdict.answered:
        return analysis
    started = time.perf_counter()
    work = Work(workers, progress, remembered)
    certificate = certify(judging_of(case, fitted), dummies_of(case, fitted, seed), analysis.verdict.answer, n, work)
    seconds = analysis.seconds + time.perf_counter() - started
    return replace(analysis.with_beside(certificate=certificate), seconds=seconds)


def judging_of(case: Case, fitted: Fitted) -> Judging:
    """This look and those before it."""
    glances = glances_of(case, fitted)
    planned = tuple(day.toordinal() for day in case.looks.planned)
    about = (PLANTED, case.question, case.sure, case.log, case.forms, case.others, case.usable, case.on, planned)
    return Judging(Rejudge(case, glances), earlier_looks(case, glances), about)


def dummies_of(case: Case, fitted: Fitted, seed: int) -> DummyDiaries:
    """What this case's dummy diaries are drawn from."""
    question = case.question
    return DummyDiaries(
        posterior=fitted.leading.posterior,
        observation=fitted.observation,
        treatment=question.treatment,
        planted=question.direction * question.meaningful,
        better=question.direction,
        drawn=case.design.randomised != "none" and not case.design.only_said,
        certain=~case.log.uncertain,
        seed=seed,
    )


def certify(
    judging: Judging,
    dummies: DummyDiaries,
    answer: Answer,
    n: int,
    work: Work = ALONE,
) -> Certificate:
    """The certificate from n diaries without and n with the meaningful effect.

    answer : the verdict that stands above the certificate.
    """
    remembered = work.remembered
    key = fingerprint(judging.about, dummies, n) if remembered is not None else ""
    tally = remembered.get(key) if remembered is not None else None
    if tally is None:
        tally = _tally(judging, dummies, n, work)
        if remembered is not None:
            remembered.put(key, tally)
    alarms = tally.null.get("helps", 0) + tally.null.get("harms", 0)
    misses = n - tally.found
    ever, asked = tally.ever
    return Certificate(
        n=n,
        seed=dummies.seed,
        false_alarm=alarms / n,
        false_alarm_interval95=wilson(alarms, n),
        same_verdict_if_null=tally.null.get(answer, 0) / n,
        miss=misses / n,
        miss_interval95=wilson(misses, n),
        worlds=tuple(
            WorldRate(name, drawn, called / drawn, wilson(called, drawn))
            for name, (called, drawn) in tally.worlds.items()
        ),
        any_look=AnyLook(tally.looks, asked, ever / asked, wilson(ever, asked)) if asked else None,
    )


def _tally(judging: Judging, dummies: DummyDiaries, n: int, work: Work) -> Tally:
    null: Counter[str] = Counter()
    found = 0
    called: Counter[str] = Counter()
    drawn: Counter[str] = Counter()
    ever: list[bool] = []
    for done, judged in enumerate(_judged(judging, dummies, n, min(work.workers, n // WORTH_A_WORKER))):
        null[judged.null] += 1
        found += judged.found
        for name, call in judged.worlds:
            drawn[name] += 1
            called[name] += call
        if judged.ever is not None:
            ever.append(judged.ever)
        if work.progress is not None:
            work.progress(2 * (done + 1), 2 * n)
    worlds = {name: (called[name], drawn[name]) for name in WORLDS if drawn[name]}
    return Tally(dict(null), found, worlds, 1 + len(judging.before), (sum(ever), len(ever)))


def _judged(judging: Judging, dummies: DummyDiaries, n: int, workers: int) -> Iterator[Judged]:
    """What was said of diaries 0 to n - 1, in order, whatever the number of workers."""
    yield from shared(
        carried(_work), range(n), max(workers, 1), together=AT_ONCE, begin=_begin, about=(judging, dummies)
    )


def _one(judging: Judging, dummies: DummyDiaries, i: int) -> Judged:
    now, y = judging.now, dummies.null(i)
    null = now.answer(y)
    worlds, ever = [], None
    if i % ONE_IN_WORLDS == 0:
        drawn = ((name, dummies.in_world(name, i)) for name in WORLDS)
        worlds = [(name, now.called(outcome) is not None) for name, outcome in drawn if outcome is not None]
    if i % ONE_AT_LOOKS == 0:
        ever = null in ("helps", "harms") or any(look.called(y[: look.days]) is not None for look in judging.before)
    return Judged(null, now.called(dummies.effect(i)) == "helps", tuple(worlds), ever)


_task: list[Callable[[int], Judged]] = []  # what this worker process was started for


def _begin(judging: Judging, dummies: DummyDiaries) -> None:
    _task[:] = [partial(_one, judging, dummies)]


def _work(i: int) -> Judged:
    return _task[0](i)
