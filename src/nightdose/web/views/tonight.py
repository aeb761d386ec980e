"""Tonight: one screen, twenty seconds; saved with undo, a missed evening filled in later."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import settings
from nightdose.keeping.entries import SecondDose, in_words, warnings
from nightdose.keeping.evening_form import (
    EveningForm,
    last_side_effects,
    rows_numbered,
    save_evening,
    take_back,
)
from nightdose.keeping.said import read_day
from nightdose.keeping.tonight import Ask, Evening, evening
from nightdose.language.calendar import day_month, weekday, weekday_day
from nightdose.language.catalogue import mark, say
from nightdose.language.number import as_given, capital
from nightdose.protocol.doses import DoseInDoubt
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.evening import DoseField, MissedEvening, SavedLine, TonightPage
from nightdose.web.contexts.parts import Blank, Choice, Pick
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around, gate_shown

POINTS = {"0-10": 11, "0-3": 4}  # choices of a scale that is tapped
GUESSES = (
    ("5", mark("surely not")),
    ("30", mark("rather not")),
    ("50", mark("no idea")),
    ("70", mark("rather yes")),
    ("95", mark("surely yes")),
)
SHOWN_MISSED = 3
ONCE = 16  # bytes of a form's own number


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: what stood in it, what was wrong with it, and what has to be asked first."""

    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    once: str = ""
    second: str = ""
    doubt: str = ""
    doubt_mg: str = ""


def page(desk: Desk, asked: Asked) -> Answered:
    """The evening, empty or with what was recorded already; after saving with what was kept."""
    store = desk.store()
    if not settings.outcomes(store):
        return Go("/start/outcomes")
    now = desk.clock()
    tonight = settings.tonight(store, now)
    day = read_day(asked.query["day"], tonight) if asked.query.get("day") else tonight
    found = evening(store, day, tonight)
    numbers = [int(n) for n in asked.query.get("saved", "").split(",") if n.isdigit() and len(n) < 10]
    rows = rows_numbered(store, numbers)
    shown = _page(store, found, tonight, Sent())
    said = warnings(store, [row.entry for row in rows], tonight) if rows else ()
    shown = replace(
        shown,
        gates=tuple(gate for gate in shown.gates if not any(gate.sentence in alarm for alarm in said)),
        saved=tuple(SavedLine(in_words(row.entry), row.number) for row in rows),
        taken_back=False,
        warnings=(*shown.warnings, *(each for each in said if each not in shown.warnings)),
        next_words=say("The answer so far") if rows and not shown.hidden else "",
        next_path="/answer" if rows and not shown.hidden else "",
    )
    if "back" in asked.query:
        shown = replace(shown, saved=(SavedLine(say("What was saved is taken out again"), 0),), taken_back=True)
    elif "saved" in asked.query and not rows:
        words = say("Nothing new was written: what is left empty stays unknown")
        shown = replace(shown, saved=(SavedLine(words, 0),), nothing=True)
    return Shown(around(desk, say("Tonight"), "/", acted=bool({"saved", "back"} & asked.query.keys())), shown)


def save(desk: Desk, asked: Asked) -> Answered:
    """Keep the evening; where something cannot be read, the form comes back as it was typed."""
    store = desk.store()
    tonight = settings.tonight(store, desk.clock())
    day = read_day(asked.typed("day") or str(tonight), tonight)
    found = evening(store, day, tonight)
    answers = {ask.id: _said(asked, ask, found, store) for ask in found.asks}
    repeat = asked.typed("repeat")
    form = EveningForm(
        day,
        _once(asked.typed("once")),
        answers,
        "instead" if repeat == "instead" else "again" if repeat == "again" else "ask",
        tuple(float(mg) for mg in asked.many.get("said_again_mg", ()) if mg.replace(".", "", 1).isdigit()),
    )
    try:
        kept = save_evening(store, form, tonight)
    except SecondDose as error:
        sent = Sent(answers, {}, form.once, second=str(error))
    except DoseInDoubt as error:
        sent = Sent(answers, {}, form.once, doubt=str(error), doubt_mg=f"{error.check.mg:g}")
    except CallError as error:
        sent = Sent(answers, {error.field or "day": str(error)}, form.once)
    else:
        if not kept.errors:
            where = "" if day == tonight else f"day={day}&"
            return Go(f"/?{where}saved={','.join(str(n) for n in kept.numbers)}")
        sent = Sent(answers, kept.errors, form.once)
    return Shown(around(desk, say("Tonight"), "/"), _page(store, found, tonight, sent), 422)


