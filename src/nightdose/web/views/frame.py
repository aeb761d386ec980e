"""What stands around every page of a diary."""

from __future__ import annotations

from nightdose.web.contexts.frame import Frame
from nightdose.web.desk import Desk


def around(desk: Desk, title: str, here: str = "/more") -> Frame:
    """The frame of a page; here : the place that is marked."""
    name = "" if desk.label else desk.path.name
    return Frame(title, here, label=desk.label, diary=name, can_lock=desk.can_lock, visiting=desk.visiting)
