"""How much work is a call? Counted, not timed: the same on an idle machine and on a busy one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def python_calls(work: Callable[[], object]) -> int:
    """How many Python functions are entered while `work` runs, which is to be tried once before."""
    entered = 0

    def seen(frame: object, event: str, argument: object) -> None:
        nonlocal entered
        entered += event == "call"

    work()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return entered


@contextmanager
def at_most_cpu_s(seconds: float) -> Iterator[None]:
    """Processor time of this process, which waiting for other processes does not add to. Give ten times what the work
    takes: what this is for, a text that makes a parser quadratic or exponential, takes a thousand times as much.
    """
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds
