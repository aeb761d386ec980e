"""What stands around every page of a diary, and a gate as every page shows it."""

from __future__ import annotations

from nightdose.keeping import settings
from nightdose.keeping.what_next import what_next
from nightdose.language.catalogue import say
from nightdose.protocol.gates import Gate
from nightdose.protocol.refusal import state_words
from nightdose.web.contexts.frame import Frame
from nightdose.web.contexts.parts import GateWords
from nightdose.web.desk import Desk

PAGE_FOR = {
    "help": "/plan/gates", "outcome": "/start/outcomes", "tonight": "/", "unwritten": "/", "gates": "/plan/gates",
    "safety": "/plan/gates", "plan": "/plan", "seal": "/plan", "kit": "/plan", "stop": "/plan", "reveal": "/plan",
    "answer": "/answer", "backup": "/data", "date": "/timeline",
}  # fmt: skip


def around(desk: Desk, title: str, here: str = "/more", *, acted: bool = False) -> Frame:
    """The frame of a page; here : the place that is marked; acted : something was just done, so say what comes next."""
    name = "" if desk.label else desk.path.name
    words, path = _next(desk, here) if acted else ("", "")
    return Frame(title, here, label=say(desk.label), diary=name, can_lock=desk.can_lock, visiting=desk.visiting,
        next_words=words, next_path=path,
    )  # fmt: skip


def gate_shown(gate: Gate) -> GateWords:
    """A safety gate: its state, what it says, whom to ask, what clears it."""
    return GateWords(state_words(gate.state), gate.sentence, gate.call, gate.clears, gate.key)


def _next(desk: Desk, here: str) -> tuple[str, str]:
    """(sentence, path) of the most pressing thing that is not done where the person is; where nothing waits, home."""
    store, now = desk.store(), desk.clock()
    for found in what_next(store, settings.today(store, now), settings.tonight(store, now)):
        if PAGE_FOR[found.code] != here and (here, found.code) != ("/", "answer"):  # Tonight has that link itself
            return found.sentence, PAGE_FOR[found.code]
    return say("Nothing waits; tomorrow evening is the next one."), "/timeline" if here == "/" else "/"
