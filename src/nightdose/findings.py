"""What stands beside the estimate: doses, guesses, the draw repeated, missing days, curves, what else was learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nightdose.arrays import Floats
from nightdose.checks.doses import DosePart, compare_doses
from nightdose.checks.guesses import check_guesses
from nightdose.checks.missing import SHIFTS_SD, effect_of_missing
from nightdose.checks.relabelling import assigned_or_taken, randomisation_test
from nightdose.diary.records import ASSIGNED_SUFFIX, GUESS_SUFFIX
from nightdose.fit.case import Case
from nightdose.fit.contrast import Contrast
from nightdose.fit.estimand import bands, contrast, estimate
from nightdose.fit.estimate import Band
from nightdose.fit.fitted import Fitted, Part
from nightdose.fit.fitting import fit_case, settled_exposure, small_by_data
from nightdose.fit.health import HealthCheck, health_checks
from nightdose.inference.normal import normal_quantile
from nightdose.inference.predictive import left_out
from nightdose.inference.summary import weighted_summary
from nightdose.knowledge.drugs import drug
from nightdose.question.onset_prior import onset_prior
from nightdose.question.question import Question
from nightdose.verdict.analysis import DayFit, Nuisance
from nightdose.verdict.answer import Answer, DoseEffect, GuessCheck, MissingBad, RandomisationTest, Shifted, Verdict
from nightdose.verdict.decide import answer_of, decide

TENTHS, FAR_OUT = 10, 0.0005  # bars; chance on its side below which a day is called far out
WEEK_D, FEWEST_PAIRS = 7, 30
FEWEST_GUESSED = 14  # days with outcome and guess below which nothing is adjusted


def judge(
    case: Case,
    fitted: Fitted | None,
    guess: GuessCheck | None,
    health: tuple[HealthCheck, ...],
    doses: tuple[DoseEffect, ...] = (),
    test: RandomisationTest | None = None,
    missing: MissingBad | None = None,
) -> Verdict:
    """The verdict on one fit of a case; None = no fit was made."""
    return decide(
        case.question,
        case.design,
        case.weaknesses,
        fitted.estimate if fitted else None,
        fitted.settled if fitted else None,
        fitted.small_by_data if fitted else 0.0,
        guess,
        [check.sentence for check in health if not check.ok],
        doses,
        test,
        missing,
    )


def answer_again(case: Case, outcome: Floats) -> Answer:
    """The answer of another outcome on this case's days: the re-analysis of a certificate, with nothing to print."""
    fitted = fit_case(case, outcome)
    if fitted is None or not all(check.ok for check in health_checks(fitted)):
        return "not_yet_known"
    return answer_of(fitted.estimate, fitted.settled, fitted.small_by_data)


def lots_again(case: Case, seed: int) -> RandomisationTest | None:
    """The re-randomisation test of this case, where its order was drawn by lot."""
    question = case.question
    assigned = case.diary.column(question.treatment + ASSIGNED_SUFFIX)
    drawn = assigned_or_taken(assigned, case.diary.dose(question.treatment))
    tau, _, _ = onset_prior(question, question.treatment)
    return randomisation_test(case.outcome, drawn, question.randomised, tau, case.log.start, seed)


def missing_were_bad(case: Case, fitted: Fitted) -> MissingBad | None:
    """The answer had the days without an entry been worse than expected; None where no day is missing."""
    question, log = case.question, case.log
    gaps = np.isnan(case.outcome) & (log.known | log.assumed) & ~log.uncertain
    if not np.any(gaps):
        return None
    plain: Fitted | None = fitted
    if fitted.observation.family != "gaussian":  # the shift is measured on the outcome's own numbers
        plain = fit_case(replace(case, question=replace(question, scale="continuous")), case.outcome)
    if plain is None:
        return None
    unit = plain.observation.unit
    leading = plain.leading
    steady = float(np.mean(settled_exposure(case, leading.form)[case.on]))
    moves = [
        question.direction * unit * move
        for move in effect_of_missing(leading.posterior, question.treatment, gaps, steady)
    ]
    shifts = []
    for shift in SHIFTS_SD:
        found, settled = (
            estimate(effect.moved(-shift * move), question.direction, question.meaningful)
            for effect, move in zip((fitted.effect, fitted.settled_effect), moves, strict=True)
        )
        small = small_by_data(fitted.leading, found, question.meaningful) if shift else fitted.small_by_data
        shifts.append(Shifted(shift, shift * unit, found, answer_of(found, settled, small)))
    on = log.dose > 0
    return MissingBad(int(np.sum(gaps & on)), int(np.sum(gaps & ~on)), tuple(shifts))


