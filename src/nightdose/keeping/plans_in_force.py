"""Which plan holds on which evening. Two plans of one medicine never hold the same one: that would be a double dose."""

from __future__ import annotations

import datetime
from dataclasses import replace

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents
from nightdose.keeping.documents import STOPPED, TITRATION, TITRATION_ENDED, KeptStep, KeptTitration, TitrationEnded
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.trials import ONE_DAY, KeptTrial
from nightdose.language.calendar import dated
from nightdose.language.catalogue import say
from nightdose.protocol.locked import Locked


def titration_in_force(store: Store, day: datetime.date) -> KeptTitration | None:
    """The titration that has a step on that day, or None. Where two overlap, the newer holds from its start on."""
    return _holding(documents.every(store, TITRATION), documents.every(store, TITRATION_ENDED), day)


def _holding(
    plans: tuple[KeptTitration, ...], ended: tuple[TitrationEnded, ...], day: datetime.date
) -> KeptTitration | None:
    left = plans[max((each.plans for each in ended if each.day <= day), default=0) :]
    for at, plan in reversed(list(enumerate(left))):
        newer = (each for each in left[at + 1 :] if each.last_day >= plan.first_day)
        if plan.step_on(day) is not None and not any(each.first_day <= day for each in newer):
            return plan
    return None


def titration_to_come(store: Store, day: datetime.date) -> KeptTitration | None:
    """The titration that holds on that day, or the next one that will; None = none."""
    plans, ended = documents.every(store, TITRATION), documents.every(store, TITRATION_ENDED)
    begins = sorted({plan.first_day for plan in plans if plan.first_day > day})
    return next(filter(None, (_holding(plans, ended, each) for each in (day, *begins))), None)


def steps_in_force(store: Store, day: datetime.date) -> tuple[KeptStep, ...]:
    """The steps as they hold, of the titration of that day (or the next one) and of all that take over from it.

    A step that a newer titration cuts short ends on the evening before that one begins.
    """
    plans, ended = documents.every(store, TITRATION), documents.every(store, TITRATION_ENDED)
    here = titration_to_come(store, day)
    if here is None:
        return ()
    found: list[tuple[KeptStep, datetime.date, datetime.date]] = []
    for number in range((max(plan.last_day for plan in plans) - here.first_day).days + 1):
        evening = here.first_day + number * ONE_DAY
        plan = _holding(plans, ended, evening)
        step = plan.step_on(evening) if plan else None
        if step is not None and found and found[-1][0] is step:
            found[-1] = (step, found[-1][1], evening)
        elif step is not None:
            found.append((step, evening, evening))
    return tuple(replace(step, first_day=first, last_day=last) for step, first, last in found)


def end_titration(store: Store, today: datetime.date) -> None:
    """From today on no titration planned so far holds. CallError where none holds today or later."""
    ended = TitrationEnded(today, len(documents.every(store, TITRATION)))
    if ended in documents.every(store, TITRATION_ENDED):
        return
    if titration_to_come(store, today) is None:
        raise CallError(say("No titration is running or planned; there is nothing to end."), code="no_titration")
    documents.keep(store, TITRATION_ENDED, ended)


def ended_words() -> str:
    """What an ended titration means, and what comes next."""
    return say(
        "Ended. From today on the titration asks for no dose; its evenings so far stay. Reminders that were taken into "
        "a calendar are deleted there. How to go on is a question for your prescriber."
    )


def trial_days(store: Store, found: tuple[Locked, ...]) -> tuple[datetime.date, datetime.date] | None:
    """First and last day on which the locked protocol holds, the days before anything changes included.

    found : the protocol's history. None where none is locked, or it was stopped before its first day.
    """
    if not found:
        return None
    stops = {each.sha256: each.day for each in reversed(documents.every(store, STOPPED))}
    return KeptTrial(found, stopped=stops.get(found[0].sha256)).days


def two_plans_on(store: Store, found: tuple[Locked, ...], day: datetime.date) -> str:
    """What to do where a diary from before this was refused has both on one day; "" where one plan holds at most."""
    days, titration = trial_days(store, found), titration_in_force(store, day)
    if days is None or titration is None or not days[0] <= day <= days[1]:
        return ""
    if not same_medicine(titration.medicine, str(found[0].body["question"]["treatment"])):
        return ""
    return say(
        "A titration and a locked trial of {medicine} both hold tonight; their doses were never meant together. Ask "
        "your prescriber which plan goes on, and end the other one here.",
        medicine=titration.medicine,
    )


def must_not_meet_the_trial(
    store: Store, found: tuple[Locked, ...], medicine: str, first: datetime.date, last: datetime.date
) -> None:
    """CallError where evenings of a titration would lie in the locked trial of the same medicine."""
    days = trial_days(store, found)
    if days is None or last < days[0] or days[1] < first:
        return
    if not same_medicine(medicine, str(found[0].body["question"]["treatment"])):
        return
    raise CallError(
        say(
            "A trial of {medicine} holds from {begin} to {end}, its days before the first block included. A titration "
            "beside it could mean two doses in one evening, so none is planned for {first} to {last}. Stop the trial "
            "first, or undo its lock before its first day, or let the titration lie outside those days; ask your "
            "prescriber which.",
            medicine=medicine,
            begin=dated(days[0]),
            end=dated(days[1]),
            first=dated(first),
            last=dated(last),
        ),
        code="two_plans",
    )


def must_not_meet_a_titration(store: Store, medicine: str, first: datetime.date, last: datetime.date) -> None:
    """CallError where a titration of the same medicine has an evening between these days of a trial."""
    plans, ended = documents.every(store, TITRATION), documents.every(store, TITRATION_ENDED)
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        plan = _holding(plans, ended, day)
        if plan is None or not same_medicine(medicine, plan.medicine):
            continue
        raise CallError(
            say(
                "A titration of {medicine} runs until {end}, and the trial would hold from {begin}. Both at once could "
                "mean two doses in one evening. End the titration first, or let the trial begin after it; ask your "
                "prescriber which.",
                medicine=plan.medicine,
                end=dated(plan.last_day),
                begin=dated(first),
            ),
            field="start",
            code="two_plans",
        )
