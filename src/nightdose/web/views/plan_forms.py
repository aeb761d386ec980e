"""The forms of a plan: a titration, a trial, a liquid, the wallet card. What leads to a capsule asks the gates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from nightdose.errors import CallError
from nightdose.keeping import settings, titration
from nightdose.keeping.said import read_clock, read_day, read_number
from nightdose.language.calendar import brief, brief_dated
from nightdose.language.catalogue import say, say_form
from nightdose.language.number import date, dose_amount
from nightdose.protocol.dilution import Liquid
from nightdose.protocol.doses import DoseInDoubt, read_dose
from nightdose.protocol.gates import NotCleared
from nightdose.protocol.titration import Step, Strength
from nightdose.report.sheets.wallet_card import WalletCard, wallet_card_page
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.parts import Blank, Choice, KeptField, Pick
from nightdose.web.contexts.plan import FormPage
from nightdose.web.desk import Desk
from nightdose.web.views.answer import REPORT_POLICY
from nightdose.web.views.frame import around, gate_shown
from nightdose.web.views.start import steps

ROWS, MORE_ROWS, MOST_STEPS = 3, 3, 12  # steps that are shown, that are added, that a titration may have
STRENGTH_WORDS = re.compile(r"\s*(?P<mg>\d+(?:[.,]\d+)?)\s*(?:mg)?\s*(?::\s*(?P<pieces>\d+))?\s*", re.IGNORECASE)
TWO_WAYS = re.compile(r"(?<![:\d])\d+,\d+(?![\d.])")  # '1,3': a decimal comma, or two strengths
FAR = 730  # days ahead that a plan may begin


def titration_page(desk: Desk, asked: Asked) -> Answered:
    """The prescriber's steps, empty."""
    desk.store()
    return shown(desk, _titration(asked.query, first=asked.query.get("first") == "yes"))


def titrate(desk: Desk, asked: Asked) -> Answered:
    """Plan the steps as they were prescribed."""
    store = desk.store()
    today = settings.today(store, desk.clock())
    first = asked.typed("first") == "yes"
    if asked.typed("act") == "more":
        return shown(desk, _titration(asked.form, first=first, more=MORE_ROWS))

    def act() -> FormPage:
        found = []
        for i in range(MOST_STEPS):
            mg, days = asked.typed(f"mg-{i}"), asked.typed(f"days-{i}")
            if mg or days:
                found.append(Step(read_dose(mg), whole(days, say("How many days?"))))
        if not found:
            raise CallError(say("Write at least one step: how many mg, for how many days."))
        strengths = _strengths(asked.typed("capsules")) or {Strength(step.dose_mg): None for step in found}
        clock = read_clock(asked.typed("clock")) if asked.typed("clock") else None
        ordered = titration.Ordered(found, strengths, ahead(asked.typed("day"), today), clock)
        made = titration.titrate(store, ordered, today, said_again_mg=said(asked))
        rows = tuple(
            (
                say("{first} to {last}", first=brief(s.first_day), last=brief_dated(s.last_day)),
                dose_amount(s.dose_mg, "mg"),
                " + ".join(s.pieces),
            )
            for s in made.kept.steps
        )
        supply = tuple(each.words(today) for each in made.counted)
        reminders = titration.titration_reminders(made, clock or datetime.time(22, 0))
        calendar = titration.calendar_of(store, reminders, desk.clock())
        desk.kept["calendar"] = (None, calendar)
        return replace(
            _titration(asked.form, first=first),
            done=(say("Planned. Tonight asks about it from its first evening on."), *supply),
            head=(say("evenings"), say("dose"), say("taken as")),
            rows=rows,
            files=(("/plan/calendar.ics", say("Reminders for your phone's calendar")),),
        )

    return acted(desk, act, _titration(asked.form, first=first))


def calendar(desk: Desk, asked: Asked) -> Answered:
    """The reminders of the plan that was just made."""
    kept = desk.kept.get("calendar")
    if kept is None or not isinstance(kept[1], str):
        return Go("/plan")
    return Given("nightdose.ics", "text/calendar; charset=utf-8", kept[1].encode("utf-8"))


