"""What a drawn claim is made of, and how its virtual people are run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.mechanism.panel import Panel
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study, whole
from nightdose.mechanism.regimen import Regimen
from nightdose.mechanism.simulate import Trajectory

PEOPLE = 120
SETTLED = 28  # days after which a nightly regimen repeats itself


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, drawn and judged: what the model says, what must be assumed, how far that is from data."""

    name: str
    quote: str
    title: str
    panels: tuple[Panel, ...]
    published: str
    assumed: str
    distance: str
    links: tuple[str, ...]  # hypotheses that the claim needs
    limits: str


@dataclass(frozen=True, slots=True)
class Course:
    """One simulated course of a claim: the named outputs every `every_h` hours."""

    regimen: Regimen
    days: int
    names: tuple[str, ...]
    links: Mapping[str, float] | None = None  # strengths of hypotheses that are assumed
    every_h: float = 1.0
    relapsing: bool = False
    people: int = PEOPLE

    def run(self, seed: int) -> Trajectory:
        """The course of people drawn with `seed`."""
        body = Body(hypotheses=strengths(self.links))
        return whole(Study(self.regimen, self.days, self.people, body, self.names, self.every_h, seed, self.relapsing))


def grades(found: Claim) -> tuple[tuple[str, str], ...]:
    """(title, grade in words) of every link that the claim needs."""
    return tuple((hypotheses()[link].title, hypotheses()[link].grade_words) for link in found.links)
