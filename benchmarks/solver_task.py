"""What the solvers are given, and how far their answers are from the truth.

    python -m benchmarks.solver_task write FOLDER        # task.json, truth.npy, scale.npy
    python -m benchmarks.solver_task off FOLDER FILE...  # the worst relative error of each, one line of JSON

The people are those of `nightdose simulate ldn --days 365`, the doses theirs. Truth: the kernel at 1e-11, daily, every
state. Error: |value - truth| / max(|truth|, 5 % of the largest value of that state), worst person, day and state.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from nightdose.arrays import Floats
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.interchange import antimony
from nightdose.mechanism.people import Body, sampled_person, taking
from nightdose.mechanism.population import Study, run_people
from nightdose.mechanism.reference import evaluate_initial
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import TIGHTEST
from nightdose.mechanism.system import QUANTITIES, RATES, STATE_INDEX, STATE_NAMES, parameter_names

DAYS, PEOPLE = 365, 8
STUDY = Study(PRESETS["ldn"], DAYS, 10**6, Body(), STATE_NAMES)  # a person's values do not depend on how many there are


def write(folder: Path) -> None:
    """The task and the truth."""
    people = [taking(sampled_person(STUDY.body, STUDY.seed, i), STUDY.largest_mg, STUDY.body) for i in range(PEOPLE)]
    first = STUDY.log().events[0]
    names = parameter_names()
    task = {
        "states": STATE_NAMES,
        "parameters": names,
        "quantities": [(q.name, q.equation) for q in QUANTITIES],
        "rates": [RATES[name] for name in STATE_NAMES],
        "people": [{name: float(p[name]) for name in names} for p in people],
        "initial": [evaluate_initial(p).tolist() for p in people],
        "dose_state": STATE_INDEX[first.state],
        "dose_h": first.time_h,
        "dose_nmol": first.amount,
        "antimony": antimony(people[0], Intake()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    truth = run_people(STUDY, range(PEOPLE), error=TIGHTEST).values
    week = run_people(STUDY, range(PEOPLE), error=1e-6, time_h=np.arange(0.0, 169.0)).values
    largest = np.maximum(np.abs(truth).max(axis=(0, 1)), np.abs(week).max(axis=(0, 1)))
    np.save(folder / "truth.npy", truth)
    np.save(folder / "scale.npy", np.maximum(np.abs(truth), np.where(largest > 0, 0.05 * largest, 1.0)))


def off(folder: Path, path: Path) -> float:
    """Worst error of one file: .npy of a rival, .parquet of `nightdose simulate --out`."""
    truth, scale = np.load(folder / "truth.npy"), np.load(folder / "scale.npy")
    values = np.load(path) if path.suffix == ".npy" else people_of(path)
    people, days = values.shape[:2]
    return float(np.max(np.abs(values - truth[:people, :days]) / scale[:people, :days]))


def people_of(path: Path) -> Floats:
    """(person, day, state) of the first PEOPLE people of a table; single precision, some 6e-8."""
    import pyarrow.parquet as pq

    first = next(pq.ParquetFile(path).iter_batches(batch_size=PEOPLE * (DAYS + 1), columns=list(STATE_NAMES)))
    return np.column_stack([first.column(name).to_numpy() for name in STATE_NAMES]).reshape(
        PEOPLE, DAYS + 1, len(STATE_NAMES)
    )


if __name__ == "__main__":
    act, folder = sys.argv[1], Path(sys.argv[2])
    if act == "write":
        write(folder)
    for name in sys.argv[3:]:
        print(json.dumps({"file": name, "off": off(folder, Path(name))}))
