"""The protocol of a trial: check a design, lock it, amend what may be amended, undo a lock before its first day."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import (
    OUTCOME,
    PROTOCOL,
    STOPPED,
    UNLOCKED,
    Commitment,
    TrialStopped,
    Unlocked,
)
from nightdose.keeping.plans_in_force import must_not_meet_a_titration, trial_days
from nightdose.keeping.power import usual_ups
from nightdose.keeping.trial_plan import TrialPlan, answers_fit, medicine_is_told, worth_fits
from nightdose.keeping.trials import newest_trial
from nightdose.knowledge.load import parameters
from nightdose.knowledge.ups_and_downs import of_events
from nightdose.language.calendar import dated
from nightdose.language.catalogue import mark, say
from nightdose.planning import LEAST_RUN_IN, quick_power
from nightdose.protocol.calendar_file import Reminder
from nightdose.protocol.declared_looks import declared_days
from nightdose.protocol.design_check import Circumstances, check_design, power_not_known
from nightdose.protocol.doses import accepted_dose, plausible_dose
from nightdose.protocol.gates import Cleared
from nightdose.protocol.locked import SHORTEST_REASON, Amendment, Locked, amend, dose_on, in_force, lock
from nightdose.protocol.trial import Arm, TrialDesign, blocks, design_from_record, open_order
from nightdose.question.onset_prior import onset_prior
from nightdose.question.reason import Reason
from nightdose.question.words import amount

STOPPING_RULES = (
    mark("Stop at any moment, without a reason and without penalty; the diary records the day."),
    mark(
        "Stop and call: new very severe headache, weakness or trouble speaking, yellow skin or eyes, thoughts of "
        "ending your life, signs of withdrawal."
    ),
    mark(
        "The result is judged on the days declared here, at ends of pairs of blocks and not before three switches; "
        "looking in between asks for more certainty."
    ),
)
BOX_CLOCK = datetime.time(18, 0)


HARDLY = 0.2  # power below which fewer than one trial in five says what is true


@dataclass(frozen=True, slots=True)
class Checked:
    """What speaks against a plan; `cleared` and `dose_mg` are None while something decisive does."""

    plan: TrialPlan
    reasons: tuple[Reason, ...]
    cleared: Cleared | None
    dose_mg: float | None

    @property
    def accepted(self) -> bool:
        return not any(reason.decisive for reason in self.reasons)

    @property
    def verdict(self) -> str:
        """Whether the design can answer, and with little power that it seldom or hardly ever would."""
        if not self.accepted:
            return say("This design cannot answer the question:")
        little = [reason for reason in self.reasons if reason.code == "little_power"]
        if not little:
            return say("This design can answer the question.")
        if float(little[0].numbers["power"]) < HARDLY:
            return say(
                "This design would hardly ever say that it helps, even if it does. It can be locked, but expect "
                '"not yet known":'
            )
        return say("This design would answer less often than not. It can be locked, but read this first:")


def check_trial(store: Store, plan: TrialPlan, today: datetime.date, said_again_mg: Collection[float] = ()) -> Checked:
    """Can this design answer, how often would it, and may its capsules be taken? Nothing is written; takes seconds.

    Raises NotCleared while a gate is in the way of the first dose, DoseInDoubt for a dose to be said again, CallError
    where a titration of the medicine has an evening between its first day and its last.
    """
    worth_fits(store, plan)
    answers_fit(safety.answers(store, today), plan.events)
    medicine_is_told(store, plan.question.treatment, today)
    if plan.dose_mg is not None and plan.dose_mg <= 0:
        raise CallError(
            say("The dose on treatment is a number of mg above 0; leave it empty where it is not known."), field="dose"
        )
    tau = onset_prior(plan.question, plan.question.treatment)[0]
    about = Circumstances(tau, plan.outcome, plan.meaningful, plan.supplied_days, plan.events)
    reasons = check_design(plan.design, about)
    must_not_meet_a_titration(store, plan.question.treatment, plan.design.start, blocks(plan.design)[-1].last_day)
    if any(reason.decisive for reason in reasons):
        return Checked(plan, reasons, None, None)
    ups = usual_ups(store, plan.question)
    if ups is not None:
        found = quick_power(plan.design, plan.question, ups, hoped=plan.hoped)
        hoped = found.improvement
        words = amount(hoped, plan.question) if plan.question.kind.events else ""
        reasons = check_design(plan.design, replace(about, power=found.power, hoped=hoped, hoped_words=words))
        if plan.question.kind.events and ups == of_events(plan.question.kind.two):
            reasons = (*reasons, Reason("power_assumed", ups.origin))
    else:
        reasons = (*reasons, power_not_known(plan.question.outcome, LEAST_RUN_IN))
    cleared = safety.cleared(store, today, plan.design.first_dose)
    dose_mg = None
    if plan.dose_mg is not None:
        doubt = plausible_dose(plan.dose_mg, "mg", plan.question.treatment)
        dose_mg = accepted_dose(doubt, said_again_mg, cleared.record.instructions)
    return Checked(plan, reasons, cleared, dose_mg)


def lock_trial(store: Store, checked: Checked, today: datetime.date) -> Locked:
    """Fix the protocol in the diary. Raises CallError where one is locked already or the plan was refused."""
    if checked.cleared is None:
        raise CallError(say("This design was refused; it cannot be locked."))
    locked = lock(protocol_body(checked), today)
    if (before := newest_trial(store)) is not None and before.history == (locked,) and not before.over(today):
        return locked  # the same form sent twice
    must_follow_the_trial_before(store, today)
    plan = checked.plan
    must_not_meet_a_titration(store, plan.question.treatment, plan.design.start, blocks(plan.design)[-1].last_day)
    documents.keep(store, PROTOCOL, locked)
    return locked


def must_follow_the_trial_before(store: Store, today: datetime.date) -> None:
    """CallError while a trial is locked that has not ended, or whose order is still sealed."""
    before = newest_trial(store)
    if before is None:
        return
    if not before.over(today):
        raise CallError(
            say(
                "A protocol is locked already. It is changed by an amendment with its reason; "
                "before its first day the lock can be undone. Another trial is locked once this one has ended or was "
                "stopped."
            ),
            code="locked",
        )
    if before.sealed is not None and before.order is None:
        raise CallError(
            say(
                "The order of the trial before is still sealed. Reveal it first, so that its evenings count as what "
                "they were; then another trial can be locked."
            ),
            code="sealed",
        )


def protocol_body(checked: Checked) -> Mapping[str, Any]:
    """Everything that is fixed; the order of the blocks is not in it."""
    assert checked.cleared is not None
    question = checked.plan.question
    return {
        "question": {
            "outcome": question.outcome, "treatment": question.treatment, "scale": question.scale,
            "better": question.better, "meaningful": question.meaningful, "onset": question.onset,
        },
        "design": checked.plan.design.record,
        "looks": [day.isoformat() for day in declared_days(checked.plan.design)],
        "dose_mg": checked.dose_mg,
        "stopping_rules": [say(rule) for rule in STOPPING_RULES],
        "opened_by": [word.record for word in checked.cleared.instructions],
        "onset_prior_d": parameters("onset")["weeks"].value if question.onset is None else question.onset,
    }  # fmt: skip


def order_in_the_open(design: TrialDesign, locked: Locked | None) -> tuple[Arm, ...]:
    """What each block of a locked open trial holds; () where it is blinded or not locked yet."""
    return () if locked is None or design.blinded else open_order(design, locked.sha256)


def put_down(store: Store, name: str, today: datetime.date) -> None:
    """No evening asks for this outcome any more; its history stays, and choosing it again takes it up again.

    CallError for one that is not asked, for the last one, and for the one by which a locked trial decides.
    """
    asked = settings.asked_outcomes(store)
    if name not in asked:
        raise CallError(
            say("No evening asks for '{name}'. It asks for: {listed}.", name=name, listed=", ".join(asked)),
            field="outcome",
        )
    must_not_decide(store, name, today)
    if len(asked) == 1:
        raise CallError(say("{name} is the only outcome; choose another one first.", name=name), field="outcome")
    documents.keep(store, OUTCOME, replace(asked[name], asked=False))


def must_not_decide(store: Store, name: str, today: datetime.date) -> None:
    """CallError where a locked trial decides by this outcome and has not ended."""
    found = history(store)
    days = trial_days(store, found)
    if days is None or days[1] < today or found[0].body["question"]["outcome"] != name:
        return
    raise CallError(
        say(
            "The locked trial decides by {name}: it is asked until the trial ends on {end}. Stop the trial first.",
            name=name,
            end=dated(days[1]),
        ),
        field="outcome",
    )


def history(store: Store) -> tuple[Locked, ...]:
    """The protocol that was locked last and its amendments, hashes checked; empty where none is."""
    found = newest_trial(store)
    return () if found is None else found.history


def locked_history(store: Store) -> tuple[Locked, ...]:
    """As `history`; CallError where no protocol is locked."""
    found = history(store)
    if not found:
        raise CallError(say("No protocol is locked yet."), code="no_protocol")
    return found


def sealed_of(store: Store) -> Commitment | None:
    """What is kept of the order of the trial that was locked last, where it was sealed; else None."""
    found = newest_trial(store)
    return None if found is None else found.sealed


def locked_design(store: Store) -> tuple[str, TrialDesign]:
    """(hash of the protocol, its design as it was locked)."""
    found = locked_history(store)
    return found[0].sha256, design_from_record(found[0].body["design"])


def amend_protocol(
    store: Store,
    change: Amendment,
    reason: str,
    today: datetime.date,
    said_again_mg: Collection[float] = (),
) -> tuple[int, Locked]:
    """Append a change: (its number, the amendment), once. Another dose asks the gates and has to be plausible."""
    found = locked_history(store)
    last = found[-1]
    if last.before and (last.body, last.reason, last.day) == (change.record, reason, today.isoformat()):
        return len(found) - 1, last
    if change.dose_mg is not None:
        cleared = safety.cleared(store, today, change.dose_from)
        treatment = found[0].body["question"]["treatment"]
        doubt = plausible_dose(change.dose_mg, "mg", treatment)
        accepted_dose(doubt, said_again_mg, cleared.record.instructions)
    made = amend(found, change, reason, today)
    documents.keep(store, PROTOCOL, made)
    return len(found), made


def undo_lock(store: Store, reason: str, today: datetime.date) -> Unlocked:
    """Take the lock back, once, before its first day and before an order was sealed; recorded with its reason."""
    for undone in documents.every(store, UNLOCKED)[-1:]:
        if not history(store) and (undone.day, undone.reason) == (today, reason):
            return undone
    sha256, design = locked_design(store)
    if today >= design.start:
        raise CallError(
            say(
                "The trial began on {start}; its lock cannot be undone any more. Stopping it is always possible.",
                start=design.start,
            )
        )
    if sealed_of(store) is not None:
        raise CallError(
            say("An order was sealed for this protocol. Drawing again would let one choose; it stays locked.")
        )
    made = Unlocked(sha256, today, reason)
    documents.keep(store, UNLOCKED, made)
    return made


def stop_trial(store: Store, reason: str, today: datetime.date) -> TrialStopped:
    """From today on the trial asks for nothing; what was written stays, and so does its protocol.

    Said again in the same words it is the same stop. CallError without a reason, or where it has ended or was stopped.
    """
    found = locked_history(store)
    for made in documents.every(store, STOPPED)[-1:]:
        if made == TrialStopped(found[0].sha256, today, reason.strip()):
            return made
    if len(reason.strip()) < SHORTEST_REASON:
        raise CallError(say("Say in a sentence why the trial is stopped; the diary keeps it."), field="reason")
    days = trial_days(store, found)
    if days is None or days[1] < today:
        raise CallError(say("The trial asks for nothing any more; there is nothing to stop."), code="no_protocol")
    made = TrialStopped(found[0].sha256, today, reason.strip())
    documents.keep(store, STOPPED, made)
    return made


def stopped_words() -> str:
    """What a stop means, and what comes next."""
    return say(
        "Stopped. From today on the trial asks for no capsule; what was written stays. Whether to take the medicine "
        "further is a question for your prescriber. Where its order was sealed, the helper's file opens it now."
    )


def trial_reminders(design: TrialDesign, clock: datetime.time, order: Sequence[Arm] = ()) -> list[Reminder]:
    """The evening diary of every day, and each new box. order : of an open trial; without it nothing is said of what
    is in a box."""
    words = {
        "on": mark("From tonight: block {number}, with it"),
        "off": mark("From tonight: block {number}, without it"),
    }
    boxes = [
        Reminder(
            block.first_day,
            1,
            BOX_CLOCK,
            say(words[order[block.number - 1]] if order else "From tonight: box {number}", number=block.number),
            "",
            say("box {number}", number=block.number),
        )
        for block in blocks(design)
    ]
    return [Reminder(design.start, design.days, clock, say("Evening diary"), "", say("trial evening")), *boxes]


def protocol_dose(found: Sequence[Locked], day: datetime.date) -> float | None:
    """The mg that the protocol has for that day; None = not said."""
    return dose_on(found, day)


def protocol_in_force(store: Store) -> Mapping[str, Any]:
    """What holds now, as `plan show` prints it."""
    return in_force(locked_history(store))