def liquid_page(desk: Desk, asked: Asked) -> Answered:
    """The label and the dose, empty."""
    desk.store()
    return shown(desk, _liquid({}))


def liquid(desk: Desk, asked: Asked) -> Answered:
    """How many ml hold the dose, worked out twice."""
    store = desk.store()
    today = settings.today(store, desk.clock())

    def act() -> FormPage:
        poured = titration.Poured(
            _decimal(asked.typed("dose"), say("The dose")),
            Liquid(
                _decimal(asked.typed("label_mg"), say("The mg of the label")),
                _decimal(asked.typed("label_ml"), say("The ml of the label")),
            ),
            _decimal(asked.typed("mark") or "0.1", say("The marks of the syringe")),
        )
        made = titration.dilute(store, poured, today, said_again_mg=said(asked))
        words = (say("{ml} ml, which holds {mg} mg.", ml=made.ml, mg=made.holds_mg), *made.working, *made.warnings)
        return replace(_liquid(asked.form), done=words)

    return acted(desk, act, _liquid(asked.form))


def card_page(desk: Desk, asked: Asked) -> Answered:
    """What stands on the card, empty."""
    return shown(desk, _card({}))


def card(desk: Desk, asked: Asked) -> Answered:
    """The card as a page to print."""
    today = desk.clock().date()
    made = wallet_card_page(
        WalletCard(
            today,
            **{
                name: asked.typed(name)[:120]
                for name in ("name", "dose", "clock", "prescriber", "contact", "allergies")
            },
            blinded=asked.typed("blinded") == "yes",
        )
    )
    return Given("wallet-card.html", "text/html; charset=utf-8", made.encode("utf-8"), shown=True, policy=REPORT_POLICY)


def acted(desk: Desk, act: Callable[[], FormPage | Answered], form: FormPage) -> Answered:
    """Carry out an act; what stands in its way comes back in the form, with everything as it was typed."""
    try:
        made = act()
    except NotCleared as error:
        gates = tuple(gate_shown(gate) for gate in error.judgement.refusing)
        return shown(desk, replace(form, gates=gates), 422)
    except DoseInDoubt as error:
        return shown(desk, replace(form, doubt=str(error), doubt_mg=f"{error.check.mg:g}"), 422)
    except CallError as error:
        return shown(desk, replace(form, errors=(str(error),)), 422)
    return shown(desk, made) if isinstance(made, FormPage) else made


def shown(desk: Desk, form: FormPage, status: int = 200) -> Answered:
    """The form as a page."""
    return Shown(around(desk, form.title, "/plan", acted=status == 200 and bool(form.done)), form, status)


def _titration(form: Mapping[str, str], *, first: bool, more: int = 0) -> FormPage:
    fields: list[Pick | Blank] = []
    there = [i for i in range(MOST_STEPS) if f"mg-{i}" in form]
    rows = min(MOST_STEPS, max(ROWS, len(there)) + more)
    for i in range(rows):
        mg, days = say("Step {n}: mg each evening", n=i + 1), say("Step {n}: for how many days", n=i + 1)
        fields.append(Blank(f"mg-{i}", mg, form.get(f"mg-{i}", ""), mode="decimal", half=True))
        fields.append(Blank(f"days-{i}", days, form.get(f"days-{i}", ""), mode="numeric", half=True))
    fields += [
        Blank("day", say("First evening"), form.get("day", ""), "date"),
        Blank("clock", say("At what time"), form.get("clock", "22:00")),
        Blank(
            "capsules",
            say("Capsules at hand"),
            form.get("capsules", ""),
            hint=say("strength and, if counted, how many: 1.5:60; 3:30"),
        ),
    ]
    return FormPage(
        say("The prescriber's titration"),
        say(
            "Exactly as it was prescribed: how many milligrams each evening, for how many days. nightdose recommends "
            "no dose."
        ),
        tuple(fields),
        "/plan/titration",
        say("Plan it"),
        also=(("more", say("More steps")),) if rows < MOST_STEPS else (),
        steps=steps(3) if first else (),
        hidden=(KeptField("first", "yes"),) if first else (),
        next_path="/" if first else "/plan",
        next_words=say("To tonight") if first else say("Back to the plan"),
    )


