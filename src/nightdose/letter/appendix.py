"""The appendix of a letter: what a statistician asks for, part by part, and CENT 2015 item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import say
from nightdose.language.number import number, whole
from nightdose.letter.background import Background
from nightdose.letter.cent import cent_rows
from nightdose.letter.cost import cost_words
from nightdose.letter.fingerprint import fingerprint
from nightdose.letter.letter import without_dates
from nightdose.letter.words import LONGEST_NOTE, Hidden, every_side_effect
from nightdose.question.onset_prior import onset_of
from nightdose.question.runs import settled_runs, shortest_run
from nightdose.report.bibliography import sources
from nightdose.report.words.answer import ceiling_words, rules
from nightdose.report.words.certificate import certificate_words
from nightdose.report.words.day_fit import day_fit_words
from nightdose.report.words.design import design_rows
from nightdose.report.words.diary import day_words
from nightdose.report.words.estimate import dose_rows, effect_rows, nuisance_rows
from nightdose.report.words.evidence import evidence_words
from nightdose.report.words.guesses import guess_words
from nightdose.report.words.missing import missing_rows, missing_words
from nightdose.report.words.others import sensitivity_words
from nightdose.report.words.protocol import protocol_words
from nightdose.report.words.randomisation import randomisation_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.reasons import how_often

MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its heading, paragraphs, and a table whose first row are its heads (no table: ())."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def appendix_of(analysis: Analysis, background: Background) -> tuple[Part, ...]:
    """Every part that has something to say, in its fixed order."""
    shown = analysis if background.dates else without_dates(analysis)
    hidden = Hidden(None if background.dates else analysis.diary)
    parts = [*_answer(analysis), *_days(shown), *_trust(analysis), *_paper(analysis, background)]
    return tuple(
        Part(
            part.heading,
            tuple(map(hidden.dates, part.paragraphs)),
            tuple(tuple(map(hidden.dates, row)) for row in part.table),
        )
        for part in parts
        if part.paragraphs or part.table
    )


def data_print(analysis: Analysis, background: Background) -> str:
    """The fingerprint of what the letter is made from; where the dates are kept back it tells none."""
    return fingerprint(analysis if background.dates else without_dates(analysis))


def _answer(analysis: Analysis) -> list[Part]:
    when = ((say("Answer"), say("When it is given")), *rules(analysis.case.sure, analysis.case.sure_once))
    return [
        Part(say("Why this answer"), tuple(reason.sentence for reason in analysis.verdict.reasons)),
        Part(say("How much such a design can show"), (ceiling_words(analysis.verdict.ceiling),), when),
        Part(say("The effect"), (), _two(effect_rows(analysis))),
        Part(say("Each dose on its own"), (), _doses(analysis)),
    ]


def _days(analysis: Analysis) -> list[Part]:
    harms = every_side_effect(analysis.diary, analysis.question)
    none = () if harms.rows else (harms.empty,)
    return [
        Part(say("What was recorded"), (), _two(design_rows(analysis))),
        Part(say("Periods"), (), _periods(analysis)),
        Part(say("Days without an entry, by arm"), _some(missing_words(analysis)), _missing(analysis)),
        Part(say("Harms by dose"), none, (harms.heads, *harms.rows) if harms.rows else ()),
    ]


def _trust(analysis: Analysis) -> list[Part]:
    locked = tuple(protocol_words(analysis)) or (say("No protocol was locked."),)
    certificate = tuple(certificate_words(analysis)) or (say("Not computed for this letter."),)
    return [
        Part(say("Protocol, amendments, boxes opened"), locked),
        Part(say("Looks"), (_looks(analysis),)),
        Part(say("Blinding and guesses"), tuple(guess_words(analysis)) or (_no_guesses(analysis),)),
        Part(say("How often such an analysis would be wrong"), certificate),
        Part(say("The check without a model"), tuple(randomisation_words(analysis))),
        Part(say("Under other starting assumptions"), _some(sensitivity_words(analysis))),
        Part(say("Do the days fit the model?"), tuple(day_fit_words(analysis))),
        Part(say("What else the model learned"), (), _two(nuisance_rows(analysis))),
        Part(say("With what trials say"), tuple(evidence_words(analysis))),
    ]


def _paper(analysis: Analysis, background: Background) -> list[Part]:
    mark_of = data_print(analysis, background)
    checked = say("Fingerprint of the data analysed: {hash} ({words}).", hash=mark_of, words=four_words(mark_of))
    how = say(
        "The numbers are those of CENT 2015 (CONSORT extension for N-of-1 trials, with its erratum); the words are "
        "ours, because not every wording could be verified. Items that this program cannot know are open."
    )
    items = ((say("Item"), say("What is asked"), say("Here")), *cent_rows(analysis, background))
    leaned_on = tuple(f"{source.words} {source.url}".strip() for source in sources(analysis))
    tried = tuple((each.medicine, each.dose, each.how_long, each.stopped) for each in background.tried)
    heads = (say("medicine"), say("dose"), say("how long"), say("why stopped"))
    return [
        Part(say("In the person’s own words"), _some(background.notes if len(background.notes) > LONGEST_NOTE else "")),
        Part(say("What it costs"), cost_words(analysis, background)),
        Part(say("Tried before"), (), (heads, *tried) if tried else ()),
        Part(say("Safety, open points"), background.safety or ()),
        Part(say("CENT 2015, item by item"), (how,), items),
        Part(say("Sources and assumptions"), leaned_on),
        Part(say("To check this letter"), (checked,)),
    ]


def _some(words: str) -> tuple[str, ...]:
    return (words,) if words else ()


def _two(rows: list[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    return (("", ""), *rows) if rows else ()


def _periods(analysis: Analysis) -> tuple[tuple[str, ...], ...]:
    """First and last day, arm, days, recorded days and their mean, of every settled period."""
    log, question = analysis.case.log, analysis.question
    runs = settled_runs(log.dose > 0, log.known | log.assumed, shortest_run(onset_of(question).median_d))
    rows = []
    recorded = analysis.outcome[np.isfinite(analysis.outcome)]
    like = float(np.std(recorded)) / 5 or None if recorded.size else None
    for run in runs[:MOST_PERIODS]:
        values = analysis.outcome[run.begin : run.end]
        values = values[np.isfinite(values)]
        rows.append(
            (
                day_words(analysis.diary, run.begin),
                day_words(analysis.diary, run.end - 1),
                say("with") if run.on else say("without"),
                whole(run.days),
                whole(len(values)),
                number(float(values.mean()), like) if len(values) else "–",
            )
        )
    if not rows:
        return ()
    heads = (say("first day"), say("last day"), "", say("days"), say("recorded"), say("mean"))
    return (heads, *rows)


def _doses(analysis: Analysis) -> tuple[tuple[str, ...], ...]:
    rows = dose_rows(analysis)
    if len(rows) < 2:
        return ()
    chances = (say("Chance of being best"), say("Chance of enough more than the next lower"))
    return ((say("Dose"), say("Days"), say("Improvement (95 %)"), *chances), *rows)


def _missing(analysis: Analysis) -> tuple[tuple[str, ...], ...]:
    rows = missing_rows(analysis)
    if not rows:
        return ()
    return ((say("Had they been"), say("Improvement"), say("Chance of better"), say("Answer")), *rows)


def _looks(analysis: Analysis) -> str:
    return how_often(analysis.case.looks)


def _no_guesses(analysis: Analysis) -> str:
    if analysis.design.blinded:
        return say("Blinded; no guesses were written down, so nobody knows how well it held.")
    return say("Not blinded.")
