"""The form of a trial: its design, its check, its lock; and amendments of what was locked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from nightdose.diary.entry import Outcome
from nightdose.errors import CallError
from nightdose.keeping import protocol, settings
from nightdose.keeping.kept_answer import JUDGED_AS
from nightdose.keeping.said import read_day
from nightdose.keeping.trial_plan import TrialPlan
from nightdose.knowledge.chosen import treatment
from nightdose.language.calendar import dated
from nightdose.language.catalogue import say
from nightdose.protocol.doses import DoseInDoubt, read_dose
from nightdose.protocol.gates import NotCleared
from nightdose.protocol.locked import Amendment
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.web.asked import Answered, Asked, Go
from nightdose.web.contexts.parts import Blank, Choice, KeptField, Pick
from nightdose.web.contexts.plan import FormPage
from nightdose.web.desk import Desk
from nightdose.web.views import plan, power
from nightdose.web.views.plan_forms import acted, ahead, said, shown, whole

DESIGN = "design"


def trial_page(desk: Desk, asked: Asked) -> Answered:
    """The design of a trial, with what is usual."""
    store = desk.store()
    kept = desk.kept.get(DESIGN)  # the design that was looked at last, while its picture is read
    form = kept[1] if kept is not None and isinstance(kept[1], dict) else {}
    return shown(desk, _trial(form, settings.asked_outcomes(store), settings.today(store, desk.clock())))


def trial(desk: Desk, asked: Asked) -> Answered:
    """Check the design; lock it where that was asked for and nothing decisive speaks against it."""
    store = desk.store()
    today = settings.today(store, desk.clock())
    form = _trial(asked.form, settings.asked_outcomes(store), today)
    lock = asked.typed("act") == "lock"
    desk.kept[DESIGN] = (None, dict(asked.form))

    def act() -> FormPage | Answered:
        plan = _plan(desk, asked, today)
        if asked.typed("act") == "power":
            return power.begin(desk, plan)
        checked = protocol.check_trial(store, plan, today, said(asked))
        if lock and checked.accepted:
            protocol.lock_trial(store, checked, today)
            return Go("/plan?done=locked")
        end = plan.design.start + datetime.timedelta(days=plan.design.days - 1)
        words = (
            checked.verdict,
            *(reason.sentence for reason in checked.reasons),
            say("It would run until {end}.", end=dated(end)),
        )
        hidden = (KeptField("act", "lock"),) if checked.accepted else ()
        button = say("Lock it: from now on only amendments change it") if checked.accepted else say("Check it again")
        return replace(form, done=words, hidden=hidden, button=button)

    return acted(desk, act, form)


def _trial(form: Mapping[str, str], outcomes: Mapping[str, Outcome], today: datetime.date) -> FormPage:
    chosen = form.get("outcome", next(iter(outcomes), ""))
    known = outcomes.get(chosen)
    worth = settings.worth_to_type(known.scale, known.worth) if known is not None else ""
    fields: tuple[Pick | Blank, ...] = (
        Pick("outcome", say("The one outcome that decides"), tuple(Choice(n, n) for n in outcomes), chosen),
        Blank("treatment", say("Medicine"), form.get("treatment", treatment())),
        Blank("dose", say("Dose on treatment, mg"), form.get("dose", ""), hint=say("as prescribed"), mode="decimal"),
        Blank(
            "start", say("First day of the diary"), form.get("start", str(today + datetime.timedelta(days=1))), "date"
        ),
        Blank("run_in", say("Days of diary before anything changes"), form.get("run_in", "14"), mode="numeric"),
        Blank("pairs", say("Pairs of blocks, one with and one without each"), form.get("pairs", "6"), mode="numeric"),
        Blank("block_days", say("Days of one block"), form.get("block_days", "28"), mode="numeric"),
        Pick(
            "kind",
            say("Order"),
            (Choice("randomised_blocks", say("Drawn by chance")), Choice("alternating", say("In turn"))),
            form.get("kind", "randomised_blocks"),
        ),
        Pick(
            "blinded",
            say("Blinded by a helper"),
            (Choice("yes", say("Yes")), Choice("no", say("No"))),
            form.get("blinded", "no"),
        ),
        Blank(
            "worth",
            say("A difference worth having"),
            form.get("worth", worth or "1"),
            hint=say("in points of the outcome; of a yes or no in days of 28; of a count in events a day"),
            mode="decimal",
        ),
    )
    return FormPage(
        say("A trial in one person"),
        say(
            "Blocks with and without the medicine, in an order that chance decides: the only way to tell it from time, "
            "hope and everything else that changes. Your prescriber has to agree to every block."
        ),
        fields,
        "/plan/trial",
        say("Check this design"),
        also=(("power", say("Show what it would find")),),
    )


def _plan(desk: Desk, asked: Asked, today: datetime.date) -> TrialPlan:
    outcomes = settings.asked_outcomes(desk.store())
    name = asked.typed("outcome")
    if name not in outcomes:
        raise CallError(say("Choose the outcome that decides."), field="outcome")
    outcome = outcomes[name]
    scale, limits = JUDGED_AS[outcome.scale]
    worth = settings.worth_typed(outcome.scale, typed) if (typed := asked.typed("worth")) else None
    kind = "alternating" if asked.typed("kind") == "alternating" else "randomised_blocks"
    blinded = asked.typed("blinded") == "yes"
    design = TrialDesign(
        kind,  # type: ignore[arg-type]
        ahead(asked.typed("start"), today),
        whole(asked.typed("run_in"), say("How many days before anything changes?")),
        whole(asked.typed("pairs"), say("How many pairs?")),
        whole(asked.typed("block_days"), say("How long is a block?")),
        blinded=blinded,
    )
    question = Question(
        name, asked.typed("treatment") or treatment(), scale=scale, better=outcome.better, limits=limits,
        meaningful=worth if worth is not None else 1.0, randomised="blocks" if kind == "randomised_blocks" else "none",
        blinded=blinded,
    )  # fmt: skip
    dose = read_dose(asked.typed("dose")) if asked.typed("dose") else None
    return TrialPlan(design, question, name, worth, dose_mg=dose)


def amend(desk: Desk, asked: Asked) -> Answered:
    """Write down what changes in a locked protocol, and why; the protocol itself stays as it was."""
    store = desk.store()
    today = settings.today(store, desk.clock())
    try:
        dose = read_dose(asked.typed("dose_mg")) if asked.typed("dose_mg") else None
        since = asked.typed("dose_from")
        change = Amendment(
            dose,
            (read_day(since, today) if since else today) if dose is not None else None,
            asked.typed("stopping_rule") or None,
            asked.typed("note") or None,
        )
        protocol.amend_protocol(store, change, asked.typed("reason"), today, said(asked))
    except DoseInDoubt as error:
        return plan.again(desk, asked.form, doubt=str(error), doubt_mg=f"{error.check.mg:g}")
    except (NotCleared, CallError) as error:
        return plan.again(desk, asked.form, errors=(str(error),))
    return Go("/plan?done=amended")
