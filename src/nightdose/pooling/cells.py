"""Nothing is published of fewer than ten people, and nothing from which a smaller number could be worked out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

FEWEST = 10  # people in a published cell; data networks use 5 to 11
OTHERS = "others"
Person = TypeVar("Person")


def cells(people: Sequence[Person], label: Callable[[Person], str]) -> Mapping[str, tuple[Person, ...]]:
    """People by label, largest group first; groups below ten are put together until they are ten.

    What is left over joins the smallest group that would have stood, so that the cells always add up to everybody.
    Empty where fewer than two cells remain.
    """
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(label(person), []).append(person)
    order = sorted(found, key=lambda name: (-len(found[name]), name))
    large = [name for name in order if len(found[name]) >= FEWEST]
    rest = [person for name in order if name not in large for person in found[name]]
    while rest and len(rest) < FEWEST and large:
        rest = [*found[large.pop()], *rest]
    out = {name: tuple(found[name]) for name in large}
    if len(rest) >= FEWEST:
        out[OTHERS] = tuple(rest)
    return out if len(out) > 1 else {}


def published(counts: Mapping[Hashable, int]) -> dict[Hashable, int | None]:
    """Counts of a table whose sum is known; None = fewer than ten, or hidden so that no smaller one can be told.

    Hidden counts are at least two, or all, and ten together: the next smallest is hidden as well until they are.
    """
    if sum(counts.values()) < FEWEST:
        return dict.fromkeys(counts, None)
    order = sorted(counts, key=lambda name: (counts[name], str(name)))
    hidden = [name for name in order if 0 < counts[name] < FEWEST]
    shown = [name for name in order if name not in hidden and counts[name]]
    while hidden and shown and (len(hidden) < 2 or sum(counts[name] for name in hidden) < FEWEST):
        hidden.append(shown.pop(0))
    return {name: None if name in hidden else n for name, n in counts.items()}
