"""Google Health Connect's zip: a SQLite file made by somebody else, opened read-only and trusted with nothing.

Only SELECT on real tables is allowed, each statement is stopped after a number of steps, and columns are found by
name because their order differs between devices.
"""

from __future__ import annotations

import datetime
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.moment_column import moment_at
from nightdose.diary.importers.nights import Asleep, add_measure, add_sleep
from nightdose.diary.importers.reading import Archive
from nightdose.diary.unwritten import PREFIX
from nightdose.errors import InputError
from nightdose.language.catalogue import say

NAME = "health-connect"
DATABASE = "health_connect_export.db"
MOST_BYTES, MOST_IN_MEMORY_BYTES = 2 * 1024**3, 400 * 1024**2
STEPS_A_STATEMENT = 400_000_000  # about half a minute
MOST_ROWS = 3_000_000
MOST_SESSIONS = 100_000
ASLEEP_STAGES = {2, 4, 5, 6}  # sleeping, light, deep, REM
NOT_RECORDED = 1e-300  # 5e-324 stands for "not recorded"

# table -> (column, item, unit as stored)
INSTANTS = {
    "resting_heart_rate_record_table": ("beats_per_minute", "resting heart rate", "beats/min"),
    "heart_rate_variability_rmssd_record_table": ("heart_rate_variability_millis", "HRV (RMSSD)", "ms"),
    "weight_record_table": ("weight", "weight", "g"),
}
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


def recognises_archive(names: tuple[str, ...]) -> bool:
    """True when the zip holds Health Connect's database."""
    return any(name.rsplit("/", 1)[-1] == DATABASE for name in names)


def read(path: Path, choices: Choices) -> Imported:
    """One value a day and item; a night counts for the day on which it ended."""
    archive = Archive(path)
    try:
        name = archive.find(DATABASE)
        if name is None:
            raise InputError(
                say("{name} holds no {database}. Export again from Health Connect.", name=path.name, database=DATABASE)
            )
        if (database := _in_memory(archive, name)) is not None:
            return _read(lambda: _opened(database), choices)
        with tempfile.TemporaryDirectory(prefix=PREFIX) as scratch:
            copy = Path(scratch) / "untrusted.db"
            _unpack(archive, name, copy)
            return read_database(copy, choices)
    finally:
        archive.close()


def _in_memory(archive: Archive, name: str) -> bytearray | None:
    """The database; None where it is too large to be held in memory twice."""
    database = bytearray()
    with archive.open(name) as stream:
        while chunk := stream.read(1 << 20):
            database += chunk
            if len(database) > MOST_IN_MEMORY_BYTES:
                return None
    return database


def _opened(database: bytearray) -> sqlite3.Connection:
    database[18:20] = b"\1\1"  # its log of writes is not in the zip, so it is read as if there were none
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database)
    return connection


def _unpack(archive: Archive, name: str, target: Path) -> None:
    with archive.open(name) as stream, target.open("wb") as file:
        size = 0
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > MOST_BYTES or shutil.disk_usage(target.parent).free < 1 << 28:
                raise InputError(
                    say("This export is larger than can be unpacked here. Free some disk, or export less.")
                )
            file.write(chunk)


def read_database(path: Path, choices: Choices) -> Imported:
    """The wanted tables of an unpacked database."""
    return _read(lambda: sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True), choices)


def _read(connect: Callable[[], sqlite3.Connection], choices: Choices) -> Imported:
    out = Collector(NAME)
    damaged = InputError(say("The Health Connect database is damaged, or is none. Export it again."))
    try:
        with closing(connect()) as connection:
            tables = _guard(connection)
            for table, (column, item, unit) in INSTANTS.items():
                if table in tables:
                    _daily_means(connection, table, column, item, unit, choices, out)
            _sleep(connection, tables, choices, out)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError, MemoryError):
        raise damaged from None
    if not tables & {*INSTANTS, "sleep_session_record_table", "sleep_stages_table"}:
        raise InputError(say("This database has none of Health Connect's tables. Is it the right file?"))
    return out.done()


def _guard(connection: sqlite3.Connection) -> set[str]:
    """Take every power from the file; names of its real tables (a view could hide anything)."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 24)
    connection.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, 100_000)
    for pragma in (
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "mmap_size=0",
        "query_only=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return int(steps * 100_000 > STEPS_A_STATEMENT)

    connection.set_progress_handler(count, 100_000)
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("damaged")
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' LIMIT 2000"
    )
    tables = {str(row[0]) for row in rows}
    connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY)
    return tables


def _rows(connection: sqlite3.Connection, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of one of our known tables; nothing when a column is missing. Table and column names are constants."""
    try:
        cursor = connection.execute(f'SELECT {", ".join(columns)} FROM "{table}" LIMIT {MOST_ROWS}')
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return
        raise
    yield from cursor


def _moment(millis: object, offset_s: object) -> datetime.datetime | None:
    if not isinstance(millis, int) or not 0 < millis < 7_000_000_000_000:
        return None
    seconds = offset_s if isinstance(offset_s, int) and abs(offset_s) < 86_400 else 0
    zone = datetime.timezone(datetime.timedelta(seconds=seconds))
    return datetime.datetime.fromtimestamp(millis / 1000, zone)


def _daily_means(
    connection: sqlite3.Connection,
    table: str,
    column: str,
    item: str,
    unit: str,
    choices: Choices,
    out: Collector,
) -> None:
    totals: dict[datetime.date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for value, millis, offset in _rows(connection, table, column, "time", "zone_offset"):
        at = _moment(millis, offset)
        if at is None or not isinstance(value, (int, float)) or abs(value) < NOT_RECORDED or abs(value) > 1e9:
            out.problem(None, say("A record of {item} has no date or no number.", item=item), say("It was left out."))
            continue
        total = totals[moment_at(at, choices.day).day]
        total[0] += value
        total[1] += 1
    for day, (total_value, count) in sorted(totals.items()):
        add_measure(out, day, item, total_value / count, unit)


Ends = tuple[datetime.datetime | None, datetime.datetime | None]


def _sleep(connection: sqlite3.Connection, tables: set[str], choices: Choices, out: Collector) -> None:
    """Nights from the stages where there are any, else from whole sessions."""
    sessions: dict[object, Ends] = {}
    if "sleep_session_record_table" in tables:
        session = ("row_id", "start_time", "end_time", "start_zone_offset", "end_zone_offset")
        for row_id, start, end, start_offset, end_offset in _rows(connection, "sleep_session_record_table", *session):
            sessions[row_id] = (_moment(start, start_offset), _moment(end, end_offset))
            if len(sessions) > MOST_SESSIONS:
                raise InputError(say("This export holds more nights than a life. Export a shorter time."))
    asleep, staged = Asleep(), set()
    if "sleep_stages_table" in tables:
        stages = ("parent_key", "stage_start_time", "stage_end_time", "stage_type")
        for parent, start, end, stage in _rows(connection, "sleep_stages_table", *stages):
            begin, stop = _moment(start, 0), _moment(end, 0)
            if parent not in sessions or begin is None or stop is None or not begin < stop:
                continue
            staged.add(parent)
            if stage in ASLEEP_STAGES:
                asleep.add(begin, stop)
    unstaged = [ends for parent, ends in sessions.items() if parent not in staged]
    for begin, stop in unstaged:
        asleep.add(begin, stop)
    if unstaged:
        out.problem(
            None,
            say("{n} nights have no sleep stages.", n=len(unstaged)),
            say("Their whole time in bed was counted as sleep."),
        )
    add_sleep(asleep, choices, out)
