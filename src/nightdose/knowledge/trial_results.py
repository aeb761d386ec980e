"""What the studies found, one row a result (`trial_results.csv`), as published; effect sizes are made in `evidence`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nightdose.knowledge.cells import Cells, Status, by_id, weakest
from nightdose.knowledge.load import rows
from nightdose.knowledge.trials import Study, studies

Kind = Literal[
    "words", "mean difference", "median difference", "standardised difference", "percentage points", "risk difference",
    "risk ratio", "rate ratio", "before and after",
]  # fmt: skip
Better = Literal["lower", "higher", ""]
FILE = "trial_results.csv"
COUNTS = ("treated_n", "control_n", "treated_events", "control_events")
NUMBERS = (
    "effect", "low", "high", "p", "standardised", "treated_mean", "treated_sd", "control_mean", "control_sd", *COUNTS
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """One published result: treatment minus comparator, in the measure's own unit and sign.

    kind : what the effect is; `before and after` has no comparator and is evidence of nothing but change. numbers :
    column -> value, only what was published or derived; p_below : p was given as "less than". finding : words where
    there is no number. statuses : column -> how it was read.
    """

    id: str
    study: Study
    outcome: str
    measure: str
    scale: str
    better: Better
    kind: Kind
    numbers: Mapping[str, float]
    p_below: bool
    finding: str
    note: str
    statuses: Mapping[str, Status]

    def status(self, *columns: str) -> Status:
        """The weakest status of these columns; without columns, of every number that is shown.

        What was worked out from a recalled row counts as recalled.
        """
        shown = [c for c in ("effect", "low", "high", "p") if c in self.numbers]
        found = weakest(self.statuses, columns or shown or [""])
        return "recalled" if found == "derived" and self.statuses[""] == "recalled" else found


@cache
def results() -> Mapping[str, Result]:
    """Every result of the set by its id."""
    return by_id(FILE, [result(row, studies()) for row in rows("trial_results")], lambda r: r.id)


def result(row: Mapping[str, str], known: Mapping[str, Study]) -> Result:
    """One row of trial_results.csv; raises KnowledgeError that names row and column."""
    cells = Cells(FILE, row)
    about = cells.text("study", needed=True)
    if about not in known:
        raise cells.complain("study", f"'{about}' is not in trials.csv")
    read = Result(
        id=cells.text("id", needed=True),
        study=known[about],
        outcome=cells.text("outcome", needed=True),
        measure=cells.text("measure", needed=True),
        scale=cells.text("scale"),
        better=cells.one_of("better", Better),
        kind=cells.one_of("kind", Kind),
        numbers=cells.numbers(NUMBERS, COUNTS),
        p_below=cells.one_of("p_sign", Literal["<", ""]) == "<",
        finding=cells.text("finding"),
        note=cells.text("note"),
        statuses=cells.statuses(),
    )
    _check(read, cells)
    return read


def _check(read: Result, cells: Cells) -> None:
    """The numbers of a row fit each other."""
    numbers = read.numbers
    if read.kind == "words" and not read.finding:
        raise cells.complain("finding", "is empty, and there is no number either")
    if read.kind != "words" and "effect" not in numbers:
        raise cells.complain("effect", f"is empty, and the kind is '{read.kind}'")
    if ("low" in numbers) != ("high" in numbers):
        raise cells.complain("high" if "low" in numbers else "low", "is empty, and the other end is not")
    if "low" in numbers and not numbers["low"] < numbers["effect"] < numbers["high"]:
        raise cells.complain("low", f"the effect {numbers['effect']:g} does not lie inside its interval")
    if not 0 < numbers.get("p", 0.5) <= 1:
        raise cells.complain("p", f"{numbers['p']:g} is not a probability")
    for arm in ("treated", "control"):
        if numbers.get(f"{arm}_events", 0) > numbers.get(f"{arm}_n", math.inf):
            raise cells.complain(f"{arm}_events", "there cannot be more events than people")
        if not numbers.get(f"{arm}_sd", 1) > 0:
            raise cells.complain(f"{arm}_sd", "a standard deviation is above 0")
