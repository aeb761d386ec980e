"""Would this design answer the question? Diaries are simulated for it, and the real analysis judges each of them.

A person's own ups and downs come from the run-in days where there are enough, else from published values at three
levels. The order is drawn again for every diary, the onset time from its prior: neither is known before day 1.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from nightdose.analyse import judged
from nightdose.arrays import Floats
from nightdose.checks.e_value_ahead import Reach, Truth, reaches
from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX, Diary
from nightdose.errors import CallError
from nightdose.exposure.onset import effect_compartment
from nightdose.inference.normal import normal_cdf
from nightdose.knowledge.chosen import carried, mark_of_file
from nightdose.knowledge.ups_and_downs import UpsAndDowns, published
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.processes import Progress, shared
from nightdose.protocol.declared_looks import declared_days, looks_of
from nightdose.protocol.trial import TrialDesign, daily_on, draw_order
from nightdose.question.looks import Looks
from nightdose.question.onset_prior import onset_prior
from nightdose.question.question import Question
from nightdose.verdict.answer import Answer
from nightdose.verdict.forecast import ENOUGH_POWER, USUALLY_HOPED, Forecast, Verdicts


@dataclass(frozen=True, slots=True)
class Runs:
    """How many diaries of each kind are simulated, from which seed, who hears how many are done, and by how many
    processes they are judged; the verdicts do not depend on those."""

    n: int = 100
    seed: int = 0
    progress: Progress | None = None
    workers: int = 1


A_HUNDRED = Runs()

LEAST_RUN_IN = 14  # recorded days from which a person's own ups and downs are used
MOST_DAYS = 2 * 365
WORTH_A_WORKER = 40  # diaries below which another process costs more than it brings
AT_ONCE = 4  # diaries a process takes at a time
FEWEST_EVENTS, MOST_EVENTS = 0.002, 60  # expected a day, or of a yes; and the most that a simulated day has
HOPED = 2  # the kind of diary that has the hoped-for effect


def from_run_in(scores: Floats, *, points: bool = True) -> UpsAndDowns:
    """A person's own ups and downs from the run-in: (days,) scores, NaN = not recorded.

    sd from the scores; the share that lasts from the correlation of neighbouring days, r = share * phi, with
    1/n added because short series underestimate it; phi and drift stay at the published values. points : the scale is
    one of points, as that of the published drift; of events and plain numbers the drift is in proportion to the sd.
    """
    recorded = scores[~np.isnan(scores)]
    if len(recorded) < LEAST_RUN_IN:
        raise CallError(
            say(
                "The run-in has {n} recorded days; {least_run_in} are needed to know your own ups "
                "and downs. Until then plan with calm, usual or stormy.",
                n=len(recorded),
                least_run_in=LEAST_RUN_IN,
            ),
            field="noise",
        )
    sd = float(np.std(recorded, ddof=1))
    if sd == 0:
        raise CallError(say("The score was the same on every day of the run-in. Nothing can be forecast from that."))
    base = published("usual")
    share = float(np.clip((_neighbours(scores) + 1 / len(recorded)) / base.phi, 0.0, 0.95))
    return replace(
        (base if points else base.scaled(sd / base.daily_sd)).with_sd(sd, share),
        level=float(np.mean(recorded)),
        missing=float(np.mean(np.isnan(scores))),
        origin=say(
            "Your own run-in: {n} days, mean {mean}, sd {sd}.",
            n=len(recorded),
            mean=number(float(np.mean(recorded))),
            sd=number(sd),
        ),
    )


def _neighbours(scores: Floats) -> float:
    """Correlation of neighbouring recorded days."""
    centred = scores - np.nanmean(scores)
    pairs = centred[1:] * centred[:-1]
    return float(np.nanmean(pairs) / np.nanmean(np.square(centred))) if np.any(~np.isnan(pairs)) else 0.0


def simulate_diary(
    design: TrialDesign, question: Question, ups: UpsAndDowns, improvement: float, rng: np.random.Generator
) -> Diary:
    """One diary of the design; `improvement` is the gain once settled (0: it does nothing)."""
    on = np.array(daily_on(design, draw_order(design, rng)), dtype=float)
    days = len(on)
    median, sdlog, _ = onset_prior(question, question.treatment)
    tau = float(median * np.exp(sdlog * rng.standard_normal())) if median else 0.0
    exposure = effect_compartment(on, tau, 0.0)
    score = _scores(question, ups, question.direction * improvement * exposure, rng)
    score = np.where(rng.random(days) < ups.missing, np.nan, score)
    columns = {
        question.outcome: score,
        question.treatment + DOSE_SUFFIX: on,
        question.treatment + ASSIGNED_SUFFIX: on.copy(),
    }
    return Diary("simulated", design.start.toordinal(), True, columns, days)


def _scores(question: Question, ups: UpsAndDowns, effect: Floats, rng: np.random.Generator) -> Floats:
    """(days,) scores of this kind; effect : (days,) added to what is expected, in the outcome's own unit."""
    course = ups.course(len(effect), rng)
    if not question.kind.events:
        score = ups.level + course + effect
        ends = question.ends if question.kind.steps else None
        return score if ends is None else np.clip(np.round(score), *ends)
    place = normal_cdf(course / ups.daily_sd)  # of the day among all days, 0 to 1, in spells
    expected = np.maximum(ups.level + effect, FEWEST_EVENTS)
    if question.kind.two:
        return np.asarray(place > 1 - np.minimum(expected, 1 - FEWEST_EVENTS), dtype=np.float64)
    up_to = np.cumsum(_poisson(expected), axis=1)  # P(at most k)
    return np.asarray(np.sum(place[:, None] > up_to, axis=1), dtype=np.float64)


