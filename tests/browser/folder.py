"""The built folder of static files on an address of this machine, and a window that uses it as a person does."""

from __future__ import annotations

import datetime
import functools
import http.server
import os
import re
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from browser.__main__ import TARGET

WORDS = "four words nobody guesses"


def built() -> Path | None:
    """The built folder, or None: `make browser` makes it."""
    folder = Path(os.environ.get("NIGHTDOSE_BROWSER_FOLDER") or TARGET)
    return folder if (folder / "manifest.json").is_file() else None


class _Files(http.server.SimpleHTTPRequestHandler):
    """Static files under /under/, as some host of pages serves them; what was asked for is remembered."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if not self.path.startswith("/under/"):
            self.send_error(404)
            return
        self.path = self.path[len("/under") :]
        super().do_GET()

    def log_message(self, *words: object) -> None:
        pass


class Host:
    """A server of static files that can be stopped and come back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.asked = folder, 0, []
        self.start()

    def start(self) -> None:
        kind = type("Files", (_Files,), {"asked": self.asked})
        made = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), functools.partial(kind, directory=self.folder))
        self.port, self._made = made.server_port, made
        threading.Thread(target=made.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._made.shutdown()
        self._made.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/under/"


class Window:
    """One tab. `frame` is the page of the app inside it.

    Playwright's own waits for a condition use eval, which the policy forbids: `until` asks again and again.
    """

    def __init__(self, context, address: str) -> None:
        self.address, self.page = address, context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.goto(address)

    @property
    def frame(self):
        return self.page.frame_locator("#page")

    def until(self, true, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.door(), self.heading(), self.errors)
            self.page.wait_for_timeout(50)

    def door(self) -> str:
        """What the shell says in front of the page, "" where the page is shown."""
        return self.page.locator("#said").inner_text() if self.page.locator("#door").is_visible() else ""

    def heading(self) -> str:
        """The heading of the page inside, "" while there is none."""
        return self._found("() => document.querySelector('h1')?.innerText || ''")

    def text(self) -> str:
        """The words of the page inside."""
        return self._found("() => document.body?.innerText || ''")

    def _found(self, script: str) -> str:
        if self.door() or len(self.page.frames) < 2:
            return ""
        try:
            return str(self.page.frames[1].evaluate(script))
        except Exception:  # noqa: BLE001  it goes on to another page just now
            return ""

    def shows(self, heading: str, seconds: float = 120) -> None:
        self.until(lambda: heading in self.heading(), seconds)

    def go(self, path: str, heading: str) -> None:
        """To a page of the app, as a link would."""
        self.page.evaluate("path => { document.getElementById('page').src = path }", self.prefix + path)
        self.shows(heading)

    @property
    def prefix(self) -> str:
        return f"{urlsplit(self.address).path}p/{self.page.evaluate('sessionStorage.getItem(`window`)')}"

    def press(self, name: str, role: str = "button") -> None:
        self.frame.get_by_role(role, name=name).first.click()

    def begin(self) -> str:
        """The first run, as in tests/browser/test_app.py; the recovery key."""
        self.shows("Does this medicine help me?")
        self.press("Begin my own diary", "link")
        self.shows("A passphrase")
        self.frame.get_by_label("Passphrase").fill(WORDS)
        self.frame.get_by_label("Once more").fill(WORDS)
        self.press("Make my diary")
        self.shows("Write this down")
        key = self.frame.locator("#recovery-key").inner_text()
        self.press("I have written it down", "link")
        self.shows("score")
        self.press("Go on")
        self.until(lambda: self.frame.get_by_role("link", name="No plan yet: only record").count() > 0)
        self.press("No plan yet: only record", "link")
        self.until(lambda: self.frame.locator("#evening").count() > 0)
        return key

    def evening(self, *scores: int) -> None:
        """One evening's scores, saved; returns when the page says so."""
        for i, score in enumerate(scores):
            self.frame.locator("fieldset[data-keys]").nth(i).locator("label.pick").nth(score).click()
        self.press("Save")
        self.until(lambda: self.frame.get_by_role("status").count() > 0)

    def unlock(self, words: str | None = None) -> None:
        """The passphrase, to whoever asks for it, the shell or the page; returns with tonight's form."""
        words = words or WORDS
        self.until(lambda: self.page.locator("#early").is_visible() or "locked" in self.heading())
        if self.page.locator("#early").is_visible():
            self.page.locator("#words").fill(words)
            self.page.locator("#early button[type=submit]").click()
        else:
            self.frame.get_by_label("Passphrase").fill(words)
            self.press("Open")
        self.until(lambda: self.frame.locator("#evening").count() > 0)


def prepared(window: Window) -> None:
    """Waits for the forms of the coming days."""
    window.until(lambda: window.page.evaluate("document.documentElement.dataset.early") == "made")


def flight_mode(context, host: Host, on: bool) -> None:
    """The server stopped and the network off, or both back."""
    (host.stop if on else host.start)()
    context.set_offline(on)


def play(window: Window, evenings: int, restart: int = 20) -> list[float]:
    """So many evenings until yesterday, the first half without and the second half with 4.5 mg; seconds of each.

    Each is entered as a person does who catches up: to the day, scores, the dose, save. Every `restart` evenings the
    browser's page is begun anew.
    """
    took = []
    for back in range(evenings, 0, -1):
        began = time.monotonic()
        if back % restart == 0 and back < evenings:
            window.page.reload()
            window.unlock()
        day = datetime.date.today() - datetime.timedelta(days=back)
        window.go(f"/?day={day}", f"{day:%A}")
        window.until(lambda: window.frame.locator("#evening").count() > 0)
        taken = back <= evenings // 2
        window.frame.locator("label.pick", has_text=re.compile(f"^{'Taken' if taken else 'Not taken'}$")).click()
        if taken:
            window.frame.get_by_text("Anything else tonight?").click()
            window.frame.get_by_label("Amount, mg").fill("4.5")
        window.evening(*((back * 7 + 3 * i) % 4 + (2 if taken else 5) for i in range(3)))
        if window.door():  # the backup that is asked for in front of the page
            window.page.get_by_role("button", name="Not now").click()
        took.append(time.monotonic() - began)
    return took
