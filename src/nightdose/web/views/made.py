"""A file that an act made: it waits, in memory alone, while the next page says what it is and what comes next."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from nightdose.language.catalogue import say
from nightdose.web.asked import Answered, Asked, Given, Shown
from nightdose.web.contexts.doors import RefusedPage
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

MADE = "file that was made"


def hold(desk: Desk, what: str, file: Given) -> str:
    """The address at which the file waits, until another one is made or the diary is locked; what : the act."""
    token = f"{what}-{secrets.token_urlsafe(9)}"
    desk.kept[MADE] = (token, file)
    return f"/made?file={quote(token)}"


def waiting(desk: Desk, what: str) -> str:
    """The address of the file that waits where that act made it, else ""."""
    token, _ = desk.kept.get(MADE, ("", None))
    return f"/made?file={quote(str(token))}" if str(token).startswith(f"{what}-") else ""


def page(desk: Desk, asked: Asked) -> Answered:
    """The file, as often as it is asked for."""
    desk.store()
    token, file = desk.kept.get(MADE, (None, None))
    if not isinstance(file, Given) or token != asked.query.get("file", ""):
        gone = say("This file waits here no more: the diary was locked or another file was made. Make it once more.")
        return Shown(around(desk, say("Not here")), RefusedPage(gone, "/more", say("More")), 404)
    return file
