"""Which language a page is in: the one chosen here before, else what the browser asks for, else English.

The choice is the browser's, in a cookie that says nothing about the person: it holds before there is a diary, while it
is locked, and for whoever sits at this machine. Where the program itself was started in another language, that is the
first guess.
"""

from __future__ import annotations

from collections.abc import Iterable

from nightdose.errors import CallError
from nightdose.language.catalogue import ENGLISH, Language, carried, find, language, reading_in
from nightdose.web.security import App, Receive, Scope, Send

COOKIE = "nightdose-language"
YEAR_S = 31_536_000


class InTheReadersLanguage:
    """The layer around everything, refusals included."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with reading_in(chosen(scope.get("headers", ()))):
            await self._app(scope, receive, send)


def chosen(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """The language of a request, from its headers as ASGI has them."""
    cookies, asked = "", ""
    for name, value in headers:
        if name == b"cookie":
            cookies += value.decode("latin-1") + ";"
        elif name == b"accept-language":
            asked = value.decode("latin-1")
    for part in cookies.split(";"):
        key, _, code = part.strip().partition("=")
        if key == COOKIE and code in carried():
            return find(code)
    if language().code != ENGLISH:
        return language()
    return find(next((code for code in wanted(asked) if code in carried()), ENGLISH))


def wanted(accept: str) -> list[str]:
    """Languages of an Accept-Language header without their regions, the most wanted first."""
    found = []
    for part in accept[:200].split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            found.append((float(weight) if weight else 1.0, code.split("-")[0].casefold()))
        except ValueError:
            continue
    return [code for weight, code in sorted(found, key=lambda pair: -pair[0]) if weight > 0]


def cookie_for(code: str) -> str:
    """The header's value that keeps a choice for a year; CallError for a language that is not there."""
    if code not in carried():
        raise CallError(f"'{code[:20]}' is not a language of nightdose.", field="language")
    return f"{COOKIE}={code}; Path=/; HttpOnly; SameSite=Strict; Max-Age={YEAR_S}"


def offered() -> tuple[tuple[str, str], ...]:
    """(code, its own name) of every language but the one that is being read."""
    now = language().code
    return tuple((code, find(code).name) for code in carried() if code != now)
