"""Where two records part: names of what differs, and both sides as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from nightdose.language.catalogue import say
from nightdose.language.number import on_one_line, plain

CLOSE = 1e-9  # relative: what another processor may differ by in its last digits
LARGEST = 1e300  # JSON has whole numbers that are no floating-point ones
MOST_NAMED, LONGEST_SHOWN = 6, 160


def differences(theirs: Any, ours: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    """(name, theirs, ours) of every leaf that differs."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(set(theirs) | set(ours)):
            yield from differences(theirs.get(key), ours.get(key), f"{name}.{_key(key)}" if name else _key(key))
    elif isinstance(theirs, (list, tuple)) and isinstance(ours, (list, tuple)) and len(theirs) == len(ours):
        for at, (a, b) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(a, b, f"{name}[{at + 1}]")
    elif not same(theirs, ours):
        yield name, theirs, ours


def _key(key: object) -> str:
    return plain(str(key))[:60]


def same(a: Any, b: Any) -> bool:
    """Are two leaves of a record one, numbers but for the last digits of another processor?"""
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (a, b))
    if numbers and abs(a) < LARGEST and abs(b) < LARGEST:
        return math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
    return type(a) is type(b) and bool(a == b)


FIRST = (
    "verdict.answer", "verdict.ceiling", "improvement.mean", "settled.mean", "probability.better", "settled",
    "improvement", "probability", "verdict",
)  # fmt: skip


def weight(name: str) -> int:
    """The answer and its numbers before everything beside them."""
    return next((at for at, first in enumerate(FIRST) if name.startswith(first)), len(FIRST))


def apart(theirs: Any, ours: Any) -> tuple[str, str]:
    """Both as people read them, long sentences from shortly before the place where they part."""
    if not (isinstance(theirs, str) and isinstance(ours, str)):
        return _shown(theirs), _shown(ours)
    at = next((i for i, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b), min(len(theirs), len(ours)))
    start = 0 if at < LONGEST_SHOWN // 2 else at - LONGEST_SHOWN // 4
    begin = "…" if start else ""
    return _shown(begin + theirs[start:]), _shown(begin + ours[start:])


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    if value is None:
        return say("nothing")
    return f"{value:.10g}" if isinstance(value, float) else _cut(str(value))


def _cut(words: str) -> str:
    words = on_one_line(words)
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"


def some(rows: Sequence[str]) -> str:
    """The first of them by name; of more their number."""
    named = ", ".join(plain(row) for row in rows[:MOST_NAMED])
    return named if len(rows) <= MOST_NAMED else say("{names} and {n} more", names=named, n=len(rows) - MOST_NAMED)
