"""What a notebook shows of an analysis: the sentence and the two pictures, without the page around them."""

from __future__ import annotations

from html import escape

from nightdose.language.catalogue import say
from nightdose.language.number import plain
from nightdose.report.figures import diary_figure, effect_figure
from nightdose.report.page import environment
from nightdose.report.terminal import WIDEST, terminal_summary
from nightdose.report.words.diary import shows_effect
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.words import verdict_word


def notebook_html(analysis: Analysis) -> str:
    """One `<div>` with its own style; names of a diary stay text."""
    verdict = analysis.verdict
    figures = [diary_figure(analysis, ident=f"notebook-diary-{id_of(analysis)}")]
    effect = effect_figure(analysis, ident=f"notebook-effect-{id_of(analysis)}") if shows_effect(analysis) else None
    figures += [effect] if effect is not None else []
    pictures = "".join(f"<figure>{f.svg}<figcaption>{escape(f.sentence)}</figcaption></figure>" for f in figures)
    return styled(
        f"<h3>{escape(plain(verdict_word(verdict)))}</h3><p>{escape(plain(verdict.sentence))}</p>{pictures}"
        f"<p>{escape(say('Not medical advice.'))}</p>"
    )


def styled(html: str) -> str:
    """The HTML in a `<div>` that brings the colours and lines of the report's pictures."""
    style = environment().get_template("report.css").render().split("/* the pictures */")
    colours = style[0].split("* { box-sizing")[0].replace(":root", ".nightdose")
    shapes = "\n".join(
        f".nightdose {line}" for line in style[1].split("@media")[0].splitlines() if line.startswith(".")
    )
    return (
        f'<div class="nightdose"><style>{colours}{shapes}'
        ".nightdose{max-width:46rem;background:var(--paper);color:var(--ink);padding:1rem}</style>"
        f"{html}</div>"
    )


def notebook_text(analysis: Analysis) -> str:
    """The answer as a terminal shows it."""
    return terminal_summary(analysis, width=WIDEST, ascii_only=False)


def id_of(analysis: Analysis) -> str:
    """Letters and digits of the question, so that two pictures of one notebook keep their descriptions apart."""
    question = analysis.question
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in f"{question.outcome}-{question.treatment}")
