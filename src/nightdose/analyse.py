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
from nightdose.fit.case import open_case
from nightdose.fit.curves import Curves
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import all_health_checks
from nightdose.fit.learned import nuisance_of
from nightdose.question.looks import UNCOUNTED, Looks
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis, Beside
from nightdose.verdict.answer import Checks
from nightdose.verdict.decide import decide
from nightdose.verdict.reasons import read_as_numbers, with_reason


def analyse(
    diary: Diary,
    question: Question,
    *,
    certificate: int = 0,
    seed: int = 0,
    threads: int = 1,
    curves: bool = True,
    looks: Looks = UNCOUNTED,
) -> Analysis:
    """The answer of one diary to one question.

    certificate : number of re-analysed null diaries, 0 = none; as many with the meaningful effect are judged
    (`with_certificate`, which can also share the work among processes).
    seed : of their noise, of the orders drawn for the re-randomisation test and of the check of expectation
    propagation, the only randomness there is.
    looks : how often the answer was read and when it was planned to be; nobody counted = often.
    curves : also how the days lie in what was expected of them, and the fitted curves, computed when they are first
    looked at; a cohort or a calibration does without.
    Raises CallError where the question does not fit the diary; everything else ends in a verdict.
    """
    started = time.perf_counter()
    case = open_case(diary, question, looks)
    fitted = fit_case(case, case.outcome, threads) if case.can_be_fitted else None
    answerable = fitted if case.can_answer else None
    checks = Checks(
        health=all_health_checks(fitted, np.random.default_rng([seed, 7])) if fitted else (),
        doses=dose_effects(case, fitted) if fitted else (),
        guess=guess_check(case, fitted, threads),
        randomisation_test=randomisation_check(case, seed) if answerable or case.claimed else None,
        e_value=e_value_check(case) if answerable else None,
        missing_bad=missing_were_bad(case, answerable) if answerable else None,
        rhythm=beside_rhythm(case, answerable, threads),
    )
    if checks.failed and question.kind.even:
        numbers = question.as_numbers()
        again = analyse(diary, numbers, certificate=certificate, seed=seed, threads=threads, curves=curves, looks=looks)
        if not again.refused:
            return replace(again, verdict=with_reason(again.verdict, read_as_numbers(question)))
    verdict = decide(case, fitted, checks)
    beside = Beside(
        nuisance=nuisance_of(fitted) if fitted else None,
        curves=Curves(fitted) if fitted and curves else None,
        day_fit=day_fit_of(fitted) if fitted and curves else None,
    )
    analysis = Analysis(case, fitted, verdict, checks, beside, time.perf_counter() - started)
    return with_certificate(analysis, certificate, seed=seed)
