"""How large and how fast is nightdose inside a browser? The built folder in a real Chromium, at the width of a phone.

    python -m benchmarks.browser [--page docs/browser.md] [--starts 5]

For each diary one profile: a first visit over a server on this machine, an encrypted diary restored, then starts with
the server stopped and the network off. Times are what a person waits, on this machine as it was; of starts the median.
Memory is that of a browser without a driver, which would keep copies.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser import folder
from tests.browser.conftest import CHROMIUM, FIREFOX, FLAGS, PHONE
from tests.browser.folder import Host, Window, built, flight_mode, play
from tests.browser.unwatched import SHOWN, Unwatched

from benchmarks.web import DAYS, ten_years
from benchmarks.web import WORDS as LAPTOP_WORDS
from nightdose.keeping import backups, opening

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

BEGIN, END = "<!-- browser: begin, written by `python -m benchmarks.browser` -->", "<!-- browser: end -->"
PAGES = (("/", "day"), ("/timeline", "Timeline"), ("/answer", ""), ("/plan", "Plan"), ("/data", "Data"))
DIARIES = {"90 days": 90, "ten years": DAYS}
AGAIN = 5
EVENINGS = 60
REST_MS = 10_000
AT_MOST_S, AT_MOST_MB = 2.0, 400  # asked for: from a start to tonight's form, and the memory of all of the page
TO_THE_ANSWER = "(p => { p.src = p.src.replace(RegExp('(/p/[^/]+).*'), '$1/answer') })(document.getElementById('page'))"
AWAKE = "document.documentElement.dataset.heap || ''"


@dataclass(frozen=True)
class Measured:
    """One diary. Times in s, memory in MB; pages : path -> (first time, again)."""

    entries: int
    first_visit: float
    restored: float
    saved: float
    door: float
    form: float
    awake: float
    form_awake: float
    answer: float
    memory: dict[str, float]
    pages: dict[str, tuple[float, float]]


def timed(act: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def asked(window: Window, path: str) -> float:
    """Seconds from the request of a page to its last byte, through service worker and engine."""
    script = (
        "async (url) => { const t = performance.now(); await (await fetch(url)).text(); return performance.now() - t; }"
    )
    return float(window.page.frames[1].evaluate(script, window.prefix + path)) / 1000


def door(window: Window) -> float:
    """Seconds from a reload to the passphrase's field."""
    began = time.perf_counter()
    window.page.reload()
    window.until(lambda: window.page.locator("#early").is_visible() or "locked" in window.heading())
    return time.perf_counter() - began


def awake(window: Window) -> None:
    """Waits for the engine."""
    window.until(lambda: window.page.evaluate(AWAKE) != "")


def form(window: Window) -> float:
    """Seconds from the passphrase to tonight's form."""
    return timed(lambda: (window.unlock(), window.until(lambda: window.frame.locator("#evening").count() > 0)))


def memory() -> float:
    """MB of all processes that hold pages of the browsers this program started, what they share counted in parts."""
    parents, pages = {}, []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            words = (each / "cmdline").read_bytes()
            if b"--type=renderer" in words or (b"-contentproc" in words and words.rstrip(b"\0").endswith(b"tab")):
                pages.append(int(each.name))
    found = 0.0
    for page in pages:
        above = page
        while above > 1 and above != os.getpid():
            above = parents.get(above, 0)
        if above == os.getpid():
            words = Path(f"/proc/{page}/smaps_rollup").read_text()
            found += int(re.search(r"^Pss: +(\d+)", words, re.M)[1]) / 1000
    return found


def restored(window: Window, path: Path) -> float:
    """Seconds to restore a backup where no diary is."""
    window.shows("Does this medicine help me?")
    window.frame.get_by_text("I have a backup").click()
    window.frame.locator("input[type=file]").set_input_files(path)
    window.frame.get_by_label("Its passphrase").fill(LAPTOP_WORDS)
    return timed(lambda: (window.press("Restore it"), window.shows("Data")))