def _poisson(expected: Floats) -> Floats:
    """(days, MOST_EVENTS) probability of k events on a day."""
    k = np.arange(MOST_EVENTS)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    return np.asarray(np.exp(k * np.log(expected)[:, None] - expected[:, None] - log_factorial))


def judged_question(design: TrialDesign, question: Question) -> Question:
    """The question as the analysis will get it from this design."""
    drawn = design.kind == "randomised_blocks"
    return replace(question, randomised="blocks" if drawn else "none", blinded=design.blinded and drawn, unit="")


def forecast(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    runs: Runs = A_HUNDRED,
    *,
    hoped: float | None = None,
) -> Forecast:
    """Verdicts of the real analysis on simulated diaries of each kind, read on the declared days.

    hoped : settled improvement to plan on; None = twice the smallest one worth having. Deterministic given the seed.
    Raises CallError where it is not above the smallest one worth having.
    """
    if runs.n < 1:
        raise CallError(
            say("{n} is not a number of diaries. Give one above 0; 100 or more make a forecast.", n=runs.n),
            field="diaries",
        )
    effects = (0.0, question.meaningful, hoped_for(question, hoped))
    return Forecast(design, ups, question, runs.seed, *_told(design, question, ups, dict(enumerate(effects)), runs))


def hoped_for(question: Question, hoped: float | None) -> float:
    """The settled improvement to plan on. Raises CallError where `helps` could hardly be said of it."""
    if hoped is None:
        return USUALLY_HOPED * question.meaningful
    if not question.meaningful < hoped < float("inf"):
        raise CallError(
            say(
                "{hoped} cannot be planned on: the smallest difference worth having is "
                "{meaningful}, and half of all honest estimates lie below the truth. Hope for "
                "more, or call less worth having.",
                hoped=number(hoped),
                meaningful=number(question.meaningful),
            ),
            field="hoped",
        )
    return hoped


def outcome_of(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    improvement: float,
    kind: int,
    runs: Runs,
) -> Verdicts:
    """What is said at the declared end to diaries with one true settled improvement; kind : part of their seed."""
    return _told(design, question, ups, {kind: improvement}, runs)[0]


