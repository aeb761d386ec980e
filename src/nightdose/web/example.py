"""A diary to look around in: simulated, labelled as such on every page, and gone when the app stops."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import weakref
from pathlib import Path

import numpy as np

from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.web.desk import Desk

LABEL = "EXAMPLE: a simulated diary of nobody. Look around; nothing you change here is kept."
SEED, BLOCK_D, RUN_IN_D, PAIRS = 20, 14, 14, 5
OUTCOMES = (
    ("Pain", 5.2, -1.1),
    ("Fatigue", 5.8, -0.5),
    ("Sleep trouble", 4.0, 0.2),
)  # level and settled effect, points
DOSE_MG, ONSET_D, MISSING = 4.5, 7.0, 0.07


def example_desk() -> Desk:
    """The example's desk; its folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="nightdose-example-"))
    path = folder / "example.db"
    today = datetime.datetime.now(datetime.UTC).date()
    with Store(path, None, create=True) as store:
        fill(store, today - datetime.timedelta(days=1))
    desk = Desk(path, label=LABEL)
    weakref.finalize(desk, shutil.rmtree, folder, ignore_errors=True)
    return desk


def fill(store: Store, last_day: datetime.date) -> None:
    """Run-in and blocks on and off in random order up to that day: scores with spells and noise, doses, a few gaps."""
    rng = np.random.default_rng(SEED)
    arms = [arm for _ in range(PAIRS) for arm in rng.permutation([0.0, DOSE_MG]).tolist()]
    dose = np.concatenate([np.zeros(RUN_IN_D), np.repeat(arms, BLOCK_D)])
    felt = np.zeros(len(dose))
    for t in range(1, len(dose)):
        felt[t] = felt[t - 1] + (1 - np.exp(-1 / ONSET_D)) * (dose[t] / DOSE_MG - felt[t - 1])
    first = last_day - datetime.timedelta(days=len(dose) - 1)
    entries = []
    for name, level, effect in OUTCOMES:
        settings.choose_outcome(store, Outcome(name, "0-10", "lower"))
        spell = np.zeros(len(dose))
        for t in range(1, len(dose)):
            spell[t] = 0.6 * spell[t - 1] + rng.normal(0, 0.9)
        score = np.clip(np.round(level + spell + effect * felt + rng.normal(0, 0.8, len(dose))), 0, 10)
        kept = rng.random(len(dose)) > MISSING
        entries += [
            Entry(first + datetime.timedelta(days=t), "score", name, float(score[t]))
            for t in np.flatnonzero(kept).tolist()
        ]
    for t, mg in enumerate(dose.tolist()):
        day = first + datetime.timedelta(days=t)
        taken = mg > 0
        entries.append(
            Entry(
                day, "dose", "naltrexone", mg if taken else None, "mg" if taken else "", "taken" if taken else "missed"
            )
        )
    store.add(*sorted(entries, key=lambda entry: entry.day))
