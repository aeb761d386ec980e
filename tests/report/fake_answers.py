"""Answers of every kind, made by hand with plausible numbers: the report is tested without the engine."""

from dataclasses import replace

import numpy as np
from tests.report.fake_parts import (
    CERTIFICATE,
    GUESS,
    MISSING_BAD,
    RETEST,
    band,
    blocks,
    design_of,
    make,
    normal_estimate,
    pain_days,
)

from nightdose.diary.records import Problem
from nightdose.fit.estimate import Band
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import (
    DoseEffect,
    Verdict,
)


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
