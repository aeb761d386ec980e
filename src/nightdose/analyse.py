"""READ FIRST: the whole flow on one page. A diary and a question become an answer.

    diary -> exposure -> model -> posterior -> verdict

`analyse` is that sentence; below it stand its joins, the only place where doses become plain columns for `inference`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from nightdose.arrays import Bools, Floats, frozen
from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX, GUESS_SUFFIX, Diary
from nightdose.diary.table import check_outcome, resolve_column
from nightdose.errors import CallError
from nightdose.exposure.dosing import DoseLog, dose_log
from nightdose.exposure.onset import effect_compartment
from nightdose.exposure.response import response_forms
from nightdose.inference.components import LaggedColumn, Series
from nightdose.inference.marginal import Kernel, Paths
from nightdose.inference.observation import Observation, observe
from nightdose.inference.posterior import Posterior, fit
from nightdose.inference.summary import weighted_summary
from nightdose.knowledge.drugs import drug
from nightdose.protocol.calendar import calendar_columns
from nightdose.protocol.design import Design, describe
from nightdose.protocol.onset_prior import onset_prior
from nightdose.protocol.question import Question
from nightdose.protocol.reason import Reason
from nightdose.protocol.weakness import UNFITTABLE, Evidence, weaknesses
from nightdose.verdict.analysis import Analysis, HealthCheck, Nuisance
from nightdose.verdict.answer import Answer, Band, DoseEffect, Estimate, GuessCheck, MissingBad, Shifted, Verdict
from nightdose.verdict.blinding import check_guesses
from nightdose.verdict.certificate import Progress, Rehearsal, Remembered, certify
from nightdose.verdict.contrast import Contrast, mixed
from nightdose.verdict.decide import answer_of, decide
from nightdose.verdict.doses import DosePart, compare_doses
from nightdose.verdict.estimand import bands, contrast, estimate, small_by_data_alone, straight
from nightdose.verdict.fitted import Fitted, Form, Part
from nightdose.verdict.missing import SHIFTS_SD, effect_of_missing
from nightdose.verdict.randomisation_test import RandomisationTest, assigned_or_taken, randomisation_test

INTERCEPT_SD, TREND_SD, EFFECT_SD = 5.0, 1.0, 1.0  # normal priors in sd of the outcome; reasons in docs/inference.md
SIGNAL_SUFFIX = "_signal"  # a column NAME_signal competes as a form of exposure, for example the mechanism's own
LEAST_SHARE = 0.002  # forms less likely than this after the diary are dropped
LEAST_ESS, MOST_UNCONVERGED = 50.0, 0.02


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
    seed : of their noise and of the orders drawn for the re-randomisation test, the only randomness there is.
    workers : processes that share the certificate's work; the result does not depend on it. remembered : where its
    counts are kept between runs.
    curves : also compute the fitted curves for the picture; a cohort or a calibration does without.
    Raises CallError where the question does not fit the diary; everything else ends in a verdict.
    """
    started = time.perf_counter()
    case = open_case(diary, question)
    diary, question = case.diary, case.question
    fitted = _fit(case, case.outcome, threads) if case.can_be_fitted else None
    doses, guess = (_doses(case, fitted), _guess(case, fitted, threads)) if fitted else ((), _guess(case, None))
    health = health_checks(fitted) if fitted else ()
    tested, missing = (_retest(case, seed), _missing_bad(case, fitted)) if fitted and case.can_answer else (None, None)
    verdict = judge(case, fitted, guess, health, doses, tested, missing)
    certified = None
    if certificate and fitted and verdict.answer != "cannot_be_known" and all(check.ok for check in health):
        certified = certify(
            partial(_answer_again, case),
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
    drawn = _curves(case, fitted) if fitted and curves else (None, None)
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
        nuisance=_nuisance(case, fitted) if fitted else None,
        guess=guess,
        certificate=certified,
        health=health,
        onset_prior=" ".join(case.onset_sentences),
        drug_notes=_drug_notes(question),
        fitted=fitted,
        seconds=time.perf_counter() - started,
        randomisation_test=tested,
        missing_bad=missing,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A diary and a question, prepared: doses turned into exposure columns, the design described and checked.

    usable : (days,) days whose outcome enters the fit; on : those of them on treatment (the estimand's days).
    """

    diary: Diary
    question: Question
    outcome: Floats
    log: DoseLog
    forms: tuple[Form, ...]
    others: tuple[LaggedColumn, ...]
    design: Design
    weaknesses: tuple[Reason, ...]
    usable: Bools
    on: Bools
    onset_sentences: tuple[str, ...]

    @property
    def can_be_fitted(self) -> bool:
        return not any(reason.code in UNFITTABLE for reason in self.weaknesses)

    @property
    def can_answer(self) -> bool:
        return not any(reason.decisive for reason in self.weaknesses)


def open_case(diary: Diary, question: Question) -> Case:
    """Doses to exposures, the design, its weaknesses; raises CallError for names the diary does not have."""
    question = _named_as_written(diary, question)
    diary = check_outcome(diary, question.outcome, _limits(question))
    outcome = diary.column(question.outcome)
    _fits_scale(question, outcome)
    trial = question.randomised != "none"
    tau, sdlog, sentence = onset_prior(question, question.treatment)
    log = dose_log(diary.dose(question.treatment), tau, on_before=not trial)
    priors = {name: onset_prior(question, name) for name in question.adjust}
    others = {
        name: dose_log(diary.dose(name), priors.get(name, (tau, sdlog, ""))[0], on_before=True)
        for name in diary.medicines
        if name != question.treatment
    }
    recorded = ~np.isnan(outcome)
    usable = recorded & ~log.uncertain
    design = describe(log.dose, log.known | log.assumed, recorded, question)
    found = weaknesses(
        Evidence(
            diary=diary,
            question=question,
            design=design,
            outcome=outcome,
            dose=log.dose,
            exposure=effect_compartment(log.dose, tau, log.start),
            co_doses={name: other.dose for name, other in others.items() if other.largest > 0},
            co_exposures={
                name: effect_compartment(other.dose, tau, other.start)
                for name, other in others.items()
                if other.largest > 0
            },
            usable=usable,
            onset_d=tau,
        )
    )
    return Case(
        diary=diary,
        question=question,
        outcome=outcome,
        log=log,
        forms=_forms(diary, question.treatment, log, design.dose_levels, tau, sdlog),
        others=tuple(
            _lagged(name, others[name], *priors[name][:2]) for name in question.adjust if others[name].largest > 0
        ),
        design=design,
        weaknesses=found,
        usable=usable,
        on=usable & (log.dose > 0),
        onset_sentences=(sentence, *(prior[2] for prior in priors.values())),
    )


def _named_as_written(diary: Diary, question: Question) -> Question:
    """The question with the diary's own spelling of its names."""

    def medicine(name: str) -> str:
        if not diary.medicines:
            raise CallError(f"The diary has no dose column. Doses of {name} belong in a column '{name}_mg'.")
        bare = name[: -len(DOSE_SUFFIX)] if name.casefold().endswith(DOSE_SUFFIX) else name
        return resolve_column(diary.medicines, bare)

    return replace(
        question,
        outcome=resolve_column(diary, question.outcome),
        treatment=medicine(question.treatment),
        adjust=tuple(medicine(name) for name in question.adjust),
    )


def _fits_scale(question: Question, outcome: Floats) -> None:
    """A sentence where the values cannot be of the scale that was named."""
    values = np.unique(outcome[~np.isnan(outcome)])
    if question.scale == "binary" and len(values) > 2:
        raise CallError(
            f"--scale binary needs yes or no, but {question.outcome} has {len(values)} different values "
            f"({', '.join(f'{v:g}' for v in values[:4])} ...). Write 1 and 0, or take --scale rating or count."
        )
    if question.scale == "count" and np.any(values != np.round(values)):
        raise CallError(
            f"--scale count needs whole numbers, but {question.outcome} has values such as "
            f"{values[values != np.round(values)][0]:g}. Take --scale continuous."
        )
    if question.scale == "rating" and not all(float(end).is_integer() for end in question.ends):
        raise CallError("--scale rating needs whole numbers as --range, for example --range 0 10.")


def _limits(question: Question) -> tuple[float, float] | None:
    if question.scale == "count" and question.limits is None:
        return (0.0, float("inf"))
    return question.ends if question.scale == "rating" else question.limits


def _lagged(name: str, log: DoseLog, tau: float, sdlog: float) -> LaggedColumn:
    """Doses as shares of the largest one, so that a coefficient is the effect of the largest dose."""
    return LaggedColumn(name, log.dose / log.largest if log.largest else log.dose, _share(log), tau, sdlog)


def _forms(
    diary: Diary, treatment: str, log: DoseLog, levels: tuple[float, ...], tau: float, sdlog: float
) -> tuple[Form, ...]:
    """The dose-response forms that this dose log can tell apart, as columns with one onset in common."""
    signal = diary.columns.get(treatment + SIGNAL_SUFFIX)
    if signal is not None and np.any(np.isnan(signal)):
        signal = None  # a signal with holes cannot stand in for an exposure
    found = response_forms(log.dose, levels, signal)
    families = [form.family for form in found]
    out = []
    for form in found:
        single = form.columns.shape[1] == 1
        same_day = form.family == "signal"  # a signal brings its own onset
        start = form.steady.get(log.start, (0.0,) * form.columns.shape[1])
        columns = [
            LaggedColumn(
                name=treatment if single else f"{treatment} {level:g}",
                values=form.columns[:, k],
                start=start[k],
                tau_median=0.0 if same_day else tau,
                tau_sdlog=sdlog,
                tau_like="" if k == 0 else f"{treatment} {min(levels):g}",
            )
            for k, level in zip(range(form.columns.shape[1]), sorted(levels), strict=False)
        ]
        prior = 1 / len(set(families)) / families.count(form.family)
        out.append(Form(form.family, tuple(columns), form.steady, prior))
    return tuple(out)


def _share(log: DoseLog) -> float:
    return log.start / log.largest if log.largest else 0.0


def _series(case: Case, form: Form, observation: Observation, *, extra: Mapping[str, Floats]) -> Series:
    """The model of one outcome: level, spells, trend, exposures, and extra columns without delay."""
    extra = {**calendar_columns(case.diary, case.question), **extra}
    days = len(case.outcome)
    trend = np.arange(days) / days - 0.5
    fixed = np.column_stack([np.ones(days), trend, *extra.values()])
    effect_sd = EFFECT_SD * observation.effect_sd
    lagged = (*form.columns, *case.others)
    sds = [INTERCEPT_SD, TREND_SD, *(effect_sd for _ in extra), *(effect_sd for _ in lagged)]
    weight = case.on.astype(float)
    return Series(
        family=observation.family,
        y=observation.y,
        seen=observation.seen,
        fixed=fixed,
        fixed_names=("intercept", "trend", *extra),
        lagged=lagged,
        border_mean=np.zeros(len(sds)),
        border_sd=np.array(sds),
        day_weight=weight / weight.sum(),
        prior=observation.prior,
        cuts=observation.cuts,
    )


def _fit(case: Case, outcome: Floats, threads: int = 1, *, extra: Mapping[str, Floats] | None = None) -> Fitted | None:
    """Posterior and estimate of one outcome on this case's days; None where it does not vary at all."""
    question = case.question
    seen = case.usable & ~np.isnan(outcome)
    if np.ptp(outcome[seen]) == 0:
        return None
    observation = observe(question.scale, outcome, seen, question.ends)
    parts = [(form, fit(_series(case, form, observation, extra=extra or {}), threads=threads)) for form in case.forms]
    return averaged(case, observation, parts, threads=threads)


def averaged(
    case: Case,
    observation: Observation,
    fits: Sequence[tuple[Form, Posterior]],
    *,
    known_paths: Mapping[int, Paths] | None = None,
    threads: int = 1,
) -> Fitted:
    """The estimate averaged over dose-response forms by their evidence; known_paths : place in `fits` -> its paths."""
    question = case.question
    evidence = np.array([p.log_evidence + np.log(form.prior) for form, p in fits])
    shares = np.exp(evidence - np.max(evidence))
    shares /= np.sum(shares)
    single = [share if len(form.columns) == 1 else -1.0 for (form, _), share in zip(fits, shares, strict=True)]
    leading = int(np.argmax(single))
    straight_link = observation.family == "gaussian"
    parts, contrasts, small = [], [], 0.0
    for at, ((form, posterior), share) in enumerate(zip(fits, shares.tolist(), strict=True)):
        if share < LEAST_SHARE and at != leading:
            continue
        paths = (known_paths or {}).get(at)
        if paths is None and not straight_link:
            paths = Kernel(posterior.series, threads).paths(posterior.z)
        parts.append(Part(form, share, posterior, paths))
        contrasts.append(contrast(posterior, observation, paths, form.names, case.on))
        own = estimate(contrasts[-1], question.direction, question.meaningful)
        small += share * _small(parts[-1], own, question.meaningful)
    kept = sum(part.share for part in parts)
    parts = [replace(part, share=part.share / kept) for part in parts]
    effect = mixed(contrasts, [part.share for part in parts])
    found = estimate(effect, question.direction, question.meaningful)
    return Fitted(observation, tuple(parts), found, small / kept, effect)


def _small(part: Part, found: Estimate, meaningful: float) -> float:
    """P(no meaningful difference) of one part with the prior of the effect taken out."""
    posterior, names = part.posterior, part.form.names
    sd = posterior.series.border_sd[[posterior.coefficient(name) for name in names]]
    reach = float(posterior.weights @ np.linalg.norm(posterior.exposure[:, : len(sd)] * sd, axis=1))
    return small_by_data_alone(found, straight(posterior, names), reach, meaningful)


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
        fitted.small_by_data if fitted else 0.0,
        guess,
        [check.sentence for check in health if not check.ok],
        doses,
        test,
        missing,
    )


def _answer_again(case: Case, outcome: Floats) -> Answer:
    """The answer of another outcome on this case's days: the re-analysis of a certificate, with nothing to print."""
    fitted = _fit(case, outcome)
    if fitted is None or not all(check.ok for check in health_checks(fitted)):
        return "not_yet_known"
    return answer_of(fitted.estimate, fitted.small_by_data)


def _retest(case: Case, seed: int) -> RandomisationTest | None:
    """The re-randomisation test of this case, where its order was drawn by lot."""
    question = case.question
    assigned = case.diary.column(question.treatment + ASSIGNED_SUFFIX)
    drawn = assigned_or_taken(assigned, case.diary.dose(question.treatment))
    tau, _, _ = onset_prior(question, question.treatment)
    return randomisation_test(case.outcome, drawn, question.randomised, tau, case.log.start, seed)


def _missing_bad(case: Case, fitted: Fitted) -> MissingBad | None:
    """The answer had the days without an entry been worse than expected; None where no day is missing."""
    question, log = case.question, case.log
    gaps = np.isnan(case.outcome) & (log.known | log.assumed) & ~log.uncertain
    if not np.any(gaps):
        return None
    plain: Fitted | None = fitted
    if fitted.observation.family != "gaussian":  # the shift is measured on the outcome's own numbers
        plain = _fit(replace(case, question=replace(question, scale="continuous")), case.outcome)
    if plain is None:
        return None
    unit = plain.observation.unit
    move = question.direction * unit * effect_of_missing(plain.leading.posterior, question.treatment, gaps)
    shifts = []
    for shift in SHIFTS_SD:
        moved = Contrast(fitted.effect.weights, fitted.effect.at_nodes - shift * move)
        found = estimate(moved, question.direction, question.meaningful)
        small = _small(fitted.leading, found, question.meaningful) if shift else fitted.small_by_data
        shifts.append(Shifted(shift, shift * unit, found, answer_of(found, small)))
    on = log.dose > 0
    return MissingBad(int(np.sum(gaps & on)), int(np.sum(gaps & ~on)), tuple(shifts))


def _curves(case: Case, fitted: Fitted) -> tuple[Band, Band]:
    part = max(fitted.parts, key=lambda part: part.share)
    return bands(part.posterior, fitted.observation, part.paths(), part.form.names)


def _doses(case: Case, fitted: Fitted) -> tuple[DoseEffect, ...]:
    """Steady-state improvement of every dose that was taken, averaged over the dose-response forms."""
    question, levels = case.question, case.design.dose_levels

    def of(part: Part, level: float) -> Contrast:
        names, steady = part.form.names, part.form.steady[level]
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


def _guess(case: Case, fitted: Fitted | None, threads: int = 1) -> GuessCheck | None:
    """Guesses against the truth, and the effect with the guess as a further column."""
    guess = case.diary.column(case.question.treatment + GUESS_SUFFIX)
    known = case.log.known & ~np.isnan(guess)
    adjusted = None
    if fitted is not None and np.sum(known) > 0 and np.ptp(guess[known]) > 0:
        column = np.where(np.isnan(guess), 0.0, 2 * guess - 1)
        again = _fit(case, case.outcome, threads, extra={"guess": column})
        adjusted = again.estimate if again else None
    return check_guesses(guess, case.log.dose > 0, case.log.known, adjusted)


def health_checks(fitted: Fitted) -> tuple[HealthCheck, ...]:
    """The worst of the parts that carry the answer."""
    ess = min(part.posterior.ess for part in fitted.parts)
    unconverged = max(part.posterior.unconverged for part in fitted.parts)
    return (
        HealthCheck(
            "effective_points",
            ess,
            LEAST_ESS,
            ess >= LEAST_ESS,
            f"The integration rests on {ess:.0f} effective points; {LEAST_ESS:.0f} are asked for.",
        ),
        HealthCheck(
            "unsettled_share",
            unconverged,
            MOST_UNCONVERGED,
            unconverged <= MOST_UNCONVERGED,
            f"{100 * unconverged:.1f} % of the posterior rests on points whose inner iteration did not settle; "
            f"{100 * MOST_UNCONVERGED:.0f} % are allowed.",
        ),
    )


def _nuisance(case: Case, fitted: Fitted) -> Nuisance:
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


def _drug_notes(question: Question) -> tuple[str, ...]:
    known = drug(question.treatment)
    if known is None or known.studied_dose is None:
        return ()
    return (f"{known.name}: {known.studied_dose.where}.",)
