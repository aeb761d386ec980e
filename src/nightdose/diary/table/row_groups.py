"""People in Parquet files of any size: whose rows stand where, and the rows of some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nightdose.diary.records import Diary
from nightdose.diary.table.grid import diaries
from nightdose.diary.table.headers import Header, fold, read_header
from nightdose.diary.table.openfile import file_name
from nightdose.diary.table.parquet import FIRST_LINE, UNREADABLE, broken, cells, in_blocks, is_text, needs_pyarrow
from nightdose.diary.table.problems import ProblemLog
from nightdose.diary.table.rows import read_rows
from nightdose.diary.table.sheet import RowBlock, Sheet, rows_in_block
from nightdose.errors import InputError
from nightdose.language.catalogue import say

ROWS_AT_ONCE = 100_000
ENDINGS = ("*.parquet", "*.pq")
NO_PERSON = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class ParquetPiece:
    """Rows start <= row < stop of a Parquet file."""

    path: Path
    persons: tuple[str, ...]
    start: int
    stop: int

    def diaries(self) -> Mapping[str, Diary]:
        name = file_name(self.path)
        table = _with_person(_rows(self.path, self.start, self.stop), self.path)
        sheet = Sheet(
            file=name,
            stem=self.path.stem,
            header=tuple(table.schema.names),
            may_have_commas=any(is_text(field.type) for field in table.schema),
            blocks=partial(_blocks, table, FIRST_LINE + self.start),
        )
        return {diary.name: diary for diary in diaries(read_rows(sheet), sheet.stem)}


def parquet_files(folder: Path) -> tuple[Path, ...]:
    """All Parquet files of a folder and the folders in it, by name. Raises InputError where there are none."""
    files = tuple(sorted(path for ending in ENDINGS for path in folder.rglob(ending)))
    if not files:
        raise InputError(
            say("{file} is a folder without a Parquet file. Give a table, or such a folder.", file=file_name(folder))
        )
    return files


def runs_of_parquet(files: Sequence[Path]) -> Iterator[tuple[str, Path, int, int]]:
    """(person, file, first row, row after the last) of everybody, rows of one person joined while they follow."""
    for path in files:
        now, begun, at = "", 0, 0
        for person, rows in _runs(path):
            if person and person != now:
                if now:
                    yield now, path, begun, at
                now, begun = person, at if now else 0
            at += rows
        if now:
            yield now, path, begun, at


def _runs(path: Path) -> Iterator[tuple[str, int]]:
    """(person, rows) of every stretch of rows."""
    pa, pq = needs_pyarrow(file_name(path))
    try:
        with pq.ParquetFile(path) as file:
            names = tuple(file.schema_arrow.names)
            at = read_header(file_name(path), names, ProblemLog()).position("person")
            if at is None and (person := person_in(path)) is not None:
                yield person, file.metadata.num_rows
                return
            if at is None:
                raise InputError(
                    say("{file} has no column 'person'. Add one, or analyse it as one diary.", file=file_name(path))
                )
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=[names[at]]):
                for person, rows in groupby(map(str.strip, cells(batch.columns[0], as_text=True))):
                    yield person, sum(1 for _ in rows)
    except (pa.ArrowException, *UNREADABLE) as error:
        if isinstance(error, InputError):
            raise
        raise broken(file_name(path), error) from None


def person_in(path: Path) -> str | None:
    """Whose file it is where its folder says so (`person=Ann/part-0.parquet`, as Hive, Spark and Arrow partition).

    "" where the folder stands for rows without a person; None where no folder says it.
    """
    for folder in reversed(path.parent.parts):
        name, equals, value = folder.partition("=")
        if equals and fold(unquote(name)) == "person":
            return "" if value == NO_PERSON else unquote(value).strip()
    return None


def _with_person(table: Any, path: Path) -> Any:
    """The rows with the person of their folder as a column, where the file itself has none."""
    person = person_in(path)
    if person is None or any(fold(name) == "person" for name in table.schema.names):
        return table
    pa, _ = needs_pyarrow(file_name(path))
    return table.append_column("person", pa.array([person] * table.num_rows))


def _rows(path: Path, start: int, stop: int) -> Any:
    """The table of those rows."""
    pa, _ = needs_pyarrow(file_name(path))
    parts, at = [], 0
    for group, rows in enumerate(_sizes(path)):
        if at < stop and at + rows > start:
            part = _row_group(path, group)
            parts.append(part.slice(max(0, start - at), min(stop, at + rows) - max(start, at)))
        at += rows
    return pa.concat_tables(parts)


@lru_cache(maxsize=4)
def _sizes(path: Path) -> tuple[int, ...]:
    _, pq = needs_pyarrow(file_name(path))
    with pq.ParquetFile(path) as file:
        return tuple(file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups))


@lru_cache(maxsize=1)
def _row_group(path: Path, group: int) -> Any:
    """One row group; the next piece usually stands in the same one."""
    pa, pq = needs_pyarrow(file_name(path))
    try:
        with pq.ParquetFile(path) as file:
            texts = [field.name for field in file.schema_arrow if is_text(field.type)]
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            return file.read_row_group(group)
    except (pa.ArrowException, *UNREADABLE) as error:
        raise broken(file_name(path), error) from None


def _blocks(table: Any, first: int, header: Header, log: ProblemLog) -> Iterator[RowBlock]:
    return in_blocks(table.to_batches(max_chunksize=rows_in_block(len(header.names))), first, header)
