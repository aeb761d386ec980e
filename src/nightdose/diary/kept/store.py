"""The diary as it is kept: rows are only ever added, a correction points at the row it corrects.

Each row carries the hash of the row before it, so a row that was changed or taken out behind the
program's back shows in `verify`. Only the standard library: a night's entry waits for nothing else.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.database import (
    Connection,
    checkpoint,
    connect,
    error_types,
    in_sentences,
    transaction,
)
from nightdose.diary.kept.files import DiaryError
from nightdose.errors import CallError
from nightdose.language.catalogue import say

Json = Mapping[str, Any]
Clock = Callable[[], datetime.datetime]

ENTRY_COLUMNS = (
    "written_utc", "day", "kind", "item", "value", "unit", "status", "text", "at_local", "extra", "source",
    "source_key", "corrects", "withdrawn", "reason",
)  # fmt: skip
DOCUMENT_COLUMNS = ("written_utc", "kind", "name", "body")
CURRENT = "number NOT IN (SELECT corrects FROM entry WHERE corrects IS NOT NULL) AND withdrawn = 0"


@dataclass(frozen=True, slots=True)
class Document:
    """A page of the diary that is not a day's entry: an outcome, a setting, the protocol, an instruction."""

    number: int
    written: datetime.datetime
    kind: str
    name: str
    body: Json


@dataclass(frozen=True, slots=True)
class Health:
    """What `verify` found: row counts, and what is wrong (nothing, when whole)."""

    entries: int
    documents: int
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.faults


class Overtaken(DiaryError):
    """Something was written between looking and writing; nothing was added."""


def utc_now() -> datetime.datetime:
    """The computer's clock, in UTC."""
    return datetime.datetime.now(datetime.UTC)


