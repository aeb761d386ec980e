"""One self-contained page: no script, no outside request, the answer first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nightdose.diary.records import Problem
from nightdose.fit.health import HealthCheck
from nightdose.language.catalogue import language, say
from nightdose.language.number import on_page
from nightdose.question.reason import Reason
from nightdose.question.words import amount, question_sentence, unit_of
from nightdose.report.bibliography import Source, sources
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
from nightdose.report.words import Rows
from nightdose.report.words.answer import GAUGES, ceiling_words, complete_words, grouped_reasons, red_flags, rules
from nightdose.report.words.averages import Average, averages, averages_in_turn, large_number, number_words
from nightdose.report.words.certificate import certificate_words
from nightdose.report.words.day_fit import day_fit_words
from nightdose.report.words.design import design_rows
from nightdose.report.words.diary import data_decide, diary_span, is_about_ldn, naive_reading, shown_label, shows_effect
from nightdose.report.words.estimate import dose_rows, effect_rows, nuisance_rows
from nightdose.report.words.evidence import evidence_words
from nightdose.report.words.guesses import guess_words
from nightdose.report.words.hazards import hazard_words
from nightdose.report.words.missing import missing_rows, missing_words
from nightdose.report.words.others import exploratory_note, exploratory_rows
from nightdose.report.words.protocol import protocol_words
from nightdose.report.words.randomisation import randomisation_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import Verdict
from nightdose.verdict.words import sentence_after_word, verdict_word
from nightdose.whole_file import write_whole

MOST_PROBLEMS = 40

Pictures = Mapping[str, Sequence[tuple[str, Figure]]]  # name -> (size, drawing) for a desk and for a phone


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything that the template `report.html` may print, in the order of the page; empty = the part is left out.

    title : of the browser's tab. language : code for `<html lang>`. label : words that mark a synthetic diary.
    span : how long the diary is. question : what was asked. verdict : the verdict itself. word : its large word.
    sentence : its sentence without that word. complete : why `not yet known` is an answer. unhealthy : failed checks.
    number, range, number_words : the settled effect and its 95 % interval in large type, and what they are.
    averages, in_turn : plain means of the days with and without, and of each block or time. gauge : dots of the
    ceiling. ceiling : the same in words. red_flags : when to call; hazards : other medicines of the
    table that can injure. pictures : every figure twice.
    shows_effect : may the estimate stand as an answer? evidence : the second posterior. reasons : in their groups.
    unit : "in points". effect_rows, dose_rows, design_rows, nuisance_rows : tables. matters : difference worth having.
    exploratory : other outcomes. exploratory_note : what stands above them. guesses, randomisation, certificate :
    paragraphs of the checks. protocol : what was locked. about_ldn : is it naltrexone? drug_notes : from its file.
    problems : of the file, the first ones. more_problems : how many more. outcome : its name. adjusted : other
    medicines in the model. onset_prior : how fast an effect was taken to come. rules : when each answer is given.
    missing : days without an entry. missing_rows : the answer had they been bad. day_fit : do the days fit?
    health : the computation's own checks. naive : plain averages that are not an answer. sources : what others
    measured. version : of nightdose. diary_name : of the file.
    """

    title: str
    language: str
    label: str
    span: str
    question: str
    verdict: Verdict
    word: str
    number: str
    range: str
    number_words: str
    sentence: str
    averages: Sequence[Average]
    in_turn: Sequence[Average]
    complete: str
    unhealthy: Sequence[str]
    gauge: str
    ceiling: str
    red_flags: str
    hazards: Sequence[str]
    pictures: Pictures
    shows_effect: bool
    evidence: Sequence[str]
    reasons: Sequence[tuple[str, Sequence[Reason], int]]
    unit: str
    effect_rows: Rows
    dose_rows: Sequence[tuple[str, ...]]
    design_rows: Rows
    nuisance_rows: Rows
    matters: str
    exploratory: Sequence[tuple[str, str, str]]
    exploratory_note: str
    guesses: Sequence[str]
    randomisation: Sequence[str]
    certificate: Sequence[str]
    protocol: Sequence[str]
    about_ldn: bool
    drug_notes: Sequence[str]
    problems: Sequence[Problem]
    more_problems: int
    outcome: str
    adjusted: str
    onset_prior: str
    rules: Rows
    missing: str
    missing_rows: Sequence[tuple[str, str, str, str]]
    day_fit: Sequence[str]
    health: Sequence[HealthCheck]
    naive: str
    sources: Sequence[Source]
    version: str
    diary_name: str


