"""Answer: how much was recorded, one sentence, fifty dots, why, what now; everything else folded below."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np

from nightdose.analyse import analyse
from nightdose.checks.certificate import with_certificate
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import settings
from nightdose.keeping.answer import usual_certificate
from nightdose.keeping.documents import LOOK
from nightdose.keeping.jobs import Job
from nightdose.keeping.kept_answer import KeptCase, deciding_outcome, keep_look, kept_case, looked_on
from nightdose.language.calendar import dated
from nightdose.language.catalogue import say, say_count
from nightdose.processes import Progress
from nightdose.question.words import unit_of
from nightdose.report.figures.fifty import CHANCES, fifty_figure
from nightdose.report.figures.svg import NARROW, WIDE, Figure
from nightdose.report.page import Pictures, ReportPage, report_html, report_page
from nightdose.report.words.diary import data_decide
from nightdose.verdict.analysis import Analysis, Certificate
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.answer import AnswerPage, NoAnswerPage, Part, Reasons
from nightdose.web.contexts.parts import Choice, Picture
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

NUMBERS = "posterior"  # the reason that is all probabilities
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"


@dataclass(frozen=True, slots=True)
class Found:
    """An answered case, and the page of its report, of which this page shows parts."""

    case: KeptCase
    analysis: Analysis
    report: ReportPage


def page(desk: Desk, asked: Asked) -> Answered:
    """The answer as of today; while a locked trial runs, when it opens."""
    store = desk.store()
    today = settings.tonight(store, desk.clock())
    wanted = asked.query.get("outcome") or None
    try:
        case = _case(desk, today, wanted)
    except CallError as error:
        return _none(desk, str(error), "/", say("Tonight"))
    if closed := _closed(store, case, today):
        return _none(desk, closed, "/plan", say("The plan"), look=not case.sealed)
    medicine = case.question.treatment
    if f"{medicine}_mg" not in case.diary.columns:
        waits = say("No evening with or without {medicine} is written down yet. Begin with tonight.", medicine=medicine)
        return _none(desk, waits, "/", say("Tonight"))
    keep_look(store, case.question.outcome, today)
    found = _found(desk, case.question.outcome, today)
    return Shown(around(desk, say("Answer"), "/answer"), _page(desk, found))


def look(desk: Desk, asked: Asked) -> Answered:
    """Look before the planned day: recorded."""
    store = desk.store()
    today = settings.tonight(store, desk.clock())
    keep_look(store, _case(desk, today).question.outcome, today)
    return Go("/answer")


def certify(desk: Desk, asked: Asked) -> Answered:
    """Begin the certificate as a piece of work beside the pages."""
    outcome, store = asked.typed("outcome"), desk.store()
    today = settings.tonight(store, desk.clock())
    if _closed(store, _case(desk, today, outcome), today):
        return Go("/answer")
    found = _found(desk, outcome, today)
    analysis = found.analysis

    def work(progress: Progress) -> Certificate | None:
        usual = usual_certificate(analysis.question)
        made = with_certificate(analysis, min(usual, desk.dummies or usual), progress=progress)
        return made.certificate

    if _job(desk, outcome) is None and _can_certify(analysis):
        desk.kept[_job_name(outcome)] = (desk.mark(), desk.jobs.start("certificate", work))
    return Go(f"/answer?outcome={quote(outcome, safe='')}")


def stop(desk: Desk, asked: Asked) -> Answered:
    """Stop the certificate."""
    outcome = asked.typed("outcome")
    running = _job(desk, outcome)
    if running is not None:
        desk.jobs.stop(running.number)
        desk.kept.pop(_job_name(outcome), None)
    return Go(f"/answer?outcome={quote(outcome, safe='')}")


def report(desk: Desk, asked: Asked) -> Answered:
    """The report as one file."""
    store = desk.store()
    today = settings.tonight(store, desk.clock())
    case = _case(desk, today, asked.query.get("outcome") or None)
    if _closed(store, case, today):
        return Go("/answer")
    keep_look(store, case.question.outcome, today)
    found = _found(desk, case.question.outcome, today)
    content = report_html(_certified(desk, found), label=say(desk.label)).encode("utf-8")
    return Given("report.html", "text/html; charset=utf-8", content, shown=True, policy=REPORT_POLICY)


def read_analysis(desk: Desk) -> Analysis | str:
    """The analysis of the outcome that decides, as the Answer page shows it today; a sentence where it may not be read.

    Reading it counts as a look, as on that page.
    """
    store = desk.store()
    today = settings.tonight(store, desk.clock())
    try:
        case = _case(desk, today)
    except CallError as error:
        return str(error)
    if closed := _closed(store, case, today):
        return closed
    keep_look(store, case.question.outcome, today)
    return _certified(desk, _found(desk, case.question.outcome, today))


def _none(desk: Desk, sentence: str, path: str, words: str, *, look: bool = False) -> Answered:
    return Shown(around(desk, say("Answer"), "/answer"), NoAnswerPage(sentence, path, words, look))


def _closed(store: Store, case: KeptCase, today: datetime.date) -> str:
    """Why nothing of this answer may be read today, "" where it may: every page and file that tells of it asks here."""
    if case.sealed:
        return _sealed(case)
    if case.opens is not None and not looked_on(store, case.question.outcome, today):
        return _opens(case)
    return ""


def _sealed(case: KeptCase) -> str:
    until = (
        say("The trial runs until {day}.", day=dated(case.opens - datetime.timedelta(days=1)))
        if case.opens
        else say("The trial is over.")
    )
    return say(
        "The order is still sealed, so with and without cannot be compared. {until} The answer opens when the order "
        "is revealed.",
        until=until,
    )


def _opens(case: KeptCase) -> str:
    assert case.opens is not None
    return say(
        "Your trial is still running. Its answer is planned for {planned}; until then each evening counts.",
        planned=dated(case.opens),
    )


def _case(desk: Desk, today: datetime.date, outcome: str | None = None) -> KeptCase:
    """The diary as a case; read anew only when the diary changed. That it was read today is counted in it already."""
    name = outcome or deciding_outcome(desk.store())
    return desk.remembered(f"case {name} {today}", lambda store: kept_case(store, today, name), LOOK.name)


def _found(desk: Desk, outcome: str, today: datetime.date) -> Found:
    """The answer of this diary; kept until the diary changes."""

    def make(store: Store) -> Found:
        case = _case(desk, today, outcome)
        analysis = analyse(case.diary, case.question, looks=case.looks)
        if case.protocol:
            analysis = analysis.with_beside(protocol=case.protocol, opened=case.opened)
        return Found(case, analysis, report_page(analysis, label=say(desk.label)))

    return desk.remembered(f"answer {outcome} {today}", make, LOOK.name)


def _page(desk: Desk, found: Found) -> AnswerPage:
    analysis, shown, case = _certified(desk, found), found.report, found.case
    if analysis is not found.analysis:
        shown = report_page(analysis, label=say(desk.label))
    question, verdict, design = analysis.question, analysis.verdict, analysis.design
    chosen = list(settings.outcomes(desk.store()))
    running = _job(desk, question.outcome)
    return AnswerPage(
        outcomes=tuple(Choice(name, name) for name in chosen),
        outcome=question.outcome,
        deciding=question.outcome == deciding_outcome(desk.store()),
        sufficiency=say(
            "{recorded} of {days} days recorded, {on} of them with {treatment}, {off} without.",
            recorded=design.recorded,
            days=design.days,
            on=design.recorded_on,
            off=design.recorded_off,
            treatment=question.treatment,
        ),
        word=shown.word,
        sentence=shown.sentence,
        number=shown.number,
        range=shown.range,
        number_words=shown.number_words,
        fifty=_fifty(analysis) if shown.number and data_decide(analysis) else None,
        gauge=shown.gauge,
        ceiling=shown.ceiling,
        averages=tuple(shown.averages),
        complete=shown.complete,
        reasons=_reasons(shown),
        change=verdict.what_would_change,
        days=_picture(shown.pictures, "diary"),
        parts=_parts(shown, found),
        looked=_looked(case),
        waiting=say("You look before the planned day, {day}; this is recorded.", day=dated(case.opens))
        if case.opens
        else "",
        job=str(running.number) if running and not running.over else "",
        progress=(running.done, running.total) if running else (0, 0),
        can_certify=_can_certify(analysis) and analysis.certificate is None,
        red_flags=shown.red_flags,
        how_long=_how_long(analysis, case),
        asked=(_which_dose(shown),) if shown.dose_rows else (),
        hope=Part(say("Can I tell hope from effect?"), tuple(shown.guesses)) if shown.guesses else None,
    )


def _reasons(shown: ReportPage) -> tuple[Reasons, ...]:
    """Why, without the probabilities where the sentence and the dots have said them; they stand with every number."""
    told = NUMBERS if shown.shows_effect else ""
    groups = ((heading, tuple(r.sentence for r in rs if r.code != told), start) for heading, rs, start in shown.reasons)
    return tuple(Reasons(heading, said, start) for heading, said, start in groups if said)


def _fifty(analysis: Analysis) -> Picture | None:
    fitted = analysis.fitted
    if fitted is None:
        return None
    question, effect = analysis.question, fitted.settled_effect
    factor = question.reading[0]
    truths = np.sort([question.direction * factor * effect.quantile(float(p)) for p in CHANCES])
    worth = float(f"{factor * question.meaningful:.3g}")
    unit = say("point") if worth == 1 and question.reading[1] == "points" else unit_of(question)
    wide, narrow = (
        fifty_figure(truths, worth, unit, width=width, ident=f"fifty-{width:g}") for width in (WIDE * 0.75, NARROW)
    )
    return Picture(wide.svg, narrow.svg, wide.sentence)


def _how_long(analysis: Analysis, case: KeptCase) -> tuple[str, ...]:
    """How long until it is known: now, never in this way, or what brings it nearer."""
    design, answer = analysis.design, analysis.verdict.answer
    if case.opens is not None:
        return (
            say(
                "Your trial answers on {day}. What stands here before that day is not its answer.",
                day=dated(case.opens),
            ),
        )
    if answer == "cannot_be_known":
        return (
            say(
                "Never from days like these, however many come: what they lack is named below. More days of the same "
                "kind are no help; days of another kind are."
            ),
        )
    if answer == "not_yet_known":
        return (
            say_count(
                "Not yet, after {days} days with {n} change between with and without. What brings an answer nearer is "
                "the next change more than the next day, and no date can be promised: if the medicine does little, the "
                "answer stays open longest.",
                "Not yet, after {days} days with {n} changes between with and without. What brings an answer nearer is "
                "the next change more than the next day, and no date can be promised: if the medicine does little, the "
                "answer stays open longest.",
                design.switches,
                days=design.days,
            ),
        )
    return (
        say(
            "It is known now, as well as these {days} days can tell; it can still change with what comes.",
            days=design.days,
        ),
    )


def _which_dose(shown: ReportPage) -> Part:
    head = (say("dose"), say("days"), say("improvement"), say("best"), say("better"))
    meant = say(
        "The last two columns are chances: that this dose is the best of these and none, and that it is better by at "
        "least {matters} than the next lower one, or than none.",
        matters=shown.matters,
    )
    return Part(say("Which dose?"), (meant,), head, tuple(tuple(row) for row in shown.dose_rows))


def _parts(shown: ReportPage, found: Found) -> tuple[Part, ...]:
    def rows(table: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(row) for row in table)

    def pictured(*names: str) -> tuple[Picture, ...]:
        return tuple(p for name in names if (p := _picture(shown.pictures, name)) is not None)

    numbers = tuple(r.sentence for _, rs, _ in shown.reasons for r in rs if r.code == NUMBERS and shown.shows_effect)
    parts = (
        Part(
            say("How often would this be wrong?") if shown.certificate else say("A check without a model"),
            (*shown.certificate, *shown.randomisation),
            open=bool(shown.certificate),
        ),
        Part(
            say("Every number of the answer"),
            numbers,
            rows=rows(shown.effect_rows),
            pictures=pictured("effect", "naive"),
        ),
        Part(say("Days without an entry"), (shown.missing,) if shown.missing else (), pictures=pictured("missing")),
        Part(say("What others' trials say"), tuple(shown.evidence)),
        Part(say("The design"), rows=rows(shown.design_rows)),
        Part(
            say("What else was learned"),
            tuple(shown.day_fit),
            rows=rows(shown.nuisance_rows),
            pictures=pictured("spread"),
        ),
        Part(say("What was fixed beforehand"), tuple(shown.protocol)),
        Part(say("When each answer is given"), rows=rows(shown.rules)),
        Part(say("What could not be used"), tuple(str(problem) for problem in shown.problems)),
    )
    return tuple(part for part in parts if part.paragraphs or part.rows or part.pictures)


def _picture(pictures: Pictures, name: str) -> Picture | None:
    drawn: dict[str, Figure] = dict(pictures.get(name, ()))
    if "wide" not in drawn or "narrow" not in drawn:
        return None
    return Picture(str(drawn["wide"].svg), str(drawn["narrow"].svg), drawn["wide"].sentence)


def _looked(case: KeptCase) -> str:
    times = case.looks.counted or 1
    return say_count(
        "This answer has been read for the first time. Reading it often asks for more certainty before it says that "
        "something helps or harms.",
        "This answer has been read on {n} different days. Reading it often asks for more certainty before it says that "
        "something helps or harms.",
        times,
    )


def _certified(desk: Desk, found: Found) -> Analysis:
    """The analysis with its certificate, once that is there."""
    running = _job(desk, found.analysis.question.outcome)
    if running is None or running.state != "done" or running.result is None:
        return found.analysis
    return found.analysis.with_beside(certificate=running.result)


def _can_certify(analysis: Analysis) -> bool:
    return analysis.fitted is not None and analysis.verdict.answer != "cannot_be_known" and not analysis.refused


def _job(desk: Desk, outcome: str) -> Job | None:
    """The certificate's work for this diary; None where none was begun since it last changed."""
    kept = desk.kept.get(_job_name(outcome))
    if kept is None or kept[0] != desk.mark():
        return None
    assert isinstance(kept[1], int)
    return desk.jobs.look(kept[1])


def _job_name(outcome: str) -> str:
    return f"certificate {outcome}"
