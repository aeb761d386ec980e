"""Random command lines: a sentence and an exit code that is promised, never a traceback, never a control character."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import os
import random
import shlex
import shutil
import signal
import sys
import tempfile
import unittest.mock
from collections.abc import Iterator
from pathlib import Path

from tests.diary.importers.honest import honest

from benchmarks.threats import words as made
from benchmarks.threats.count import Count
from nightdose.cli import main
from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept import backup
from nightdose.diary.kept.store import Store
from nightdose.errors import NightdoseError
from nightdose.keeping import safety, settings
from nightdose.knowledge.interactions import questions

ALLOWED = {0: "done", 2: "wrong call, in a sentence", 3: "refused, in a sentence", 130: "stopped"}
MOST_CPU_S, MOST_SECONDS = (
    60,
    1800,
)  # of the machine's own time, so that other work on it counts for nothing; by the clock
FRESH = 25  # lines that share a folder before it is laid out anew


class Keys(io.StringIO):
    """A keyboard that somebody is at, or a pipe."""

    def __init__(self, text: str, person: bool) -> None:
        super().__init__(text)
        self.person = person

    def isatty(self) -> bool:
        return self.person


def lay_out(folder: Path) -> None:
    """A diary with some weeks, files to import, tables, a passphrase."""
    today = datetime.date.today()
    with Store(folder / "d.db", None, create=True) as store:
        settings.choose_outcome(store, Outcome("pain", "0-10"))
        days = [today - datetime.timedelta(days=back) for back in range(60, 0, -1)]
        store.add(*(Entry(day, "score", "pain", float(day.day % 8)) for day in days))
        store.add(*(Entry(day, "dose", "naltrexone", 1.5, "mg", "taken") for day in days[30:]))
        safety.answer(store, {question.id: False for question in questions()}, today, complete=True)
        made_at = datetime.datetime(2026, 11, 27, tzinfo=datetime.UTC)
        backup.make(store, None, folder, made_at).path.rename(folder / "d.nightdose-backup")
    rows = [f"{day},{day.day % 8},{1.5 * (day > days[29])}" for day in days]
    (folder / "table.csv").write_text("\n".join(["date,pain,ldn_mg", *rows, ""]))
    people = [f"{person},{row}" for person in ("a", "=b") for row in rows[10:50]]
    (folder / "people.csv").write_text("\n".join(["person,date,pain,naltrexone_mg", *people, ""]))
    (folder / "evil.csv").write_text("date,p\x1b[31m,note\n2026-01-01,3,\x1b]0;x\x07\u202e\n2026-01-02,\x1b[2J4,=cmd\n")
    (folder / "empty.csv").write_text("")
    (folder / "pass.txt").write_text("four unrelated words here\n")
    (folder / "folder").mkdir()
    samples = honest()
    for name, kind, number in (("forms.csv", "table", 1), ("daylio.csv", "daylio", 0), ("loop.zip", "loop", 0),
                               ("book.xlsx", "spreadsheet", 0)):  # fmt: skip
        (folder / name).write_bytes(samples[kind][number].packed())


@contextlib.contextmanager
def elsewhere(folder: Path) -> Iterator[None]:
    """The working folder, home, and a clock that stops what takes too long; a server that answers nobody."""
    before = Path.cwd()
    os.chdir(folder)
    here = {"HOME": str(folder), "NIGHTDOSE_DIARY": str(folder / "d.db"), "XDG_STATE_HOME": str(folder)}
    old = {number: signal.signal(number, _too_long) for number in (signal.SIGALRM, signal.SIGPROF)}
    try:
        with (
            unittest.mock.patch.dict(os.environ, here),
            unittest.mock.patch("nightdose.web.serving.serve", lambda desk, made, doors: made.close()),
            unittest.mock.patch("webbrowser.open"),
        ):
            yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
        os.chdir(before)


class TooLong(BaseException):
    """Nothing that the command may catch."""


def _too_long(number: int, frame: object) -> None:
    raise TooLong


def run(words: list[str], keys: Keys) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of one line."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        unittest.mock.patch.object(sys, "stdin", keys),
        unittest.mock.patch("getpass.getpass", lambda prompt="": input(prompt)),
    ):
        signal.alarm(MOST_SECONDS)
        signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S)
        try:
            code = main(words)
        except SystemExit as stop:  # argparse's own refusals and its help
            code = int(stop.code or 0)
        finally:
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
    return code, out.getvalue(), err.getvalue()


def what_is_wrong(words: list[str], code: int, out: str, err: str) -> str:
    """What of a promise was broken, or ''."""
    if code not in ALLOWED:
        return f"exit code {code}: {err[-200:]}"
    if "Traceback" in out + err or "did not work, and it should have" in err:
        return f"an error that nobody meant: {err[-200:]}"
    if code and not (out + err).strip():
        return f"exit code {code} without a word"
    if odd := {letter for letter in out + err if letter not in "\n\t" and not letter.isprintable()}:
        return f"control characters {sorted(map(ascii, odd))}"
    if code == 0 and "--json" in words and words[0] in ("log", "import", "safety") and "-h" not in words:
        with contextlib.suppress(ValueError):
            json.loads(out)
            return ""
        return f"--json and no JSON: {out[:100]!r}" if "--help" not in words else ""
    return ""


def one(words: list[str], keys: Keys, count: Count, where: str) -> None:
    """Run a line and note what came of it."""
    try:
        code, out, err = run(words, keys)
        wrong = what_is_wrong(words, code, out, err)
    except TooLong:
        code, wrong = -1, f"took more than {MOST_CPU_S} s of the machine's time"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what this looks for
        code, wrong = -1, f"{type(error).__name__}: {error}"
    if wrong:
        count.fault(
            f"{where}: nightdose {shlex.join(words)}: {wrong}"[:600].encode("ascii", "backslashreplace").decode()
        )
    else:
        count.outcomes[ALLOWED[code]] += 1


def after(folder: Path) -> str:
    """What is wrong with the diary that the lines ran on, or ''; it may have been deleted, by its own command only."""
    if not (folder / "d.db").exists():
        return ""
    try:
        with Store(folder / "d.db", None) as store:
            return "" if store.verify().whole else "the diary is not whole"
    except NightdoseError as error:
        return f"the diary does not open: {error}"


def rounds(seed: int, number: int) -> Count:
    """`number` random lines, in this process; the diary they ran on has to be whole afterwards, or deleted by name."""
    rng, count = random.Random(f"lines:{seed}"), Count()
    with tempfile.TemporaryDirectory(prefix="threats-") as name:
        for place in range(number):
            folder = Path(name) / f"f{place // FRESH}"
            if place % FRESH == 0:
                folder.mkdir()
                lay_out(folder)
            line = made.line(rng)
            typed = "".join(f"{rng.choice(made.WORDS)}\n" for _ in range(rng.randint(0, 12)))
            with elsewhere(folder):
                one(line, Keys(typed, rng.random() < 0.3), count, f"seed {seed}, line {place}")
            if place % FRESH == FRESH - 1 or place == number - 1:
                if wrong := after(folder):
                    count.fault(f"seed {seed}, lines up to {place}: {wrong}")
                shutil.rmtree(folder, ignore_errors=True)
    return count
