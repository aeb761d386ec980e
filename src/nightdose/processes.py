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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TypeVar

from nightdose.errors import CallError
from nightdose.language.catalogue import say

Given = TypeVar("Given")
Found = TypeVar("Found")
MAIN = "__main__"
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
    Process = _WithoutMain


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


def _begin(begin: Callable[..., None] | None, about: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the parent alone
    if begin is not None:
        begin(*about)
