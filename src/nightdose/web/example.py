"""A diary to look around in: simulated, labelled as such on every page, and gone when the app stops."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from nightdose.arrays import Floats
from nightdose.diary.day import DayRule
from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store
from nightdose.exposure.onset import effect_compartment
from nightdose.keeping import protocol, safety, sealing, settings
from nightdose.keeping.documents import Commitment
from nightdose.keeping.protocol import Checked
from nightdose.keeping.trial_plan import TrialPlan
from nightdose.knowledge.interactions import questions
from nightdose.language.catalogue import mark
from nightdose.protocol import sealing as orders
from nightdose.protocol.revealed import CAPSULE
from nightdose.protocol.trial import TrialDesign, daily_on
from nightdose.question.kind import RATING
from nightdose.question.question import Question
from nightdose.statistics import spells
from nightdose.web.desk import Desk

LABEL = mark("EXAMPLE: a simulated diary of nobody. Look around; nothing you change here is kept.")
SEED, BLOCK_D, RUN_IN_D, PAIRS = 20, 21, 14, 4
OUTCOMES = (
    ("Pain", 5.2, -1.8),
    ("Fatigue", 5.8, -0.6),
    ("Sleep trouble", 4.0, 0.2),
)  # level and settled effect, points
DOSE_MG, ONSET_D, MISSING, RESCUE = 4.5, 7.0, 0.07, 0.12
WORTH = 1.0
NOBODY = "nobody: this trial is simulated"  # in the place of a helper's key; so that no further package is needed


def example_desk() -> Desk:
    """The example's desk; its folder goes with it."""
    rule = DayRule()
    tonight = rule.day_of(rule.localise(datetime.datetime.now(datetime.UTC)))  # it is over, at 00:40 too
    folder = Path(tempfile.mkdtemp(prefix="nightdose-example-"))
    path = folder / "example.db"
    path.write_bytes(_filled(tonight - datetime.timedelta(days=1)))
    desk = Desk(path, label=LABEL)
    weakref.finalize(desk, shutil.rmtree, folder, ignore_errors=True)
    return desk


@lru_cache(maxsize=1)
def _filled(last_day: datetime.date) -> bytes:
    """The example's file; made once a day, however often somebody comes and goes."""
    with tempfile.TemporaryDirectory(prefix="nightdose-example-") as folder:
        path = Path(folder) / "example.db"
        with Store(path, None, create=True) as store:
            fill(store, last_day)
        return path.read_bytes()


def fill(store: Store, last_day: datetime.date) -> None:
    """A blinded trial in one person up to that day, from its lock to its reveal, and the evenings written meanwhile."""
    days = RUN_IN_D + 2 * PAIRS * BLOCK_D
    first = last_day - datetime.timedelta(days=days - 1)
    design = TrialDesign("randomised_blocks", first, RUN_IN_D, PAIRS, BLOCK_D, blinded=True)
    for name, _, _ in OUTCOMES:
        settings.choose_outcome(store, Outcome(name, "0-10", "lower", worth=WORTH))
    order = _locked(store, design)
    on = np.array(daily_on(design, order.arms), dtype=float)
    entries = _evenings(design, effect_compartment(on, ONSET_D, 0.0), on, np.random.default_rng(SEED))
    store.add(*sorted(entries, key=lambda entry: entry.day))
    sealing.reveal(store, order.to_bytes(), last_day + datetime.timedelta(days=1))
    _questions_answered(store, last_day)


def _locked(store: Store, design: TrialDesign) -> orders.Allocation:
    """The protocol, locked the day before, and its order, drawn and committed to."""
    before = design.start - datetime.timedelta(days=1)
    _questions_answered(store, before)
    name = OUTCOMES[0][0]
    asked = Question(name, "naltrexone", scale=RATING, limits=(0.0, 10.0), meaningful=WORTH, randomised="blocks")
    plan = TrialPlan(design, asked, name, WORTH, dose_mg=DOSE_MG)
    cleared = safety.cleared(store, before, design.first_dose)
    locked = protocol.lock_trial(store, Checked(plan, (), cleared, DOSE_MG), before)
    order = orders.allocate(design, locked.sha256, SEED)
    kept = Commitment(orders.commitment(order), locked.sha256, NOBODY)
    sealing.keep_commitment(store, sealing.Sealed(b"", kept))
    return order


def _questions_answered(store: Store, day: datetime.date) -> None:
    safety.answer(store, {question.id: False for question in questions()}, day, complete=True)


def _evenings(design: TrialDesign, felt: Floats, on: Floats, rng: np.random.Generator) -> Iterator[Entry]:
    """Scores with spells and noise, a capsule every evening after the run-in, guesses, rescue medicines, a few gaps."""
    days = [design.start + datetime.timedelta(days=t) for t in range(len(on))]
    for name, level, effect in OUTCOMES:
        score = level + spells(1.1, 0.6, len(on), rng) + effect * felt + rng.normal(0, 0.8, len(on))
        kept = rng.random(len(on)) > MISSING
        for t in np.flatnonzero(kept).tolist():
            yield Entry(days[t], "score", name, float(np.clip(round(score[t]), 0, 10)))
    for t in range(RUN_IN_D, len(on)):
        yield Entry(days[t], "dose", CAPSULE, status="taken")
        if t % 7 == 0:
            yield Entry(days[t], "guess", "naltrexone", 0.5 + 0.2 * float(rng.integers(-1, 2)))
    for t in np.flatnonzero(rng.random(len(on)) < RESCUE).tolist():
        yield Entry(days[t], "rescue", "ibuprofen", 400.0, "mg", "taken")
    yield Entry(days[60], "event", "a cold", text="a cold")
    yield Entry(days[118], "medicine", "vitamin D", status="start")
    yield Entry(days[90], "side_effect", "vivid dreams", 4.0)