def _liquid(form: Mapping[str, str]) -> FormPage:
    fields = (
        Blank("dose", say("Prescribed dose, mg"), form.get("dose", ""), mode="decimal"),
        Blank("label_mg", say("The label says: mg"), form.get("label_mg", ""), mode="decimal"),
        Blank("label_ml", say("in how many ml"), form.get("label_ml", ""), mode="decimal"),
        Blank("mark", say("Smallest mark of the syringe, ml"), form.get("mark", "0.1"), mode="decimal"),
    )
    return FormPage(
        say("A liquid in ml"),
        say(
            "Only for a product whose label states its strength. A pharmacy's capsules are safer than home-made "
            "dilution."
        ),
        fields,
        "/plan/liquid",
        say("Work it out"),
    )


def _card(form: Mapping[str, str]) -> FormPage:
    labels = {
        "name": say("Your name"),
        "dose": say("Dose"),
        "clock": say("Time it is taken"),
        "prescriber": say("Prescriber and telephone"),
        "contact": say("Whom to call"),
        "allergies": say("Allergies"),
    }
    fields: list[Pick | Blank] = [Blank(key, words, form.get(key, "")) for key, words in labels.items()]
    fields.append(
        Pick("blinded", say("In a blinded trial"), (Choice("yes", say("Yes")), Choice("no", say("No"))), "no")
    )
    return FormPage(
        say("The card for your wallet"),
        say("What is left empty becomes a line to write on. Nothing of it is kept."),
        tuple(fields),
        "/plan/card",
        say("Make the card"),
    )


def _strengths(words: str) -> dict[Strength, int | None]:
    """'1.5:60; 3' as strengths at hand. CallError where a comma may be a decimal one or stand between two strengths."""
    if say_form("decimal mark", ".") != "," and (found := TWO_WAYS.search(words)):
        raise CallError(
            say(
                "'{words}': is this {one}, or two strengths? Write {one}, or {two}.",
                words=found[0],
                one=found[0].replace(",", "."),
                two=found[0].replace(",", "; "),
            ),
            field="capsules",
        )
    out: dict[Strength, int | None] = {}
    at = 0
    while at < len(words):
        part = STRENGTH_WORDS.match(words, at)
        if part is None or (part.end() < len(words) and words[part.end()] not in ",;\n"):
            raise CallError(
                say("'{words}': write strengths and how many there are as 1.5:60; 3:30.", words=words[at:][:40]),
                field="capsules",
            )
        out[Strength(read_number(part["mg"]))] = int(part["pieces"]) if part["pieces"] else None
        at = part.end() + 1
    return out


def ahead(text: str, today: datetime.date) -> datetime.date:
    """A day that was written, at most two years ahead; CallError with a sentence."""
    if not text:
        raise CallError(say("Choose the first day."), field="day")
    day = read_day(text, today)
    if (day - today).days > FAR:
        raise CallError(say("{day} is more than two years ahead. Check the year.", day=date(day)), field="day")
    return day


def whole(text: str, question: str) -> int:
    """A whole number that was written; CallError with the question where it is not one."""
    if not text.isdigit() or len(text) > 6:
        raise CallError(say("{question} Write a whole number.", question=question))
    return int(text)


def _decimal(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise CallError(say("{what} has to be a number, for example 1.5.", what=what)) from None
    if not value.is_finite() or abs(value) > 100_000:
        raise CallError(say("{what} has to be a number that a label can state.", what=what))
    return value


def said(asked: Asked) -> list[float]:
    """Doses in mg that were said twice."""
    return [float(mg) for mg in asked.many.get("said_again_mg", ()) if mg.replace(".", "", 1).isdigit()]
