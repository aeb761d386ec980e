"""What comes next for this person: the most pressing thing first, in a sentence without a command or a button."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import TITRATION
from nightdose.keeping.plan_tonight import plan_tonight
from nightdose.keeping.tonight import unwritten_evenings
from nightdose.keeping.trials import KeptTrial, newest_trial
from nightdose.language.calendar import brief_weekday, dated
from nightdose.language.catalogue import say
from nightdose.protocol.gates import Judgement
from nightdose.protocol.refusal import ALONE

DAYS_FOR_AN_ANSWER = 28  # recorded days from which a look is worth its place among the counted looks
BACKUP_AFTER_DAYS = 30
RECENT_DAYS = 7  # whoever takes it already, without a plan, is not asked every evening
NAMED = 3  # evenings that are named; more are counted


@dataclass(frozen=True, slots=True)
class Next:
    """One thing to do. code : what a face has a command or a page for. day : the evening that it is about."""

    code: str
    sentence: str
    day: datetime.date | None = None


CODES = (
    "outcome", "tonight", "unwritten", "gates", "safety", "plan", "seal", "kit", "stop", "reveal", "answer", "backup",
)  # fmt: skip


def what_next(store: Store, today: datetime.date, tonight: datetime.date) -> tuple[Next, ...]:
    """Everything that waits, the most pressing first; empty where nothing does.

    Thoughts of ending one's life stand alone: while they were told, nothing else is said.
    """
    try:
        judged = safety.judgement(store, today)
    except CallError as error:  # a day to come: written while the clock was ahead
        return (Next("date", str(error)),)
    if any(gate.rule.id == ALONE for gate in judged.refusing):
        return (Next("help", " ".join(f"{gate.sentence} {gate.call}" for gate in judged.refusing)),)
    if not settings.outcomes(store):
        return (Next("outcome", say("Choose what you want to score each evening, for example pain from 0 to 10.")),)
    trial = newest_trial(store)
    waiting = (
        _evening(store, tonight),
        _gates(store, judged, today),
        _plan(store, trial, today),
        _answer(store, trial, today),
        _backup(store, today),
    )
    return tuple(each for each in waiting if each is not None)


def _evening(store: Store, tonight: datetime.date) -> Next | None:
    scored = any(row.entry.kind == "score" for row in store.entries(day=tonight))
    missing = unwritten_evenings(store, tonight)
    named = ", ".join(brief_weekday(day) for day in missing[:NAMED])
    more = say(" and {n} more", n=len(missing) - NAMED) if len(missing) > NAMED else ""
    also = say(" Also not written: {named}{more}.", named=named, more=more) if missing else ""
    if not scored:
        return Next("tonight", say("Tonight is not written yet.{also}", also=also))
    if not missing:
        return None
    return Next("unwritten", say("Not written yet: {named}{more}.", named=named, more=more), missing[0])


def _gates(store: Store, judged: Judgement, today: datetime.date) -> Next | None:
    silent = [gate for gate in judged.refusing if gate.rule.id == "unanswered"]
    others = [gate for gate in judged.refusing if gate.rule.id != "unanswered"]
    if others:
        listed = ", ".join(dict.fromkeys(gate.about for gate in others))
        return Next("gates", say("Before anything is planned, ask your prescriber about: {listed}.", listed=listed))
    taking = any((today - row.entry.day).days <= RECENT_DAYS for row in store.entries(kind="dose"))
    if silent and (not taking or plan_tonight(store, today).leads_to_a_capsule):
        return Next("safety", say("{n} safety questions have no fresh answer; a plan needs them.", n=len(silent)))
    return None


def _plan(store: Store, trial: KeptTrial | None, today: datetime.date) -> Next | None:
    if trial is None:
        planned = documents.every(store, TITRATION) or store.entries(kind="dose")
        return None if planned else Next("plan", say("Plan what your prescriber set: steps up to a dose, or a trial."))
    return _trial(trial, today) if trial.design.blinded else None


def _trial(trial: KeptTrial, today: datetime.date) -> Next | None:
    first = trial.design.first_dose
    if trial.sealed is None:
        return None if trial.over(today) else _seal(first, today)
    if trial.order is not None:
        return None
    if trial.over(today):
        stopped = say("The trial was stopped: ask your helper for the allocation, it is checked here.")
        ended = say("The last box is finished: ask your helper for the allocation, it is checked here.")
        return Next("reveal", stopped if trial.cut_short else ended)
    if today < first:
        words = say("Your helper packs the boxes from the sealed file before {first_dose}.", first_dose=dated(first))
        return Next("kit", words)
    return None


def _seal(first: datetime.date, today: datetime.date) -> Next:
    if today <= first:
        words = say("The protocol is locked; seal its order to your helper before {day}.", day=dated(first))
        return Next("seal", words)
    return Next(
        "stop", say("The first block has begun, and no order was sealed. Stop this trial, and lock another one.")
    )


def _answer(store: Store, trial: KeptTrial | None, today: datetime.date) -> Next | None:
    if trial is not None and (not trial.over(today) or (trial.sealed is not None and trial.order is None)):
        return None
    days = {row.entry.day for row in store.entries(kind="score")}
    if len(days) < DAYS_FOR_AN_ANSWER or not store.entries(kind="dose"):
        return None
    return Next(
        "answer", say("{n} days are written. An answer can be computed; every look at it is counted.", n=len(days))
    )


def _backup(store: Store, today: datetime.date) -> Next | None:
    made = [page.written.date() for page in store.documents("backup")]
    if not store.entries() or (made and (today - max(made)).days <= BACKUP_AFTER_DAYS):
        return None
    since = say("The last backup is of {made}.", made=max(made)) if made else say("There is no backup yet.")
    return Next("backup", say("{since} A disk can fail tonight; choose a folder on another one.", since=since))
