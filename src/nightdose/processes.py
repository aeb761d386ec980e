"""Work shared among processes, wherever it was started: a script without a guard, standard input, a notebook.

Fresh processes, not forked ones: threads of the linear algebra would not survive a fork. A fresh process usually runs
the program's main script once more, in case the work lies in it. Ours never does: without `if __name__ == "__main__"`
it would start itself again, and a script from standard input is not there to be run. Both would end every process as
soon as it was started.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeVar

from nightdose.errors import CallError
from nightdose.language.catalogue import say

Progress = Callable[[int, int], None]  # told (done, total) of some work as it goes on

Given = TypeVar("Given")
Found = TypeVar("Found")
MAIN = "__main__"
AHEAD = 3  # pieces of work for every process, so that none waits
_one_at_a_time = threading.Lock()


class _WithoutMain(SpawnProcess):
    """A fresh process that leaves the main script alone."""

    def start(self) -> None:
        with _one_at_a_time:
            main = sys.modules[MAIN]
            sys.modules[MAIN] = ModuleType(MAIN)
            try:
                super().start()
            finally:
                sys.modules[MAIN] = main


class _Fresh(SpawnContext):
    """Fresh processes, remembered so that they can be ended. started : all of them so far."""

    def __init__(self) -> None:
        self.started: list[_WithoutMain] = []

    def Process(self, *args: Any, **kwargs: Any) -> _WithoutMain:  # type: ignore[override]
        process = _WithoutMain(*args, **kwargs)
        self.started.append(process)
        return process


def shared(
    work: Callable[[Given], Found],
    given: Iterable[Given],
    workers: int,
    *,
    together: int = 1,
    begin: Callable[..., None] | None = None,
    about: tuple[object, ...] = (),
) -> Iterator[Found]:
    """What `work` makes of each, in order, by so many processes.

    work, begin : of a module, not of a script. together : how many travel to a process at once. begin : called with
    `about` in every process before its first work.
    Raises CallError where a process ended before its work was done.
    """
    with ProcessPoolExecutor(workers, _Fresh(), _begin, (begin, about)) as pool:
        try:
            yield from pool.map(work, given, chunksize=together)
        except BrokenProcessPool as error:
            raise CallError(
                say(
                    "The processes that shared the work ended before it was done; too little memory is the usual "
                    "cause. Ask for one process: it takes longer and comes to the same answer."
                ),
                field="workers",
            ) from error


def in_order(
    work: Callable[[Given], Found],
    given: Iterator[Given],
    workers: int,
    *,
    lost: Callable[[Given], Found],
) -> Iterator[Found]:
    """What `work` makes of each, in order, however many there are: only a few wait at a time.

    A process that ends is replaced, and its work done again; what has ended two of them becomes `lost` of it. Whoever
    stops asking, or is interrupted, stops the processes at once.
    """
    if workers == 1:
        yield from map(work, given)
        return
    waiting: deque[Given] = deque()  # at work, or about to be
    suspected = False  # the first of them was at work when a process ended: it goes alone
    while True:
        context = _Fresh()
        pool = ProcessPoolExecutor(workers, context, _begin, (None, ()))
        try:
            futures = deque(pool.submit(work, one) for one in islice(waiting, 1 if suspected else None))
            while True:
                while not suspected and len(futures) < AHEAD * workers and (more := list(islice(given, 1))):
                    waiting.extend(more)
                    futures.append(pool.submit(work, more[0]))
                if not futures:
                    break
                found = futures[0].result()
                futures.popleft()
                waiting.popleft()
                yield found
            if not suspected:
                return
            suspected = False
        except BrokenProcessPool:
            if suspected:
                yield lost(waiting.popleft())
            suspected = not suspected and bool(waiting)
        finally:
            for process in context.started:
                process.terminate()
            pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., None] | None, about: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the parent alone
    if begin is not None:
        begin(*about)
