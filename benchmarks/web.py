"""How fast is the app with ten years of diary, and does it grow? A real server on this machine, an encrypted diary.

    python -m benchmarks.web [--requests 20000] [--page docs/app.md]

Server time is the processor time of the server's own thread for one request, as the kernel counts it, so that a busy
machine does not blur it: the first time a page is asked, and the median of the next ones, while the diary does not
change. The last column is what a person waits, on this machine as it was. Memory is that of the server's process.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlencode

import numpy as np

from nightdose.diary.entry import Entry, Outcome
from nightdose.keeping import opening, settings

BEGIN, END = "<!-- web: begin, written by `python -m benchmarks.web` -->", "<!-- web: end -->"
WORDS, DAYS, AGAIN = "correct horse battery", 3653, 5
PAGES = (
    "/", "/timeline", "/timeline?days=3653", "/answer", "/plan", "/plan/gates", "/plan/trial", "/dose", "/data",
    "/help", "/answer?format=json", "/timeline?format=json",
)  # fmt: skip
FILES = ("/answer/report", "/data/days.csv", "/data/everything.zip")
CHEAP = ("/", "/answer", "/plan", "/help", "/data", "/more", "/plan/liquid", "/answer?format=json")
REACH_MS, REACH_START_S, REACH_MB = 100, 1.5, 150


@dataclass(frozen=True, slots=True)
class Timed:
    """One page: ms of the server for the first request and the median of the next ones, ms waited, size in bytes."""

    path: str
    first_ms: float
    next_ms: float
    waited_ms: float
    size: int


class Process(Protocol):
    """What is asked of a running server's process."""

    stdout: IO[str] | None
    pid: int

    def kill(self) -> None: ...
    def terminate(self) -> None: ...
    def wait(self) -> int: ...


def from_its_command(folder: Path, diary: Path) -> Process:
    """`nightdose serve` as a person starts it."""
    env = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    command = [sys.executable, "-m", "nightdose", "serve", "--no-browser", "--port", "0", "--diary", str(diary)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


class Server:
    """`nightdose serve` on a diary, entered and unlocked, with one connection that stays open."""

    def __init__(self, folder: Path, diary: Path, begin: Callable[[Path, Path], Process] | None = None) -> None:
        begun = time.perf_counter()
        self.process: Process = (begin or from_its_command)(folder, diary)
        assert self.process.stdout is not None
        said = ""
        while (found := re.search(r"127\.0\.0\.1:(\d+)/\?token=(\S+)", said)) is None:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the server did not start")
            said += line
        self.host = f"127.0.0.1:{found[1]}"
        self.line = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=120)
        self.cookie = ""
        self.cookie = self.ask(f"/?token={found[2]}")[2].split(";")[0]
        self.ask("/")
        self.started_s, self.started_ms = time.perf_counter() - begun, self.worked_ms()
        status, _, _ = self.ask("/unlock", {"path": "/", "unlock_words": WORDS, "unlock_by": "passphrase"})
        assert status == 303, status

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes, str]:
        """(status, body, cookie that was set)."""
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        if form is None:
            self.line.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self.line.request("POST", path, urlencode(form), headers)
        answer = self.line.getresponse()
        return answer.status, answer.read(), answer.getheader("set-cookie") or ""

    def timed(self, path: str) -> Timed:
        """The page's times; anything but a page ends the measurement."""
        times, waited, size = [], [], 0
        for _ in range(1 + AGAIN):
            before, worked = time.perf_counter(), self.worked_ms()
            status, body, _ = self.ask(path)
            waited.append(1000 * (time.perf_counter() - before))
            times.append(self.worked_ms() - worked)
            assert status == 200, (path, status)
            size = len(body)
        return Timed(path, times[0], statistics.median(times[1:]), statistics.median(waited[1:]), size)

    def worked_ms(self) -> float:
        """Processor time of the server's main thread so far."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e6

    def memory_mb(self, name: str = "VmRSS") -> float:
        """Resident memory of the process now (VmRSS) or at most (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def stop(self) -> None:
        """End the process that was started here."""
        self.process.terminate()
        self.process.wait()


def ten_years(path: Path, days: int = DAYS) -> int:
    """An encrypted diary until yesterday, simulated: three scores, a dose, rescue medicines, events; its entries."""
    opening.start(path, WORDS)
    rng = np.random.default_rng(10)
    first = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=days)
    with opening.open_diary(path, passphrase=WORDS) as store:
        for name in ("Pain", "Fatigue", "Sleep trouble"):
            settings.choose_outcome(store, Outcome(name, "0-10", "lower", worth=1.0))
        entries = list(_days(first, days, rng))
        store.add(*entries)
    return len(entries)


