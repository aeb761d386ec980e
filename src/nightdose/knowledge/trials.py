"""Studies of low-dose naltrexone, one row each (`trials.csv`); a broken row does not load.

Every number has a status: that of its row, or its own under `marks`. A recalled number keeps its mark wherever it is
shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nightdose.knowledge.cells import Cells, Status, by_id
from nightdose.knowledge.load import rows

Design = Literal[
    "randomised parallel", "randomised crossover", "fixed-order crossover", "dose finding", "open", "register",
    "records", "cases", "laboratory", "animal", "registered", "pool", "review",
]  # fmt: skip
RANDOMISED = ("randomised parallel", "randomised crossover")
FILE = "trials.csv"
NUMBERS = ("randomised", "people", "weeks")


@dataclass(frozen=True, slots=True)
class Study:
    """One study as published.

    condition : key in evidence.toml. randomised, people : randomised (or planned, where `registered`), and in the
    analysis; dose, schedule, periods, adverse : words; weeks : on the drug. None, "" = not told. sources : addresses.
    statuses : column -> how it was read.
    """

    id: str
    name: str
    citation: str
    year: str
    pmid: str
    doi: str
    condition: str
    design: Design
    randomised: int | None
    people: int | None
    dose: str
    schedule: str
    weeks: float | None
    periods: str
    adverse: str
    sources: tuple[str, ...]
    statuses: Mapping[str, Status]

    @property
    def address(self) -> str:
        """Where a reader looks first: the paper, where its DOI was read and not recalled."""
        if self.doi and self.statuses.get("doi", self.statuses[""]) != "recalled":
            return f"https://doi.org/{self.doi}"
        return self.sources[0]

    @property
    def is_randomised(self) -> bool:
        """Chance decided who took what, or when."""
        return self.design in RANDOMISED


@cache
def studies() -> Mapping[str, Study]:
    """Every study of the set by its id."""
    return by_id(FILE, [study(row) for row in rows("trials")], lambda s: s.id)


def study(row: Mapping[str, str]) -> Study:
    """One row of trials.csv; raises KnowledgeError that names row and column."""
    cells = Cells(FILE, row)
    numbers = cells.numbers(NUMBERS, ("randomised", "people"))
    sources = tuple(part.strip() for part in cells.text("source", needed=True).split(" ; "))
    for address in sources:
        if not address.startswith(("https://", "http://")):
            raise cells.complain("source", f"'{address}' is not an address")
    return Study(
        id=cells.text("id", needed=True),
        name=cells.text("name", needed=True),
        citation=cells.text("citation", needed=True),
        year=cells.text("year"),
        pmid=cells.text("pmid"),
        doi=cells.text("doi"),
        condition=cells.text("condition", needed=True),
        design=cells.one_of("design", Design),
        randomised=_count(numbers, "randomised"),
        people=_count(numbers, "people"),
        dose=cells.text("dose"),
        schedule=cells.text("schedule"),
        weeks=numbers.get("weeks"),
        periods=cells.text("periods"),
        adverse=cells.text("adverse"),
        sources=sources,
        statuses=cells.statuses(),
    )


def _count(numbers: Mapping[str, float], column: str) -> int | None:
    return None if column not in numbers else round(numbers[column])
