"""Opens the diary file, plain or encrypted, and turns what SQLite says into a sentence for a person."""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nightdose.diary.kept.files import DiaryError as DiaryError
from nightdose.diary.kept.files import companions, create, real, refuse_what_is_there
from nightdose.diary.kept.migrations import APPLICATION_ID, MIGRATIONS, NEWEST
from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say
from nightdose.whole_file import remove

PLAIN_MAGIC = b"SQLite format 3\x00"
OLDEST_SQLITE = (3, 37, 0)  # first with STRICT tables
BUSY_MS = 5_000

Connection = Any  # sqlite3.Connection, or its twin from sqlcipher3 with the same methods


class WrongKey(DiaryError):
    """The passphrase or recovery key does not open this diary."""


NEEDS_SECURE = mark(
    "An encrypted diary needs two more packages: pip install 'nightdose[secure]'. "
    "Without them a diary can only be kept plain: anyone with this computer can read it."
)


def _driver(encrypted: bool) -> Any:
    if encrypted:
        try:
            return importlib.import_module("sqlcipher3.dbapi2")
        except ImportError:
            raise CallError(say(NEEDS_SECURE), code="needs_secure") from None
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise CallError(
            say(
                "This Python has SQLite {sqlite_version}; the diary needs 3.37 or newer. Use "
                "Python 3.11 from python.org, or nightdose[secure].",
                sqlite_version=sqlite3.sqlite_version,
            )
        )
    return sqlite3


def error_types() -> tuple[type[Exception], ...]:
    """What SQLite and its encrypting twin raise."""
    try:
        return (sqlite3.Error, importlib.import_module("sqlcipher3.dbapi2").Error)
    except ImportError:
        return (sqlite3.Error,)


# what SQLite says -> what a person can do about it
SENTENCES = (
    ("locked", mark("{path} is being written by another nightdose. Close it and try again; nothing was lost.")),
    (
        "full",
        mark("The disk is full. Make room and enter this again; everything entered before is safe in {path}."),
    ),
    (
        "readonly",
        mark(
            "{path} or its folder may not be written to. Copy the diary to a folder of your own, "
            "or ask for write permission; nothing was changed."
        ),
    ),
    (
        "unable to open",
        mark(
            "{path} cannot be opened. Does the folder exist, and may you write to it? "
            "A diary on a read-only disk is read after copying it to a folder of your own."
        ),
    ),
    (
        "disk i/o",
        mark(
            "The disk did not take the entry (disk I/O error). Check the disk, then enter this again; "
            "what was confirmed before is in {path}."
        ),
    ),
    (
        "malformed",
        mark(
            "{path} is damaged or cut short. Do not write to it; restore the newest backup. "
            "Keep the damaged file: most of it may still be readable."
        ),
    ),
    ("not a database", mark("{path} is not a nightdose diary, or the key does not fit.")),
    ("only grows", mark("The diary only grows: a correction is a new entry that points at the old one.")),
    ("entry_corrected_once", mark("This entry was corrected before. Correct the newest version of it.")),
    (
        "unique constraint failed: entry.corrects",
        mark("This entry was corrected before. Correct the newest version of it."),
    ),
)


def sentence_for(error: Exception, path: Path) -> str:
    """What a person reads when SQLite says `error`."""
    said = str(error).lower()
    for words, sentence in SENTENCES:
        if words in said:
            return say(sentence, path=path)
    return say(
        "{path}: the diary could not do this ({error}). Nothing that was confirmed before is lost.",
        path=path,
        error=error,
    )


@contextmanager
def in_sentences(path: Path) -> Iterator[None]:
    """Every SQLite error inside becomes a DiaryError with a sentence."""
    try:
        yield
    except error_types() as error:
        raise DiaryError(sentence_for(error, path)) from None
    except UnicodeDecodeError:  # SQLite names the damaged part of its schema in the bytes it found there
        raise DiaryError(sentence_for(sqlite3.DatabaseError("malformed"), path), code="damaged") from None


def is_plain(path: Path) -> bool:
    """True when the file is unencrypted SQLite; an encrypted one starts with random bytes."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_MAGIC)) == PLAIN_MAGIC


def connect(path: Path, key: bytes | None, *, new: bool = False) -> Connection:
    """An open connection to the diary at `path`, migrated to the newest form.

    key : 32 bytes for an encrypted diary, None for a plain one.
    """
    path = real(path)
    if new:
        _make_file(path)
    else:
        _check_file(path)
    connection = None
    try:
        driver = _driver(key is not None)
        with in_sentences(path):
            connection = driver.connect(str(path), isolation_level=None, timeout=BUSY_MS / 1000)
        if key is not None:
            _unlock(connection, key, path)
        with in_sentences(path):
            _prepare(connection)
            _check_version(connection, path, new)
            migrate(connection)
            checkpoint(connection)
    except BaseException:
        if connection is not None:
            connection.close()
        if new:
            _remove(path)
        raise
    return connection


def checkpoint(connection: Connection) -> None:
    """Bring what stands in the -wal into the diary file itself, as far as no other reader needs it."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _make_file(path: Path) -> None:
    """An empty file that only its owner may read, before SQLite writes into it."""
    refuse_what_is_there(path, key=False)
    try:
        os.close(create(path))
    except OSError:
        raise DiaryError(sentence_for(sqlite3.OperationalError("unable to open"), path)) from None


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise DiaryError(
            say("There is no diary at {path}. Start one, or say where yours is.", path=path), code="no_diary"
        ) from None
    if size < 512:
        raise DiaryError(
            say(
                "{path} has {size} bytes, too few for a diary: it is another file, or one that was cut short. If it "
                "was your diary, restore the newest backup; do not write to this file.",
                path=path,
                size=size,
            ),
            code="damaged",
        )


def _unlock(connection: Connection, key: bytes, path: Path) -> None:
    assert len(key) == 32, "SQLCipher takes a raw key of 32 bytes"
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except error_types() as error:
        if "not a database" in str(error):
            raise WrongKey(
                say(
                    "This key does not open {path}. Check the passphrase or the recovery key; "
                    "nothing was changed. If both are right, the file is damaged: restore a backup.",
                    path=path,
                )
            ) from None
        raise DiaryError(sentence_for(error, path)) from None


def _prepare(connection: Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # an acknowledged entry is on the disk, not on its way there
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")


def _check_version(connection: Connection, path: Path, new: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if not new and owner != APPLICATION_ID:
        raise DiaryError(say("{path} is a database, but no nightdose diary. Nothing was changed.", path=path))
    if version > NEWEST:
        raise DiaryError(
            say(
                "{path} was written by a newer nightdose (form {version}, this program knows "
                "{newest}). Update nightdose; nothing was changed.",
                path=path,
                version=version,
                newest=NEWEST,
            )
        )
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise DiaryError(sentence_for(sqlite3.DatabaseError("malformed"), path))


def migrate(connection: Connection) -> None:
    """Run the steps the file has not had; each whole or not at all."""
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in MIGRATIONS:
        if step.number <= done:
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in step.statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={step.number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All of it or none of it; on the disk when the block has ended."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _remove(path: Path) -> None:
    for file in companions(path):
        remove(file)
