"""Sentences that tell a person what to take, change or stop, or call a medicine safe: no text of a gate or card may."""

from __future__ import annotations

import re

_AMOUNT = (
    r"(?:\d+(?:[.,]\d+)?|half|one|two|three|four|ein|eine|zwei|drei|halbe)\s*"
    r"(?:mg|mcg|µg|ug|g|ml|iu|tablets?|capsules?|pills?|drops?|doses?|tablette|tabletten|kapseln?|tropfen)\b"
)
_VERBS = (
    "take|swallow|use|give|increase|raise|reduce|lower|cut|go up|go down|titrate|start|begin|add|halve|double|split|"
    "drop|switch|try|limit|stay|keep|have|nimm|nehmen|einnehmen|erhöhen|steigern|verringern|reduzieren|senken|beginnen"
)
_FIRST = (
    "take|swallow|use|give|increase|raise|reduce|lower|cut|halve|double|skip|stop|pause|avoid|wait|start|begin|switch|"
    "nehmen|erhöhen|verringern|reduzieren|halbieren|verdoppeln|setzen|warten|vermeiden"
)
_ADVICE = (
    rf"(?:^|[.!?:;] +)(?:{_FIRST})\b",  # an order begins its sentence
    rf"\b(?:{_VERBS})\b(?:[ ,:]+[^\s.;]+){{0,6}}?[ ,:]+{_AMOUNT}",
    r"\b(?:stop|start|keep|restart|resume|avoid) taking\b",
    r"\b(?:increase|reduce|double|halve|raise|lower|skip|change|adjust)\b(?: \w+){0,2} (?:doses?|dosage|intake)\b",
    r"(?<!not )\b(?:stop|pause|discontinue|withhold|quit|omit) (?:\{name\}|it|this|your)",
    r"\b(?:verdoppeln|halbieren|erhöhen|senken|verringern|absetzen)\b",
    r"\byou should (?:stop|start|take|reduce|increase)\b",
    r"\b(?:is|are|be)(?: \w+)? safe\b",
    r"\bsafe to (?:take|use|combine)\b",
)
_PATTERN = re.compile("|".join(f"(?:{each})" for each in _ADVICE), re.IGNORECASE)


def advice_in(text: str) -> str:
    """The first words of a text that order something or promise safety; '' where none do."""
    found = _PATTERN.search(text)
    return found[0].strip() if found else ""
