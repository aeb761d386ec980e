"""Would this design answer the question? Diaries are simulated for it, and the real analysis judges each of them.

A person's own ups and downs come from the run-in days where there are enough, else from published values at three
levels. The order is drawn again for every diary, the onset time from its prior: neither is known before day 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from nightdose.analyse import analyse
from nightdose.arrays import Floats
from nightdose.diary.records import ASSIGNED_SUFFIX, DOSE_SUFFIX, Diary
from nightdose.errors import CallError
from nightdose.exposure.onset import effect_compartment
from nightdose.knowledge.load import parameters
from nightdose.protocol.trial import TrialDesign, daily_on, draw_order
from nightdose.question.onset_prior import onset_prior
from nightdose.question.question import Question
from nightdose.statistics import spells
from nightdose.verdict.answer import Verdict
from nightdose.verdict.forecast import ENOUGH_POWER, SHOWN, Forecast, Outcome, UpsAndDowns

NoiseLevel = Literal["calm", "usual", "stormy"]
Progress = Callable[[int, int], None]

LEAST_RUN_IN = 14  # recorded days from which a person's own ups and downs are used
MOST_DAYS = 2 * 365


def published(level: NoiseLevel) -> UpsAndDowns:
    """Ups and downs of a calm, usual or stormy person from the published values."""
    known = parameters("ups_and_downs")
    sd, share = known[f"{level}_sd"].value, known["spell_share"].value
    return UpsAndDowns(
        level=known["level"].value,
        spell_sd=float(sd * np.sqrt(share)),
        phi=known["spell_phi"].value,
        noise_sd=float(sd * np.sqrt(1 - share)),
        drift_sd_90d=known["drift_90d"].value,
        missing=known["missing"].value,
        origin=f"Published values, a {level} person: daily scores with a within-person sd of {sd:g} points.",
    )


def from_run_in(scores: Floats) -> UpsAndDowns:
    """A person's own ups and downs from the run-in: (days,) scores, NaN = not recorded.

    sd from the scores; the share that lasts from the correlation of neighbouring days, r = share * phi, with
    1/n added because short series underestimate it; phi and drift stay at the published values.
    """
    recorded = scores[~np.isnan(scores)]
    if len(recorded) < LEAST_RUN_IN:
        raise CallError(
            f"The run-in has {len(recorded)} recorded days; {LEAST_RUN_IN} are needed to know your own ups and downs. "
            "Until then plan with calm, usual or stormy.",
            field="noise",
        )
    sd = float(np.std(recorded, ddof=1))
    if sd == 0:
        raise CallError("The score was the same on every day of the run-in. Nothing can be forecast from that.")
    base = published("usual")
    share = float(np.clip((_neighbours(scores) + 1 / len(recorded)) / base.phi, 0.0, 0.95))
    return replace(
        base,
        level=float(np.mean(recorded)),
        spell_sd=sd * np.sqrt(share),
        noise_sd=sd * np.sqrt(1 - share),
        missing=float(np.mean(np.isnan(scores))),
        origin=f"Your own run-in: {len(recorded)} days, mean {np.mean(recorded):.1f}, sd {sd:.2f} points.",
    )


def _neighbours(scores: Floats) -> float:
    """Correlation of neighbouring recorded days."""
    centred = scores - np.nanmean(scores)
    pairs = centred[1:] * centred[:-1]
    return float(np.nanmean(pairs) / np.nanmean(np.square(centred))) if np.any(~np.isnan(pairs)) else 0.0


def simulate_diary(
    design: TrialDesign, question: Question, ups: UpsAndDowns, improvement: float, rng: np.random.Generator
) -> Diary:
    """One diary of the design; `improvement` is the mean gain over the days on treatment (0: it does nothing)."""
    on = np.array(daily_on(design, draw_order(design, rng)), dtype=float)
    days = len(on)
    median, sdlog, _ = onset_prior(question, question.treatment)
    tau = float(median * np.exp(sdlog * rng.standard_normal())) if median else 0.0
    exposure = effect_compartment(on, tau, 0.0)
    reached = float(np.mean(exposure[on > 0]))
    drift = np.cumsum(ups.drift_sd_90d / np.sqrt(90) * rng.standard_normal(days))
    score = ups.level + drift + spells(ups.spell_sd, ups.phi, days, rng) + ups.noise_sd * rng.standard_normal(days)
    score += question.direction * improvement * exposure / reached
    if question.kind.even and question.ends is not None:
        score = np.clip(np.round(score), *question.ends)
    score = np.where(rng.random(days) < ups.missing, np.nan, score)
    columns = {
        question.outcome: score,
        question.treatment + DOSE_SUFFIX: on,
        question.treatment + ASSIGNED_SUFFIX: on.copy(),
    }
    return Diary("simulated", design.start.toordinal(), True, columns, days)


def judged_question(design: TrialDesign, question: Question) -> Question:
    """The question as the analysis will get it from this design."""
    drawn = design.kind == "randomised_blocks"
    return replace(question, randomised="blocks" if drawn else "none", blinded=design.blinded and drawn, unit="")


def forecast(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    *,
    n: int = 100,
    seed: int = 0,
    twice: bool = True,
    progress: Progress | None = None,
) -> Forecast:
    """Verdicts of the real analysis on n simulated diaries of each kind. Deterministic given the seed."""
    if n < 1:
        raise CallError(
            f"{n} is not a number of diaries. Give one above 0; 100 or more make a forecast.", field="diaries"
        )
    asked = judged_question(design, question)
    effects = (0.0, question.meaningful, *((2 * question.meaningful,) if twice else ()))
    outcomes = []
    for number, effect in enumerate(effects):
        rng = np.random.default_rng([seed, number])
        verdicts = []
        for done in range(n):
            diary = simulate_diary(design, asked, ups, effect, rng)
            verdicts.append(analyse(diary, asked, curves=False).verdict)
            if progress is not None:
                progress(number * n + done + 1, len(effects) * n)
        outcomes.append(_tally(effect, verdicts))
    return Forecast(design, ups, question, seed, outcomes[0], outcomes[1], outcomes[2] if twice else None)


def _tally(improvement: float, verdicts: Sequence[Verdict]) -> Outcome:
    shown = sum(v.estimate is not None and v.estimate.better >= SHOWN for v in verdicts)
    return Outcome(improvement, len(verdicts), dict(Counter(v.answer for v in verdicts)), shown)


def shortest(
    design: TrialDesign,
    question: Question,
    ups: UpsAndDowns,
    *,
    n: int = 100,
    seed: int = 0,
    power: float = ENOUGH_POWER,
    progress: Progress | None = None,
) -> tuple[Forecast | None, tuple[Forecast, ...]]:
    """(the shortest design with that power or None, every design that was tried), by adding pairs of blocks.

    Bisection over the number of pairs up to two years; power grows with length but for the noise of n diaries.
    """
    stride = 2 * (design.block_days + design.washout_days)
    low, high = 3, max(3, (MOST_DAYS - design.run_in_days) // stride)
    tried: dict[int, Forecast] = {}

    def enough(pairs: int) -> bool:
        longer = replace(design, pairs=pairs)
        tried[pairs] = forecast(longer, question, ups, n=n, seed=seed, twice=False, progress=progress)
        return tried[pairs].meaningful.power >= power

    if not enough(high):
        return None, tuple(tried.values())
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return tried.get(high), tuple(tried[pairs] for pairs in sorted(tried))