def fitted_curves(case: Case, fitted: Fitted) -> tuple[Band, Band]:
    part = max(fitted.parts, key=lambda part: part.share)
    return bands(part.posterior, fitted.observation, part.paths(), part.form.names)


def day_fit_of(fitted: Fitted) -> DayFit:
    """How the recorded days lie in what all other days predict for them, under the likeliest form."""
    found = left_out(max(fitted.parts, key=lambda part: part.share).posterior)
    score = np.full(fitted.observation.seen.shape, np.nan)
    score[found.days] = normal_quantile(np.clip(found.middle, 1e-6, 1 - 1e-6))
    pairs = ~np.isnan(score[WEEK_D:]) & ~np.isnan(score[:-WEEK_D])
    week = float("nan")
    if np.sum(pairs) >= FEWEST_PAIRS:
        week = float(np.corrcoef(score[WEEK_D:][pairs], score[:-WEEK_D][pairs])[0, 1])
    return DayFit(
        days=len(found.days),
        histogram=tuple(found.histogram(TENTHS).tolist()),
        inside50=found.inside(0.5),
        inside90=found.inside(0.9),
        far_out=tuple(found.days[found.far_out(FAR_OUT)].tolist()),
        week=week,
    )


def dose_effects(case: Case, fitted: Fitted) -> tuple[DoseEffect, ...]:
    """Steady-state improvement of every dose that was taken, averaged over the dose-response forms."""
    question, levels = case.question, case.design.dose_levels

    def of(part: Part, level: float) -> Contrast:
        if len(levels) == 1:
            return part.settled
        names, steady = part.form.names, np.array(part.form.steady[level])
        return contrast(part.posterior, fitted.observation, part.made_paths, names, case.on, steady)

    parts = [
        DosePart(
            share=part.share,
            posterior=part.posterior,
            columns=part.form.names,
            steady=np.array([part.form.steady[level] for level in levels]),
            contrasts=tuple(of(part, level) for level in levels),
        )
        for part in fitted.parts
    ]
    days = [int(np.sum(case.log.dose == level)) for level in levels]
    return compare_doses(parts, levels, days, question.direction, question.meaningful)


def guess_check(case: Case, fitted: Fitted | None, threads: int = 1) -> GuessCheck | None:
    """Guesses against the truth, and the effect with the guess as a further column, from the days with a guess alone:
    on the others it would adjust nothing. No such effect where that fit fails its own checks.
    """
    guess = case.diary.column(case.question.treatment + GUESS_SUFFIX)
    known = case.log.known & ~np.isnan(guess)
    adjusted = adjusted_settled = None
    if fitted is not None and np.sum(known) > 0 and np.ptp(guess[known]) > 0:
        written = ~np.isnan(guess)
        column = np.where(written, 2 * guess - 1, 0.0)
        outcome = np.where(written, case.outcome, np.nan)
        if np.any(written & case.on) and np.sum(case.usable & ~np.isnan(outcome)) >= FEWEST_GUESSED:
            again = fit_case(replace(case, on=case.on & written), outcome, threads, extra={"guess": column})
            healthy = again is not None and all(check.ok for check in health_checks(again))
            if again is not None and healthy:
                adjusted, adjusted_settled = again.estimate, again.settled
    found = check_guesses(guess, case.log.dose > 0, case.log.known, case.outcome, adjusted)
    return replace(found, adjusted_settled=adjusted_settled) if found else None


def nuisance_of(case: Case, fitted: Fitted) -> Nuisance:
    p, unit = fitted.leading.posterior, fitted.observation.unit
    level, ar_sd, phi, noise = p.hyper
    trend = p.coefficient("trend")
    return Nuisance(
        drift_sd_90d=weighted_summary(unit * np.sqrt(90) * level, p.weights),
        ar_phi=weighted_summary(phi, p.weights),
        ar_sd=weighted_summary(unit * ar_sd, p.weights),
        noise_sd=weighted_summary(unit * noise, p.weights),
        trend=_normal_summary(unit * p.mean[:, trend], unit**2 * p.cov[:, trend, trend], p.weights),
        onset_tau_d={
            column.name: weighted_summary(p.tau[:, j], p.weights)
            for j, column in enumerate(p.series.lagged)
            if column.tau_median > 0
        },
    )


def _normal_summary(mean: Floats, var: Floats, weights: Floats) -> tuple[float, float, float]:
    middle = float(weights @ mean)
    sd = float(np.sqrt(weights @ (var + np.square(mean - middle))))
    return middle, middle - 1.96 * sd, middle + 1.96 * sd


def drug_notes_of(question: Question) -> tuple[str, ...]:
    known = drug(question.treatment)
    if known is None or known.studied_dose is None:
        return ()
    return (f"{known.name}: {known.studied_dose.where}.",)