def report_page(analysis: Analysis, *, label: str = "") -> ReportPage:
    """The page of an analysis as a value, said in the reader's language."""
    question, verdict, diary = analysis.question, analysis.verdict, analysis.diary
    unit, asked, word = unit_of(question), question_sentence(question), verdict_word(verdict)
    large, between = large_number(analysis)
    return ReportPage(
        title=f"{asked} {word} - nightdose",
        language=language().code,
        label=shown_label(analysis, label),
        span=diary_span(analysis),
        question=asked,
        verdict=verdict,
        word=word,
        number=large,
        range=between,
        number_words=number_words(analysis) if large else "",
        sentence=sentence_after_word(verdict),
        averages=averages(analysis),
        in_turn=averages_in_turn(analysis),
        complete=complete_words(verdict.answer),
        unhealthy=analysis.checks.failed,
        gauge=GAUGES[verdict.ceiling],
        ceiling=ceiling_words(verdict.ceiling),
        red_flags=red_flags(),
        hazards=hazard_words(analysis),
        pictures=pictures(analysis, label),
        shows_effect=shows_effect(analysis),
        evidence=evidence_words(analysis),
        reasons=grouped_reasons(verdict),
        unit=unit if unit.startswith("in ") or not unit else say("in {unit}", unit=unit),
        effect_rows=effect_rows(analysis),
        dose_rows=dose_rows(analysis),
        design_rows=design_rows(analysis),
        nuisance_rows=nuisance_rows(analysis),
        matters=amount(question.meaningful, question),
        exploratory=exploratory_rows(analysis),
        exploratory_note=exploratory_note(),
        guesses=guess_words(analysis),
        randomisation=randomisation_words(analysis),
        certificate=certificate_words(analysis),
        protocol=protocol_words(analysis),
        about_ldn=is_about_ldn(question),
        drug_notes=analysis.drug_notes,
        problems=diary.problems[:MOST_PROBLEMS],
        more_problems=max(0, len(diary.problems) - MOST_PROBLEMS),
        outcome=question.outcome,
        adjusted=", ".join(question.adjust),
        onset_prior=analysis.onset_prior,
        rules=rules(analysis.case.sure, analysis.case.sure_once),
        missing=missing_words(analysis),
        missing_rows=missing_rows(analysis),
        day_fit=day_fit_words(analysis)[1:],
        health=analysis.health,
        naive=naive_reading(analysis),
        sources=sources(analysis),
        version=version("nightdose"),
        diary_name=diary.name,
    )


def report_html(analysis: Analysis, *, label: str = "") -> str:
    """The whole report as one HTML text; the same analysis gives the same bytes."""
    return environment().get_template("report.html").render(page=report_page(analysis, label=label), say=say)


def write_report(analysis: Analysis, path: str | Path, *, label: str = "") -> None:
    """The report as a UTF-8 file at `path`."""
    write_whole(Path(path), report_html(analysis, label=label))


@cache
def environment() -> Environment:
    """Templates with escaping on for everything: names in a diary are somebody else's text."""
    made = Environment(
        loader=PackageLoader("nightdose.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: on_page(value) if type(value) is str else value,
    )
    made.globals["say"] = say  # a template that is imported says its own sentences
    made.filters["safe_svg"] = Markup  # our own drawings, whose words are escaped where they are drawn
    return made


def pictures(analysis: Analysis, label: str) -> Pictures:
    """Each picture twice: for a desk or paper, and for a phone; the page shows one of them."""
    sizes = (("wide", WIDE), ("narrow", NARROW))
    effect = "effect" if shows_effect(analysis) else "naive"
    naive_label = say("NOT AN ANSWER: a naive reading") if effect == "naive" else ""
    names = ("diary", "effect", "hundred", "naive", "missing", "forest", "spread")
    out: dict[str, list[tuple[str, Figure]]] = {name: [] for name in names}
    for size, width in sizes:
        marked = ". ".join(filter(None, (shown_label(analysis, label), naive_label)))
        drawn = {
            "diary": diary_figure(analysis, width=width, label=label, ident=f"diary-{size}"),
            effect: effect_figure(analysis, width=width, label=marked, ident=f"effect-{size}"),
        }
        if effect == "effect":
            if data_decide(analysis):
                drawn["hundred"] = hundred_figure(analysis, width=width, label=label, ident=f"hundred-{size}")
            drawn["missing"] = missing_figure(analysis, width=width, label=label, ident=f"missing-{size}")
            drawn["spread"] = spread_figure(analysis, width=width, label=label, ident=f"spread-{size}")
            drawn["forest"] = forest_figure(analysis, width=width, label=label, ident=f"forest-{size}")
        for name, figure in drawn.items():
            if figure is not None:
                out[name].append((size, Figure(Markup(figure.svg), figure.sentence)))
    return out
