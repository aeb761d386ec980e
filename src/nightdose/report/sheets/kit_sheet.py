"""The helper's pages: what to pack into which box, and an emergency slip for each. Never for the person's eyes."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.language.catalogue import say, say_count
from nightdose.protocol.sealing import Allocation, commitment
from nightdose.protocol.trial import blocks
from nightdose.report.sheets.pages import fill


@dataclass(frozen=True, slots=True)
class KitRow:
    """One box."""

    number: int
    first_day: datetime.date
    last_day: datetime.date
    days: int
    on: bool
    contents: str


def kit_rows(allocation: Allocation, active: str, dummy: str) -> tuple[KitRow, ...]:
    """What goes into each box; `active` and `dummy` are the words for one evening's capsules."""
    return tuple(
        KitRow(
            block.number,
            block.first_day,
            block.last_day,
            block.days,
            arm == "on",
            active if arm == "on" else dummy,
        )
        for block, arm in zip(blocks(allocation.design), allocation.arms, strict=True)
    )


def kit_sheet_page(allocation: Allocation, active: str, dummy: str, contact: str = "") -> str:
    """Three pages of HTML: instructions, packing list, emergency slips."""
    rows = kit_rows(allocation, active, dummy)
    return fill(
        "kit_sheet.html",
        rows=rows,
        totals=_totals(rows),
        run_in=_run_in(allocation.design.run_in_days),
        trial=say("trial {words}", words=allocation.protocol[:16]),
        commitment=commitment(allocation),
        contact=contact,
        seed=allocation.seed,
        salt=allocation.salt,
    )


def _run_in(days: int) -> str:
    if days == 0:
        return ""
    return say_count("The first {n} day is diary only: no box.", "The first {n} days are diary only: no box.", days)


def _totals(rows: Sequence[KitRow]) -> str:
    evenings: Counter[str] = Counter()
    for row in rows:
        evenings[row.contents] += row.days
    return "; ".join(
        say("{days} evenings of {contents}", days=days, contents=contents) for contents, days in evenings.items()
    )