def history(desk: Desk, asked: Asked) -> Answered:
    """Show, or do not show, earlier evenings here."""
    settings.hide_history(desk.store(), asked.typed("hidden") == "yes")
    return Go("/")


def undo(desk: Desk, asked: Asked) -> Answered:
    """Take back what was just saved."""
    numbers = [int(n) for n in asked.many.get("number", ()) if n.isdigit() and len(n) < 10]
    take_back(desk.store(), numbers)
    return Go("/?back=yes")


def _said(asked: Asked, ask: Ask, found: Evening, store: Store) -> str:
    """The answer to one question as it would be typed: a dose is put together from its three fields."""
    said = asked.typed(ask.id)
    if ask.kind == "dose":
        amount, clock = asked.typed(f"{ask.id}:mg"), asked.typed(f"{ask.id}:at")
        if not amount and (not said or (said == _state(ask.now) and not clock)):
            return ""  # what is recorded already is not said again
        if said in ("missed", "?"):
            return said
        mg = f"{amount} mg" if amount[-1:].isdigit() else amount  # '4.5', or with its unit: '4,5 mg', '4500 mcg'
        return " ".join(filter(None, [mg, f"at {clock}" if clock else ""])) or "yes"
    if ask.kind == "side_effect" and asked.typed("same_side_effects"):
        return ", ".join(filter(None, [last_side_effects(store, found.day), said]))
    return said


def _page(store: Store, found: Evening, tonight: datetime.date, sent: Sent) -> TonightPage:
    kinds: dict[str, list[Ask]] = {}
    for ask in found.asks:
        kinds.setdefault(ask.kind, []).append(ask)
    more = [ask.id for kind in ("rescue", "side_effect", "note") for ask in kinds.get(kind, [])]
    gates = found.refusing.refusing if found.refusing is not None else ()
    old = [gate for gate in gates if gate.rule.id == "unanswered"]
    hidden = settings.history_hidden(store)
    return TonightPage(
        hidden=hidden,
        day=found.day.isoformat(),
        day_words=weekday_day(found.day),
        once=sent.once or secrets.token_urlsafe(ONCE),
        scores=tuple(_score(found, ask, sent) for ask in kinds.get("score", [])),
        doses=tuple(_dose(found, ask, sent) for ask in kinds.get("dose", [])),
        guess=next((_guess(ask, sent) for ask in kinds.get("guess", [])), None),
        side_effects=tuple(_blank(ask, sent) for ask in kinds.get("side_effect", [])),
        same_as_last=last_side_effects(store, found.day) if kinds.get("side_effect") and not hidden else "",
        rescue=tuple(_blank(ask, sent) for ask in kinds.get("rescue", [])),
        note=next((_blank(ask, sent) for ask in kinds.get("note", [])), Blank("note", say("A note?"), kind="textarea")),
        missed=tuple(
            MissedEvening(str(d), _day_words(d, tonight)) for d in found.unwritten[:SHOWN_MISSED] if not hidden
        ),
        late=found.day != tonight,
        gates=tuple(gate_shown(gate) for gate in gates if gate not in old),
        unanswered=len(old),
        warnings=(found.hindered,) if found.hindered else (),
        errors=tuple(sent.errors.values()),
        second=sent.second,
        doubt=sent.doubt,
        doubt_mg=sent.doubt_mg,
        more_open=any(sent.answers.get(name) or name in sent.errors for name in more),
    )


