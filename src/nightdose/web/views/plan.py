"""Plan: what holds tonight, the gates, a titration, a trial from its lock to its reveal."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError, NightdoseError
from nightdose.keeping import documents, protocol, safety, sealing, settings
from nightdose.keeping.documents import COMMITMENT
from nightdose.keeping.plan_tonight import PlanTonight, plan_tonight
from nightdose.keeping.titration import titration_in_force
from nightdose.knowledge.four_words import four_words
from nightdose.protocol.gates import WORDS
from nightdose.protocol.locked import Locked, in_force
from nightdose.protocol.trial import TrialDesign, blocks
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.parts import Blank, GateWords
from nightdose.web.contexts.plan import BlockLine, PlanCard, PlanPage
from nightdose.web.desk import Desk
from nightdose.web.views.answer import REPORT_POLICY
from nightdose.web.views.frame import around

CARDS = (
    PlanCard(
        "The prescriber's titration",
        "evening by evening, in capsules, with reminders for your phone",
        "/plan/titration",
    ),
    PlanCard(
        "A trial in one person",
        "blocks with and without, in an order drawn by chance; what it could find",
        "/plan/trial",
    ),
    PlanCard("A liquid in ml", "arithmetic for a product whose label states its strength, done twice", "/plan/liquid"),
    PlanCard("The card for your wallet", "for emergencies, operations and dentists", "/plan/card"),
)
KINDS = {
    "randomised_blocks": "blocks in an order drawn by chance",
    "alternating": "blocks in turn",
    "open_titration": "one block, open",
}
SAVED = {
    "locked": "Locked. From now on it is changed only by amendments that say why.",
    "unlocked": "The lock is undone; why is recorded.",
    "opened": "Written down: the box and its pair are open now.",
    "amended": "Written down, with its reason. The protocol itself stays as it was locked.",
    "revealed": "Revealed, and checked against what was sealed. The answer is open.",
    "planned": "Planned. Tonight asks about it from its first evening on.",
}


def page(desk: Desk, asked: Asked) -> Answered:
    """Everything that is planned."""
    return Shown(around(desk, "Plan", "/plan"), _page(desk, saved=SAVED.get(asked.query.get("done", ""), "")))


def seal(desk: Desk, asked: Asked) -> Answered:
    """Draw the order, seal it to the helper, keep what it can be checked against; the file is for the helper."""
    store, today = _today(desk)
    try:
        sealed = sealing.seal(store, asked.typed("recipient"), today)
    except NightdoseError as error:
        return _refused(desk, error)
    sealing.keep_commitment(store, sealed)
    return Given("sealed-order.age", "application/octet-stream", sealed.content)


def unblind(desk: Desk, asked: Asked) -> Answered:
    """Write down that a box was opened."""
    store, today = _today(desk)
    block = asked.typed("block")
    try:
        if not block.isdigit():
            raise CallError("Write the number on the box.", field="block")
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
            raise CallError("No file was chosen.", field="file")
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


def gate_words(store: Store, today: datetime.date) -> tuple[tuple[GateWords, ...], int, bool]:
    """(gates in the way, how many questions wait, nothing is in the way)."""
    found = safety.judgement(store, today)
    shown = tuple(
        GateWords(WORDS[gate.state].capitalize(), gate.sentence, gate.call, gate.clears, gate.key)
        for gate in found.refusing
        if gate.rule.id != "unanswered"
    )
    return shown, sum(gate.rule.id == "unanswered" for gate in found.refusing), found.cleared


def _today(desk: Desk) -> tuple[Store, datetime.date]:
    store = desk.store()
    return store, settings.today(store, desk.clock())


def _refused(desk: Desk, error: NightdoseError) -> Answered:
    return Shown(around(desk, "Plan", "/plan"), _page(desk, errors=(str(error),)), 422)


def again(
    desk: Desk, form: Mapping[str, str], *, errors: tuple[str, ...] = (), doubt: str = "", doubt_mg: str = ""
) -> Answered:
    """The page with an amendment as it was typed, and what is wrong with it or has to be said again."""
    shown = replace(_page(desk, errors=errors), doubt=doubt, doubt_mg=doubt_mg)
    return Shown(around(desk, "Plan", "/plan"), replace(shown, amend=_amend(form) if shown.amend else ()), 422)


def _amend(form: Mapping[str, str]) -> tuple[Blank, ...]:
    return (
        Blank("dose_mg", "Another daily dose, mg, as prescribed", form.get("dose_mg", ""), mode="decimal"),
        Blank("dose_from", "It holds from", form.get("dose_from", ""), "date"),
        Blank("stopping_rule", "One more rule for stopping", form.get("stopping_rule", "")),
        Blank("note", "A note", form.get("note", "")),
        Blank("reason", "Why", form.get("reason", ""), hint="a sentence; the report prints it"),
    )


def _amendments(found: Sequence[Locked]) -> tuple[str, ...]:
    """What was changed since the lock, in words."""
    out = []
    for change in found[1:]:
        body = change.body
        parts = (
            [f"{body['dose_mg']} mg from {body['dose_from']}"] if body.get("dose_mg") and body.get("dose_from") else []
        )
        parts += [f"a rule: {rule}" for rule in body.get("stopping_rules", ()) if isinstance(rule, str)]
        parts += [f"a note: {body['note']}"] if body.get("note") else []
        out.append(f"{change.day}: {'; '.join(parts) or 'a change'}. Why: {change.reason}")
    return tuple(out)


def _page(desk: Desk, *, saved: str = "", errors: tuple[str, ...] = ()) -> PlanPage:
    store, today = _today(desk)
    gates, unanswered, may = gate_words(store, today)
    found = protocol.history(store)
    design = protocol.locked_design(store)[1] if found else None
    commitment = documents.newest(store, COMMITMENT, "allocation")
    revealed = sealing.revealed_order(store) is not None
    kept = titration_in_force(store, today)
    return PlanPage(
        tonight=_tonight(plan_tonight(store, today)),
        may_plan=may,
        gates=gates,
        unanswered=unanswered,
        cards=CARDS,
        trial=_trial(design, in_force(found), found[0].sha256, commitment is not None, revealed) if design else (),
        blocks=_blocks(design, today) if design else (),
        titration=tuple(
            BlockLine(
                str(i),
                f"{step.first_day:%-d %b} to {step.last_day:%-d %b %Y}: {step.dose_mg:g} mg, {' + '.join(step.pieces)}",
                step.first_day <= today <= step.last_day,
            )
            for i, step in enumerate(kept.steps if kept else (), 1)
        ),
        can_seal=design is not None and design.blinded and commitment is None,
        can_unlock=design is not None and today < design.start and commitment is None,
        sealed=commitment is not None,
        revealed=revealed,
        opened=tuple(
            f"On {each.day:%-d %B %Y} box {', '.join(map(str, each.opened))} was opened ({each.reason}); "
            f"open since then: {', '.join(map(str, each.blocks))}."
            for each in sealing.unblindings(store)
        ),
        saved=saved,
        errors=errors,
        amendments=_amendments(found),
        amend=_amend({}) if found and not revealed else (),
    )


def _tonight(plan: PlanTonight) -> str:
    """Tonight in a sentence; without a plan, that there is none."""
    if plan.source in ("none", "last"):
        return "No plan is running: what you take is written down, and nothing is asked of you"
    return f"Tonight: {plan.words}"


def _trial(design: TrialDesign, body: object, sha256: str, sealed: bool, revealed: bool) -> tuple[tuple[str, str], ...]:
    question = body["question"]  # type: ignore[index]
    order = (
        "revealed" if revealed else "sealed to your helper" if sealed else "not drawn yet" if design.blinded else "open"
    )
    end = sealing.end_of_trial(design)
    return (
        ("The question", f"Does {question['treatment']} change {question['outcome']}?"),
        (
            "Design",
            f"{KINDS[design.kind]}, {design.blocks} of {design.block_days} days after {design.run_in_days} without",
        ),
        ("From and until", f"{design.start:%-d %B %Y} to {end:%-d %B %Y}"),
        ("Order", order),
        ("To compare", four_words(sha256)),
    )


def _blocks(design: TrialDesign, today: datetime.date) -> tuple[BlockLine, ...]:
    return tuple(
        BlockLine(
            str(b.number),
            f"box {b.number}: {b.first_day:%-d %b} to {b.last_day:%-d %b %Y}",
            b.first_day <= today <= b.last_day,
        )
        for b in blocks(design)
    )
