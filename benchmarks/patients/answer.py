"""What a tool prints of one diary: one line of JSON."""

from __future__ import annotations

from typing import Any

VERDICTS = ("helps", "harms", "no_meaningful_difference", "not_yet_known", "cannot_be_known")


def problem_with(answer: dict[str, Any]) -> str | None:
    """Why a line cannot be scored, or None."""
    if answer.get("error"):
        return str(answer["error"])
    if answer.get("verdict") not in VERDICTS:
        return f"verdict {answer.get('verdict')!r} is none of {', '.join(VERDICTS)}"
    improvement = answer.get("improvement")
    if improvement is None:
        return None
    if not isinstance(improvement, dict) or not _finite(improvement.get("mean")):
        return "improvement needs a finite `mean`"
    interval = improvement.get("interval95")
    if interval is not None and not (len(interval) == 2 and all(map(_finite, interval)) and interval[0] <= interval[1]):
        return "interval95 needs two finite numbers in order"
    return None


def _finite(x: Any) -> bool:
    return isinstance(x, int | float) and x == x and abs(x) != float("inf")
