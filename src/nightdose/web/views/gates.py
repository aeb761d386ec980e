"""Before any capsule: the questions, the list of medicines, what stands in the way, a prescriber's word."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import safety, settings
from nightdose.keeping.said import read_day
from nightdose.knowledge.chosen import chosen as drug_file
from nightdose.knowledge.interactions import questions
from nightdose.language.catalogue import mark, say
from nightdose.language.number import date
from nightdose.protocol.interview import Instruction, Medicine
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.parts import Choice, Pick
from nightdose.web.contexts.start import GatesPage, MedicineRow
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around, gate_shown
from nightdose.web.views.start import steps

SAID = {"yes": True, "no": False, "?": None}
UNANSWERED = "unanswered"  # a question that waits stands below anyway, and is not shown as a gate
CHOICES = (("yes", mark("Yes")), ("no", mark("No")), ("?", mark("I don't know")))


def page(desk: Desk, asked: Asked) -> Answered:
    """Everything as it stands."""
    first, saved = asked.query.get("first") == "yes", asked.query.get("saved") == "yes"
    return Shown(
        around(desk, say("Before any capsule"), "/plan", acted=saved and not first), _page(desk, first, saved=saved)
    )


def act(desk: Desk, asked: Asked) -> Answered:
    """One act: answers, a medicine more or less, or a prescriber's word."""
    store = desk.store()
    today = settings.today(store, desk.clock())
    first = asked.typed("first") == "yes"
    try:
        _do(store, asked, today)
    except CallError as error:
        shown = _page(desk, first, errors=(str(error),), typed=_typed(asked))
        return Shown(around(desk, say("Before any capsule"), "/plan"), shown, 422)
    return Go(f"/plan/gates?saved=yes{'&first=yes' if first else ''}")


def _do(store: Store, asked: Asked, today: datetime.date) -> None:
    match asked.typed("act"):
        case "answer":
            complete, reason = asked.typed("complete") == "yes", asked.typed("reason")
            safety.answer(store, _typed(asked), today, complete=complete, reason=reason)
        case "medicine":
            if not asked.typed("name"):
                raise CallError(say("Write the name of the medicine."), field="name")
            stopped = asked.typed("stopped")
            safety.name_medicine(
                store,
                asked.typed("name"),
                today,
                last_taken=read_day(stopped, today) if stopped else None,
                reason=asked.typed("reason"),
            )
        case "forget":
            safety.forget_medicine(store, asked.typed("name"), today, asked.typed("reason"))
        case "instruct":
            safety.instruct(
                store, Instruction(asked.typed("gate"), asked.typed("prescriber"), asked.typed("said"), today), today
            )
        case _:
            raise CallError(say("Nothing was chosen, so nothing was done."))


def _typed(asked: Asked) -> dict[str, bool | None]:
    """The answers that were chosen: question id -> yes, no, or None for "I don't know"."""
    return {q.id: SAID[word] for q in questions() if (word := asked.typed(f"q:{q.id}")) in SAID}


def _page(
    desk: Desk,
    first: bool,
    *,
    saved: bool = False,
    errors: tuple[str, ...] = (),
    typed: Mapping[str, bool | None] = MappingProxyType({}),
) -> GatesPage:
    """typed : what was chosen just now and is not kept, because something was wrong with it."""
    store = desk.store()
    today = settings.today(store, desk.clock())
    answers, found = safety.answers(store, today), safety.judgement(store, today)
    words = {True: "yes", False: "no", None: "?"}
    choices = tuple(Choice(value, say(shown)) for value, shown in CHOICES)
    chosen = {**answers.conditions, **typed}
    return GatesPage(
        steps=steps(2) if first else (),
        questions=tuple(
            Pick(f"q:{q.id}", say(q.text), choices, words[chosen[q.id]] if q.id in chosen else "") for q in questions()
        ),
        medicines=tuple(MedicineRow(m.name, _medicine(m)) for m in answers.medicines),
        complete=answers.complete,
        yes_stands=any(said is True for said in answers.conditions.values()),
        gates=tuple(gate_shown(gate) for gate in found.refusing if gate.rule.id != UNANSWERED),
        unanswered=sum(gate.rule.id == UNANSWERED for gate in found.refusing),
        notes=tuple(gate_shown(gate) for gate in found.notes),
        cleared=tuple(gate_shown(gate) for gate in found.gates if gate.state == "cleared"),
        may_plan=found.cleared,
        saved=saved,
        first=first,
        errors=errors,
        medicine=file.title if (file := drug_file()) else "",
    )


def _medicine(medicine: Medicine) -> str:
    if medicine.current:
        return say("taken now")
    if medicine.last_taken:
        return say("stopped, last on {day}", day=date(medicine.last_taken))
    return say("stopped, last day not known")