class Most:
    """The largest memory, looked at five times a second while something goes on."""

    def __init__(self) -> None:
        self.found, self._over = 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            with contextlib.suppress(OSError):  # a process that went meanwhile
                self.found = max(self.found, memory())

    def over(self) -> float:
        """Stops looking; MB."""
        self._over.set()
        self._watch.join()
        return self.found


def unwatched(host: Host, profile: Path, words: str) -> tuple[float, dict[str, float]]:
    """Seconds of the first answer after a start offline, and MB on the way, in a browser without a driver."""
    assert CHROMIUM is not None, "apt-get install chromium"
    most = Most()
    browser = Unwatched(CHROMIUM, FLAGS, profile, host.address)
    browser.until(f"{AWAKE} && !document.getElementById('early').hidden")
    found = {"awake": memory()}
    typed = f"document.getElementById('words').value = {json.dumps(words)}"
    browser.run(f"{typed}; document.querySelector('#early button').click()")
    browser.until(f"{SHOWN}.querySelector('#evening')")
    browser.run("new Promise((r) => setTimeout(r, 3000))")  # as long as tonight's form is looked at
    began = time.perf_counter()
    browser.run(TO_THE_ANSWER)
    browser.until(f"{SHOWN}.querySelector('.word')")
    answer = time.perf_counter() - began
    browser.run(f"new Promise((r) => setTimeout(r, {REST_MS}))")
    found |= {"rest": memory(), "most": most.over()}
    browser.close()
    return answer, found


def measured(p: Playwright, host: Host, work: Path, days: int, starts: int) -> Measured:
    """One diary in a profile of its own."""
    diary = work / "diary.db"
    entries = ten_years(diary, days)
    secret = opening.secret_of(opening.key_text(diary), passphrase=LAPTOP_WORDS)
    with opening.open_diary(diary, passphrase=LAPTOP_WORDS) as store:
        made = backups.make_backup(store, secret.file_key, work, datetime.datetime.now(datetime.UTC))
    profile = work / "profile"
    context = p.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE)
    # as in a browser that promises to keep its storage: else a backup is asked for in front of the page
    context.add_init_script("navigator.storage.persisted = async () => true")
    window = Window(context, host.address)
    first = timed(lambda: window.shows("Does this medicine help me?"))
    restore = restored(window, made.path)
    pages = {
        path: (asked(window, path), statistics.median(asked(window, path) for _ in range(AGAIN))) for path, _ in PAGES
    }
    window.go("/", "day")
    saved = timed(lambda: window.evening(4))
    window.until(lambda: window.page.evaluate("document.documentElement.dataset.early || ''") != "")
    host.stop()
    context.set_offline(True)
    doors, forms, woken, forms_awake = [], [], [], []
    for _ in range(starts):
        doors.append(door(window))
        forms.append(form(window))
        awake(window)
        began = time.perf_counter()
        doors.append(door(window))
        awake(window)
        woken.append(time.perf_counter() - began)
        forms_awake.append(form(window))
    context.close()
    answer, held = unwatched(host, profile, LAPTOP_WORDS)
    host.start()
    times = (statistics.median(each) for each in (doors, forms, woken, forms_awake))
    return Measured(entries, first, restore, saved, *times, answer, held, pages)


def played(browser: Browser, host: Host) -> tuple[float, float, float, float]:
    """Evenings offline: s from the first visit to the answer, median s of an evening, s of the answer, MB then."""
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(60_000)
    began = time.perf_counter()
    window = Window(context, host.address)
    window.begin()
    flight_mode(context, host, on=True)
    evenings = play(window, EVENINGS)
    answer = timed(lambda: window.go("/answer", "Does it help me?"))
    whole, held = time.perf_counter() - began, memory()
    flight_mode(context, host, on=False)
    context.close()
    return whole, statistics.median(evenings), answer, held


