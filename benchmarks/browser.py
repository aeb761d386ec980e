"""How large and how fast is nightdose inside a browser? The built folder in a real Chromium, at the width of a phone.

    python -m benchmarks.browser [--page docs/browser.md]

One profile: a first visit over a server on this machine, a diary begun, an encrypted diary of ten years restored, then
starts with the server stopped and the network off. Times are what a person waits, on this machine as it was.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.browser import folder
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.folder import Host, Window, built

from benchmarks.web import WORDS as LAPTOP_WORDS
from benchmarks.web import ten_years
from nightdose.keeping import backups, opening

BEGIN, END = "<!-- browser: begin, written by `python -m benchmarks.browser` -->", "<!-- browser: end -->"
PAGES = (("/", "day"), ("/timeline", "Timeline"), ("/answer", ""), ("/plan", "Plan"), ("/data", "Data"))
AGAIN = 5


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


def start(window: Window) -> tuple[float, float]:
    """Seconds from a reload to the passphrase's field, and to the engine awake."""
    began = time.perf_counter()
    window.page.reload()
    window.until(lambda: window.page.locator("#early").is_visible() or "locked" in window.heading())
    door = time.perf_counter() - began
    window.until(lambda: window.page.evaluate("document.documentElement.dataset.heap || ''") != "")
    return door, time.perf_counter() - began


def opened(window: Window) -> float:
    """Seconds from the passphrase to tonight's form."""
    return timed(lambda: (window.unlock(), window.until(lambda: window.frame.locator("#evening").count() > 0)))


def restored(window: Window, path: Path) -> float:
    """Seconds to restore a backup where no diary is."""
    window.shows("Does this medicine help me?")
    window.frame.get_by_text("I have a backup").click()
    window.frame.locator("input[type=file]").set_input_files(path)
    window.frame.get_by_label("Its passphrase").fill(LAPTOP_WORDS)
    return timed(lambda: (window.press("Restore it"), window.shows("Data")))


def lines() -> list[str]:
    """The measurement as the lines of a page."""
    place = built()
    assert place is not None, "make browser builds the folder"
    files = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["files"]
    once = sum(f.get("bytes_packed", f["bytes"]) for f in files.values()) / 1e6
    folder.WORDS = LAPTOP_WORDS  # one passphrase for both diaries
    host = Host(place)
    from playwright.sync_api import sync_playwright  # the extra `browser`

    with sync_playwright() as p, tempfile.TemporaryDirectory() as work:
        diary = Path(work) / "diary.db"
        entries = ten_years(diary)
        secret = opening.secret_of(opening.key_text(diary), passphrase=LAPTOP_WORDS)
        with opening.open_diary(diary, passphrase=LAPTOP_WORDS) as store:
            made = backups.make_backup(store, secret.file_key, Path(work), datetime.datetime.now(datetime.UTC))
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(viewport={"width": 360, "height": 740})
        # as in a browser that promises to keep its storage: else a backup is asked for in front of the page
        context.add_init_script("navigator.storage.persisted = async () => true")
        window = Window(context, host.address)
        first = timed(lambda: window.shows("Does this medicine help me?"))
        restore = restored(window, made.path)
        window.until(lambda: window.frame.locator("h1").count() > 0)
        rows = []
        for path, _ in PAGES:
            before = asked(window, path)
            rows.append((path, before, statistics.median(asked(window, path) for _ in range(AGAIN))))
        window.go("/", "day")
        saved = timed(lambda: window.evening(4))
        window.until(lambda: window.page.evaluate("document.documentElement.dataset.early || ''") != "")
        heap = max(int(w.evaluate("() => self.heap ? self.heap() : 0")) for w in window.page.workers) / 1e6
        host.stop()
        context.set_offline(True)
        door, awake = start(window)
        form = opened(window)
        chromium.close()
    return [
        f"{datetime.date.today():%B %Y}, Debian's Chromium, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}.",
        "",
        "| what | |",
        "|---|---|",
        f"| to download, once | {once:.1f} MB in {len(files)} files |",
        f"| first visit to the first page | {first:.1f} s |",
        f"| an encrypted diary of ten years ({entries} entries) restored from a laptop's backup | {restore:.1f} s |",
        f"| an evening saved in it, kept in the browser's storage | {saved:.2f} s |",
        f"| offline, the server stopped: from the address to the passphrase's field | {door:.2f} s |",
        f"| offline: from the address to the engine awake | {awake:.1f} s |",
        f"| from the passphrase to tonight's form | {form:.2f} s |",
        f"| memory of the engine with ten years of diary, answer included | {heap:.0f} MB |",
        "",
        "| page, ten years | first time, ms | again, ms |",
        "|---|---|---|",
        *(f"| `{path}` | {before * 1000:.0f} | {again * 1000:.0f} |" for path, before, again in rows),
    ]


def main() -> None:
    """Measures, prints, and writes into the page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path)
    page = parser.parse_args().page
    text = "\n".join(lines())
    print(text)
    if page is not None:
        pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
        old = page.read_text(encoding="utf-8")
        page.write_text(pattern.sub(lambda _: f"{BEGIN}\n{text}\n{END}", old), encoding="utf-8")


if __name__ == "__main__":
    main()
