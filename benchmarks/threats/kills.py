"""Processes killed at random moments while they write, import, start, restore and back up a diary."""

from __future__ import annotations

import datetime
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tests.diary.kept.killing as killing

from benchmarks.threats.count import Count
from nightdose.diary.entry import Entry
from nightdose.diary.kept import backup
from nightdose.diary.kept.store import Store
from nightdose.keeping import opening
from nightdose.keeping.entries import write

DAY = datetime.date(2026, 11, 20)
LONGEST_S = 0.03


def writers(seed: int, number: int) -> Count:
    """Half plain, half encrypted: whatever was confirmed before the kill is in the diary, and the diary is whole."""
    count = Count()
    for mode in ("plain", "encrypted"):
        with tempfile.TemporaryDirectory(prefix="threats-") as folder:
            words = [sys.executable, killing.__file__, str(number // 2), str(seed), mode, folder]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        hit = found["killed_while_writing"]
        count.outcomes[f"writer, {mode}: killed while writing, all {mode} entries kept"] += hit
        count.outcomes[f"writer, {mode}: killed while opening"] += number // 2 - hit
        for what in [*found["faults"], *([f"{found['lost']} lost"] if found["lost"] else [])]:
            count.fault(f"writer, {mode}, seed {seed}: {what}")
    return count


def killed(act: Callable[[], None], rng: random.Random, longest: float) -> bool:
    """Run the act in a child and kill it; True when it had ended before."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    time.sleep(rng.uniform(0.0, longest))
    done = os.waitpid(child, os.WNOHANG)[0] != 0
    if not done:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return done


def taking_in(folder: Path, rng: random.Random) -> bool:
    """An import of 300 rows and 30 corrections is there whole or not at all."""
    path = folder / "d.db"
    with Store(path, None, create=True) as store:
        store.add(*(Entry(DAY, "score", "pain", float(n % 11)) for n in range(30)))
    new = [Entry(DAY, "score", "sleep", float(n)) for n in range(300)]
    changes = [(n + 1, Entry(DAY, "score", "pain", 1.0), "newer import") for n in range(30)]

    def act() -> None:
        with Store(path, None) as store:
            store.write_all(new, changes, [])

    done = killed(act, rng, LONGEST_S)
    with Store(path, None) as store:
        assert store.verify().whole, "not whole"
        assert len(store.history()) in (30, 360), f"{len(store.history())} rows: half an import"
    return done


def saying_anew(folder: Path, rng: random.Random) -> bool:
    """A dose that replaces another, with scores: all of it or none, and never both doses."""
    path = folder / "d.db"
    with Store(path, None, create=True) as store:
        store.add(Entry(DAY, "dose", "naltrexone", 1.5, "mg", "taken"), Entry(DAY, "dose", "LDN", 1.5, "mg", "taken"))

    def act() -> None:
        with Store(path, None) as store:
            said = [Entry(DAY, "dose", "naltrexone", 3.0, "mg", "taken"), Entry(DAY, "score", "pain", 4.0)]
            write(store, said, DAY, repeat="instead")

    done = killed(act, rng, LONGEST_S)
    with Store(path, None) as store:
        doses = [row.entry.value for row in store.entries(kind="dose")]
        scores = len(store.entries(kind="score"))
        assert (doses, scores) in (([1.5, 1.5], 0), ([3.0], 1)), f"doses {doses}, scores {scores}: half of it"
    return done


def starting(folder: Path, rng: random.Random) -> bool:
    """A start that was killed left a diary, or what a second start passes over."""
    path = folder / "d.db"
    done = killed(lambda: _start(path), rng, LONGEST_S)
    if not path.exists():
        _start(path)
    with Store(path, None) as store:
        assert store.verify().whole, "not whole"
    return done


def _start(path: Path) -> None:
    opening.start(path, None)


def restoring(folder: Path, rng: random.Random) -> bool:
    """A restore that was killed left the whole diary, or can simply be made again."""
    source, target = folder / "s.db", folder / "new.db"
    with Store(source, None, create=True) as store:
        store.add(*(Entry(DAY, "score", "pain", float(n % 11)) for n in range(200)))
        made = backup.make(store, None, folder, datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC))
    done = killed(lambda: _restore(made.path, target), rng, LONGEST_S)
    if not target.exists():
        _restore(made.path, target)
    with Store(target, None) as store:
        assert (store.verify().whole, len(store.history())) == (True, 200), "not the diary of the backup"
    return done


def _restore(path: Path, target: Path) -> None:
    backup.restore(path, target, None)


def backing_up(folder: Path, rng: random.Random) -> bool:
    """A backup that has its name is whole, and the diary is untouched."""
    path = folder / "d.db"
    with Store(path, None, create=True) as store:
        store.add(*(Entry(DAY, "score", "pain", float(n % 11)) for n in range(200)))

    def act() -> None:
        with Store(path, None) as store:
            backup.make(store, None, folder, datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC))

    done = killed(act, rng, LONGEST_S)
    for file in folder.glob(f"*{backup.ENDING}"):
        assert backup.verify(file, None).whole, "a backup with its name that is not whole"
    with Store(path, None) as store:
        assert (store.verify().whole, len(store.history())) == (True, 200), "the diary changed"
    return done


ACTS = {
    "import": taking_in, "dose said anew": saying_anew, "start": starting, "restore": restoring, "backup": backing_up,
}  # fmt: skip


def rounds(seed: int, number: int) -> Count:
    """Half of the kills hit writers, half the other acts in turn."""
    count = writers(seed, number // 2)
    rng = random.Random(f"kills:{seed}")
    for place in range(number - number // 2):
        name = list(ACTS)[place % len(ACTS)]
        with tempfile.TemporaryDirectory(prefix="threats-") as folder:
            try:
                done = ACTS[name](Path(folder), rng)
                count.outcomes[
                    f"{name}: " + ("had ended before the kill" if done else "killed, whole or not at all")
                ] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                count.fault(f"{name}, seed {seed}, {place}: {type(error).__name__}: {error}"[:300])
    return count
