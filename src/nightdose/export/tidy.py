"""Simulated people as a tidy table, one row a person and time, written chunk by chunk so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nightdose.diary.table.csv_text import csv_row
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.mechanism.simulate import Trajectory
from nightdose.whole_file import whole


def write_tidy(path: Path, pieces: Iterable[tuple[Sequence[int], Trajectory]], about: dict[str, str]) -> int:
    """Writes `person, time_h, <names>` to a .csv or .parquet file; returns the number of people that failed.

    The file is there when it is whole: a run that was stopped, or found the disk full, leaves nothing.
    Values have seven digits (Parquet: single precision), more than the error asked for by default.
    `about` (engine, model, seed, regimen) goes into the Parquet file's metadata.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet", ".pq"):
        raise CallError(f"{path.name}: a table is written as .csv or .parquet.")
    try:
        with whole(path) as unfinished:
            return _write_csv(unfinished, pieces) if suffix == ".csv" else _write_parquet(unfinished, pieces, about)
    except OSError as error:
        said = error.strerror or error
        words = say(
            "The rows cannot be written to {path} ({strerror}). Choose another place.", path=path, strerror=said
        )
        raise CallError(words, field="out") from error


def _flat(numbers: Sequence[int], found: Trajectory) -> tuple[Any, Any, Any]:
    times = found.time_h.size
    return np.repeat(np.asarray(numbers), times), np.tile(found.time_h, len(numbers)), found.values


def _write_csv(path: Path, pieces: Iterable[tuple[Sequence[int], Trajectory]]) -> int:
    failed = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, (numbers, found) in enumerate(pieces):
            if number == 0:
                file.write(csv_row(["person", "time_h", *found.names]))
            person, time_h, values = _flat(numbers, found)
            rows = values.reshape(-1, len(found.names))
            for who, when, row in zip(person.tolist(), time_h.tolist(), rows.tolist(), strict=True):
                file.write(",".join([str(who), f"{when:g}", *(f"{v:.7g}" for v in row)]) + "\n")
            failed += len(found.failures)
    return failed


def _write_parquet(path: Path, pieces: Iterable[tuple[Sequence[int], Trajectory]], about: dict[str, str]) -> int:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise CallError(
            "Parquet needs the extra `parquet`: pip install 'nightdose[parquet]'. Or write a .csv file."
        ) from None
    failed, writer = 0, None
    try:
        for numbers, found in pieces:
            person, time_h, values = _flat(numbers, found)
            columns = {"person": pa.array(person, pa.int32()), "time_h": pa.array(time_h, pa.float64())}
            for i, name in enumerate(found.names):
                columns[name] = pa.array(np.ascontiguousarray(values[:, :, i]).ravel().astype(np.float32))
            table = pa.table(columns).replace_schema_metadata({f"nightdose.{key}": word for key, word in about.items()})
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
            failed += len(found.failures)
    finally:
        if writer is not None:
            writer.close()
    return failed
