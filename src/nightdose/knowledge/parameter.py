"""A number with its passport: value, unit, spread, kind, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nightdose.errors import KnowledgeError

Kind = Literal["measured", "derived", "assumed"]
KINDS = ("measured", "derived", "assumed")
UNITS = frozenset(
    {
        "1", "%", "h", "min", "d", "1/h", "1/d", "L", "L/h", "mg", "mg/d", "ug", "nmol", "nM", "ng/mL", "ng*h/mL",
        "pg/mL", "g/mol", "kg", "point", "1/y", "L/h/kg",
    }
)  # fmt: skip
FAMILIES = {"normal": ("sd",), "lognormal": ("cv", "sdlog"), "uniform": ("low", "high"), "none": ()}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that the code may use.

    spread : {"family": "lognormal", "cv": 0.3} and the like; how uncertain or variable the value is.
    source : key in references.bib; `rows` names the rows of the gathered literature it rests on.
    why    : for an assumed value, the reason; an assumption has no source by definition.
    """

    name: str
    symbol: str
    value: float
    unit: str
    spread: Mapping[str, Any]
    kind: Kind
    source: str
    where: str
    why: str

    @property
    def rests_on(self) -> str:
        """Its source and the place in it, or the reason of an assumption."""
        return f"{self.source}: {self.where}" if self.source else self.why

    def __post_init__(self) -> None:
        def complain(what: str) -> KnowledgeError:
            return KnowledgeError(f"parameter '{self.name}': {what}")

        if self.unit not in UNITS:
            raise complain(f"unit '{self.unit}' is not one of the known units {sorted(UNITS)}")
        if self.kind not in KINDS:
            raise complain(f"kind '{self.kind}' is not one of {KINDS}")
        if self.kind == "assumed" and not self.why:
            raise complain("is assumed and has no `why`")
        if self.kind != "assumed" and not self.source:
            raise complain(f"is {self.kind} and has no `source`")
        family = self.spread.get("family")
        if family not in FAMILIES:
            raise complain(f"spread family '{family}' is not one of {sorted(FAMILIES)}")
        if FAMILIES[family] and not any(key in self.spread for key in FAMILIES[family]):
            raise complain(f"spread of family '{family}' needs one of {FAMILIES[family]}")
