"""Share the answer: all that a contribution would say, then the file; nothing is sent from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nightdose.errors import CallError
from nightdose.keeping import contributing, letters, settings
from nightdose.keeping.contributing import Ready
from nightdose.keeping.protocol import history
from nightdose.knowledge.pooled import bands, condition_code, condition_codes
from nightdose.language.catalogue import say
from nightdose.pooling.contribution import SEXES, Sex
from nightdose.pooling.making import Person
from nightdose.pooling.shown import band_words
from nightdose.verdict.analysis import Analysis
from nightdose.web.asked import Answered, Asked, Given, Shown
from nightdose.web.contexts.answer import NoAnswerPage
from nightdose.web.contexts.parts import Choice, Pick
from nightdose.web.contexts.plan import FormPage
from nightdose.web.desk import Desk
from nightdose.web.views import made
from nightdose.web.views.answer import read_analysis
from nightdose.web.views.frame import around

HERE = "/share"
REGISTER, SAVE, SAVE_PLAN = "register", "save", "save_plan"
KIND = "application/json"


def page(desk: Desk, asked: Asked) -> Answered:
    """What may be shared, and what a person may say of themselves; nothing is made yet."""
    store = desk.store()
    condition = condition_code(letters.background(store, settings.today(store, desk.clock())).condition)
    return Shown(around(desk, say("Share the answer"), HERE), _form(desk, {"condition": condition}))


def show(desk: Desk, asked: Asked) -> Answered:
    """Everything that the file would say; then the file itself."""
    act = asked.typed("act")
    try:
        found = _ready(desk, asked, register=act in (REGISTER, SAVE_PLAN))
    except CallError as error:
        return Shown(
            around(desk, say("Share the answer"), HERE), replace(_form(desk, asked.form), errors=(str(error),)), 422
        )
    if isinstance(found, str):
        return Shown(around(desk, say("Share the answer"), HERE), NoAnswerPage(found, HERE, say("Back")))
    if act in (SAVE, SAVE_PLAN):
        name = "registration.json" if act == SAVE_PLAN else "answer.json"
        file = made.hold(desk, "share", Given(name, KIND, found.line.encode() + b"\n"))
        return Shown(around(desk, say("Share the answer"), HERE, acted=True), _saved(desk, asked, file))
    save = SAVE_PLAN if act == REGISTER else SAVE
    shown = replace(
        _form(desk, asked.form),
        done=(say("All that this file would say. Nothing is written yet, and nothing is ever sent from here."),),
        head=(say("What"), say("Words")),
        rows=found.lines,
        also=((save, say("Save this file")),),
    )
    return Shown(around(desk, say("Share the answer"), HERE), shown)


def _ready(desk: Desk, asked: Asked, *, register: bool) -> Ready | str:
    """The contribution, or a sentence where the answer may not be read now."""
    if desk.label:
        raise CallError(say("This is the example, a simulated diary of nobody: it has no answer to share."))
    person = Person(asked.typed("condition"), _age(asked.typed("age")), _sex(asked.typed("sex")))
    key = contributing.contribution_key()
    if register:
        return contributing.ready_registration(history(desk.store()), person, key)
    found = read_analysis(desk)
    return contributing.ready_answer(found, person, key) if isinstance(found, Analysis) else found


def _saved(desk: Desk, asked: Asked, file: str) -> FormPage:
    done = (say("The file is made. Nothing was sent: give it yourself to whoever gathers such answers."),)
    return replace(_form(desk, asked.form), done=done, files=((file, say("Save this file")),))


def _age(typed: str) -> float | None:
    """The lower end of a band; anything else is left out."""
    return next((low for low, _ in bands("age") if typed == f"{low:g}"), None)


def _sex(typed: str) -> Sex | None:
    return next((sex for sex in SEXES if sex == typed), None)


def _form(desk: Desk, sent: Mapping[str, str]) -> FormPage:
    ages = (Choice("", say("left out")), *(Choice(f"{band[0]:g}", band_words("age", band)) for band in bands("age")))
    sexes = (Choice("", say("left out")), *(Choice(sex, say(sex)) for sex in SEXES))
    conditions = tuple(Choice(code, say(words)) for code, words in condition_codes().items())
    planned = bool(history(desk.store()))
    return FormPage(
        title=say("Share the answer, not the diary"),
        lead=say(
            "A file of numbers and codes, without words, dates or names, for a pool of many people’s answers. "
            "Strangers cannot tell whose it is; somebody who knows how your trial was laid out may. A null is as "
            "welcome as a hit."
        ),
        fields=(
            Pick("condition", say("What you take it for"), conditions, sent.get("condition", "")),
            Pick("age", say("Your age"), ages, sent.get("age", ""), hint=say("left out, it tells less")),
            Pick("sex", say("Sex"), sexes, sent.get("sex", ""), hint=say("left out, it tells less")),
        ),
        action=HERE,
        button=say("Show all that it would say"),
        also=((REGISTER, say("Only register the locked trial")),) if planned else (),
        next_path="/evidence",
        next_words=say("Back to the evidence"),
    )
