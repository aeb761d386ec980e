"""The claimed links of the mechanism: what each says, on what evidence, at what strength it is published."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from nightdose.errors import CallError, KnowledgeError
from nightdose.knowledge.load import data_text, reference_keys
from nightdose.language.catalogue import mark

Grade = Literal["human_trial", "human_observation", "animal", "cell", "claim"]
GRADE_WORDS: Mapping[str, str] = {
    "human_trial": mark("placebo-controlled trials in people"),
    "human_observation": mark("observation in people, not randomised"),
    "animal": mark("animals only"),
    "cell": mark("cells only"),
    "claim": mark("claimed, not measured"),
}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One link that can be switched between 0 (off) and 1 (as claimed)."""

    name: str
    title: str
    says: str
    published: float
    grade: Grade
    support: str  # keys of the .bib files, "" where there is none
    against: str
    evidence: str

    @property
    def grade_words(self) -> str:
        return GRADE_WORDS[self.grade]


@cache
def hypotheses() -> Mapping[str, Hypothesis]:
    """Every switch of the mechanism, in the order of hypotheses.toml."""
    out = {}
    for name, entry in tomllib.loads(data_text("hypotheses.toml")).items():
        link = Hypothesis(name=name, **entry)
        if link.grade not in GRADE_WORDS or not 0 <= link.published <= 1:
            raise KnowledgeError(f"hypothesis '{name}': grade '{link.grade}' or strength {link.published} unknown")
        for key in (link.support, link.against):
            if key and key not in reference_keys():
                raise KnowledgeError(f"hypothesis '{name}': source '{key}' is not in the .bib files")
        out[name] = link
    return MappingProxyType(out)


def strengths(changes: Mapping[str, float] | None = None, *, start: str = "published") -> Mapping[str, float]:
    """Strength of every switch: all as `published`, `off` or as `claimed`, then the changes asked for."""
    known = hypotheses()
    match start:
        case "published":
            out = {name: link.published for name, link in known.items()}
        case "off":
            out = dict.fromkeys(known, 0.0)
        case "claimed":
            out = {name: 0.0 if name == "no_raises_release" else 1.0 for name in known}
        case _:
            raise CallError(f"hypotheses cannot start as '{start}'. Choose published, off or claimed.")
    for name, strength in (changes or {}).items():
        if name not in known:
            raise CallError(f"there is no hypothesis '{name}'. Choose from: {', '.join(known)}.")
        if not 0 <= strength <= 1:
            raise CallError(f"hypothesis {name}={strength:g}: a strength lies between 0 (off) and 1 (as claimed).")
        out[name] = float(strength)
    return MappingProxyType(out)