def lines_played(host: Host, p: Playwright) -> list[str]:
    """The played evenings as the lines of a table, in each browser that is here."""
    found = {}
    for name, path in (("Chromium", CHROMIUM), ("Firefox ESR", FIREFOX)):
        if path is not None:
            channel = {} if name == "Chromium" else {"channel": "moz-firefox"}
            kind = p.chromium if name == "Chromium" else p.firefox
            browser = kind.launch(executable_path=path, args=FLAGS if name == "Chromium" else [], **channel)
            found[name] = played(browser, host)
            print(name, found[name], file=sys.stderr)
            browser.close()
    rows = (
        "from the first visit to the answer, everything typed by a machine",
        "an evening, from its page to what the page says after saving",
        "the answer, the first time",
    )
    return [
        f"| {EVENINGS} evenings played offline at 360 px | {' | '.join(found)} |",
        f"|---{'|---' * len(found)}|",
        *(f"| {row} | {' | '.join(f'{each[i]:.1f} s' for each in found.values())} |" for i, row in enumerate(rows)),
        f"| memory of everything of the page then | {' | '.join(f'{each[3]:.0f} MB' for each in found.values())} |",
    ]


def lines(starts: int) -> list[str]:
    """The measurement as the lines of a page."""
    place = built()
    assert place is not None, "make browser builds the folder"
    files = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["files"]
    once = sum(f.get("bytes_packed", f["bytes"]) for f in files.values()) / 1e6
    folder.WORDS = LAPTOP_WORDS  # one passphrase for both diaries
    host = Host(place)
    os.environ["NODE_OPTIONS"] = f"--require {Path(folder.__file__).with_name('firefox.cjs')}"
    from playwright.sync_api import sync_playwright  # the extra `browser`

    found = []
    with sync_playwright() as p:
        for days in DIARIES.values():
            with tempfile.TemporaryDirectory() as work:
                found.append(measured(p, host, Path(work), days, starts))
                print(found[-1], file=sys.stderr)
        evenings = lines_played(host, p)
    host.stop()
    rows = {
        "entries": [f"{each.entries}" for each in found],
        "first visit, server on this machine, to the first page": [f"{each.first_visit:.1f} s" for each in found],
        "restored from a laptop's encrypted backup": [f"{each.restored:.1f} s" for each in found],
        "an evening saved, kept in the browser's storage": [f"{each.saved:.2f} s" for each in found],
        "offline: from the address to the passphrase's field": [f"{each.door:.2f} s" for each in found],
        "offline: from the passphrase, given at once, to tonight's form": [f"{each.form:.2f} s" for each in found],
        f"the two together (asked for: {AT_MOST_S:.0f} s)": [f"{each.door + each.form:.2f} s" for each in found],
        "offline: from the address to the engine awake": [f"{each.awake:.1f} s" for each in found],
        "from the passphrase, given then, to tonight's form": [f"{each.form_awake:.2f} s" for each in found],
        "the first answer after a start offline, from its link to its page": [f"{each.answer:.1f} s" for each in found],
        "memory of everything of the page, the engine awake": [f"{each.memory['awake']:.0f} MB" for each in found],
        f"after the diary was opened and the answer read, at rest (asked for: {AT_MOST_MB} MB)": [
            f"{each.memory['rest']:.0f} MB" for each in found
        ],
        "at most, from the start to the answer": [f"{each.memory['most']:.0f} MB" for each in found],
    }
    return [
        f"{datetime.date.today():%B %Y}, Debian's Chromium, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}; "
        f"of starts the median of {starts}. To download, once: {once:.1f} MB in {len(files)} files.",
        "",
        f"| an encrypted diary of | {' | '.join(DIARIES)} |",
        f"|---{'|---' * len(found)}|",
        *(f"| {name} | {' | '.join(values)} |" for name, values in rows.items()),
        "",
        "| page, ten years | first time, ms | again, ms |",
        "|---|---|---|",
        *(f"| `{path}` | {a * 1000:.0f} | {b * 1000:.0f} |" for path, (a, b) in found[-1].pages.items()),
        "",
        *evenings,
    ]


def main() -> None:
    """Measures, prints, and writes into the page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--starts", type=int, default=5)
    given = parser.parse_args()
    page = given.page
    text = "\n".join(lines(given.starts))
    print(text)
    if page is not None:
        pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
        old = page.read_text(encoding="utf-8")
        page.write_text(pattern.sub(lambda _: f"{BEGIN}\n{text}\n{END}", old), encoding="utf-8")


if __name__ == "__main__":
    main()
