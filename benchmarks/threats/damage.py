"""Diary, key file and backup damaged at random: noticed, or nothing that was written differs. Never in silence."""

from __future__ import annotations

import datetime
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.threats.count import Count
from nightdose.diary.entry import Entry
from nightdose.diary.kept import backup
from nightdose.diary.kept.files import key_file
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import lock, new_secret, unlock
from nightdose.errors import NightdoseError

DAY = datetime.date(2026, 11, 20)
PASSPHRASE = "four unrelated words here"
PAGE = 4096


def flip(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def blank(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    at, length = rng.randrange(len(content)), rng.choice((16, 512, PAGE, 4 * PAGE))
    content[at : at + length] = bytes(len(content[at : at + length]))
    path.write_bytes(content)


def cut(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: rng.randrange(len(content))])


def cut_out(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    at = rng.randrange(len(content))
    path.write_bytes(content[:at] + content[at + rng.randint(1, PAGE) :])


def swap_pages(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    pages = max(1, len(content) // PAGE)
    one, other = rng.randrange(pages), rng.randrange(pages)
    a, b = slice(one * PAGE, one * PAGE + PAGE), slice(other * PAGE, other * PAGE + PAGE)
    content[a], content[b] = content[b], content[a]
    path.write_bytes(content)


def append(path: Path, rng: random.Random) -> None:
    with path.open("ab") as file:
        file.write(rng.randbytes(rng.randint(1, 2 * PAGE)))


BYTES: tuple[Callable[[Path, random.Random], None], ...] = (flip, flip, blank, cut, cut_out, swap_pages, append)
ROWS = (
    "UPDATE entry SET value = value + 1 WHERE number = {n}",
    "UPDATE entry SET day = '2026-01-01' WHERE number = {n}",
    "UPDATE entry SET item = 'other' WHERE number = {n}",
    "UPDATE entry SET withdrawn = 1 WHERE number = {n}",
    "UPDATE entry SET corrects = {m} WHERE number = {n}",
    "DELETE FROM entry WHERE number = {n}",
    "DELETE FROM entry WHERE number > {n}",
    "UPDATE document SET body = '{{}}' WHERE number = 1",
    "DELETE FROM document",
    "UPDATE tip SET rows = rows - 1",
)  # what another program's hand does to a plain diary


def written(folder: Path, encrypted: bool) -> tuple[Path, bytes | None]:
    """A diary with entries, corrections and pages."""
    path = folder / "diary.db"
    secret = new_secret() if encrypted else None
    key = secret.file_key if secret else None
    with Store(path, key, create=True) as store:
        store.put("setting", "day", {"start": "04:00", "zone": "Europe/Oslo"})
        store.add(*(Entry(DAY, "score", "pain", float(n % 11)) for n in range(120)))
        store.correct(7, Entry(DAY, "score", "pain", 3.0))
        store.withdraw(9, "twice")
    if secret:
        key_file(path).write_text(lock(secret, PASSPHRASE), encoding="utf-8")
    with Store(path, key) as store:
        backup.make(store, key, folder, datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC))
    return path, key


def what(path: Path, key: bytes | None) -> tuple[object, ...]:
    """Everything that a diary says."""
    with Store(path, key) as store:
        store.refuse_if_damaged()
        return store.history(), store.documents()


def by_another_program(path: Path, rng: random.Random) -> None:
    """A row or page changed, added or taken out through SQL, with the triggers taken out first."""
    connection = sqlite3.connect(path, isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    statement = rng.choice(ROWS).format(n=rng.randint(1, 121), m=rng.randint(1, 60))
    connection.execute("PRAGMA ignore_check_constraints=ON")
    try:
        connection.execute(statement)
    except sqlite3.Error:
        connection.execute("DELETE FROM entry WHERE number = 5")
    connection.close()


def damaged_diary(path: Path, key: bytes | None, said: tuple[object, ...], rng: random.Random) -> str:
    try:
        now = what(path, key)
    except NightdoseError:
        return "diary: noticed"
    assert now == said, "the diary says something else and calls itself whole"
    return "diary: nothing that was written was hit"


def damaged_key(path: Path, key: bytes) -> str:
    try:
        found = unlock(key_file(path).read_text(encoding="utf-8"), PASSPHRASE)
    except (NightdoseError, UnicodeDecodeError):  # opening.key_text makes a sentence of the second
        return "key file: noticed"
    assert found.file_key == key, "another key came out"
    return "key file: nothing that counts was hit"


def damaged_backup(file: Path, key: bytes | None, said: tuple[object, ...]) -> str:
    try:
        backup.restore(file, file.parent / "restored.db", key)
    except NightdoseError:
        assert not list(file.parent.glob("restored*")), "a refused restore left files"
        return "backup: noticed"
    assert what(file.parent / "restored.db", key) == said, "the restored diary says something else"
    return "backup: nothing that was written was hit"


def rounds(seed: int, number: int) -> Count:
    """`number` pieces of damage: a third each to plain diaries, encrypted ones with their keys, and backups."""
    rng, count = random.Random(f"damage:{seed}"), Count()
    with tempfile.TemporaryDirectory(prefix="threats-") as name:
        whole = {}
        for encrypted in (False, True):
            (folder := Path(name) / str(encrypted)).mkdir()
            path, key = written(folder, encrypted)
            whole[encrypted] = folder, path, key, what(path, key)
        for place in range(number):
            folder, path, key, said = whole[encrypted := bool(place % 2)]
            work = Path(name) / "work"
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(folder, work)
            here, file = work / path.name, next(work.glob("*-backup"))
            kind = ("diary", "diary", "backup", "key" if encrypted else "rows")[place // 2 % 4]
            try:
                if kind == "rows":
                    by_another_program(here, rng)
                    outcome = damaged_diary(here, key, said, rng).replace("diary", "rows by another program")
                elif kind == "diary":
                    rng.choice(BYTES)(here, rng)
                    outcome = damaged_diary(here, key, said, rng)
                elif kind == "key" and key is not None:
                    rng.choice((flip, cut, blank, append))(key_file(here), rng)
                    outcome = damaged_key(here, key)
                else:
                    rng.choice(BYTES)(file, rng)
                    outcome = damaged_backup(file, key, said)
                count.outcomes[outcome] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                count.fault(
                    f"{kind}, encrypted={encrypted}, seed {seed}, {place}: {type(error).__name__}: {error}"[:300]
                )
    return count
