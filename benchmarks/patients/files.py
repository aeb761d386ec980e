"""The bench as files: a folder anyone can read without this code."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.patients import VERSION
from benchmarks.patients.cells import Cell
from benchmarks.patients.lives import looked_at
from benchmarks.patients.patient import patient
from benchmarks.patients.patient_file import Patient


@dataclass(frozen=True)
class Entry:
    """One patient of a written set: diary and question may be shown to a tool, truth may not."""

    name: str
    diary: Path
    question: Path
    truth: dict[str, Any]


def write_set(folder: Path, chosen: Iterable[Cell], n: int) -> int:
    """Writes numbers 0 to n-1 of every cell; returns how many diaries (a look is one)."""
    patients, truths = folder / "patients", folder / "truths"
    patients.mkdir(parents=True, exist_ok=True)
    truths.mkdir(exist_ok=True)
    (folder / "VERSION").write_text(f"{VERSION}\n")
    count = 0
    for cell in chosen:
        for number in range(n):
            one = patient(cell, number)
            for written in looked_at(one) if cell.scenario == "looks" else (one,):
                _write(written, patients, truths)
                count += 1
    return count


def _write(p: Patient, patients: Path, truths: Path) -> None:
    with (patients / f"{p.name}.csv").open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["date", *p.columns])
        rows = zip(*(map(_text, values.tolist()) for values in p.columns.values()), strict=True)
        for day, row in enumerate(rows):
            writer.writerow([(p.first_day + datetime.timedelta(days=day)).isoformat(), *row])
    (patients / f"{p.name}.question.json").write_text(json.dumps(p.question) + "\n")
    (truths / f"{p.name}.json").write_text(json.dumps(p.truth) + "\n")


def _text(value: float) -> str:
    return "" if value != value else f"{value:.10g}"


def read_set(folder: Path) -> Iterator[Entry]:
    """Every patient of a written set, sorted by name."""
    for path in sorted((folder / "truths").glob("*.json")):
        csv_path = folder / "patients" / f"{path.stem}.csv"
        yield Entry(path.stem, csv_path, csv_path.with_suffix(".question.json"), json.loads(path.read_text()))


@dataclass(frozen=True)
class Diary:
    """One diary as a plain tool reads it: (days,) arrays, NaN = empty. `question` as in its file."""

    outcome: np.ndarray
    dose: np.ndarray
    others: dict[str, np.ndarray]
    weekend: np.ndarray
    question: dict[str, Any]

    @property
    def sign(self) -> float:
        """improvement = sign * effect."""
        return 1.0 if self.question["better"] == "higher" else -1.0


def read_diary(path: Path) -> Diary:
    """A diary of the bench with its question; days in file order, none left out."""
    question = json.loads(path.with_suffix(".question.json").read_text())
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) if row[name] else np.nan for row in rows])

    return Diary(
        outcome=column(question["outcome"]),
        dose=column(f"{question['treatment']}_mg"),
        others={name: column(f"{name}_mg") for name in question["adjust"]},
        weekend=np.array([datetime.date.fromisoformat(row["date"]).weekday() >= 5 for row in rows], dtype=float),
        question=question,
    )
