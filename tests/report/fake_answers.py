"""Answers of every kind, made by hand with plausible numbers: the report is tested without the engine."""

import datetime
import math
from dataclasses import fields, replace

import numpy as np

from nightdose.diary.records import Diary, Problem
from nightdose.exposure.dosing import dose_log
from nightdose.fit.case import Case
from nightdose.fit.curves import Curves
from nightdose.fit.estimate import Band, Estimate
from nightdose.fit.fitted import Fitted
from nightdose.fit.health import HealthCheck
from nightdose.fit.learned import Nuisance
from nightdose.question.design import Design
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.analysis import Analysis, AnyLook, Beside, Certificate, WorldRate
from nightdose.verdict.answer import (
    BlindingIndex,
    Checks,
    DoseEffect,
    GuessCheck,
    MissingBad,
    RandomisationTest,
    Shifted,
    Verdict,
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
    curves = Curves(with_dose, without) if with_dose else None
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


def helps():
    """A year in blocks of four weeks, drawn by lot and hidden: 1.5, then 3, then 4.5 mg; with guesses."""
    days = 364
    dose = blocks(days)
    dose[28:56], dose[84:112] = 1.5, 3.0
    dose[200:203] = np.nan
    outcome, taken, without = pain_days(days, np.nan_to_num(dose), 1.5)
    estimate = normal_estimate(1.4, 0.4)
    verdict = Verdict(
        "helps",
        "high",
        "Pain was lower under the doses taken than it would have been without: by 1.4 points (95 % 0.6 to "
        "2.2), probability of any improvement more than 99 in 100, of at least 1 point 84 in 100; compared "
        "with your own days without naltrexone, in a hidden order drawn by lot, the highest ceiling one "
        "person's diary can have.",
        (
            Reason("switches", "You went on and off 12 times, in an order drawn by lot.", {"switches": 12}),
            Reason(
                "guesses",
                "Your guesses were right 92 of 160 times, which luck alone can do.",
                {"correct": 92},
            ),
            Reason("missing", "30 of 364 days have no entry; they are spread evenly.", {"missing": 30}),
        ),
        "Another year would narrow the interval; only other diaries can say whether it holds beyond you.",
        estimate,
        estimate,
    )
    levels = (
        DoseEffect(1.5, 28, normal_estimate(0.7, 0.6), 0.06, 0.3, 0.2),
        DoseEffect(3.0, 28, normal_estimate(1.2, 0.55), 0.29, 0.3, 0.2),
        DoseEffect(4.5, 123, normal_estimate(1.5, 0.4), 0.65, 0.3, 0.2),
    )
    design = design_of(outcome, dose, kind="randomised_blocks", randomised="blocks", blinded=True, planned="stated")
    return make(
        Question("pain", "naltrexone", "rating", randomised="blocks", blinded=True),
        outcome,
        dose,
        verdict,
        design=design,
        doses=levels,
        with_treatment=band(taken, 0.6),
        without_treatment=band(without, 0.8),
        guess=GUESS,
        certificate=CERTIFICATE,
        randomisation_test=RETEST,
        missing_bad=MISSING_BAD,
        problems=(Problem(17, "'1O' is not a number in column 'pain'.", "Write 10 with a zero, or leave it empty."),),
    )


def harms():
    """Energy (higher is better) fell with each of four open blocks."""
    days = 196
    dose = blocks(days, 3.0)
    outcome, taken, without = pain_days(days, dose, 1.3, seed=3, base=6.5)
    verdict = Verdict(
        "harms",
        "moderate",
        "Energy was lower under the doses taken than without, by 1.2 points (95 % 0.3 to 2.1), probability "
        "of being worse more than 99 in 100; compared with your own days without, in an open order.",
        (Reason("switches", "You went on and off 6 times.", {"switches": 6}),),
        "A hidden order would tell an effect of the capsule from an effect of knowing.",
        normal_estimate(-1.2, 0.45),
        normal_estimate(-1.2, 0.45),
    )
    return make(
        Question("energy", "naltrexone", "rating", better="higher"),
        outcome,
        dose,
        verdict,
        design=design_of(outcome, dose, kind="alternating", planned="assigned"),
        with_treatment=band(taken, 0.6),
        without_treatment=band(without, 0.9),
    )


def no_meaningful_difference():
    """Sleep in hours on 120 days, the day's capsule drawn by lot, no difference of half an hour."""
    days, rng = 120, np.random.default_rng(5)
    dose = rng.integers(0, 2, days).astype(float)
    outcome = 7 + 0.6 * rng.normal(size=days)
    level = np.full(days, 7.0)
    verdict = Verdict(
        "no_meaningful_difference",
        "high",
        "Whatever magnesium changed in your sleep, it is smaller than half an hour: probability 98 in 100.",
        (Reason("narrow", "The 95 % interval, -0.21 to 0.33, lies inside half an hour.", {"lo": -0.21}),),
        "Asking about a smaller difference would need more days.",
        normal_estimate(0.06, 0.135, 0.5),
        normal_estimate(0.06, 0.135, 0.5),
    )
    return make(
        Question("sleep hours", "magnesium", better="higher", meaningful=0.5, unit="", randomised="days"),
        outcome,
        dose,
        verdict,
        dated=False,
        design=design_of(outcome, dose, kind="randomised_days", randomised="days", planned="assigned"),
        with_treatment=band(level + 0.06 * dose, 0.2),
        without_treatment=band(level, 0.25),
    )


def not_yet_known():
    """Twenty days of headache yes or no."""
    days, rng = 20, np.random.default_rng(8)
    dose = np.where(np.arange(days) % 5 < 2, 0.0, 4.5)
    outcome = (rng.random(days) < 0.4).astype(float)
    outcome[[3, 11]] = np.nan
    verdict = Verdict(
        "not_yet_known",
        "moderate",
        "18 recorded days leave both better and worse open: probability of any improvement 66 in 100.",
        (Reason("few_days", "18 recorded days are few for a yes/no outcome.", {"recorded": 18}),),
        "About 80 more days in the same pattern would narrow the interval to the size that you asked about.",
        normal_estimate(0.06, 0.15, 0.1),
        normal_estimate(0.06, 0.15, 0.1),
    )
    p = np.full(days, 0.4)
    return make(
        Question("headache", "naltrexone", "binary", meaningful=0.1),
        outcome,
        dose,
        verdict,
        design=design_of(outcome, dose, kind="alternating", planned="assigned"),
        with_treatment=Band(p - 0.03, p - 0.25, p + 0.25),
        without_treatment=Band(p, p - 0.28, p + 0.28),
    )


def cannot_be_known():
    """After Kim's story: topiramate tapered, riboflavin begun, 1.5 mg for three weeks."""
    days = 70
    dose = np.where(np.arange(days) < 49, 0.0, 1.5)
    topiramate = np.select(
        [np.arange(days) < 28, np.arange(days) < 42, np.arange(days) < 52], [200.0, 100.0, 50.0], 0.0
    )
    riboflavin = np.where(np.arange(days) < 45, 0.0, 400.0)
    riboflavin[:10] = np.nan
    outcome, taken, without = pain_days(days, dose, 0.8, seed=4, base=2.4, limits=(0, 3), missing=0.05)
    outcome[40:52] = np.clip(outcome[40:52] + 1, 0, 3)
    verdict = Verdict(
        "cannot_be_known",
        "low",
        "Severity changed after naltrexone was begun, but other things changed in the same days, and one "
        "change cannot be divided among three causes.",
        (
            Reason(
                "co_treatment",
                "Topiramate was tapered to nothing in the week that naltrexone began.",
                {},
                True,
            ),
            Reason("co_treatment", "Riboflavin began four days before naltrexone.", {}, True),
            Reason("one_switch", "There is one change from off to on, and none back.", {"switches": 1}),
        ),
        "Keep the other medicines unchanged and let your prescriber plan at least three switches.",
        normal_estimate(0.6, 0.4, 0.5),
        normal_estimate(0.6, 0.4, 0.5),
    )
    return make(
        Question(
            "severity",
            "naltrexone",
            "ordinal",
            meaningful=0.5,
            limits=(0, 3),
            adjust=("topiramate", "riboflavin"),
        ),
        outcome,
        dose,
        verdict,
        columns={"topiramate_mg": topiramate, "riboflavin_mg": riboflavin},
        with_treatment=band(taken, 0.5),
        without_treatment=band(without, 0.9),
        name="kim-synthetic.csv",
    )


MAKERS = {m.__name__: m for m in (helps, harms, no_meaningful_difference, not_yet_known, cannot_be_known)}


def better_since():
    """`helps` at the lowest ceiling."""
    answer = helps()
    low = replace(answer.verdict, ceiling="low")
    return replace(answer, verdict=low, checks=replace(answer.checks, guess=None)).with_beside(certificate=None)


def bare(outcome, dose, question=None, **changes):
    """An analysis that came to nothing: no estimate, no bands, no nuisance."""
    verdict = Verdict(
        "cannot_be_known",
        "low",
        "There is nothing to compare.",
        (Reason("nothing", "No day has both an entry and a dose.", {}, True),),
        "Record both.",
        None,
        None,
    )
    question = question or Question("pain", "naltrexone")
    return make(
        question,
        np.asarray(outcome, float),
        np.asarray(dose, float),
        verdict,
        nuisance=None,
        health=(),
        **changes,
    )


def long_diary(days=3650):
    """Ten years in blocks of four weeks."""
    dose = blocks(days)
    outcome, taken, without = pain_days(days, dose, 1.0)
    answer = helps()
    return make(
        answer.question,
        outcome,
        dose,
        answer.verdict,
        with_treatment=band(taken, 0.4),
        without_treatment=band(without, 0.5),
    )


def odd_analyses():
    """Name -> analyses at the edge of what a diary can be."""
    days = 30
    step = np.where(np.arange(days) < 15, 0.0, 3.0)
    nothing = np.full(days, np.nan)
    rng = np.random.default_rng(2)
    hostile = Question("<script>alert(1)</script>", "a\x1b[31m&\"'<b>", adjust=("</svg>",))
    return {
        "all missing": bare(nothing, nothing),
        "no outcome": bare(nothing, step),
        "constant": bare(np.full(days, 5.0), step),
        "negative": bare(rng.normal(-3, 2, days), step),
        "huge": bare(rng.normal(0, 4e9, days), step, Question("cells", "naltrexone", meaningful=1e8)),
        "tiny": bare(rng.normal(0, 4e-7, days), step, Question("cells", "naltrexone", meaningful=1e-7)),
        "one day": bare([4.0], [0.0]),
        "no days": bare([], []),
        "hostile": bare(rng.normal(5, 1, days), step, hostile, name="<img src=x onerror=alert(1)>.csv"),
        "never on": bare(rng.normal(5, 1, days), np.zeros(days)),
        "ten years": long_diary(),
        "counts": bare(rng.poisson(2, days), step, Question("attacks", "naltrexone", "count")),
    }
