"""The letter's lines about other people's trials: of the person's own condition where the set has any."""

from __future__ import annotations

import math

from nightdose.evidence.body import body
from nightdose.evidence.derive import Derived
from nightdose.knowledge.comparisons import Comparison, comparisons, comparisons_of, condition_of
from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.question.question import Question
from nightdose.report.words.diary import is_about_ldn
from nightdose.report.words.published import is_ratio, people_of, precision

BEST_STUDIED = "fibromyalgia-pain"
MOST_TRIALS = 2
LONGEST_CONDITION = 40
Line = tuple[str, str]  # words, address


def evidence_lines(question: Question, condition: str = "") -> tuple[Line, ...]:
    """What randomised trials found in the person's condition, three lines at most.

    condition : as the person wrote it. Where the set has no trial of it, that is said, and fibromyalgia stands there as
    another condition.
    """
    if not is_about_ldn(question):
        return ((say("No trial of this medicine is carried by the program."), ""),)
    elsewhere = comparisons()[BEST_STUDIED]
    off_label = say("Off label in every condition; in others than fibromyalgia smaller trials at most."), ""
    own = condition_of(condition)
    compared = (elsewhere,) if not condition.strip() else comparisons_of(own) if own else ()
    if compared:
        first = compared[0]
        where = "" if condition.strip() else say(first.condition.words)
        trials = tuple(_trial(t, first, where) for t in body(first.name).trials[:MOST_TRIALS])
        return (*trials, _certainty(first) if condition.strip() else off_label)
    return (_none_in(say(own.words) if own else condition), _another(elsewhere), off_label)


def _trial(trial: Derived, comparison: Comparison, where: str) -> Line:
    """One trial; where : its condition, "" = the person's own."""
    low, high, effect = _shown((*trial.interval95, trial.effect.value), comparison)
    like = _like(comparison, trial.effect.error)
    better = say("below 0 = less") if comparison.better == "lower" else say("above 0 = better")
    side = say("from memory") if trial.status == "recalled" else "" if is_ratio(comparison) else better
    line = say(
        "{name}, {people} people, against {against}: {effect} {what} ({interval}).",
        name=", ".join(filter(None, (trial.use.bias.name, where))),
        people=whole(people_of((trial,))),
        against=_against(comparison),
        effect=number(effect, like, signed=not is_ratio(comparison)),
        what=say(comparison.short),
        interval="; ".join(
            filter(None, (say("{low} to {high}", low=number(low, like), high=number(high, like)), side))
        ),
    )
    return line, trial.use.result.study.address


def _certainty(comparison: Comparison) -> Line:
    said = say(
        "Off label in every condition. Certainty of the evidence in {condition}: {certainty}.",
        condition=say(comparison.condition.words),
        certainty=say(comparison.certainty),
    )
    return said, ""


def _none_in(condition: str) -> Line:
    short = condition if len(condition) <= LONGEST_CONDITION else condition[: LONGEST_CONDITION - 1].rstrip() + "…"
    return say("No randomised trial in {condition} gives a number that can be compared.", condition=short), ""


def _another(comparison: Comparison) -> Line:
    """The pool of another condition in one line."""
    pair = body(comparison.name).pooled
    assert pair is not None, "the best studied comparison has more than one trial"
    low, high, effect = _shown((*pair.bayes.interval95(), pair.bayes.middle), comparison)
    like = _like(comparison, pair.bayes.spread)
    said = say(
        "Another condition, {condition}: {n} trials, {people} people, against {against}: {effect} {what} ({low} to "
        "{high}).",
        condition=say(comparison.condition.words),
        n=whole(len(pair.trials)),
        people=whole(people_of(pair.trials)),
        against=_against(comparison),
        effect=number(effect, like, signed=True),
        what=say(comparison.short),
        low=number(low, like),
        high=number(high, like),
    )
    return said, pair.trials[0].use.result.study.address


def _shown(values: tuple[float, ...], comparison: Comparison) -> tuple[float, ...]:
    return tuple(math.exp(v) for v in values) if is_ratio(comparison) else values


def _like(comparison: Comparison, error: float) -> float:
    return 0.1 if is_ratio(comparison) else precision(comparison, error)


def _against(comparison: Comparison) -> str:
    return say("placebo") if comparison.against == "a dummy" else say(comparison.against)
