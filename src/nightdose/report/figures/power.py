"""What a planned trial would say, as bars for a page: of 100 such trials, how many end in which answer.

Answers are told apart by the words under each bar and by the look of their piece, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from nightdose.report.figures.svg import WIDE, Figure, drawing, rectangle, text, wrap
from nightdose.report.plan_picture import forecast_sentences
from nightdose.verdict.answer import Answer
from nightdose.verdict.forecast import Forecast, Verdicts

WORDS: Mapping[Answer, str] = {
    "helps": "helps",
    "no_meaningful_difference": "no difference worth having",
    "not_yet_known": "not yet known",
    "harms": "harms",
    "cannot_be_known": "cannot be known",
}
TALL, LINE, BETWEEN = 26.0, 17.0, 20.0


def power_figure(found: Forecast, *, width: float = WIDE, ident: str = "power") -> Figure:
    """A bar of 100 trials for each truth: nothing, the smallest difference worth having, the one hoped for."""
    begin, *words = forecast_sentences(found)
    body, y = [], 0.0
    for outcome, sentence in zip((found.nothing, found.meaningful, found.hoped), words, strict=True):
        for row in wrap(sentence, width):
            y += LINE
            body.append(text(0, y, row))
        y += 8
        body.append(_bar(outcome, y, width))
        y += TALL
        for row in wrap(_counts(outcome), width):
            y += LINE
            body.append(text(0, y, row, "small"))
        y += BETWEEN
    sentence = " ".join((begin, *words))
    return Figure(drawing(ident, "What this trial would say", sentence, (width, y), "".join(body)), sentence)


def _bar(outcome: Verdicts, y: float, width: float) -> str:
    x, parts = 0.0, []
    for answer in WORDS:
        wide = width * outcome.share(answer)
        if wide > 0:
            parts.append(rectangle(x + 1, y + 1, wide - 2, TALL - 2, f"power-{answer}"))
        x += wide
    return "".join(parts)


def _counts(outcome: Verdicts) -> str:
    """ "62 of 100 helps, 38 not yet known": every answer that is given, the largest share of it first."""
    given = sorted((a for a in WORDS if outcome.share(a) > 0), key=lambda a: -outcome.share(a))
    first, *others = [
        f"{100 * outcome.share(a):.0f}{' of 100' if i == 0 else ''}: {WORDS[a]}" for i, a in enumerate(given)
    ]
    return "; ".join((first, *others))
