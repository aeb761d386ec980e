"""The forest plot of a comparison in characters, for a terminal."""

from __future__ import annotations

import textwrap

from nightdose.evidence.body import body
from nightdose.language.catalogue import say
from nightdose.report.figures.trials import Line, lines_of, span_of
from nightdose.report.words.published import side_words

ROOM = 41  # characters of the axis; odd, so that no difference has its own
NAME = 20


def forest_text(name: str) -> list[str]:
    """One line a trial, the pool as a diamond, a further trial dotted; `|` is not a difference."""
    found = body(name)
    rows = lines_of(found)
    reach = span_of(rows)
    drawn = [f"{_short(row.name):<{NAME}} {_drawn(row, reach)} {row.numbers}".rstrip() for row in rows]
    more = [say("* From memory, not read again.")] if any(t.status == "recalled" for t in found.trials) else []
    return [*drawn, side_words(found.comparison), *more]


def _short(name: str) -> str:
    """The name within its room, cut between words; the star of a recalled number stays."""
    star = "*" if name.endswith("*") else ""
    return textwrap.shorten(name.removesuffix("*"), NAME - len(star), placeholder="…") + star


def _drawn(row: Line, reach: float) -> str:
    cells = [" "] * ROOM
    cells[ROOM // 2] = "|"

    def place(value: float) -> int:
        share = (value + reach) / (2 * reach)
        return round(min(1.0, max(0.0, share)) * (ROOM - 1))

    for i in range(place(row.low), place(row.high) + 1):
        cells[i] = "." if row.kind == "next" else "=" if row.kind == "pool" else "-"
    if row.low < -reach:
        cells[0] = "<"
    if row.high > reach:
        cells[-1] = ">"
    if row.kind != "next":
        cells[place(row.middle)] = "#" if row.kind == "trial" else "◆"
    return "".join(cells)
