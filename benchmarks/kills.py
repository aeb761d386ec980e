"""Is anything lost, or kept twice, when the app is killed in mid-entry? A real server, an encrypted diary, a power cut.

    python -m benchmarks.kills [--times 200] [--seed 1] [--page docs/app.md]

Each time one evening's form is sent, and the process is killed (SIGKILL) a random moment later, before, while or after
it answers. A new server opens the diary; the same form is sent again, as a browser does with what was typed; then the
diary has to hold this evening exactly once. Whatever the first server had answered has to be there before that.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.web import WORDS, Server
from nightdose.cli import main as main_program
from nightdose.diary.entry import Outcome
from nightdose.diary.kept.store import Store
from nightdose.keeping import opening, settings

BEGIN, END = "<!-- kills: begin, written by `python -m benchmarks.kills` -->", "<!-- kills: end -->"
UNHURRIED = 5  # evenings that are saved without a kill, to learn how long one takes here
FIRST = datetime.date(2026, 1, 1)


@dataclass(slots=True)
class Counted:
    """How it went. kept_before : the diary had the evening after the kill although no answer had come."""

    times: int = 0
    answered: int = 0
    kept_before: int = 0
    lost: int = 0
    twice: int = 0
    within_s: float = 0.0


def evening(n: int, rng: random.Random) -> dict[str, str]:
    """The form of one evening, as a browser sends it."""
    day = FIRST + datetime.timedelta(days=n)
    return {"day": str(day), "once": f"kill{n + UNHURRIED:04d}-{rng.getrandbits(64):016x}", "score:Pain": str(n % 11)}


def unhurried(server: Server, rng: random.Random) -> float:
    """Seconds that an evening takes to be saved here, the median."""
    taken = []
    for n in range(-UNHURRIED, 0):
        began = time.perf_counter()
        assert server.ask("/", evening(n, rng))[0] == 303
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


class Forked:
    """`nightdose serve` in a copy of this process, which has imported everything: only that is quicker."""

    def __init__(self, folder: Path, diary: Path) -> None:
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(writing, 1)
            sys.stdout = os.fdopen(1, "w", buffering=1)
            try:
                main_program(["serve", "--no-browser", "--port", "0", "--diary", str(diary)])
            finally:
                os._exit(0)
        os.close(writing)
        self.stdout: IO[str] | None = os.fdopen(reading)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> int:
        assert self.stdout is not None
        self.stdout.close()
        return os.waitpid(self.pid, 0)[1]


def cut(server: Server, form: dict[str, str], after_s: float) -> bool:
    """Send the form and kill the server so long after; was it answered before it died?"""
    killer = threading.Timer(after_s, server.process.kill)
    killer.start()
    try:
        answered = server.ask("/", form)[0] == 303
    except (OSError, http.client.HTTPException):
        answered = False
    killer.join()
    server.process.wait()
    server.line.close()
    return answered


def held(diary: Path, key: bytes, day: datetime.date) -> int:
    """How often the diary has that evening, read past every server; its chain has to be whole."""
    with Store(diary, key) as store:
        found = store.verify()
        assert found.whole, found.faults
        return len(store.entries(day=day, kind="score"))


def killed(folder: Path, times: int, seed: int) -> Counted:
    """So many evenings, each with a kill."""
    diary, rng, counted = folder / "diary.db", random.Random(seed), Counted()
    opening.start(diary, WORDS)
    with opening.open_diary(diary, passphrase=WORDS) as store:
        settings.choose_outcome(store, Outcome("Pain", "0-10", "lower", worth=1.0))
    key = opening.secret_of(opening.key_text(diary), passphrase=WORDS).file_key
    server = Server(folder, diary, Forked)
    counted.within_s = 2 * unhurried(server, rng)
    for n in range(times):
        form = evening(n, rng)
        day = datetime.date.fromisoformat(form["day"])
        answered = cut(server, form, rng.uniform(0, counted.within_s))
        there = held(diary, key, day)
        counted.times += 1
        counted.answered += answered
        counted.kept_before += there > 0 and not answered
        counted.lost += answered and there == 0
        server = Server(folder, diary, Forked)
        status = server.ask("/", form)[0]
        assert status in (200, 303, 409, 422), status
        after = held(diary, key, day)
        counted.lost += after == 0
        counted.twice += after > 1
        if n % 20 == 19:
            print(f"{time.strftime('%H:%M:%S')} {counted}", flush=True)
    server.stop()
    return counted


def lines_of(counted: Counted) -> list[str]:
    """The result as the lines of a page."""
    return [
        f"{datetime.date.today():%B %Y}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}: {counted.times} kills, "
        f"each 0 to {1000 * counted.within_s:.0f} ms after an evening was sent (twice what one takes). "
        f"{counted.answered} were answered before the kill, "
        f"{counted.kept_before} were kept but not answered, "
        f"{counted.times - counted.answered - counted.kept_before} came too late to be kept and were sent again. "
        f"Lost: {counted.lost}. Kept twice: {counted.twice}. The chain of rows was whole after each."
    ]


def main() -> None:
    """Kill, print, and write the section where a page is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nightdose-kills-") as folder:
        counted = killed(Path(folder), arguments.times, arguments.seed)
    print("\n".join(lines_of(counted)))
    if arguments.page is not None:
        text = arguments.page.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        written = "\n".join([head + BEGIN, *lines_of(counted), END + rest.split(END)[1]])
        arguments.page.write_text(written, encoding="utf-8")
    raise SystemExit(1 if counted.lost or counted.twice else 0)


if __name__ == "__main__":
    main()
