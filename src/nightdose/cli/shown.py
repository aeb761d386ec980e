"""Words of a diary or a file on their way to a terminal: whatever would move its cursor is shown, not sent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from nightdose.errors import printable as clean


class Shown:
    """A stream to which no control character of somebody's words gets through, whichever line printed them."""

    def __init__(self, stream: TextIO) -> None:
        self.raw = stream

    def write(self, text: str) -> int:
        return self.raw.write(clean(text))

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


@contextmanager
def shown_streams() -> Iterator[None]:
    """Everything that is printed inside goes through `Shown`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, Shown(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


__all__ = ["Shown", "clean", "shown_streams"]
