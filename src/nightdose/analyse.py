"""READ FIRST: the whole flow on one page. A diary and a question become an answer.

    diary -> exposure -> model -> posterior -> verdict

`fit/case.py` prepares, `fit/fitting.py` fits, `findings.py` judges and gathers what stands beside the estimate.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from nightdose.arrays import frozen
from nightdose.checks.certificate import Progress, Rehearsal, Remembered, certify
from nightdose.diary.records import Diary
from nightdose.findings import (
    answer_again,
    day_fit_of,
    dose_effects,
    drug_notes_of,
    fitted_curves,
    guess_check,
    judge,
    lots_again,
    missing_were_bad,
    nuisance_of,
)
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import expectation_health, health_checks
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis


def analyse(
    diary: Diary,
    question: Question,
    *,
    certificate: int = 0,
    seed: int = 0,
    threads: int = 1,
    workers: int = 1,
    curves: bool = True,
    progress: Progress | None = None,
    remembered: Remembered | None = None,
) -> Analysis:
    """The answer of one diary to one question.

    certificate : number of re-analysed null diaries, 0 = none; as many with the meaningful effect are judged.
    seed : of their noise, of the orders drawn for the re-randomisation test and of the check of expectation
    propagation, the only randomness there is.
    workers : processes that share the certificate's work; the result does not depend on it. remembered : where its
    counts are kept between runs.
    curves : also compute the fitted curves and how the days lie in them, for the report; a cohort or a calibration does
    without.
    Raises CallError where the question does not fit the diary; everything else ends in a verdict.
    """
    started = time.perf_counter()
    case = open_case(diary, question)
    diary, question = case.diary, case.question
    fitted = fit_case(case, case.outcome, threads) if case.can_be_fitted else None
    doses = dose_effects(case, fitted) if fitted else ()
    guess = guess_check(case, fitted, threads)
    health = (*health_checks(fitted), *expectation_health(fitted, np.random.default_rng([seed, 7]))) if fitted else ()
    answerable = fitted if case.can_answer else None
    tested = lots_again(case, seed) if answerable else None
    missing = missing_were_bad(case, answerable) if answerable else None
    verdict = judge(case, fitted, guess, health, doses, tested, missing)
    certified = None
    if certificate and fitted and verdict.answer != "cannot_be_known" and all(check.ok for check in health):
        certified = certify(
            partial(answer_again, case),
            Rehearsal(
                posterior=fitted.leading.posterior,
                observation=fitted.observation,
                treatment=question.treatment,
                planted=question.direction * question.meaningful,
                seed=seed,
            ),
            verdict.answer,
            certificate,
            about=(question, case.log, case.forms, case.others, case.usable, case.on),
            workers=workers,
            progress=progress,
            remembered=remembered,
        )
    drawn = fitted_curves(case, fitted) if fitted and curves else (None, None)
    return Analysis(
        question=question,
        diary=diary,
        outcome=frozen(case.outcome),
        dose=frozen(diary.dose(question.treatment)),
        design=case.design,
        verdict=verdict,
        doses=doses,
        with_treatment=drawn[0],
        without_treatment=drawn[1],
        nuisance=nuisance_of(case, fitted) if fitted else None,
        guess=guess,
        certificate=certified,
        health=health,
        onset_prior=" ".join(case.onset_sentences),
        drug_notes=drug_notes_of(question),
        fitted=fitted,
        seconds=time.perf_counter() - started,
        randomisation_test=tested,
        missing_bad=missing,
        day_fit=day_fit_of(fitted) if fitted and curves else None,
    )
