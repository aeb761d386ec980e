"""Honest files of every importer, spoiled at random: entries or one sentence, never another error."""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
import tempfile
import time
from pathlib import Path

from tests.diary.importers.honest import Sample, honest, zipped

from benchmarks.threats.count import Count
from benchmarks.threats.zips import spoil_zip
from nightdose.diary.day import DayRule
from nightdose.diary.importers import READERS, detect, generic, importing
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.suggest import suggest
from nightdose.diary.kept.store import Store
from nightdose.errors import NightdoseError
from nightdose.keeping import table

PIECES = (
    b"", b"\x00", b"\xff\xfe", b'"', b",", b"\n", b";", b"9" * 40, b"-1", b"nan", b"1e308", b"=1+1", b"\x1b[2J",
    b"<!ENTITY x 'y'>", b"{", b"]", b"null", b"0001-01-01", b"9999-12-31", b"31/02/2026", b"24:00", b"\xc3", b"T",
)  # fmt: skip
WORD = re.compile(rb"[^\"',;:<>=\s{}\[\]/]+")
WORDS = (
    b"", b"0", b"-1", b"4", b"1e400", b"-1e308", b"NaN", b"Infinity", b"0.1.2", b"1,5", b"1.234,5", b"null", b"true",
    b"x", b"yes", b"2026-02-30", b"2026-11-20", b"20261120", b"1795212000000", b"-99999999999999", b"0001-01-01",
    b"9999-12-31", b"23:59:60", b"12:00 pm", b"+14:00", b"-25:00", b"Z", "µg".encode(), "\u202e".encode(), b"'", b"=1",
)  # fmt: skip
WHOLE_WAY = 10  # one file in so many is also written into a diary and becomes a table
MOST_SECONDS = 20.0
FAR = 1e16


def spoil_bytes(content: bytes, rng: random.Random) -> bytes:
    """The bytes with up to six pieces cut out, doubled, moved or replaced."""
    out = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        if not out:
            break
        at = rng.randrange(len(out))
        end = min(len(out), at + rng.choice((0, 1, 1, 2, 4, 8, 30, 200)))
        piece = bytes(out[at:end])
        new = rng.choice((*PIECES, piece * 2, piece[::-1], rng.randbytes(rng.randint(1, 12)), content[:60]))
        out[at:end] = new
    return bytes(out)


def spoil_words(content: bytes, rng: random.Random) -> bytes:
    """The bytes with up to six words, numbers or dates replaced, so that the shape around them holds."""
    for _ in range(rng.randint(1, 6)):
        found = list(WORD.finditer(content))
        if not found:
            break
        word = rng.choice(found)
        new = rng.choice((*WORDS, word[0] * 2, word[0][:-1], rng.choice(found)[0]))
        content = content[: word.start()] + new + content[word.end() :]
    return content


def spoil_cells(content: bytes, rng: random.Random) -> bytes:
    """A SQLite file with up to six cells, or whole columns, that say something else."""
    with tempfile.TemporaryDirectory(prefix="threats-") as folder:
        path = Path(folder) / "x.db"
        path.write_bytes(content)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for _ in range(rng.randint(1, 6)):
            table = rng.choice(tables)
            column = rng.choice([row[1] for row in connection.execute(f"PRAGMA table_info({table})")])
            value = rng.choice(
                (None, -1, 0, 2**62, -(2**62), 1e308, 5e-324, "x", b"\x00", 1_795_212_000_000, rng.random())
            )
            with contextlib.suppress(sqlite3.Error):  # a row's own number takes no text
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        connection.close()
        return path.read_bytes()


def spoil(content: bytes, rng: random.Random) -> bytes:
    """Half of the time its bytes, half of the time the words in it."""
    if rng.random() < 0.5:
        return spoil_bytes(content, rng)
    return spoil_cells(content, rng) if content.startswith(b"SQLite format 3") else spoil_words(content, rng)


def spoiled(sample: Sample, rng: random.Random) -> bytes:
    """One file: its bytes spoiled, or of a zip one member's, or the zip's own, or a member lost."""
    if isinstance(sample.content, bytes) and not sample.content.startswith(b"PK"):
        return spoil(sample.content, rng)
    kind = rng.random()
    if kind < 0.2 or isinstance(sample.content, bytes):
        return rng.choice((spoil, spoil_zip))(sample.packed(), rng)
    members = dict(sample.content)
    chosen = rng.choice(sorted(members))
    if kind < 0.25:
        del members[chosen]
    else:
        members[chosen] = spoil(members[chosen], rng)
    return zipped(members)


def read(path: Path, format: str) -> Imported:
    """As the program reads it, told by its contents; a format of its own is forced where that is another one."""
    choices = Choices(day=DayRule(zone="Europe/Oslo"), date_order="dmy")
    seen = detect(path)
    if seen in READERS:
        return READERS[seen](path, choices)
    if format in READERS:
        return READERS[format](path, choices)
    opened = generic.open_table(path)
    return generic.read(opened, choices, suggest(opened))


def one(format: str, content: bytes, name: str, folder: Path, whole_way: bool) -> str:
    """What became of one file; anything but entries or a sentence is raised."""
    path = folder / name
    path.write_bytes(content)
    try:
        imported = read(path, format)
    except NightdoseError:
        return "refused in a sentence"
    assert all(entry.value is None or abs(entry.value) < FAR for entry in imported.entries), "a number out of bounds"
    if whole_way:
        with Store(folder / "d.db", None) as store:
            found = importing.preview(store, imported)
            importing.write(store, found)
            assert store.verify().whole, "the diary is not whole afterwards"
            again = importing.preview(store, imported)
            assert not again.new, f"read once more it would add {len(again.new)}"
            table.table_of(store, "last")
    if imported.entries:
        return "entries, the rest named" if imported.problems else "entries"
    return "no entry"


def rounds(format: str, seed: int, number: int) -> Count:
    """`number` spoiled files of one format."""
    rng = random.Random(f"{format}:{seed}")
    samples, count = honest()[format], Count()
    with tempfile.TemporaryDirectory(prefix="threats-") as name:
        folder = Path(name)
        for place in range(number):
            sample = rng.choice(samples)
            content = spoiled(sample, rng)
            whole_way = place % WHOLE_WAY == 0
            if whole_way:
                for old in folder.glob("d.db*"):
                    old.unlink()
                Store(folder / "d.db", None, create=True).close()
            began = time.process_time()
            try:
                outcome = one(format, content, sample.name, folder, whole_way)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                count.fault(f"{format}, seed {seed}, file {place}: {type(error).__name__}: {str(error)[:200]}")
                continue
            if time.process_time() - began > MOST_SECONDS:
                count.fault(f"{format}, seed {seed}, file {place}: took more than {MOST_SECONDS:.0f} s")
            else:
                count.outcomes[outcome] += 1
    return count


FORMATS = tuple(honest())
__all__ = ["FORMATS", "rounds", "spoil", "spoiled"]
