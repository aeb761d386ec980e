"""One hundred marks for three probabilities, told apart by shape."""

from __future__ import annotations

import math

from nightdose.fit.estimate import Estimate
from nightdose.language.catalogue import say
from nightdose.language.number import plain, whole
from nightdose.question.words import amount
from nightdose.report.figures.effect import drawable
from nightdose.report.figures.svg import (
    FONT,
    WIDE,
    Figure,
    banner,
    crosses,
    dots,
    drawing,
    shorten,
    text,
)
from nightdose.report.words.diary import shown_label
from nightdose.verdict.analysis import Analysis

HUNDRED = 100
COLUMNS = 20


def shares_of_hundred(estimate: Estimate) -> tuple[int, int, int]:
    """(better, too small, worse) as whole marks that add up to one hundred, largest remainders first."""
    shares = [
        max(0.0, v) if math.isfinite(v) else 0.0
        for v in (
            estimate.meaningfully_better,
            estimate.no_meaningful_difference,
            estimate.meaningfully_worse,
        )
    ]
    total = sum(shares) or 1.0
    exact = [HUNDRED * v / total for v in shares]
    whole = [int(v) for v in exact]
    for i in sorted(range(3), key=lambda i: whole[i] - exact[i])[: HUNDRED - sum(whole)]:
        whole[i] += 1
    return whole[0], whole[1], whole[2]


def marks(n: int) -> str:
    """A number of marks in words that stay unsure at both ends."""
    return {0: say("fewer than 1"), HUNDRED: say("more than 99")}.get(n) or whole(n)


def hundred_figure(
    analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "hundred"
) -> Figure | None:
    """One hundred marks: better by enough to matter, too small to matter, worse by enough to matter."""
    estimate, question = analysis.verdict.settled, analysis.question
    if estimate is None or not drawable(estimate):
        return None
    better, small, worse = shares_of_hundred(estimate)
    above, y = banner(shown_label(analysis, label), width)
    cell = min(17.0, (width - 8) / COLUMNS)
    spots = [(4 + cell * (i % COLUMNS + 0.5), y + 4 + cell * (i // COLUMNS + 0.5)) for i in range(HUNDRED)]
    full, hollow, crossed = spots[:better], spots[better : better + small], spots[better + small :]
    body = [above, dots([*full, *hollow], 5.5, "mark"), dots(hollow, 4.0, "dot-core")]
    body.append(crosses(crossed, 4.0, "cross-mark"))
    matters = amount(question.meaningful, question)
    keys = [
        ("full", say("better by {matters} or more: {n}", matters=matters, n=marks(better))),
        ("hollow", say("too small to matter, either way: {n}", n=marks(small))),
        ("cross", say("worse by {matters} or more: {n}", matters=matters, n=marks(worse))),
    ]
    grid_height = cell * HUNDRED / COLUMNS + 8
    beside = width > 680
    x, line_y = (cell * COLUMNS + 34, y + 20) if beside else (4.0, y + grid_height + FONT + 4)
    for kind, words in keys:
        spot = [(x + 6, line_y - 4)]
        body.append(crosses(spot, 4.0, "cross-mark") if kind == "cross" else dots(spot, 5.5, "mark"))
        if kind == "hollow":
            body.append(dots(spot, 4.0, "dot-core"))
        body.append(text(x + 18, line_y, shorten(words, width - x - 20), "small"))
        line_y += 22
    height = max(y + grid_height, line_y - 8)
    sentence = say(
        "Of one hundred equally likely readings of this diary, {better} would say that {outcome} is better by "
        "{matters} or more once {treatment} has settled, {small} that the difference is too small to matter, {worse} "
        "that it is worse by {matters} or more. Rounded so that the marks add up to one hundred.",
        better=marks(better),
        small=marks(small),
        worse=marks(worse),
        outcome=question.outcome,
        treatment=question.treatment,
        matters=matters,
    )
    sentence = plain(sentence)
    return Figure(
        drawing(
            ident,
            say("One hundred equally likely readings of this diary"),
            sentence,
            (width, height),
            "".join(body),
        ),
        sentence,
    )
