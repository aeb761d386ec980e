"""The improvement under other starting assumptions, one interval under the other."""

from __future__ import annotations

from nightdose.language.catalogue import say
from nightdose.report.figures.effect import (
    Row,
    draw_axis,
    draw_row,
    draw_sides,
    draw_zone,
    drawable,
    effect_axis,
    layout_of,
)
from nightdose.report.figures.svg import FONT, LINE, WIDE, Figure, banner, drawing
from nightdose.report.words.diary import shown_label
from nightdose.report.words.others import forest_words
from nightdose.verdict.analysis import Analysis

FLATTER = 0.76  # rows stand closer than in the picture of the effect


def forest_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "forest") -> Figure | None:
    """The answer's own interval first, then one for each changed prior; None where there is none to draw."""
    question, estimate = analysis.question, analysis.verdict.estimate
    if estimate is None or not analysis.prior_variants:
        return None
    rows = [Row(say("as answered"), estimate), *(Row(v.words, v.estimate) for v in analysis.prior_variants)]
    rows = [row for row in rows if drawable(row.estimate)]
    if not rows:
        return None
    place = layout_of(width)
    step = place.row * FLATTER if place.wide else place.row
    axis = effect_axis(rows, question, place.start, place.stop)
    above, y = banner(shown_label(analysis, label), width)
    body = [above, draw_sides(axis, y + FONT)]
    top = y + LINE + 6
    bottom = top + step * len(rows) + 4
    for i, row in enumerate(rows):
        body.append(draw_row(row, question, axis, place, top + step * i))
    if place.wide:
        body.insert(1, draw_zone(question, axis, top, bottom))
    body.append(draw_axis(question, axis, bottom, width))
    sentence = forest_words(analysis)
    title = say("Improvement of {outcome} under other starting assumptions", outcome=question.outcome)
    return Figure(drawing(ident, title, sentence, (width, bottom + 24), "".join(body)), sentence)
