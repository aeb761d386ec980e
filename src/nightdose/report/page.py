"""One self-contained page: no script, no outside request, the answer first."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nightdose.question.reason import Reason
from nightdose.report import beside, tables
from nightdose.report.bibliography import sources
from nightdose.report.figures import (
    NARROW,
    WIDE,
    Figure,
    diary_figure,
    effect_figure,
    forest_figure,
    hundred_figure,
    missing_figure,
    spread_figure,
)
from nightdose.report.kept_promises import protocol_words
from nightdose.report.narrative import (
    CEILINGS,
    COMPLETE,
    RED_FLAGS,
    RULES,
    WORDS,
    amount,
    diary_span,
    is_about_ldn,
    plain,
    question_sentence,
    sentence_after_word,
    shown_label,
    shows_effect,
    unbroken,
    unit_of,
    verdict_word,
)
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import Verdict

GAUGES = {"low": "●○○", "moderate": "●●○", "high": "●●●"}
MOST_PROBLEMS = 40


@cache
def environment() -> Environment:
    """Templates with escaping on for everything: names in a diary are somebody else's text."""
    made = Environment(
        loader=PackageLoader("nightdose.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    made.filters["unbroken"] = unbroken
    return made


def pictures(analysis: Analysis, label: str) -> dict[str, list[tuple[str, Figure]]]:
    """Each picture twice: for a desk or paper, and for a phone; the page shows one of them."""
    sizes = (("wide", WIDE), ("narrow", NARROW))
    effect = "effect" if shows_effect(analysis) else "naive"
    naive_label = "NOT AN ANSWER: a naive reading" if effect == "naive" else ""
    names = ("diary", "effect", "hundred", "naive", "missing", "forest", "spread")
    out: dict[str, list[tuple[str, Figure]]] = {name: [] for name in names}
    for size, width in sizes:
        marked = ". ".join(filter(None, (shown_label(analysis, label), naive_label)))
        drawn = {
            "diary": diary_figure(analysis, width=width, label=label, ident=f"diary-{size}"),
            effect: effect_figure(analysis, width=width, label=marked, ident=f"effect-{size}"),
        }
        if effect == "effect":
            drawn["hundred"] = hundred_figure(analysis, width=width, label=label, ident=f"hundred-{size}")
            drawn["missing"] = missing_figure(analysis, width=width, label=label, ident=f"missing-{size}")
            drawn["spread"] = spread_figure(analysis, width=width, label=label, ident=f"spread-{size}")
            drawn["forest"] = forest_figure(analysis, width=width, label=label, ident=f"forest-{size}")
        for name, figure in drawn.items():
            if figure is not None:
                out[name].append((size, Figure(Markup(figure.svg), figure.sentence)))
    return out


def grouped_reasons(verdict: Verdict) -> list[tuple[str, list[Reason], int]]:
    """(heading, reasons, number of the first): those that are enough alone stand apart from the rest."""
    decisive = [reason for reason in verdict.reasons if reason.decisive]
    others = [reason for reason in verdict.reasons if not reason.decisive]
    alone = "This alone is enough:" if len(decisive) == 1 else "Each of these alone is enough:"
    groups = [(alone, decisive, 1), ("And besides:" if decisive else "", others, len(decisive) + 1)]
    return [group for group in groups if group[1]]


def naive_reading(analysis: Analysis) -> str:
    """Plain averages of days with and without a dose; only where they are no answer."""
    if analysis.verdict.answer != "cannot_be_known":
        return ""
    seen = np.isfinite(analysis.outcome)
    on, off = seen & (analysis.dose > 0), seen & (analysis.dose == 0)
    if not on.any() or not off.any():
        return ""
    with_dose, without = float(analysis.outcome[on].mean()), float(analysis.outcome[off].mean())
    like = float(np.nanstd(analysis.outcome)) / 2 or None
    return (
        f"Averages: {amount(without, analysis.question, like)} on {int(off.sum()):,} recorded days without a "
        f"dose, {amount(with_dose, analysis.question, like)} on {int(on.sum()):,} with one. The difference "
        "mixes everything that changed between those days, for the reasons named above."
    )


def report_html(analysis: Analysis, *, label: str = "") -> str:
    """The whole report as one HTML text; the same analysis gives the same bytes."""
    question, verdict, diary = analysis.question, analysis.verdict, analysis.diary
    return environment().get_template("report.html").render(
        title=f"{question_sentence(question)} {verdict_word(verdict)} - nightdose",
        label=shown_label(analysis, label),
        span=diary_span(analysis),
        question=question_sentence(question),
        outcome=question.outcome,
        verdict=verdict,
        reasons=grouped_reasons(verdict),
        word=verdict_word(verdict),
        sentence=sentence_after_word(verdict),
        complete=COMPLETE.get(verdict.answer, ""),
        unhealthy=[check.sentence for check in analysis.health if not check.ok],
        gauge=GAUGES[verdict.ceiling],
        ceiling=CEILINGS[verdict.ceiling],
        red_flags=RED_FLAGS,
        pictures=pictures(analysis, label),
        shows_effect=shows_effect(analysis),
        unit=unit_of(question),
        effect_rows=tables.effect_rows(analysis),
        dose_rows=tables.dose_rows(analysis),
        design_rows=tables.design_rows(analysis),
        day_fit=beside.day_fit_words(analysis)[1:],
        nuisance_rows=tables.nuisance_rows(analysis),
        evidence=beside.evidence_words(analysis),
        exploratory=beside.exploratory_rows(analysis),
        exploratory_note=beside.EXPLORATORY_NOTE,
        guess=tables.guess_words(analysis),
        lots=tables.lots_words(analysis),
        missing=tables.missing_words(analysis),
        missing_rows=tables.missing_rows(analysis),
        certificate=tables.certificate_words(analysis),
        about_ldn=is_about_ldn(question),
        protocol=protocol_words(analysis),
        drug_notes=analysis.drug_notes,
        problems=diary.problems[:MOST_PROBLEMS],
        more_problems=max(0, len(diary.problems) - MOST_PROBLEMS),
        adjusted=", ".join(question.adjust),
        onset_prior=analysis.onset_prior,
        rules=[(WORDS[answer], rule) for answer, rule in RULES.items()],
        meaningful=amount(question.meaningful, question),
        health=analysis.health,
        naive=naive_reading(analysis),
        sources=sources(analysis),
        version=version("nightdose"),
        diary_name=diary.name,
    )  # fmt: skip


def write_report(analysis: Analysis, path: str | Path, *, label: str = "") -> None:
    """The report as a UTF-8 file at `path`."""
    Path(path).write_text(report_html(analysis, label=label), encoding="utf-8", newline="\n")
