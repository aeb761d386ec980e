"""Beside the answer: other outcomes of the diary, and the answer under other starting assumptions."""

from __future__ import annotations

from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import plain, whole
from nightdose.question.words import direction_note, mean_and_span
from nightdose.report.words.estimate import estimate_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.words import answer_words, verdict_word

EXPLORATORY_NOTE = mark(
    "Exploratory: looked at because they are there, not judged. Of several outcomes one looks good by luck; so all are "
    "drawn towards what they have in common, the surer ones less. A question for the next trial, not an answer."
)


def exploratory_note() -> str:
    """What stands above the other outcomes."""
    return say(EXPLORATORY_NOTE)


def exploratory_rows(analysis: Analysis) -> list[tuple[str, str, str]]:
    """(outcome and its direction, improvement after shrinking, improvement had it been the only one)."""
    rows = []
    for found in analysis.exploratory:
        question = found.question
        name = say("{outcome}, {direction}", outcome=plain(question.outcome), direction=direction_note(question))
        if found.shrunk is None:
            rows.append((name, say("no number: {why}", why=found.sentence), ""))
            continue
        mean, sd, interval = found.shrunk
        alone = estimate_words(found.alone, question) if found.alone else ""
        rows.append((name, mean_and_span(mean, interval, question, sd), alone))
    return rows


def sensitivity_words(analysis: Analysis) -> str:
    """Whether other starting assumptions would change the answer."""
    variants, verdict = analysis.prior_variants, analysis.verdict
    if not variants:
        return ""
    others = [v for v in variants if v.answer != verdict.answer]
    if not others:
        return say_count(
            "Under the {n} other assumption tried, the answer stays “{answer}”.",
            "Under each of the {n} other assumptions tried, one at a time, the answer stays “{answer}”.",
            len(variants),
            answer=verdict_word(verdict),
        )
    changed = "; ".join(
        say(
            "{assumption}: “{answer}”",
            assumption=v.words,
            answer=answer_words(v.answer, verdict.ceiling, verdict.since),
        )
        for v in others
    )
    return say(
        "The answer depends on the starting assumptions: it would change under {n} of the {tried} tried ({changed}).",
        n=whole(len(others)),
        tried=whole(len(variants)),
        changed=changed,
    )


def forest_words(analysis: Analysis) -> str:
    """What the picture of the assumptions shows."""
    return " ".join(
        (
            sensitivity_words(analysis),
            say(
                "Each line changes one assumption: the expected size of the slow drift, of the effect, how fast an "
                "effect comes, whether a steady trend is allowed, and for a rating whether all steps are equally wide."
            ),
        )
    )
