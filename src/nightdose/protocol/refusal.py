"""The words of a refusal: what stands in the way, the worst first, with whom to ask and what clears it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nightdose.language.catalogue import mark, say
from nightdose.language.number import capital

if TYPE_CHECKING:
    from nightdose.protocol.gates import Judgement

State = Literal["blocked", "ask", "cleared", "note"]
ALONE = "suicidal_thoughts"  # said first and alone, whatever else was answered
WORDS: dict[State, str] = {
    "blocked": mark("BLOCKED"),
    "ask": mark("ASK YOUR PRESCRIBER"),
    "cleared": mark("CLEARED"),
    "note": mark("Note"),
}


def state_words(state: State) -> str:
    """`Blocked`, `Ask your prescriber`, `Cleared`, `Note`."""
    return capital(say(WORDS[state]).lower())


def refusal(judgement: Judgement) -> str:
    """The sentences of a refusal, the worst first; questions without an answer are counted, not repeated."""
    refusing = judgement.refusing
    if any(gate.rule.id == ALONE for gate in refusing):
        return " ".join(f"{gate.sentence} {gate.call}" for gate in refusing)
    silent = [gate for gate in refusing if gate.rule.id == "unanswered"]
    lines = []
    for rule_id in dict.fromkeys(gate.rule.id for gate in refusing if gate not in silent):
        first, *others = (gate for gate in refusing if gate.rule.id == rule_id)
        lines.append(f"- {say(WORDS[first.state])}: {first.sentence} {first.call} {first.clears} [{first.key}]")
        lines += [
            say(
                "  {words} for the same reason: {subject}. {clears} [{key}]",
                words=say(WORDS[gate.state]),
                subject=gate.about,
                clears=gate.clears,
                key=gate.key,
            )
            for gate in others
        ]
    if silent:
        listed = "; ".join(gate.about for gate in silent)
        lines.append(
            say(
                "- {words}: {n} safety questions have no fresh answer: {listed}.",
                words=say(WORDS["blocked"]),
                n=len(silent),
                listed=listed,
            )
        )
    return say("No schedule is made yet:\n") + "\n".join(lines)
