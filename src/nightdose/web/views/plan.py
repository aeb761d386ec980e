"""Plan: what holds tonight, the gates, a titration, a trial from its lock to its reveal."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError, NightdoseError
from nightdose.keeping import protocol, safety, sealing, settings
from nightdose.keeping.plan_tonight import PlanTonight, plan_to_come, plan_tonight
from nightdose.keeping.plans_in_force import (
    end_titration,
    ended_words,
    steps_in_force,
    titration_to_come,
    two_plans_on,
)
from nightdose.keeping.trials import newest_trial
from nightdose.language.calendar import brief, brief_dated, dated
from nightdose.language.catalogue import mark, say
from nightdose.language.number import as_given, dose_amount
from nightdose.protocol.locked import Locked
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.doors import RefusedPage
from nightdose.web.contexts.parts import Blank, GateWords
from nightdose.web.contexts.plan import BlockLine, PlanCard, PlanPage
from nightdose.web.desk import Desk
from nightdose.web.views.answer import REPORT_POLICY
from nightdose.web.views.frame import around, gate_shown
from nightdose.web.views.trial_shown import blocks_of, facts_of

CARDS = (
    PlanCard(
        mark("The prescriber's titration"),
        mark("evening by evening, in capsules, with reminders for your phone"),
        "/plan/titration",
    ),
    PlanCard(
        mark("A trial in one person"),
        mark("blocks with and without, in an order drawn by chance; what it could find"),
        "/plan/trial",
    ),
    PlanCard(
        mark("A liquid in ml"),
        mark("arithmetic for a product whose label states its strength, done twice"),
        "/plan/liquid",
    ),
    PlanCard(mark("The card for your wallet"), mark("for emergencies, operations and dentists"), "/plan/card"),
)
SAVED = {
    "locked": mark("Locked. From now on it is changed only by amendments that say why."),
    "sealed": mark("Sealed. Give this file to your helper, and to nobody else: only their key opens it."),
    "unlocked": mark("The lock is undone; why is recorded."),
    "opened": mark("Written down: the box and its pair are open now."),
    "amended": mark("Written down, with its reason. The protocol itself stays as it was locked."),
    "revealed": mark("Revealed, and checked against what was sealed. The answer is open."),
    "planned": mark("Planned. Tonight asks about it from its first evening on."),
}


def page(desk: Desk, asked: Asked) -> Answered:
    """Everything that is planned."""
    done = asked.query.get("done", "")
    shown = _page(desk, saved=_saved(done))
    if done == "sealed" and shown.file:
        shown = replace(shown, file=f"{shown.file}?file=sealed")  # saved at once, as any file that an act made
    return Shown(around(desk, say("Plan"), "/plan", acted="done" in asked.query), shown)


def seal(desk: Desk, asked: Asked) -> Answered:
    """Draw the order, seal it to the helper, keep what it can be checked against; the file is for the helper."""
    store, today = _today(desk)
    try:
        sealed = sealing.seal(store, asked.typed("recipient"), today)
    except NightdoseError as error:
        return _refused(desk, error)
    sealing.keep_commitment(store, sealed)
    return Go("/plan?done=sealed")


def sealed_file(desk: Desk, asked: Asked) -> Answered:
    """The helper's file, as often as it is asked for until the order is revealed."""
    content = sealing.sealed_file(desk.store())
    if content is None:
        gone = say("There is no sealed file: no order is sealed, or it is revealed already.")
        return Shown(around(desk, say("Not here")), RefusedPage(gone, "/plan", say("Plan")), 404)
    return Given("sealed-order.age", "application/octet-stream", content)


def unblind(desk: Desk, asked: Asked) -> Answered:
    """Write down that a box was opened."""
    store, today = _today(desk)
    block = asked.typed("block")
    try:
        if not block.isdigit():
            raise CallError(say("Write the number on the box."), field="block")
        sealing.unblind(store, [int(block)], asked.typed("reason"), today, emergency=asked.typed("emergency") == "yes")
    except NightdoseError as error:
        return _refused(desk, error)
    return Go("/plan?done=opened")


def reveal(desk: Desk, asked: Asked) -> Answered:
    """The helper's file, checked, opens the order."""
    store, today = _today(desk)
    sent = asked.files.get("file")
    try:
        if sent is None:
            raise CallError(say("No file was chosen."), field="file")
        sealing.reveal(store, sent.content, today, early=asked.typed("early") or None)
    except NightdoseError as error:
        return _refused(desk, error)
    return Go("/plan?done=revealed")


def protocol_page(desk: Desk, asked: Asked) -> Answered:
    """The locked protocol as a page to print; back to the plan where none is locked."""
    store, _ = _today(desk)
    if not protocol.history(store):
        return Go("/plan")
    content = sealing.protocol_page(store).encode("utf-8")
    return Given("protocol.html", "text/html; charset=utf-8", content, shown=True, policy=REPORT_POLICY)


def unlock(desk: Desk, asked: Asked) -> Answered:
    """Undo the lock before day 1."""
    store, today = _today(desk)
    try:
        protocol.undo_lock(store, asked.typed("reason"), today)
    except NightdoseError as error:
        return _refused(desk, error)
    return Go("/plan?done=unlocked")


def stop(desk: Desk, asked: Asked) -> Answered:
    """Stop the trial: from today on it asks for nothing."""
    store, today = _today(desk)
    try:
        protocol.stop_trial(store, asked.typed("reason"), today)
    except NightdoseError as error:
        return _refused(desk, error)
    return Go("/plan?done=stopped")


def end(desk: Desk, asked: Asked) -> Answered:
    """End the titration: from today on it asks for nothing."""
    store, today = _today(desk)
    try:
        end_titration(store, today)
    except NightdoseError as error:
        return _refused(desk, error)
    return Go("/plan?done=ended")


