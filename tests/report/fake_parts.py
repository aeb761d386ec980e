"""Parts of analyses with known numbers in them, for tests of what is said about them."""

import datetime
import math
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np

from nightdose.diary.records import Diary
from nightdose.exposure.dosing import dose_log
from nightdose.fit.case import Case
from nightdose.fit.estimate import Band, Estimate
from nightdose.fit.fitted import Fitted
from nightdose.fit.health import HealthCheck
from nightdose.fit.learned import Nuisance
from nightdose.question.design import Design
from nightdose.verdict.analysis import Analysis, AnyLook, Beside, Certificate, WorldRate
from nightdose.verdict.answer import (
    BlindingIndex,
    Checks,
    GuessCheck,
    MissingBad,
    RandomisationTest,
    Shifted,
)

FIRST_DAY = datetime.date(2025, 1, 6).toordinal()
ANSWERS = ("helps", "harms", "no_meaningful_difference", "not_yet_known", "cannot_be_known")


def normal_estimate(mean, sd, meaningful=1.0):
    """The estimate of a normal posterior: all its numbers agree with each other."""

    def below(x):
        return 0.5 * (1 + math.erf((x - mean) / (sd * math.sqrt(2))))

    worse, better = below(-meaningful), 1 - below(meaningful)
    return Estimate(mean, sd, (mean - 1.96 * sd, mean + 1.96 * sd), 1 - below(0.0), better, worse, 1 - better - worse)


def pain_days(days, dose, effect, *, seed=1, base=6.0, tau=8.0, missing=0.1, limits=(0, 10)):
    """(outcome, with, without): a 0-10 rating under slow drift, with a slow effect of the doses."""
    rng = np.random.default_rng(seed)
    exposure, level = np.zeros(days), 0.0
    for t in range(days):
        level += (1 - math.exp(-1 / tau)) * ((dose[t] > 0) - level)
        exposure[t] = level
    spell = np.zeros(days)
    for t in range(1, days):
        spell[t] = 0.6 * spell[t - 1] + 0.7 * rng.normal()
    without = base + 0.4 * np.sin(np.arange(days) / 60)
    taken = without - effect * exposure
    outcome = np.clip(np.round(taken + spell + 0.8 * rng.normal(size=days)), *limits)
    outcome[rng.random(days) < missing] = np.nan
    return outcome, taken, without


def band(mean, half):
    return Band(mean, mean - half, mean + half)


def design_of(outcome, dose, **changes):
    known = np.isfinite(dose)
    on, off, seen = known & (dose > 0), known & (dose == 0), np.isfinite(outcome)
    state = (dose[known] > 0).astype(int)
    facts = Design(
        kind="before_after",
        days=len(dose),
        days_on=int(on.sum()),
        days_off=int(off.sum()),
        dose_unknown=int((~known).sum()),
        recorded=int(seen.sum()),
        recorded_on=int((seen & on).sum()),
        recorded_off=int((seen & off).sum()),
        missing=int((~seen).sum()),
        switches=int(np.abs(np.diff(state)).sum()),
        first_on=int(np.flatnonzero(on)[0]) if on.any() else None,
        dose_levels=tuple(sorted({float(d) for d in dose[on]})),
        randomised="none",
        blinded=False,
    )
    return replace(facts, **changes)


