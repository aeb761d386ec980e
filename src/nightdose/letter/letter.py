"""The letter as a value: what stands on the one page, said in the reader's language; `page.py`, `pdf.py` draw it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import language
from nightdose.language.number import date, on_one_line
from nightdose.letter import words
from nightdose.letter.background import NOTHING_ADDED, Background
from nightdose.letter.counts import Since, bad_days, by_day_before, rescue_counts, since_switch
from nightdose.letter.evidence import evidence_lines
from nightdose.letter.figures import day_before_figure, days_figure, fifty_small, since_figure
from nightdose.letter.words import Number, Table
from nightdose.question.onset_prior import onset_of
from nightdose.question.runs import settled_runs, shortest_run
from nightdose.question.words import question_sentence, unit_of
from nightdose.report.figures.fifty import CHANCES
from nightdose.report.figures.svg import Figure
from nightdose.report.words.answer import GAUGES, ceiling_words, red_flags
from nightdose.report.words.diary import data_decide, shown_label, shows_effect
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.words import verdict_word

LAYOUT = "N-of-1 page, layout 1"  # docs/letter-layout.md
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything on the page, in its fixed order; empty = the part is left out and the page says so where it matters.

    language : code. label : words that mark a synthetic diary. who : name, age and condition. made : the day of the
    letter. question : what was asked. tried, how : what was tried and how, one line each. word, sentence : what can
    be said. gauge, ceiling, ceiling_line : how much such a design can show. days, since, fifty : the pictures;
    since_words, fifty_words : why there is none. numbers : the five. side_effects, rescue : counted by dose. before :
    treatments tried before. safety : open points. evidence : (line, address). discuss : points to talk about.
    left_out : what the person kept back. call : when to call. layout, engine : of the page and the program.
    """

    language: str
    label: str
    who: str
    made: str
    question: str
    tried: str
    how: str
    word: str
    sentence: str
    gauge: str
    ceiling: str
    ceiling_line: str
    days: Figure
    since: Figure | None
    since_words: str
    fifty: Figure | None
    fifty_words: str
    numbers: tuple[Number, ...]
    side_effects: Table
    rescue: Table
    before: tuple[tuple[str, str], ...]
    safety: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    discuss: tuple[str, ...]
    notes: str
    left_out: str
    call: str
    layout: str
    engine: str


def letter_of(analysis: Analysis, background: Background = NOTHING_ADDED, *, label: str = "") -> Letter:
    """The page of an analysis; the same analysis and background give the same letter."""
    shown = analysis if background.dates else without_dates(analysis)
    question, verdict, diary = analysis.question, analysis.verdict, analysis.diary
    bad = bad_days(analysis.outcome, analysis.dose, question, background.bad_line)
    since = since_drawn(analysis)
    truths = settled_truths(analysis)
    unit = unit_of(question)
    hidden = words.Hidden(diary if not background.dates else None)
    return Letter(
        language=language().code,
        label=shown_label(analysis, label),
        who=words.who(_short(background.name), words.age_words(background.age), _short(background.condition)),
        made=date(background.made) if background.made and background.dates else "",
        question=question_sentence(question),
        tried=words.tried_line(shown),
        how=words.how_line(analysis),
        word=verdict_word(verdict),
        sentence=hidden.dates(words.what_can_be_said(analysis)),
        gauge=GAUGES[verdict.ceiling],
        ceiling=ceiling_words(verdict.ceiling),
        ceiling_line=words.ceiling_line(analysis),
        days=days_figure(shown),
        since=since,
        since_words="" if since else words.no_since(analysis),
        fifty=None if truths is None else fifty_small(truths, worth_shown(analysis), unit),
        fifty_words=words.no_fifty(analysis) if truths is None else "",
        numbers=words.five_numbers(analysis, bad),
        side_effects=words.side_effect_table(diary, question),
        rescue=words.rescue_table(rescue_counts(diary, question.treatment) if background.others else ()),
        before=words.before_rows(background.tried),
        safety=words.safety_lines(background.safety, analysis),
        evidence=evidence_lines(question, background.condition),
        discuss=tuple(map(hidden.dates, words.to_discuss(analysis))),
        notes=words.cut(background.notes, words.LONGEST_NOTE),
        left_out=words.left_out(background),
        call=red_flags(),
        layout=LAYOUT,
        engine=version("nightdose"),
    )


def without_dates(analysis: Analysis) -> Analysis:
    """The same analysis for a page that numbers the days; nothing in it holds a date any more."""
    before, question = analysis.diary.first_day - 1, analysis.question
    plan = question.schedule
    if plan is not None:
        begins = tuple(day - before for day in plan.block_begins)
        plan = replace(
            plan, first_day=plan.first_day - before, block_begins=begins, locked_day=plan.locked_day - before,
            last_day=None if plan.last_day is None else plan.last_day - before,
        )  # fmt: skip
    diary = replace(analysis.diary, dated=False, first_day=1)
    return replace(analysis, case=replace(analysis.case, diary=diary, question=replace(question, schedule=plan)))


def since_of(analysis: Analysis) -> tuple[Since, ...]:
    """Quantiles by days since the settled switches; () where there are too few."""
    log, tau = analysis.case.log, onset_of(analysis.question).median_d
    runs = settled_runs(log.dose > 0, log.known | log.assumed, shortest_run(tau))
    return since_switch(analysis.outcome, runs)


def since_drawn(analysis: Analysis) -> Figure | None:
    """The days since each switch; with days drawn one by one, the days by the dose of the day and of the one before."""
    if analysis.design.kind == "randomised_days":
        groups = by_day_before(analysis.outcome, analysis.dose)
        return day_before_figure(analysis, groups) if groups else None
    since = since_of(analysis)
    return since_figure(analysis, since) if since else None


def settled_truths(analysis: Analysis) -> Floats | None:
    """(50,) quantiles of the settled improvement, in what people read; None where the diary does not decide it."""
    if analysis.fitted is None or not (shows_effect(analysis) and data_decide(analysis)):
        return None
    question, effect = analysis.question, analysis.fitted.settled_effect
    return np.sort([question.direction * question.reading[0] * effect.quantile(float(p)) for p in CHANCES])


def worth_shown(analysis: Analysis) -> float:
    """The difference worth having, in what people read."""
    return float(f"{analysis.question.reading[0] * analysis.question.meaningful:.3g}")


def _short(text: str) -> str:
    text = on_one_line(text)
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"
