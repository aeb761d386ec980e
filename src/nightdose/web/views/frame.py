"""What stands around every page of a diary, and a gate as every page shows it."""

from __future__ import annotations

from nightdose.language.catalogue import say
from nightdose.protocol.gates import Gate, state_words
from nightdose.web.contexts.frame import Frame
from nightdose.web.contexts.parts import GateWords
from nightdose.web.desk import Desk


def around(desk: Desk, title: str, here: str = "/more") -> Frame:
    """The frame of a page; here : the place that is marked."""
    name = "" if desk.label else desk.path.name
    return Frame(title, here, label=say(desk.label), diary=name, can_lock=desk.can_lock, visiting=desk.visiting)


def gate_shown(gate: Gate) -> GateWords:
    """A safety gate: its state, what it says, whom to ask, what clears it."""
    return GateWords(state_words(gate.state), gate.sentence, gate.call, gate.clears, gate.key)
