"""READ FIRST: the whole flow on one page. A diary and a question become an answer.

    question + diary -> case -> fit -> checks -> verdict -> what stands beside it

`fit/case.py` prepares, `fit/fitting.py` fits, `verdict/decide.py` judges, `checks/` holds one file a check.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from nightdose.checks.certificate import with_certificate
from nightdose.checks.days_left_out import day_fit_of
from nightdose.checks.doses import dose_effects
from nightdose.checks.e_value import e_value_check
from nightdose.checks.guesses import guess_check
from nightdose.checks.missing import missing_were_bad
from nightdose.checks.relabelling import randomisation_check
from nightdose.checks.rhythm import beside_rhythm
from nightdose.diary.records import Diary
from nightdose.diary.table.table import Source, as_diary
from nightdose.errors import CallError
from nightdose.fit.case import open_case
from nightdose.fit.curves import Curves
from nightdose.fit.fitted import Fitted
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import all_health_checks
from nightdose.fit.learned import nuisance_of
from nightdose.language.catalogue import say
from nightdose.question.looks import UNCOUNTED, Looks
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis, Beside
from nightdose.verdict.answer import Checks
from nightdose.verdict.decide import decide
from nightdose.verdict.reasons import read_as_numbers, with_reason
from nightdose.verdict.rule import answer_of


def analyse(
    diary: Diary | Source,
    question: Question,
    *,
    certificate: int = 0,
    seed: int = 0,
    threads: int = 1,
    curves: bool = True,
    looks: Looks = UNCOUNTED,
) -> Analysis:
    """The answer of one diary to one question.

    diary : as `read_table` makes it, or a table that it reads.
    certificate : number of re-analysed null diaries, 0 = none; as many with the meaningful effect are judged
    (`with_certificate`, which can also share the work among processes).
    seed : of their noise, of the orders drawn for the re-randomisation test and of the check of expectation
    propagation, the only randomness there is.
    looks : how often the answer was read and when it was planned to be; nobody counted = often.
    curves : also how the days lie in what was expected of them, and the fitted curves, computed when they are first
    looked at; a calibration does without.
    Raises CallError where the question does not fit the diary, and what `read_table` raises; everything else ends in a
    verdict.
    """
    if not isinstance(question, Question):
        raise CallError(
            say("What is asked is a Question, not a {kind}. `ask` makes one.", kind=type(question).__name__),
            field="question",
        )
    found = _judged(as_diary(diary), question, looks, seed, threads, whole=True)
    fitted = found.fitted
    beside = Beside(
        nuisance=nuisance_of(fitted) if fitted else None,
        curves=Curves(fitted) if fitted and curves else None,
        day_fit=day_fit_of(fitted) if fitted and curves else None,
    )
    return with_certificate(replace(found, beside=beside), certificate, seed=seed)


def judged(diary: Diary, question: Question, *, looks: Looks = UNCOUNTED) -> Analysis:
    """The verdict of `analyse`, the same to the letter, without what only stands beside it: for many diaries.

    Left out are the curves, what else the fit learned, the e-value, the effect of a single dose a second time, and the
    re-randomisation test and the fit beside a rhythm where the numbers call neither better nor worse: they speak of
    such a call alone.
    """
    return _judged(diary, question, looks, seed=0, threads=1, whole=False)


def _judged(diary: Diary, question: Question, looks: Looks, seed: int, threads: int, *, whole: bool) -> Analysis:
    started = time.perf_counter()
    case = open_case(diary, question, looks)
    fitted = fit_case(case, case.outcome, threads) if case.can_be_fitted else None
    answerable = fitted if case.can_answer else None
    tested = answerable or case.claimed if whole else answerable and _calls(answerable)
    checks = Checks(
        health=all_health_checks(fitted, np.random.default_rng([seed, 7])) if fitted else (),
        doses=dose_effects(case, fitted) if fitted and (whole or len(case.design.dose_levels) > 1) else (),
        guess=guess_check(case, fitted, threads),
        randomisation_test=randomisation_check(case, seed) if tested else None,
        e_value=e_value_check(case) if answerable and whole else None,
        missing_bad=missing_were_bad(case, answerable) if answerable else None,
        rhythm=beside_rhythm(case, answerable if whole or tested else None, threads),
    )
    if checks.failed and question.kind.even:
        again = _judged(diary, question.as_numbers(), looks, seed, threads, whole=whole)
        if not again.refused:
            return replace(again, verdict=with_reason(again.verdict, read_as_numbers(question)))
    return Analysis(case, fitted, decide(case, fitted, checks), checks, Beside(), time.perf_counter() - started)


def _calls(fitted: Fitted) -> bool:
    """Would the numbers earn `helps` or `harms` at the lowest bar there is?"""
    return answer_of(fitted.estimate, fitted.settled, fitted.small_by_data) in ("helps", "harms")
