"""What was fixed before day 1, what was changed since, who opened which safety gate: printed as it was locked."""

from __future__ import annotations

from nightdose.protocol.locked import in_force
from nightdose.verdict.analysis import Analysis

ASKED = ("outcome", "treatment", "scale", "better", "meaningful")


def protocol_words(analysis: Analysis) -> list[str]:
    """Sentences for the report; none without a locked protocol."""
    history = analysis.protocol
    if not history:
        return []
    first, body = history[0], in_force(history)
    said = [f"Locked on {first.day}; its hash begins {first.sha256[:16]}. The words below fit that hash."]
    for number, change in enumerate(history[1:], start=1):
        names = ", ".join(change.body)
        said.append(f"Amendment {number} of {change.day} changed {names}: {change.reason}")
    if len(history) == 1:
        said.append("Nothing was amended since.")
    said += [
        f"Safety gate “{gate['gate']}” was opened by {gate['prescriber']} on {gate['given']}: {gate['words']}"
        for gate in body.get("opened_by", ())
    ]
    planned, question = body.get("question", {}), analysis.question
    for name in ASKED:
        asked = getattr(question, name)
        if name in planned and planned[name] is not None and planned[name] != asked:
            said.append(
                f"This report asks otherwise than the protocol: {name} was {planned[name]}, here it is {asked}."
            )
    said += [f"Stopping rule: {rule}" for rule in body.get("stopping_rules", ())]
    return said