def gate_words(store: Store, today: datetime.date) -> tuple[tuple[GateWords, ...], int, bool]:
    """(gates in the way, how many questions wait, nothing is in the way)."""
    found = safety.judgement(store, today)
    shown = tuple(gate_shown(gate) for gate in found.refusing if gate.rule.id != "unanswered")
    return shown, sum(gate.rule.id == "unanswered" for gate in found.refusing), found.cleared


def _saved(done: str) -> str:
    """What was just done, and what comes next."""
    if done == "stopped":
        return protocol.stopped_words()
    return ended_words() if done == "ended" else say(SAVED.get(done, ""))


def _today(desk: Desk) -> tuple[Store, datetime.date]:
    store = desk.store()
    return store, settings.today(store, desk.clock())


def _refused(desk: Desk, error: NightdoseError) -> Answered:
    return Shown(around(desk, say("Plan"), "/plan"), _page(desk, errors=(str(error),)), 422)


def again(
    desk: Desk, form: Mapping[str, str], *, errors: tuple[str, ...] = (), doubt: str = "", doubt_mg: str = ""
) -> Answered:
    """The page with an amendment as it was typed, and what is wrong with it or has to be said again."""
    shown = replace(_page(desk, errors=errors), doubt=doubt, doubt_mg=doubt_mg)
    return Shown(around(desk, say("Plan"), "/plan"), replace(shown, amend=_amend(form) if shown.amend else ()), 422)


def _amend(form: Mapping[str, str]) -> tuple[Blank, ...]:
    return (
        Blank("dose_mg", say("Another daily dose, mg, as prescribed"), form.get("dose_mg", ""), mode="decimal"),
        Blank("dose_from", say("It holds from"), form.get("dose_from", ""), "date"),
        Blank("stopping_rule", say("One more rule for stopping"), form.get("stopping_rule", "")),
        Blank("note", say("A note"), form.get("note", "")),
        Blank("reason", say("Why"), form.get("reason", ""), hint=say("a sentence; the report prints it")),
    )


def _day(written: str) -> str:
    return dated(datetime.date.fromisoformat(written))


def _amendments(found: Sequence[Locked]) -> tuple[str, ...]:
    """What was changed since the lock, in words."""
    out = []
    for change in found[1:]:
        body = change.body
        parts = (
            [say("{mg} mg from {day}", mg=as_given(float(body["dose_mg"])), day=_day(body["dose_from"]))]
            if body.get("dose_mg") and body.get("dose_from")
            else []
        )
        parts += [
            say("a rule: {rule}", rule=say(rule)) for rule in body.get("stopping_rules", ()) if isinstance(rule, str)
        ]
        parts += [say("a note: {note}", note=body["note"])] if body.get("note") else []
        out.append(
            say(
                "{day}: {changes}. Why: {reason}",
                day=_day(change.day),
                changes="; ".join(parts) or say("a change"),
                reason=change.reason,
            )
        )
    return tuple(out)


def _page(desk: Desk, *, saved: str = "", errors: tuple[str, ...] = ()) -> PlanPage:
    store, today = _today(desk)
    night = settings.tonight(store, desk.clock())  # at 00:40 it is still the evening before
    gates, unanswered, may = gate_words(store, today)
    found = protocol.history(store)
    design = protocol.locked_design(store)[1] if found else None
    trial = newest_trial(store)
    commitment = None if trial is None else trial.sealed
    revealed = trial is not None and trial.revealed is not None
    kept = titration_to_come(store, today)
    holds = trial is not None and trial.days is not None and not trial.over(today)
    both = two_plans_on(store, found, today)
    return PlanPage(
        tonight=_tonight(plan_tonight(store, night), plan_to_come(store, night)),
        may_plan=may,
        gates=gates,
        unanswered=unanswered,
        cards=tuple(PlanCard(say(card.words), say(card.what), card.path) for card in CARDS),
        trial=facts_of(trial, today) if trial else (),
        blocks=blocks_of(trial, today) if trial else (),
        titration=tuple(
            BlockLine(
                str(i),
                say(
                    "{first} to {last}: {dose}, {pieces}",
                    first=brief(step.first_day),
                    last=brief_dated(step.last_day),
                    dose=dose_amount(step.dose_mg, "mg"),
                    pieces=" + ".join(step.pieces),
                ),
                not both and step.first_day <= today <= step.last_day,
            )
            for i, step in enumerate(steps_in_force(store, today), 1)
        ),
        can_seal=holds and design is not None and design.blinded and commitment is None and today <= design.first_dose,
        can_unlock=design is not None and today < design.start and commitment is None,
        can_stop=holds and not (design is not None and today < design.start and commitment is None),
        can_end=kept is not None,
        sealed=commitment is not None,
        file="/plan/sealed-order.age" if sealing.sealed_file(store) is not None else "",
        revealed=revealed,
        opened=tuple(
            say(
                "On {day} box {boxes} was opened ({reason}); open since then: {blocks}.",
                day=dated(each.day),
                boxes=", ".join(map(str, each.opened)),
                reason=each.reason,
                blocks=", ".join(map(str, each.blocks)),
            )
            for each in sealing.unblindings(store)
        ),
        saved=saved,
        errors=(*errors, both) if both else errors,
        amendments=_amendments(found),
        amend=_amend({}) if holds else (),
    )


def _tonight(plan: PlanTonight, coming: str) -> str:
    """Tonight in a sentence; without a plan, what begins when, or that there is none."""
    if plan.source in ("none", "last"):
        if coming:
            return say("{plan}. Until then what you take is written down, and nothing is asked of you", plan=coming)
        return say("No plan is running: what you take is written down, and nothing is asked of you")
    return say("Tonight: {plan}", plan=plan.words)
