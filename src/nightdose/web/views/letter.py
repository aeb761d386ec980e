"""Letter: the answer as one page for a doctor; what stands on it is the person's choice and is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nightdose.errors import CallError
from nightdose.keeping import letters, settings
from nightdose.keeping.letter_files import (
    MIME,
    can_write_pdf,
    form_of,
    key_of_this_person,
    said_before_it_is_given,
    written,
)
from nightdose.keeping.said import read_number
from nightdose.language.catalogue import say
from nightdose.letter.background import AGE_BANDS, Background, Tried
from nightdose.letter.package import Making
from nightdose.letter.words import age_words
from nightdose.verdict.analysis import Analysis
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.answer import NoAnswerPage
from nightdose.web.contexts.parts import Blank, Choice, Pick
from nightdose.web.contexts.plan import FormPage
from nightdose.web.desk import Desk
from nightdose.web.views.answer import REPORT_POLICY, read_analysis
from nightdose.web.views.frame import around

HERE = "/letter"


def page(desk: Desk, asked: Asked) -> Answered:
    """What stands on the letter, and the way to see it."""
    store = desk.store()
    kept = letters.background(store, settings.today(store, desk.clock()))
    done = (say("Kept. The letter shows it."),) if asked.query.get("done") else ()
    return Shown(
        around(desk, say("Letter"), HERE, acted=bool(done)),
        replace(_form(fields_of(kept)), done=done or _first(), files=_files()),
    )


def choose(desk: Desk, asked: Asked) -> Answered:
    """Keep what stands on it."""
    store = desk.store()
    try:
        letters.choose(store, _chosen(asked))
    except CallError as error:
        return Shown(around(desk, say("Letter"), HERE), replace(_form(asked.form), errors=(str(error),)), 422)
    return Go("/letter?done=kept")


def see(desk: Desk, asked: Asked) -> Answered:
    """The letter in the window."""
    return _given(desk, "letter.html", shown=True)


def save(desk: Desk, asked: Asked) -> Answered:
    """The letter as a file to keep, to print, to hand on."""
    return _given(desk, "letter.html", shown=False)


def save_pdf(desk: Desk, asked: Asked) -> Answered:
    """The letter as a PDF."""
    return _given(desk, "letter.pdf", shown=False)


def save_package(desk: Desk, asked: Asked) -> Answered:
    """Everything from which the letter was made."""
    return _given(desk, "letter.zip", shown=False)


def save_fhir(desk: Desk, asked: Asked) -> Answered:
    """The letter as a FHIR document."""
    return _given(desk, "letter.fhir.json", shown=False)


def _given(desk: Desk, name: str, *, shown: bool) -> Answered:
    found = read_analysis(desk)
    if not isinstance(found, Analysis):
        return Shown(around(desk, say("Letter"), HERE), NoAnswerPage(found, "/", say("Tonight")))
    store = desk.store()
    background = letters.background(store, settings.today(store, desk.clock()))
    making = Making(say(desk.label), key=key_of_this_person())
    form = form_of(Path(name))
    return Given(name, MIME[form], written(form, found, background, making), shown=shown, policy=REPORT_POLICY)


def _first() -> tuple[str, ...]:
    return (
        say("One page, always laid out alike, and an appendix that can be checked."),
        *said_before_it_is_given(),
    )


def _files() -> tuple[tuple[str, str], ...]:
    pdf = (("/letter/pdf", say("Save it as a PDF")),) if can_write_pdf() else ()
    return (
        ("/letter/page", say("See the letter")),
        ("/letter/save", say("Save it as a file")),
        *pdf,
        ("/letter/package", say("Save all of it as a package, to be checked or computed again")),
        ("/letter/fhir", say("Save it as FHIR, for a clinic’s records")),
    )


def _chosen(asked: Asked) -> Background:
    line = asked.typed("bad_line")
    return Background(
        name=asked.typed("name"),
        age=asked.typed("age"),
        condition=asked.typed("condition"),
        tried=tuple(letters.tried_from(words) for words in asked.typed("tried").splitlines() if words.strip()),
        bad_line=read_number(line) if line else None,
        notes=asked.typed("notes"),
        price_a_day=read_number(asked.typed("price_a_day")) if asked.typed("price_a_day") else None,
        dates=asked.typed("dates") != "no",
        others=asked.typed("others") != "no",
    )


def fields_of(kept: Background) -> dict[str, str]:
    """What was chosen, as the form has it."""
    return {
        "name": kept.name,
        "age": kept.age,
        "condition": kept.condition,
        "tried": "\n".join(map(_line, kept.tried)),
        "bad_line": "" if kept.bad_line is None else f"{kept.bad_line:g}",
        "notes": kept.notes,
        "price_a_day": "" if kept.price_a_day is None else f"{kept.price_a_day:g}",
        "dates": "yes" if kept.dates else "no",
        "others": "yes" if kept.others else "no",
    }


def _ages() -> tuple[Choice, ...]:
    return (Choice("", say("left out")), *(Choice(band, age_words(band)) for band in AGE_BANDS))


def _line(tried: Tried) -> str:
    return ", ".join((tried.medicine, tried.dose, tried.how_long, tried.stopped)).rstrip(", ")


def _form(sent: Mapping[str, str]) -> FormPage:
    shown = (Choice("yes", say("shown")), Choice("no", say("left out")))
    return FormPage(
        title=say("The letter for your doctor"),
        lead=say("You decide what stands on it; what you leave out is said at its foot."),
        fields=(
            Blank("name", say("Your name"), sent.get("name", ""), hint=say("left out where it is empty")),
            Pick("age", say("Your age"), _ages(), sent.get("age", "")),
            Blank("condition", say("Why you take it"), sent.get("condition", "")),
            Blank(
                "tried",
                say("What you tried before"),
                sent.get("tried", ""),
                kind="textarea",
                hint=say("a line each: medicine, dose, how long, why it was stopped"),
            ),
            Blank(
                "bad_line",
                say("From which score on is a day a bad one for you?"),
                sent.get("bad_line", ""),
                hint=say("empty: where about the worst quarter of the days without a dose begins"),
                mode="decimal",
            ),
            Blank(
                "price_a_day",
                say("What it costs a day"),
                sent.get("price_a_day", ""),
                hint=say("in your own money; the appendix says what a good day gained costs"),
                mode="decimal",
            ),
            Blank("notes", say("Words of your own"), sent.get("notes", ""), kind="textarea"),
            Pick("dates", say("Dates"), shown, sent.get("dates", "yes")),
            Pick("others", say("Other medicines"), shown, sent.get("others", "yes")),
        ),
        action=HERE,
        button=say("Keep"),
        files=_files(),
        next_path="/answer",
        next_words=say("Back to the answer"),
    )
