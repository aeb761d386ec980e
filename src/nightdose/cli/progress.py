"""A progress bar on standard error, only where a person is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable

WIDTH = 30


def bar(what: str) -> Callable[[int, int], None] | None:
    """A function (done, total) that redraws one line; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        return None

    stream = getattr(sys.stderr, "raw", sys.stderr)  # the bar itself may go back to the start of its line

    def draw(done: int, total: int) -> None:
        filled = WIDTH * done // total
        end = "\n" if done == total else ""
        print(f"\r{what} [{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total}", end=end, file=stream, flush=True)

    return draw
