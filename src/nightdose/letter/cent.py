"""CENT 2015 item by item: what the program can fill in, and what stays open for a person to answer.

Numbers as in the corrected table of CENT 2015 (BMJ 2015;350:h1793, erratum bmj.i5381). The wording is our own
paraphrase: items 6a.1, 6a.2, 8a-c, 12b, 12c, 13a.1, 17a.1 could not be read in full.
"""

from __future__ import annotations

from nightdose.language.catalogue import mark, say
from nightdose.language.number import whole
from nightdose.letter.background import Background
from nightdose.question.words import design_words, question_sentence
from nightdose.report.words.diary import diary_span
from nightdose.verdict.analysis import Analysis

ASKED = (
    ("1a", mark("named an N-of-1 trial in its title")),
    ("1b", mark("structured summary")),
    ("2a.1", mark("background and rationale")),
    ("2a.2", mark("why an N-of-1 design")),
    ("2b", mark("objective")),
    ("3a", mark("design, periods, run-in, washout")),
    ("3b", mark("changes after the start, with reasons")),
    ("4a", mark("diagnosis, other illnesses, other treatments")),
    ("4b", mark("setting")),
    ("4c", mark("research or care; ethics")),
    ("5", mark("interventions of each period, as really taken")),
    ("6a.1", mark("outcomes, defined beforehand")),
    ("6a.2", mark("measurement properties of the outcome")),
    ("6b", mark("changes of outcomes")),
    ("7a", mark("how the length was chosen")),
    ("7b", mark("interim looks and stopping")),
    ("8a", mark("how the order was made")),
    ("8b", mark("kind of randomisation and its restrictions")),
    ("8c", mark("the whole intended order")),
    ("9", mark("how the order was concealed")),
    ("10", mark("who made the order, who held it")),
    ("11a", mark("who was blinded, and how")),
    ("11b", mark("likeness of the capsules")),
    ("12a", mark("statistical methods")),
    ("12b", mark("for a series: how it was put together")),
    ("12c", mark("carry-over, period effects, days that resemble the day before")),
    ("13a.1", mark("periods done, and what was not")),
    ("13b", mark("days lost or left out, with reasons")),
    ("14a", mark("dates")),
    ("14b", mark("why it ended")),
    ("15", mark("baseline")),
    ("16", mark("days analysed in each arm")),
    ("17a.1", mark("results of every period, with a figure of all days")),
    ("17a.2", mark("effect and its precision")),
    ("17b", mark("absolute and relative effects of yes/no outcomes")),
    ("18", mark("other analyses")),
    ("19", mark("harms of each intervention")),
    ("20", mark("limits")),
    ("21", mark("how far it holds for others")),
    ("22", mark("interpretation")),
    ("23", mark("registration")),
    ("24", mark("where the protocol is")),
    ("25", mark("funding")),
)
OPEN = mark("OPEN: not known to the program")


def cent_rows(analysis: Analysis, background: Background) -> tuple[tuple[str, str, str], ...]:
    """(item, what is asked, what stands here) for every item; OPEN where only a person can answer."""
    here = _plan(analysis, background) | _draw(analysis) | _results(analysis, background) | _rest(analysis)
    return tuple((item, say(asked), here.get(item) or say(OPEN)) for item, asked in ASKED)


def _plan(analysis: Analysis, background: Background) -> dict[str, str]:
    question, design, locked = analysis.question, analysis.design, bool(analysis.protocol)
    looks = analysis.case.looks.counted
    planned = design.planned is not None
    return {
        "1a": say("yes") if planned else say("no: nobody planned it beforehand, so it is not called a trial"),
        "1b": say("first page"),
        "2b": question_sentence(question),
        "3a": design_words(design, question),
        "3b": say("appendix") if locked else say("no protocol was locked, so changes are not known"),
        "4a": background.condition,
        "4b": say("at home, recorded by the person"),
        "5": say("first page, doses of every day under the picture"),
        "6a.1": say("{outcome}, {scale}", outcome=question.outcome, scale=say(question.scale)),
        "6b": say("appendix") if locked else "",
        "7b": say("looks not counted") if looks is None else say("looks so far: {n}", n=whole(looks)),
    }


def _draw(analysis: Analysis) -> dict[str, str]:
    design, locked = analysis.design, bool(analysis.protocol)
    drawn = {
        "none": say("not drawn at random"),
        "blocks": say("drawn at random, in blocks of days"),
        "days": say("drawn at random, day by day"),
    }[design.randomised]
    planned = design.planned is not None
    here = {
        "8a": drawn,
        "8b": drawn,
        "8c": say("appendix, periods") if planned else say("nothing was planned beforehand"),
        "12a": say("one Bayesian model, docs/inference.md of the version named at the head"),
        "12b": say("one person"),
        "12c": say("in the model: onset and fading of every dose, drift, spells"),
    }
    if not design.blinded:
        open_label = say("not blinded")
        return here | {"9": say("not concealed"), "10": open_label, "11a": say("nobody"), "11b": open_label}
    sealed = {"9": say("sealed, its hash in the diary")} if locked else {}
    return here | sealed | {"11a": say("the person; guesses in the appendix")}


def _results(analysis: Analysis, background: Background) -> dict[str, str]:
    design = analysis.design
    return {
        "13a.1": say("appendix"),
        "13b": say("{n} without an entry, {left} left out", n=whole(design.missing), left=whole(design.left_out)),
        "14a": diary_span(analysis) if background.dates else say("left out at the person’s wish"),
        "15": say("days before the first dose, first page"),
        "16": say("{on} with, {off} without", on=whole(design.recorded_on), off=whole(design.recorded_off)),
        "17a.1": say("first page and appendix"),
        "17a.2": say("first page"),
        "17b": say("absolute, days in 28") if analysis.question.kind.two else say("not a yes/no outcome"),
        "18": say("appendix: other assumptions, missing days, the check without a model"),
        "19": say("first page and appendix, days by dose"),
    }  # fmt: skip


def _rest(analysis: Analysis) -> dict[str, str]:
    locked = bool(analysis.protocol)
    return {
        "20": say("appendix, why this answer"),
        "21": say("for this person in these months; for nobody else"),
        "22": analysis.verdict.sentence,
        "23": say("locked by its hash, see appendix") if locked else "",
        "24": say("appendix") if locked else say("none was locked"),
    }
