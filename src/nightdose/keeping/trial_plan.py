"""A trial as it is proposed, and what of it does not fit the rest of the diary, before anything is simulated."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import safety, settings
from nightdose.keeping.medicine_names import same_medicine
from nightdose.knowledge.chosen import treatment
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.listed_names import what_counts_in_words
from nightdose.knowledge.medicines import recognise
from nightdose.knowledge.procedures import procedures_in
from nightdose.language.catalogue import say
from nightdose.protocol.design_check import PlannedEvent
from nightdose.protocol.interview import Answers
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question

OPERATION = "planned_operation"  # the safety question that an operation among the plan's events answers


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """A design and its question as they are proposed.

    outcome, meaningful : None = not said yet, which refuses the design. supplied_days : nights with capsules at hand,
    None = not said. dose_mg : the daily dose on treatment, as prescribed; None = not said. hoped : settled
    improvement to plan on, None = twice the smallest one worth having.
    """

    design: TrialDesign
    question: Question
    outcome: str | None = None
    meaningful: float | None = None
    supplied_days: int | None = None
    events: tuple[PlannedEvent, ...] = ()
    dose_mg: float | None = None
    hoped: float | None = None


def worth_fits(store: Store, plan: TrialPlan) -> None:
    """CallError where the difference worth having is as wide as the outcome's scale."""
    outcome = settings.outcomes(store).get(plan.outcome or "")
    if outcome is not None and plan.meaningful is not None:
        settings.worth_on_the_scale(outcome.scale, plan.meaningful)


def medicine_is_told(store: Store, name: str, today: datetime.date) -> None:
    """CallError where a trial of another medicine than the diary's own would pass a gate that was never asked."""
    if same_medicine(name, treatment()) or not safety.stands_in_the_way(Entry(today, "dose", name, status="taken")):
        return
    taken = [each for each in safety.answers(store, today).medicines if each.current]
    if not any(same_medicine(each.name, name) for each in taken):
        raise CallError(
            say(
                "{name} is not known to go together with {medicine}, which this diary is about. Put it on the list of "
                "medicines first, as taken now: then the safety questions say what has to be asked.",
                name=name,
                medicine=treatment(),
            ),
            field="treatment",
        )


def answers_fit(answers: Answers, events: Sequence[PlannedEvent]) -> None:
    """CallError where an event of the plan says what the safety questions were answered otherwise."""
    for event in events:
        named = procedures_in(event.what, "event")
        if named and answers.conditions.get(OPERATION) is False:
            raise CallError(
                say(
                    "The plan has '{what}' on {day}, and the safety question about operations was answered no. Answer "
                    "it anew; your prescriber's word then clears it. If nothing of the kind is planned, write it "
                    "without '{word}'.",
                    what=event.what,
                    day=event.day,
                    word=named[0].written,
                ),
                field="event",
            )
        told = {found.substance for each in answers.medicines for found in recognise(each.name)}
        for medicine in named_in(event.what, what_counts_in_words()):
            if medicine.substance not in told:
                raise CallError(
                    say(
                        "The plan has '{what}' on {day}. Put {name} on the list of medicines first: it does not go "
                        "together with {medicine}.",
                        medicine=treatment(),
                        what=event.what,
                        day=event.day,
                        name=medicine.label,
                    ),
                    field="other_change" if event.other_treatment else "event",
                )
