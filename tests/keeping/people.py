"""Diaries in a state that tests begin from: questions answered, a plan made, a trial locked and sealed."""

from __future__ import annotations

import datetime

from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store, utc_now
from nightdose.keeping import protocol, safety, sealing, settings, titration
from nightdose.keeping.trial_plan import TrialPlan
from nightdose.knowledge.interactions import questions
from nightdose.protocol.sealing import helper_keys
from nightdose.protocol.titration import Step, Strength
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question

TODAY = datetime.date(2026, 11, 27)
ZONE = datetime.timezone(datetime.timedelta(hours=1))


def day(number: int) -> datetime.date:
    """`number` days after today."""
    return TODAY + datetime.timedelta(days=number)


def at(number: int, clock: str) -> datetime.datetime:
    hour, minute = clock.split(":")
    return datetime.datetime.combine(day(number), datetime.time(int(hour), int(minute)), ZONE)


def new_diary(path, *, answered=None, clock=utc_now) -> Store:
    """A plain diary with pain from 0 to 10; answered : the day on which every safety question got a no."""
    store = Store(path, None, create=True, clock=clock)
    settings.choose_outcome(store, Outcome("pain", "0-10"))
    if answered is not None:
        safety.answer(store, {question.id: False for question in questions()}, answered, complete=True)
    return store


def titrated(store, first=TODAY, *steps, today=TODAY):
    """1.5 mg for 14 days, then 3 mg, at 22:30."""
    steps = steps or (Step(1.5, 14), Step(3.0, 14))
    strengths = {Strength(1.5): 200}
    return titration.titrate(store, titration.Ordered(steps, strengths, first, datetime.time(22, 30)), today)


def trial_plan(start=TODAY, *, blinded=True, run_in=14, kind="randomised_blocks", dose_mg=4.5):
    design = TrialDesign(kind, start, run_in, 3, 28, 0, blinded)
    question = Question("pain", "naltrexone", "rating", limits=(0.0, 10.0), randomised="blocks")
    return TrialPlan(design, question, "pain", 1.0, 400, (), dose_mg)


def locked_trial(store, start=TODAY, today=TODAY, **about):
    """A trial of three pairs of four weeks after two weeks of diary, locked."""
    return protocol.lock_trial(store, protocol.check_trial(store, trial_plan(start, **about), today), today)


def sealed_trial(store, today=TODAY, **about):
    """Locked and sealed to a helper; (the sealed file, the helper's secret key)."""
    locked_trial(store, today=today, **about)
    identity, recipient = helper_keys()
    sealed = sealing.seal(store, recipient, today)
    sealing.keep_commitment(store, sealed)
    return sealed.content, identity


def scores(store, *days, value=4):
    store.add(*(Entry(each, "score", "pain", value) for each in days))