NUISANCE = Nuisance(
    drift_sd_90d=(0.5, 0.2, 1.0),
    ar_phi=(0.58, 0.41, 0.74),
    ar_sd=(0.82, 0.61, 1.05),
    noise_sd=(0.86, 0.71, 1.01),
    trend=(-0.2, -1.1, 0.7),
    onset_tau_d={"naltrexone": (9.1, 3.2, 24.0)},
)
HEALTH = (
    HealthCheck("points in use", 412.0, 100.0, True, "412 of 512 points carry the answer (at least 100)."),
    HealthCheck("tail weight", 0.31, 0.7, True, "The weights have light tails (0.31, below 0.70)."),
)
ONSET = "Onset of naltrexone: time constant log-normal around 10 days (weeks, the drug's file; assumed)."
GUESS = GuessCheck(
    days=168,
    correct=92,
    counted=160,
    rate=0.575,
    interval95=(0.497, 0.650),
    better_than_chance=False,
    bang_active=BlindingIndex(0.19, (-0.02, 0.38), 84),
    bang_inactive=BlindingIndex(0.1, (-0.11, 0.3), 84),
    james=BlindingIndex(0.44, (0.36, 0.52), 168),
    given_away=0.4,
    adjusted=normal_estimate(1.3, 0.42),
    adjusted_settled=normal_estimate(1.3, 0.42),
)
RETEST = RandomisationTest(
    p=0.0078,
    schedules=128,
    exact=True,
    smallest=0.0078,
    log10_space=2.1,
    difference=-1.5,
    statistic="sum of exposure times the outcome left after a straight line, exposure building and fading with 10 days",
    space="7 pairs of blocks of about 28 days, one with and one without in each, either one first",
)
MISSING_BAD = MissingBad(
    20,
    10,
    (
        Shifted(0.0, 0.0, normal_estimate(1.4, 0.4), "helps"),
        Shifted(0.5, 0.7, normal_estimate(1.3, 0.4), "helps"),
        Shifted(1.0, 1.4, normal_estimate(1.0, 0.4), "not_yet_known"),
    ),
)
CERTIFICATE = Certificate(
    1000, 7, 0.021, (0.014, 0.032), 0.018, 0.27, (0.244, 0.299),
    (WorldRate("weekday", 125, 0.02, (0.006, 0.06)), WorldRate("cycle", 125, 0.05, (0.02, 0.10))),
    AnyLook(12, 250, 0.04, (0.02, 0.07)),
)  # fmt: skip


def make(question, outcome, dose, verdict, *, columns=None, name="diary.csv", problems=(), **changes):
    """An Analysis around the days given; everything not said is plausible."""
    days = len(outcome)
    dated = changes.pop("dated", True)
    stored = {question.outcome: outcome, f"{question.treatment}_mg": dose, **(columns or {})}
    case = fake_case(
        question,
        changes.pop("design", None) or design_of(outcome, dose),
        diary=Diary(name, FIRST_DAY if dated else 1, dated, stored, days, problems),
    )
    checks = {"health": HEALTH} | {name: changes.pop(name) for name in CHECKED & changes.keys()}
    with_dose, without = changes.pop("with_treatment", None), changes.pop("without_treatment", None)
    curves = SimpleNamespace(with_treatment=with_dose, without_treatment=without) if with_dose else None
    beside = Beside(**{"nuisance": NUISANCE, "curves": curves, **changes})
    return Analysis(case, None, verdict, Checks(**checks), beside, seconds=0.021)


CHECKED = {field.name for field in fields(Checks)}


def fake_case(question, design, weaknesses=(), *, diary=None):
    """A case of which only the question, the design and the diary are true."""
    diary = diary or Diary("diary.csv", FIRST_DAY, True, {}, 0)
    outcome, dose = diary.column(question.outcome), diary.dose(question.treatment)
    used = np.isfinite(outcome)
    return Case(
        diary=diary,
        question=question,
        outcome=outcome,
        log=dose_log(dose, 0.0, on_before=False) if len(dose) else None,
        forms=(),
        others=(),
        design=design,
        plan=None,
        weaknesses=tuple(weaknesses),
        usable=used,
        on=used & (dose > 0),
        onset_sentences=(ONSET,),
    )


def fake_fit(estimate, small_by_data=0.0, settled=None):
    """A fit of which only its estimates are true; settled at once if nothing else is said."""
    return Fitted(None, (), estimate, settled or estimate, small_by_data, None, None)


def asked(analysis, question):
    """The same analysis, asked another question."""
    return replace(analysis, case=replace(analysis.case, question=question))


def blocks(days, dose=4.5, length=28):
    return np.where((np.arange(days) // length) % 2 == 1, dose, 0.0)