def _told(
    design: TrialDesign, question: Question, ups: UpsAndDowns, effects: Mapping[int, float], runs: Runs
) -> list[Verdicts]:
    """What is said to the diaries of each kind; effects : kind -> true settled improvement."""
    asked = judged_question(design, question)
    looks = looks_of(design, counted=len(declared_days(design)))

    def diaries() -> Iterator[Diary]:
        for kind, improvement in effects.items():
            rng = np.random.default_rng([runs.seed, kind])
            for _ in range(runs.n):
                yield simulate_diary(design, asked, ups, improvement, rng)

    total = runs.n * len(effects)
    workers = max(1, min(runs.workers, total // WORTH_A_WORKER))
    answers: list[Answer] = []
    for answer in shared(carried(partial(_answered, asked, looks)), diaries(), workers, together=AT_ONCE):
        answers.append(answer)
        if runs.progress is not None:
            runs.progress(len(answers), total)
    parts = (answers[i * runs.n : (i + 1) * runs.n] for i in range(len(effects)))
    return [Verdicts(effect, runs.n, dict(Counter(part))) for effect, part in zip(effects.values(), parts, strict=True)]


def _answered(asked: Question, looks: Looks, diary: Diary) -> Answer:
    return judged(diary, asked, looks=looks).verdict.answer


ANY_DAY = datetime.date(2026, 1, 5)
QUICK = 60  # diaries of a quick look at a design: standard error 6 in 100 at one half


def quick_power(
    design: TrialDesign, question: Question, ups: UpsAndDowns, *, hoped: float | None = None, seed: int = 0
) -> Verdicts:
    """How often a design would say `helps` of the hoped-for effect, in two or three seconds, to within a dozen in 100.

    A rating is judged as a continuous score, which takes a tenth of the time; a test holds the two within 18 in 100.
    """
    plain = question.as_numbers() if question.kind.even else question
    any_year = replace(design, start=ANY_DAY)  # the day of the year changes nothing
    return _quick(any_year, plain, ups, hoped_for(question, hoped), seed, mark_of_file())


@lru_cache(maxsize=64)
def _quick(
    design: TrialDesign, question: Question, ups: UpsAndDowns, improvement: float, seed: int, file: str
) -> Verdicts:
    """Kept for as long as the program runs: a design is checked again before it is locked. file : `mark_of_file`."""
    return outcome_of(design, question, ups, improvement, HOPED, Runs(QUICK, seed))


def e_value_ahead(
    design: TrialDesign, question: Question, ups: UpsAndDowns, *, hoped: float | None = None
) -> tuple[Reach, ...]:
    """What each block length can do for the e-value in the trial's days; empty where no order is drawn in pairs."""
    if design.kind != "randomised_blocks":
        return ()
    tau, sdlog, _ = onset_prior(question, question.treatment)
    return reaches(design, ups, Truth(hoped_for(question, hoped), tau, sdlog))


def shortest(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    runs: Runs = A_HUNDRED,
    *,
    power: float = ENOUGH_POWER,
    hoped: float | None = None,
) -> tuple[Forecast | None, dict[int, Verdicts]]:
    """(the shortest design with that power or None, pairs -> what each tried design said), by adding pairs of blocks.

    power : share told `helps` when there is the hoped-for settled improvement. Bisection over the number of pairs up
    to two years; power grows with length but for the noise of the diaries.
    """
    stride = 2 * (design.block_days + design.washout_days)
    low, high = 3, max(3, (MOST_DAYS - design.run_in_days) // stride)
    effect = hoped_for(question, hoped)
    tried: dict[int, Verdicts] = {}

    def enough(pairs: int) -> bool:
        tried[pairs] = outcome_of(replace(design, pairs=pairs), question, ups, effect, HOPED, runs)
        return tried[pairs].power >= power

    if not enough(high):
        return None, tried
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return forecast(replace(design, pairs=high), question, ups, replace(runs, progress=None), hoped=hoped), tried