class Store:
    """One person's diary file, open. Use as a context manager."""

    def __init__(self, path: Path, key: bytes | None, *, create: bool = False, clock: Clock = utc_now) -> None:
        self.path = path
        self._clock = clock
        self._connection: Connection = connect(path, key, new=create)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was written lies in the diary file itself, not in a -wal beside it."""
        with suppress(*error_types()):  # closed before, or another program reads: the -wal then stays until later
            checkpoint(self._connection)
        self._connection.close()

    def add(self, *entries: Entry) -> tuple[int, ...]:
        """Write entries, all or none; their numbers. When this returns they are on the disk."""
        return self._append([_entry_row(entry) for entry in entries], "entry", ENTRY_COLUMNS)

    def correct(self, number: int, entry: Entry, reason: str = "") -> int:
        """Write what should have been said; the old row stays and is no longer current."""
        self.current(number)
        row = {**_entry_row(entry), "source_key": None, "corrects": number, "reason": reason}
        return self._append([row], "entry", ENTRY_COLUMNS)[0]

    def withdraw(self, number: int, reason: str) -> int:
        """Say that an entry should not have been made; it stays readable in the history."""
        return self._append([_withdrawal(self.current(number), reason)], "entry", ENTRY_COLUMNS)[0]

    def write_all(
        self,
        new: Iterable[Entry],
        corrected: Iterable[tuple[int, Entry, str]],
        withdrawn: Iterable[tuple[int, str]],
        *,
        after: int | None = None,
    ) -> tuple[int, ...]:
        """All of it or nothing: new entries, (number, what it says now, reason), (number, reason of withdrawing).

        after : number of the last entry that the caller saw; Overtaken where another one was written since.
        The numbers of the new rows, in that order.
        """

        def rows() -> Iterator[Json]:  # made one by one: a file may bring 200,000
            for entry in new:
                yield _entry_row(entry)
            for number, entry, reason in corrected:
                yield {**_entry_row(entry), "source_key": None, "corrects": number, "reason": reason}
            for number, reason in withdrawn:
                yield _withdrawal(self.current(number), reason)

        return self._append(rows(), "entry", ENTRY_COLUMNS, after)

    def put(self, kind: str, name: str, body: Json) -> int:
        """Add a document; older ones of the same kind and name stay as its history."""
        return self.put_all([(kind, name, body)])[0]

    def put_all(self, documents: Iterable[tuple[str, str, Json]]) -> tuple[int, ...]:
        """Add documents (kind, name, body), all or none."""
        rows = [
            {"kind": kind, "name": name, "body": json.dumps(body, ensure_ascii=False, sort_keys=True)}
            for kind, name, body in documents
        ]
        return self._append(rows, "document", DOCUMENT_COLUMNS)

    def now(self) -> datetime.datetime:
        """The moment that a row written now would carry."""
        return self._clock()

    def entries(
        self, *, kind: str | None = None, item: str | None = None, day: datetime.date | None = None
    ) -> tuple[Stored, ...]:
        """Current entries in the order of their days; corrected and withdrawn ones are in `history`."""
        wanted = {"kind": kind, "item": item, "day": day.isoformat() if day else None}
        filters = [(name, value) for name, value in wanted.items() if value is not None]
        where = " AND ".join([CURRENT, *(f"{name} = ?" for name, _ in filters)])
        return self._entries(f"{where} ORDER BY day, number", [value for _, value in filters])

    def current(self, number: int) -> Stored:
        """The current entry of that number; CallError where there is none, or it was corrected or withdrawn."""
        found = self._entries(f"number = ? AND {CURRENT}", [number]) if 0 < number < 2**63 else ()
        if not found:
            raise CallError(
                say("There is no current entry number {number}. The list of entries shows the numbers.", number=number),
                code="list",
            )
        return found[0]

    def history(self) -> tuple[Stored, ...]:
        """Every row ever written, in the order of writing."""
        return self._entries("1 ORDER BY number", [])

    def source_keys(self) -> set[str]:
        """Keys of everything that was ever imported, withdrawn entries included."""
        rows = self._read("SELECT source_key FROM entry WHERE source_key IS NOT NULL")
        return {row[0] for row in rows}

    def documents(self, kind: str | None = None, name: str | None = None) -> tuple[Document, ...]:
        """Documents in the order of writing."""
        filters = [(column, value) for column, value in (("kind", kind), ("name", name)) if value is not None]
        where = " AND ".join(["1", *(f"{column} = ?" for column, _ in filters)])
        rows = self._read(
            f"SELECT number, written_utc, kind, name, body FROM document WHERE {where} ORDER BY number",
            [value for _, value in filters],
        )
        try:
            return tuple(
                Document(row[0], datetime.datetime.fromisoformat(row[1]), row[2], row[3], json.loads(row[4]))
                for row in rows
            )
        except (ValueError, TypeError, RecursionError):
            raise DiaryError(
                say(
                    "{path}: a page of the diary is not what nightdose wrote. Restore the newest "
                    "backup that is whole, and keep this file.",
                    path=self.path,
                ),
                code="damaged",
            ) from None

    def newest(self, kind: str, name: str) -> Json | None:
        """The last document of that kind and name, or None."""
        found = self.documents(kind, name)
        return found[-1].body if found else None

    def mark(self) -> tuple[int, int]:
        """Changes whenever anything is written: the numbers of the last entry and the last document."""
        rows = self._read("SELECT (SELECT MAX(number) FROM entry), (SELECT MAX(number) FROM document)")
        return rows[0][0] or 0, rows[0][1] or 0

    def verify(self) -> Health:
        """Integrity of the file, foreign keys, and the chain of hashes from the first row to the last."""
        faults = [row[0] for row in self._read("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [
            say("a correction points at a missing row ({row})", row=row[0])
            for row in self._read("PRAGMA foreign_key_check")
        ]
        counts = []
        for table, columns in (("entry", ENTRY_COLUMNS), ("document", DOCUMENT_COLUMNS)):
            found, last, broken = self._chain(table, columns)
            counts.append(found)
            faults += [broken] if broken else self._cut_off(table, found, last)
        return Health(counts[0], counts[1], tuple(faults))

    def _chain(self, table: str, columns: Sequence[str]) -> tuple[int, str, str]:
        """(how many rows there are, the hash of the last, the first broken link or '')."""
        before, count, broken = "", 0, ""
        for number, chain, *values in self._each(
            f"SELECT number, chain, {', '.join(columns)} FROM {table} ORDER BY number"
        ):
            count += 1
            if not broken and (number != count or chain != _link(before, [number, *values])):
                broken = say(
                    "{table} {number}: this row, or one before it, was changed outside nightdose",
                    table=table,
                    number=number,
                )
            before = chain
        return count, before, broken

    def _cut_off(self, table: str, found: int, last: str) -> list[str]:
        """Rows missing at the end, which break no link: the count and the last hash are kept apart from the rows."""
        kept = self._read("SELECT rows, chain FROM tip WHERE name = ?", [table])
        if kept == [(found, last)]:
            return []
        had = kept[0][0] if kept else "other"
        return [
            say(
                "{table}: the diary had {had} rows and has {found}; the end was cut off outside nightdose",
                table=table,
                had=had,
                found=found,
            )
        ]

    def refuse_if_damaged(self) -> None:
        """DiaryError with what is wrong, before anything is concluded from a diary that is not whole."""
        health = self.verify()
        if not health.whole:
            raise DiaryError(
                say(
                    "{path} is not whole: {faults}. Nothing was concluded from it. Restore the "
                    "newest backup that is whole, and keep this file: most of it may still be "
                    "readable.",
                    path=self.path,
                    faults=health.faults[0],
                ),
                code="damaged",
            )

    def copy_to(self, target: Path, key: bytes | None) -> None:
        """A complete copy under another name, taken while the diary stays usable."""
        with Store(target, key, create=True) as copy, in_sentences(target):
            self._connection.backup(copy._connection)
            copy._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy._connection.execute("PRAGMA journal_mode=DELETE")

    def _read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return list(self._each(sql, values))

    def _each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with in_sentences(self.path):
            yield from self._connection.execute(sql, values)

    def _entries(self, where: str, values: Sequence[Any]) -> tuple[Stored, ...]:
        sql = f"SELECT number, {', '.join(ENTRY_COLUMNS)} FROM entry WHERE {where}"
        shared: dict[str, Any] = {}  # thousands of rows say the same words and hours
        return tuple(self._stored(row, shared) for row in self._each(sql, values))

    def _stored(self, row: Sequence[Any], shared: dict[str, Any]) -> Stored:
        try:
            return _stored(row[0], dict(zip(ENTRY_COLUMNS, row[1:], strict=True)), shared)
        except (ValueError, TypeError, KeyError, RecursionError, CallError):
            raise DiaryError(
                say(
                    "{path}: entry {row} is not what nightdose wrote. Restore the newest backup "
                    "that is whole, and keep this file.",
                    path=self.path,
                    row=row[0],
                ),
                code="damaged",
            ) from None

    def _append(
        self, rows: Iterable[Json], table: str, columns: Sequence[str], after: int | None = None
    ) -> tuple[int, ...]:
        written = self._clock().isoformat(timespec="seconds")
        names = ", ".join(("number", *columns, "chain"))
        marks = ", ".join("?" * (len(columns) + 2))
        numbers = []
        with in_sentences(self.path), transaction(self._connection):
            number, chain = self._last(table)
            if after is not None and number != after:
                raise Overtaken(f"{self.path} was written to by another window. Look at it again, then say it again.")
            for row in rows:
                values = [{**row, "written_utc": written}[column] for column in columns]
                number, chain = number + 1, _link(chain, [number + 1, *values])
                self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", (number, *values, chain))
                numbers.append(number)
            self._connection.execute("UPDATE tip SET rows = ?, chain = ? WHERE name = ?", (number, chain, table))
        return tuple(numbers)

    def _last(self, table: str) -> tuple[int, str]:
        """Number and hash of the last row; DiaryError where it is not the one that was written last."""
        last = self._connection.execute(f"SELECT number, chain FROM {table} ORDER BY number DESC LIMIT 1").fetchone()
        kept = self._connection.execute("SELECT rows, chain FROM tip WHERE name = ?", (table,)).fetchone()
        if (last or (0, "")) != kept:
            raise DiaryError(
                say(
                    "{path}: the last rows are not those that were written last. Nothing was "
                    "added; restore the newest backup that is whole.",
                    path=self.path,
                ),
                code="damaged",
            )
        return int(kept[0]), str(kept[1])


def _link(before: str, values: Sequence[Any]) -> str:
    """The hash that ties a row to the one before it."""
    return hashlib.sha256((before + json.dumps(values, ensure_ascii=False)).encode()).hexdigest()


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "day": entry.day.isoformat(),
        "kind": entry.kind,
        "item": entry.item,
        "value": None if entry.value is None else float(entry.value),
        "unit": entry.unit,
        "status": entry.status,
        "text": entry.text,
        "at_local": entry.at.isoformat() if entry.at else None,
        "extra": json.dumps(dict(entry.extra), ensure_ascii=False, sort_keys=True),
        "source": entry.source,
        "source_key": entry.source_key,
        "corrects": None,
        "withdrawn": 0,
        "reason": "",
    }


def _withdrawal(old: Stored, reason: str) -> dict[str, Any]:
    return {**_entry_row(old.entry), "source_key": None, "corrects": old.number, "withdrawn": 1, "reason": reason}


def _stored(number: int, row: Mapping[str, Any], shared: dict[str, Any]) -> Stored:
    def once(text: str | None) -> str:
        if not isinstance(text, str):
            raise TypeError("a text was expected")
        return str(shared.setdefault(text, text))

    extra = row["extra"]
    entry = Entry(
        day=datetime.date.fromisoformat(row["day"]),
        kind=once(row["kind"]),  # type: ignore[arg-type]
        item=once(row["item"]),
        value=row["value"],
        unit=once(row["unit"]),
        status=once(row["status"]),
        text=row["text"],
        at=datetime.datetime.fromisoformat(row["at_local"]) if row["at_local"] else None,
        extra={} if extra == "{}" else json.loads(extra),
        source=once(row["source"]),
        source_key=row["source_key"],
    )
    written = once(row["written_utc"])
    return Stored(
        number=number,
        written=shared.setdefault("at " + written, datetime.datetime.fromisoformat(written)),
        entry=entry,
        corrects=row["corrects"],
        withdrawn=bool(row["withdrawn"]),
        reason=once(row["reason"]),
    )


__all__ = ["DiaryError", "Document", "Health", "Store", "utc_now"]
