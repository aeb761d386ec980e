"""What a kept diary asks of itself: outcome, scale, direction, order, blinding, protocol and looks are its own."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from nightdose.diary.entry import SCALES, Outcome, ScaleName
from nightdose.diary.kept.store import Store
from nightdose.diary.records import Diary
from nightdose.diary.table.delimited import open_delimited
from nightdose.diary.table.grid import diaries
from nightdose.diary.table.rows import read_rows
from nightdose.errors import CallError
from nightdose.keeping import documents, settings
from nightdose.keeping.documents import LOOK, Look
from nightdose.keeping.medicine_names import same_medicine
from nightdose.keeping.protocol import history
from nightdose.keeping.sealing import before_the_end
from nightdose.keeping.table import table_of
from nightdose.keeping.trials import ONE_DAY, KeptTrial, newest_trial
from nightdose.language.catalogue import say
from nightdose.protocol.declared_looks import looks_of
from nightdose.protocol.locked import Locked, in_force
from nightdose.protocol.opened import stays_blinded
from nightdose.protocol.sealing import Unblinding
from nightdose.protocol.trial import TrialDesign, design_from_record, schedule_of
from nightdose.question.kind import KINDS, Scale
from nightdose.question.looks import Looks
from nightdose.question.question import Question, Randomised, Schedule

# how a kept diary writes an outcome down -> the kind it is judged as, and its ends
JUDGED_AS: Mapping[str, tuple[Scale, tuple[float, float] | None]] = {
    kind.kept: (scale, SCALES[cast(ScaleName, kind.kept)].ends if kind.steps else None)
    for scale, kind in KINDS.items()
    if kind.kept
}
DRAWN: Mapping[str, Randomised] = {"randomised_blocks": "blocks", "randomised_days": "days"}


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A kept diary and the question it asks.

    protocol : locked, with its amendments; () without one. opened : boxes that were opened before the end; their days
    are left out, and where most pairs were opened the trial counts as an open one.
    opens : the day after the last planned one, while the trial still runs; None = no trial, or it is over.
    fixed_meaningful : the diary itself says what is worth having. sealed : the order is still unknown, so that nothing
    can be compared.
    """

    diary: Diary
    question: Question
    looks: Looks
    protocol: tuple[Locked, ...]
    opened: tuple[Unblinding, ...]
    fixed_meaningful: bool
    opens: datetime.date | None
    sealed: bool


def kept_case(store: Store, today: datetime.date, outcome: str | None = None) -> KeptCase:
    """The case of this diary as of today. outcome : another one of its outcomes; then it is not the one that decides.

    Raises CallError where nothing was recorded, or for an outcome that the diary does not have.
    """
    chosen = settings.outcomes(store)
    protocol = history(store)
    body = in_force(protocol) if protocol else None
    name = outcome or deciding_outcome(store)
    if name not in chosen:
        raise CallError(
            say(
                "The diary has no outcome '{name}'. It has: {value}.", name=name, value=", ".join(chosen) or "none yet"
            ),
            field="outcome",
        )
    diary = kept_diary(store)
    treatment = _treatment(store, diary, body)
    design = design_from_record(body["design"]) if body else None
    trial = newest_trial(store)
    drawn = trial is not None and trial.sealed is not None
    opened = before_the_end(store)
    blinded = drawn and design is not None and stays_blinded(design, opened)
    question = _question(chosen[name], treatment, body, design, blinded=blinded)
    if trial is not None:
        question = replace(question, schedule=_schedule(trial))
    return KeptCase(
        diary=diary,
        question=question,
        looks=_looks(store, name, today, design),
        protocol=protocol,
        opened=opened,
        fixed_meaningful=_said_worth(chosen[name], body) is not None,
        opens=None if trial is None or trial.over(today) else trial.last_day + ONE_DAY,
        sealed=drawn and trial is not None and trial.order is None,
    )


def _schedule(trial: KeptTrial) -> Schedule | None:
    """Its blocks as they were laid, up to its last day."""
    return schedule_of(trial.design, trial.locked_day, trial.last_day if trial.cut_short else None)


def deciding_outcome(store: Store) -> str:
    """The one outcome that decides: the protocol's, else the first that is asked; "" where none was chosen."""
    protocol = history(store)
    if protocol:
        return str(in_force(protocol)["question"]["outcome"])
    return next(iter(settings.asked_outcomes(store) or settings.outcomes(store)), "")


def looked_on(store: Store, outcome: str, day: datetime.date) -> bool:
    """True where the answer of this outcome was read on that day."""
    return Look(outcome, day) in documents.every(store, LOOK)


def kept_diary(store: Store) -> Diary:
    """The kept diary as the table that is analysed, read by the same reader as a file."""
    kept = table_of(store)
    if not kept.table.rows:
        raise CallError(say("Nothing is recorded yet. Begin with tonight."), code="empty")
    sheet = open_delimited("diary", "diary", kept.csv.encode("utf-8"))
    found = next(diaries(read_rows(sheet), sheet.stem))
    return replace(found, side_effects=tuple(name for name in kept.table.side_effects if name in found.columns))


def keep_look(store: Store, outcome: str, today: datetime.date) -> None:
    """Write down that the answer was read today; once a day and outcome is enough."""
    if not looked_on(store, outcome, today):
        documents.keep(store, LOOK, Look(outcome, today))


def _looks(store: Store, outcome: str, today: datetime.date, design: TrialDesign | None) -> Looks:
    """Days on which the answer of this outcome was read, today's reading included."""
    days = {look.day for look in documents.every(store, LOOK) if look.outcome == outcome} | {today}
    return Looks(len(days)) if design is None else looks_of(design, len(days))


def _question(
    outcome: Outcome, treatment: str, body: Mapping[str, object] | None, design: TrialDesign | None, *, blinded: bool
) -> Question:
    scale, limits = JUDGED_AS[outcome.scale]
    planned = body["question"] if body else {}
    assert isinstance(planned, Mapping)
    worth = _said_worth(outcome, body)
    return Question(
        outcome=outcome.name,
        treatment=treatment,
        scale=scale,
        better=outcome.better,
        meaningful=KINDS[scale].meaningful if worth is None else worth,
        limits=limits,
        onset=planned.get("onset"),
        randomised=DRAWN.get(design.kind, "none") if design else "none",
        blinded=blinded,
    )


def _said_worth(outcome: Outcome, body: Mapping[str, object] | None) -> float | None:
    """The meaningful difference that the protocol or the outcome itself says; None where neither does."""
    planned = body["question"] if body else {}
    assert isinstance(planned, Mapping)
    if planned.get("outcome") == outcome.name and planned.get("meaningful"):
        return float(planned["meaningful"])
    return outcome.worth


def _treatment(store: Store, diary: Diary, body: Mapping[str, object] | None) -> str:
    """The protocol's medicine, else the one with most doses; as the table's columns name it."""
    if body is not None:
        planned = body["question"]
        assert isinstance(planned, Mapping)
        wanted = str(planned["treatment"])
    else:
        counted = Counter(row.entry.item for row in store.entries(kind="dose"))
        if not counted:
            raise CallError(say("No dose is recorded yet, so there is nothing to compare."), code="no_dose")
        wanted = counted.most_common(1)[0][0]
    return next((name for name in diary.medicines if same_medicine(name, wanted)), wanted)
