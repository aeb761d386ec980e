"""Why something was decided: a code for programs, a sentence for people, the numbers behind both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, made where the decision is made; the report only prints it.

    decisive : True where this alone means that the design cannot answer the question.
    source   : key in references.bib of what it quotes; "" where it quotes nothing.
    imitates : True where something else would look just like a difference: then better or worse is never said.
    """

    code: str
    sentence: str
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)
    decisive: bool = False
    imitates: bool = False
    source: str = ""
