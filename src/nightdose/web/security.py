"""Who may speak to the app: this browser, on this machine, with the cookie that the printed address gave it.

Everything stands in one ASGI layer around the pages, in this order: the Host header, the size of the body, where a
change comes from, the address with its token, the session. A request that fails is answered here and reaches no page.

A page of another origin can send requests to 127.0.0.1 and, by DNS rebinding, under a name of its own; hence the exact
list of hosts before anything else, and the check of Sec-Fetch-Site and Origin on every change. GET changes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from nightdose.language.catalogue import mark, say

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ALLOWED = CHANGES | {"GET", "HEAD"}
LARGEST_UPLOAD = 300_000_000  # bytes; a phone's health export
LARGEST_FORM = 1_000_000  # bytes; everything that is typed
UPLOADS = ("/data/import", "/start/restore", "/plan/reveal")  # the only addresses that take a file

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


def digest(secret: str) -> str:
    """What is kept of a secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(slots=True)
class Doors:
    """The ways in: addresses that were printed, each good once, and the sessions that they opened.

    tokens, sessions : digests, never the secrets themselves. remember : called with the digests of all sessions when
    one opens or closes, so that a server that was killed knows its browser again.
    """

    tokens: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    remember: Callable[[Iterable[str]], None] = lambda _: None

    def new_token(self) -> str:
        """A fresh address token; it opens one session and is then spent."""
        token = secrets.token_urlsafe(32)
        self.tokens.add(digest(token))
        return token

    def enter(self, token: str) -> str | None:
        """The secret of a new session, or None where the token is unknown or spent."""
        found = next((known for known in self.tokens if hmac.compare_digest(known, digest(token))), None)
        if found is None:
            return None
        self.tokens.discard(found)
        session = secrets.token_urlsafe(32)
        self.sessions.add(digest(session))
        self.remember(self.sessions)
        return session

    def knows(self, session: str) -> bool:
        return any(hmac.compare_digest(known, digest(session)) for known in self.sessions)

    def close(self) -> None:
        """Every browser has to come back with a new address."""
        self.sessions.clear()
        self.remember(self.sessions)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app answers: the hosts that may stand in a request, and the cookie's name.

    The port is part of both: cookies do not know ports, so another program on another port must not read ours.
    """

    hosts: frozenset[str]
    cookie: str

    @classmethod
    def loopback(cls, port: int) -> Place:
        """127.0.0.1 and localhost at one port, and nothing else."""
        return cls(frozenset({f"127.0.0.1:{port}", f"localhost:{port}"}), f"nightdose-{port}")


class TooLarge(Exception):
    """More came in than the address takes."""


class Guard:
    """The layer around the pages. refuse : makes the page that says no, from a status and a sentence."""

    def __init__(self, app: App, place: Place, doors: Doors, refuse: Callable[[int, str], bytes]) -> None:
        self._app, self._place, self._doors, self._refuse = app, place, doors, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no websocket, ever
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = _Headers(scope["headers"])
        refusal = self._why_not(scope, headers)
        if refusal is not None:
            await self._say(send, *refusal)
            return
        if scope["path"].startswith("/static/"):
            await self._app(scope, receive, _dressed(send, kept=True))
            return
        if token := dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("token"):
            await self._enter(token, headers, send)
            return
        if not self._doors.knows(headers.cookie(self._place.cookie)):
            await self._say(send, 401, NO_SESSION)
            return
        limit = LARGEST_UPLOAD if scope["path"] in UPLOADS else LARGEST_FORM
        if (headers.length() or 0) > limit:
            await self._say(send, 413, TOO_LARGE)
            return
        await self._app(scope, _counted(receive, limit), _dressed(send))

    def _why_not(self, scope: Scope, headers: _Headers) -> tuple[int, str] | None:
        host = headers.only("host")
        if host is None or host.lower() not in self._place.hosts:
            return 421, mark("This address does not answer here.")
        method = scope["method"]
        if method not in ALLOWED:
            return 405, mark("This cannot be asked here.")
        site, origin = headers.only("sec-fetch-site"), headers.only("origin")
        if method in CHANGES:
            # a page that sends no referrer says "null" of its own origin; the browser's own word then decides
            named = origin is not None and origin != "null"
            same = origin == f"http://{host}" if named else site == "same-origin"
            if not same or site not in (None, "same-origin"):
                return 403, mark("This change did not come from the pages of nightdose, so it was not made.")
        elif site in ("cross-site", "same-site") and headers.only("sec-fetch-mode") != "navigate":
            return 403, mark("Another page asked for this, so it is not given.")
        return None

    async def _enter(self, token: str, headers: _Headers, send: Send) -> None:
        """Swap the token for a cookie and clear the address; a spent one is fine where the cookie is there already."""
        session = self._doors.enter(token)
        if session is None and not self._doors.knows(headers.cookie(self._place.cookie)):
            await self._say(send, 403, SPENT)
            return
        out = [(b"location", b"/")]  # always home: an address that came from outside chooses no page
        if session is not None:
            cookie = f"{self._place.cookie}={session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
            out.append((b"set-cookie", cookie.encode()))
        dressed = _dressed(send)
        await dressed({"type": "http.response.start", "status": 303, "headers": out})
        await dressed({"type": "http.response.body", "body": b""})

    async def _say(self, send: Send, status: int, sentence: str) -> None:
        body = self._refuse(status, say(sentence))
        dressed = _dressed(send)
        await dressed(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(body))],
            }
        )
        await dressed({"type": "http.response.body", "body": body})


NO_SESSION = mark(
    "This window does not belong to your diary yet. Open the address that nightdose printed when it started; it is "
    "good once. A new one comes with a new start."
)
SPENT = mark("This address was used before, or belongs to an earlier start. Start nightdose again for a new one.")
TOO_LARGE = mark("That is more than this page takes. Nothing was changed.")


class _Headers:
    """The request's headers, by lower-case name; a header that came twice is as good as none."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in raw:
            self._all.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))

    def only(self, name: str) -> str | None:
        found = self._all.get(name, [])
        return found[0] if len(found) == 1 else None

    def length(self) -> int | None:
        found = self.only("content-length")
        return int(found) if found is not None and found.isdigit() else None

    def cookie(self, name: str) -> str:
        for header in self._all.get("cookie", []):
            for part in header.split(";"):
                key, _, value = part.strip().partition("=")
                if key == name:
                    return value
        return ""


def _counted(receive: Receive, limit: int) -> Receive:
    """The body, up to the limit."""
    seen = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge
        return message

    return counted


def _dressed(send: Send, *, kept: bool = False) -> Send:
    """Every response with the safety headers; pages are never kept by the browser, stylesheet and script may be."""

    async def dressed(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            extra = [*HEADERS, (b"cache-control", b"no-cache" if kept else b"no-store")]
            if b"content-security-policy" not in own:
                extra.append((b"content-security-policy", POLICY.encode()))
            dropped = {b"cache-control", b"server", *(name for name, _ in HEADERS)}
            message["headers"] = [h for h in message["headers"] if h[0].lower() not in dropped] + extra
        await send(message)

    return dressed