def _score(found: Evening, ask: Ask, sent: Sent) -> Pick | Blank:
    outcome = found.outcomes[ask.item]
    chosen, error = sent.answers.get(ask.id, ask.now), sent.errors.get(ask.id, "")
    lower = outcome.better == "lower"
    if outcome.scale in POINTS:
        top = POINTS[outcome.scale] - 1
        hint = say("0 none, {top} worst", top=top) if lower else say("0 worst, {top} best", top=top)
        picks = tuple(
            Choice(str(i), str(i), name=say("{outcome} {i} of {top}", outcome=outcome.name, i=i, top=top))
            for i in range(top + 1)
        )
        return Pick(ask.id, outcome.name, picks, chosen, hint, error=error, keys=True)
    if outcome.scale == "yes/no":
        chosen = {"1": "yes", "0": "no"}.get(chosen, chosen)
        return Pick(ask.id, outcome.name, (Choice("no", say("No")), Choice("yes", say("Yes"))), chosen, error=error)
    hint = say("a number in {unit}", unit=outcome.unit) if outcome.unit else say("a number")
    return Blank(ask.id, outcome.name, chosen, hint=hint, error=error, mode="decimal")


def _dose(found: Evening, ask: Ask, sent: Sent) -> DoseField:
    state = _state(sent.answers.get(ask.id) or ask.now)
    plan = found.plan
    words = capital(ask.text)
    if plan.clock is not None:
        words = say("{words} at {clock}", words=words, clock=f"{plan.clock:%H:%M}")
    choices = (Choice("taken", say("Taken")), Choice("missed", say("Not taken")), Choice("", say("Not known yet")))
    pick = Pick(
        ask.id,
        words,
        choices,
        state,
        say("recorded: {now}", now=_now_words(ask.now)) if ask.now else "",
        error=sent.errors.get(ask.id, ""),
    )
    return DoseField(
        pick,
        Blank(f"{ask.id}:mg", say("Amount, mg"), hint=say("only where it was another one"), mode="decimal"),
        Blank(f"{ask.id}:at", say("Time"), hint=say("like 22:30")),
    )


def _now_words(said: str) -> str:
    """'taken 4.5 mg 22:30' in the reader's language."""
    words = (say(word) if word.isalpha() else word for word in said.split(" "))
    return " ".join(as_given(float(word)) if word.replace(".", "", 1).isdigit() else word for word in words)


def _state(said: str) -> str:
    """Which of the three choices these words are."""
    if said.startswith("missed"):
        return "missed"
    return "taken" if said and not said.startswith(("?", "unknown")) else ""


def _guess(ask: Ask, sent: Sent) -> Pick:
    choices = tuple(
        Choice(value, say(words), name=say("{words}, {value} %", words=say(words), value=value))
        for value, words in GUESSES
    )
    return Pick(
        ask.id,
        say("Was it the medicine tonight? Your guess"),
        choices,
        sent.answers.get(ask.id, ""),
        error=sent.errors.get(ask.id, ""),
    )


def _blank(ask: Ask, sent: Sent) -> Blank:
    kind = "textarea" if ask.kind == "note" else "text"
    hint = "" if ask.kind == "note" else ask.hint
    return Blank(ask.id, ask.text, sent.answers.get(ask.id, ""), kind, hint, sent.errors.get(ask.id, ""))


def _once(word: str) -> str:
    fine = 8 <= len(word) <= 64 and word.isascii() and all(c.isalnum() or c in "-_" for c in word)
    return word if fine else secrets.token_urlsafe(ONCE)


def _day_words(day: datetime.date, today: datetime.date) -> str:
    back = (today - day).days
    return say("Yesterday") if back == 1 else weekday(day) if back < 7 else day_month(day)
