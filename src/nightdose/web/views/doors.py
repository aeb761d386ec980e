"""Locking, unlocking, and the way to a diary that is not there yet."""

from __future__ import annotations

from nightdose.diary.kept.database import DiaryError
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.doors import UnlockPage
from nightdose.web.contexts.frame import OUTCOMES, PLACES, UNDER_THE_THUMB, Frame, MorePage
from nightdose.web.contexts.parts import KeptField
from nightdose.web.desk import Desk
from nightdose.web.language import cookie_for
from nightdose.web.views.frame import around

OWN = ("path", "unlock_words", "unlock_by")  # fields of the unlock form itself


def page(desk: Desk, asked: Asked) -> Answered:
    """The passphrase, or the recovery key."""
    if desk.state != "locked":
        return Go("/")
    return Shown(Frame(say("Locked")), UnlockPage("/", recovery=asked.query.get("by") == "recovery"))


def locked(desk: Desk, asked: Asked) -> Answered:
    """The diary is locked and something was asked of it: open first; what was written waits in the form."""
    return Shown(Frame(say("Locked"), label=say(desk.label)), UnlockPage(asked.path, _kept(asked)))


def unlock(desk: Desk, asked: Asked) -> Answered:
    """Open, and go on with what the person was doing."""
    kept = _kept(asked)
    path = _inside(asked.typed("path"))
    recovery = asked.typed("unlock_by") == "recovery"
    if desk.state == "locked":
        try:
            desk.unlock(asked.form.get("unlock_words", ""), recovery=recovery)
        except (DiaryError, CallError) as error:
            return Shown(Frame(say("Locked")), UnlockPage(path, kept, str(error), recovery), 422)
    return Go(path, again=bool(kept))


def lock(desk: Desk, asked: Asked) -> Answered:
    """Close the diary now."""
    desk.lock()
    return Go("/unlock")


def read_in(desk: Desk, asked: Asked) -> Answered:
    """Read everything in another language from now on."""
    return Go(_inside(asked.typed("path")), cookie=cookie_for(asked.typed("language")))


def absent(desk: Desk, asked: Asked) -> Answered:
    """There is no diary yet: begin."""
    return Go("/start")


def more(desk: Desk, asked: Asked) -> Answered:
    """The places that do not fit under the thumb."""
    return Shown(around(desk, say("More")), MorePage((*PLACES[UNDER_THE_THUMB:], OUTCOMES)))


def _kept(asked: Asked) -> tuple[KeptField, ...]:
    if not asked.changes:
        return ()
    return tuple(KeptField(k, v) for k, values in asked.many.items() if k not in OWN for v in values)


def _inside(path: str) -> str:
    """The path where it is one of ours, else home: a form chooses no other site."""
    fine = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if fine else "/"
