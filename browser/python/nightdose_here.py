"""The app inside a browser: the same ASGI application, asked by the worker instead of by a socket.

Three things are said differently because of where the pages stand, and nothing else is touched: addresses begin with
the window's own prefix, a page may stand in the frame of its own shell, and long work runs after the page is answered.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from markupsafe import escape

from nightdose.keeping import settings
from nightdose.keeping.jobs import Jobs
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.listed_names import what_counts_in_words
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import carried, mark, reading_in, say
from nightdose.web import language, render
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place, digest
from nightdose.web.views.data import OLD_BACKUP_D

HOST, COOKIE, SESSION = "browser", "nightdose", "the worker itself"
ADDRESS = re.compile(rb'(\s(?:href|src|action|formaction)=")/(?!/)')
FRAMED = {
    b"content-security-policy": (b"frame-ancestors 'none'", b"frame-ancestors 'self'"),
    b"x-frame-options": (b"DENY", b"SAMEORIGIN"),
}
HOUR = datetime.timedelta(hours=1)
DUMMIES = 100  # of a certificate: a phone works alone on them while the pages wait; the page says how many they were
WHERE = mark("this browser's own storage")
# packages that a sentence asks to install are not to be had here; the way round is a computer
INSTALL = re.compile(r"pip install (?:&#3[49];|['\"])nightdose\[\w+\](?:&#3[49];|['\"])")
INSTEAD = mark("that does not run in a browser, but it does on a computer with nightdose, where your backup opens")
UNSIGNED = mark("It will not be signed: the package 'cryptography' is not installed here.")
UNSIGNED_HERE = mark(
    "It will not be signed: that does not run in a browser, but it does on a computer with nightdose, where your "
    "backup opens."
)
Reply = tuple[int, list[tuple[str, str]], bytes]


class Afterwards:
    """An executor without threads: what was submitted runs when `run` is called, one after the other."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, work: Callable[..., Any], *given: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: work(*given)))
        return future

    def run(self) -> None:
        while self.waiting:
            future, work = self.waiting.pop(0)
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001  as a thread would keep it
                future.set_exception(error)

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        self.waiting.clear()


class Bridge:
    """One diary's pages. prefix : what every address begins with; progress : told (done, total) of long work.

    asked : the languages that the browser asks for, as in Accept-Language; chosen : the one chosen here, by its code.
    """

    def __init__(
        self, path: str, prefix: str, progress: Callable[[int, int], None], asked: str = "", chosen: str = ""
    ) -> None:
        self._asked, self.chosen = asked, chosen
        self._later = Afterwards()
        jobs = Jobs(pool=self._later, watch=progress)
        self._desk = Desk(Path(path), where=WHERE, jobs=jobs, dummies=DUMMIES)
        self._prefix = prefix.encode("latin-1")
        self._app = create_app(self._desk, Place(frozenset({HOST}), COOKIE), Doors(sessions={digest(SESSION)}))

    async def answer(self, method: str, path: str, query: str, kind: str, body: Any) -> Reply:
        """(status, headers, body) of one request."""
        sent = bytes(body.to_py()) if hasattr(body, "to_py") else bytes(body)
        headers = [
            (b"host", HOST.encode()),
            (b"cookie", f"{COOKIE}={SESSION}".encode()),
            (b"sec-fetch-site", b"same-origin"),
            *self._reader(),
        ]
        if method == "POST":
            headers += [(b"content-type", kind.encode("latin-1")), (b"content-length", str(len(sent)).encode())]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
            "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query.encode("latin-1"),
            "headers": headers, "server": (HOST, 443), "client": None,
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        return self._placed(said[0], b"".join(m.get("body", b"") for m in said[1:]))

    def _reader(self) -> list[tuple[bytes, bytes]]:
        """What says which language is read, as a browser's own requests say it."""
        chosen = [(b"cookie", f"{language.COOKIE}={self.chosen}".encode("latin-1"))] if self.chosen in carried() else []
        return [(b"accept-language", self._asked.encode("latin-1", "replace")), *chosen]

    def _placed(self, start: Any, body: bytes) -> Reply:
        headers, kind = [], b""
        for name, value in start["headers"]:
            name = name.lower()
            if name == b"set-cookie" and value.startswith(language.COOKIE.encode()):
                self.chosen = value.decode("latin-1").partition("=")[2].partition(";")[0]
            if name in (b"content-length", b"set-cookie"):
                continue
            if name == b"location" and value.startswith(b"/"):
                value = self._prefix + value
            if name in FRAMED:
                value = value.replace(*FRAMED[name])
            if name == b"content-type":
                kind = value
            headers.append((name.decode("latin-1"), value.decode("latin-1")))
        if kind.startswith(b"text/html"):
            body = ADDRESS.sub(rb"\1" + self._prefix + b"/", body)
            with reading_in(language.chosen(self._reader())):
                words = INSTALL.sub(say(INSTEAD), body.decode("utf-8"))
                words = words.replace(str(escape(say(UNSIGNED))), str(escape(say(UNSIGNED_HERE))))
            body = words.encode("utf-8")
        return start["status"], headers, body

    async def ahead(self, since: float) -> str:
        """Tonight's empty form as it is at `since` (ms), as JSON {from, until (ms), html, headers}; null = no form.

        It is made by the app itself with its clock moved on, and holds until the next evening begins, two days at most;
        nothing is written by looking.
        """
        desk = self._desk
        if desk.state != "open" or desk.label or not settings.outcomes(desk.store()):
            return "null"
        at = datetime.datetime.fromtimestamp(since / 1000, datetime.UTC)
        store, night = desk.store(), settings.tonight(desk.store(), at)
        until = at.replace(minute=0, second=0, microsecond=0) + HOUR
        while settings.tonight(store, until) == night and until < at + 48 * HOUR:
            until += HOUR
        clock, idle = desk.clock, desk.idle
        desk.clock, desk.idle = lambda: at, datetime.timedelta.max
        try:
            status, headers, body = await self.answer("GET", "/", "", "", b"")
        finally:
            desk.clock = clock
            desk.store()  # seen just now, not in a week
            desk.idle = idle
        made = {"from": since, "until": until.timestamp() * 1000, "html": body.decode(), "headers": headers}
        return json.dumps(made if status == 200 else None)

    def warm(self) -> None:
        """What tonight's page needs of any diary, made while nobody waits: its template, the names of medicines."""
        render.environment().get_template("tonight.html")
        recognise("naltrexone")
        named_in("naltrexone", what_counts_in_words())

    def facts(self) -> str:
        """How much is kept, and whether a backup is due, as JSON."""
        store = self._desk.store()
        made = store.documents("backup")
        old = not made or (self._desk.clock() - made[-1].written).days > OLD_BACKUP_D
        entries = 0 if self._desk.label else store.mark()[0]
        return json.dumps({"entries": entries, "backup_old": old and entries > 0})

    def refusal(self, sentence: str) -> bytes:
        """A page with one sentence."""
        with reading_in(language.chosen(self._reader())):
            return ADDRESS.sub(rb"\1" + self._prefix + b"/", render.refusal(507, sentence))

    def state(self) -> str:
        """absent, locked or open; an example counts as its own."""
        return self._desk.state

    def forget(self) -> None:
        """What is in memory is not what is stored: close it, so that it is read again."""
        self._desk.lock()

    def working(self) -> bool:
        """Whether long work waits."""
        return bool(self._later.waiting)

    def work(self) -> None:
        """Do the work that waits."""
        self._later.run()
