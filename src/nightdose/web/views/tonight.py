"""Tonight: stub while `keeping` is made."""

from __future__ import annotations

from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts import TonightPage
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around


def page(desk: Desk, asked: Asked) -> Answered:
    desk.store()
    return Shown(around(desk, "Tonight", "/"), TonightPage("2026-11-27", "Friday", "x", ()))


def save(desk: Desk, asked: Asked) -> Answered:
    desk.store()
    return Go("/")


def undo(desk: Desk, asked: Asked) -> Answered:
    return Go("/")
