"""Work shared among processes, wherever it was started: a script without a guard, standard input, a notebook.

Fresh processes, not forked ones: threads of the linear algebra would not survive a fork. A fresh process usually runs
the program's main script once more, in case the work lies in it. Ours never does: without `if __name__ == "__main__"`
it would start itself again, and a script from standard input is not there to be run. Both would end every process as
soon as it was started.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.context import SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from nightdose.errors import CallError
from nightdose.language.catalogue import say

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

Progress = Callable[[int, int], None]  # told (done, total) of some work as it goes on

Given = TypeVar("Given")
Found = TypeVar("Found")
MAIN = "__main__"
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt(3)
MOST_KEPT = 1 << 25  # bytes of one array, 32 MB, glibc's own limit
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


def shared(
    work: Callable[[Given], Found],
    given: Iterable[Given],
    workers: int,
    *,
    together: int = 1,
    begin: Callable[..., None] | None = None,
    about: tuple[object, ...] = (),
) -> Iterator[Found]:
    """What `work` makes of each, in order, by so many processes; all of it is needed.

    work, begin : of a module, not of a script. together : how many travel to a process at once. begin : called with
    `about` in every process before its first work.
    Raises CallError where two processes ended at the same work.
    """
    everything = iter(given)
    batches = iter(lambda: list(islice(everything, together)), [])
    start = None if begin is None else partial(begin, *about)
    for found in in_order(partial(_each, work), batches, workers, lost=_refuse, start=start):
        yield from found


def _each(work: Callable[[Given], Found], given: list[Given]) -> list[Found]:
    return [work(one) for one in given]


def _refuse(given: object) -> NoReturn:
    raise CallError(
        say(
            "The processes that shared the work ended before it was done; too little memory is the usual "
            "cause. Ask for one process: it takes longer and comes to the same answer."
        ),
        field="workers",
    )


def in_order(
    work: Callable[[Given], Found],
    given: Iterator[Given],
    workers: int,
    *,
    lost: Callable[[Given], Found],
    start: Callable[[], None] | None = None,
) -> Iterator[Found]:
    """What `work` makes of each, in order, however many there are: only a few wait at a time.

    start : called in every process before its first work; one worker is this process itself.
    The work of a process that ended is done again by another one; what has ended two of them becomes `lost` of it.
    Whoever stops asking, or is interrupted, stops the processes at once: each has a pipe of its own and shares no lock.
    """
    if workers == 1:
        if start is not None:
            start()
        yield from map(work, given)
        return
    from multiprocessing.connection import wait  # here: inside a browser there are no processes, and not all of this

    helpers: list[_Helper[Given, Found]] = []
    again: deque[tuple[int, Given]] = deque()  # whose process ended
    found: dict[int, Found] = {}
    numbered, told = enumerate(given), 0
    ended: set[int] = set()
    try:
        while True:
            idle = [helper for helper in helpers if helper.at is None]
            while again or len(found) + len(helpers) - len(idle) < AHEAD * workers:
                task = again.popleft() if again else next(numbered, None)
                if task is None:
                    break
                if not idle and len(helpers) == workers:
                    again.append(task)
                    break
                (idle.pop() if idle else _Helper(work, start, helpers)).take(*task)
            busy = {helper.pipe: helper for helper in helpers if helper.at is not None}
            if not busy:
                return
            for pipe in wait(list(busy)):
                helper = busy[pipe]  # type: ignore[index]
                assert helper.at is not None, "who is busy has something to do"
                number, one = helper.at
                try:
                    found[number] = helper.answer()
                except EOFError:
                    helpers.remove(helper)
                    helper.end()
                    if number in ended:
                        found[number] = lost(one)
                    else:
                        ended.add(number)
                        again.append((number, one))
            while told in found:
                yield found.pop(told)
                told += 1
    finally:
        for helper in helpers:
            helper.end()


class _Helper(Generic[Given, Found]):
    """A process that does one piece of work at a time. at : (number, piece) it is at work on, None = idle."""

    def __init__(
        self, work: Callable[[Given], Found], start: Callable[[], None] | None, helpers: list[_Helper[Given, Found]]
    ) -> None:
        self.at: tuple[int, Given] | None = None
        self.pipe, theirs = Pipe()
        self._process = _WithoutMain(target=_help, args=(theirs, work, start), daemon=True)
        with _undisturbed():
            self._process.start()
            helpers.append(self)
        theirs.close()  # so that the pipe ends with the process

    def take(self, number: int, one: Given) -> None:
        """Begin; a process that has ended says so when it is asked for its answer."""
        self.at = (number, one)
        with suppress(OSError):
            self.pipe.send(one)

    def answer(self) -> Found:
        """What the work made; raises EOFError where the process has ended, or what the work raised."""
        try:
            found, error = self.pipe.recv()
        except OSError as broken:
            raise EOFError from broken
        self.at = None
        if error is not None:
            raise error
        return cast(Found, found)

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _help(pipe: Connection, work: Callable[[Any], Any], start: Callable[[], None] | None) -> None:
    """What a helping process does until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the parent alone
    keep_memory()
    gc.freeze()  # the modules are there for good: nothing of them is looked through again
    if start is not None:
        start()
    with suppress(EOFError, OSError):
        while True:
            one = pipe.recv()
            answer: tuple[Any, Exception | None]
            try:
                answer = (work(one), None)
            except Exception as error:  # noqa: BLE001 - the parent raises it
                answer = (None, error)
            pipe.send(answer)


@cache
def keep_memory() -> None:
    """Ask the C library to keep what is freed: each piece of work borrows as much again as the one before.

    For processes that do nothing but such work. glibc alone knows how; elsewhere nothing is asked.
    """
    import ctypes  # here: not everything that shares work can load it

    with suppress(OSError, AttributeError):
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(MMAP_THRESHOLD, MOST_KEPT)
        library.mallopt(TRIM_THRESHOLD, 2 * MOST_KEPT)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the process is there; it is born deaf to it and so says nothing of its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # a process of Python's own: while it is begun, Python lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