def _days(first: datetime.date, days: int, rng: np.random.Generator) -> Iterator[Entry]:
    on = np.repeat(rng.random(days // 28 + 1) < 0.5, 28)[:days]
    for t in range(days):
        day = first + datetime.timedelta(days=t)
        if rng.random() < 0.08:
            continue
        for name in ("Pain", "Fatigue", "Sleep trouble"):
            yield Entry(day, "score", name, float(np.clip(round(rng.normal(5 - on[t], 1.5)), 0, 10)))
        taken = bool(on[t])
        yield Entry(
            day, "dose", "naltrexone", 4.5 if taken else None, "mg" if taken else "", "taken" if taken else "missed"
        )
        if rng.random() < 0.15:
            yield Entry(day, "rescue", "ibuprofen", 400.0, "mg", "taken")
        if rng.random() < 0.01:
            yield Entry(day, "event", "a cold", text="a cold")


def lines_of(folder: Path, requests: int) -> list[str]:
    """The measurement as the lines of a page."""
    diary = folder / "diary.db"
    entries = ten_years(diary)
    warm = Server(folder, diary)  # the files of Python are in the disk's memory then, as on a second evening
    warm.stop()
    server = Server(folder, diary)
    try:
        started, worked, at_rest = server.started_s, server.started_ms, server.memory_mb()
        pages = [server.timed(path) for path in PAGES]
        files = [server.timed(path) for path in FILES]
        for i in range(requests // 10):
            server.ask(CHEAP[i % len(CHEAP)])
        before, begun = server.memory_mb(), time.perf_counter()
        for i in range(requests):
            assert server.ask(CHEAP[i % len(CHEAP)])[0] == 200
        seconds, after, most = time.perf_counter() - begun, server.memory_mb(), server.memory_mb("VmHWM")
    finally:
        server.stop()
    slow = [page.path for page in pages if page.next_ms > REACH_MS]
    return [
        f"An encrypted, simulated diary of {DAYS} days and {entries} entries; a real server, one connection; "
        f"{datetime.date.today():%B %Y}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}.",
        "",
        "| page | server, first time, ms | server, again, ms | waited again, ms | kB |",
        "|---|---|---|---|---|",
        *(
            f"| `{p.path}` | {p.first_ms:.0f} | {p.next_ms:.0f} | {p.waited_ms:.0f} | {p.size / 1000:.0f} |"
            for p in pages
        ),
        *(
            f"| `{p.path}` (a file) | {p.first_ms:.0f} | {p.next_ms:.0f} | {p.waited_ms:.0f} | {p.size / 1000:.0f} |"
            for p in files
        ),
        "",
        f"Pages above {REACH_MS} ms once the answer is kept: {', '.join(slow) or 'none'}. "
        f"From the command to the first page: {started:.2f} s waited, "
        f"{worked / 1000:.2f} s of work (asked for: {REACH_START_S}). "
        f"Memory: {at_rest:.0f} MB after unlocking, {most:.0f} MB at most (asked for: {REACH_MB}). "
        f"{requests} requests at {requests / seconds:.0f} a second: {before:.1f} MB before, {after:.1f} MB after.",
    ]


def main() -> None:
    """Measure, print, and write the section where a page is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nightdose-bench-") as folder:
        lines = lines_of(Path(folder), arguments.requests)
    print("\n".join(lines))
    if arguments.page is not None:
        text = arguments.page.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        written = "\n".join([head + BEGIN, *lines, END + rest.split(END)[1]])
        arguments.page.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
