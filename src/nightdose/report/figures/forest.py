"""The improvement under other starting assumptions, one interval under the other."""

from __future__ import annotations

from nightdose.report.beside import sensitivity_words
from nightdose.report.figures.effect import Row, draw_axis, draw_row, draw_zone, drawable, effect_axis, layout_of
from nightdose.report.figures.svg import FONT, LINE, WIDE, Figure, banner, drawing, text, text_width
from nightdose.report.narrative import shown_label
from nightdose.verdict.analysis import Analysis

FLATTER = 0.76  # rows stand closer than in the picture of the effect


def forest_figure(analysis: Analysis, *, width: float = WIDE, label: str = "", ident: str = "forest") -> Figure | None:
    """The answer's own interval first, then one for each changed prior; None where there is none to draw."""
    question, estimate = analysis.question, analysis.verdict.estimate
    if estimate is None or not analysis.prior_variants:
        return None
    rows = [Row("as answered", estimate), *(Row(v.words, v.estimate) for v in analysis.prior_variants)]
    rows = [row for row in rows if drawable(row.estimate)]
    if not rows:
        return None
    place = layout_of(width)
    step = place.row * FLATTER if place.wide else place.row
    axis = effect_axis(rows, question, place.start, place.stop)
    above, y = banner(shown_label(analysis, label), width)
    body = [above]
    body.append(text(axis.start, y + FONT, "← worse", "heading"))
    body.append(text(axis.stop, y + FONT, "better →", "heading", "end"))
    if text_width("too small to matter") <= axis.stop - axis.start - 2 * text_width("← worse", bold=True):
        body.append(text(axis.place(0.0), y + FONT, "too small to matter", "small", "middle"))
    top = y + LINE + 6
    bottom = top + step * len(rows) + 4
    for i, row in enumerate(rows):
        body.append(draw_row(row, question, axis, place, top + step * i))
    if place.wide:
        body.insert(1, draw_zone(question, axis, top, bottom))
    body.append(draw_axis(question, axis, bottom, width))
    sentence = (
        f"{sensitivity_words(analysis)} Each line changes one assumption: the expected size of the slow drift, of the "
        "effect, how fast an effect comes, whether a steady trend is allowed, and for a rating whether all steps are "
        "equally wide."
    )
    title = f"Improvement of {question.outcome} under other starting assumptions"
    return Figure(drawing(ident, title, sentence, (width, bottom + 24), "".join(body)), sentence)
