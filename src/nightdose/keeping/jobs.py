"""Long work beside a page: a certificate, a forecast, an import; it says how far it is and can be stopped."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from nightdose.errors import CallError, NightdoseError
from nightdose.language.catalogue import mark, say
from nightdose.processes import Progress

State = Literal["waiting", "running", "done", "failed", "stopped"]
MOST_AT_ONCE, MOST_KEPT = 2, 50
UNEXPECTED = mark("This did not work, and it should have. Nothing was changed. Please report it.")


class Stopped(NightdoseError):
    """The work was stopped by the person; raised inside it, where it says how far it is."""

    def __init__(self) -> None:
        super().__init__(say("Stopped; nothing was changed."))


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work as it stands now.

    done, total : of its own count; total 0 = not known yet. result : what the function returned, once done.
    sentence    : why it failed, else "".
    """

    number: int
    name: str
    state: State
    done: int = 0
    total: int = 0
    result: Any = None
    sentence: str = ""

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed", "stopped")


class Pool(Protocol):
    """Who does the work: threads, or, where there are none, somebody who does it later."""

    def submit(self, work: Callable[..., None], /, *given: Any) -> Future[None]: ...

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...


class Jobs:
    """The work of one running program; at most two pieces at once, the others wait.

    pool : threads of our own where none is given; watch : is told (done, total) of whatever runs.
    """

    def __init__(self, pool: Pool | None = None, watch: Progress | None = None) -> None:
        self._pool = pool or ThreadPoolExecutor(max_workers=MOST_AT_ONCE, thread_name_prefix="nightdose-job")
        self._watch = watch
        self._lock = threading.Lock()
        self._jobs: dict[int, Job] = {}
        self._stop: dict[int, threading.Event] = {}
        self._futures: dict[int, Future[None]] = {}
        self._numbers = itertools.count(1)

    def start(self, name: str, work: Callable[[Progress], Any]) -> int:
        """Begin (or queue) `work`, which is handed a function (done, total) to call as it goes on; its number.

        Where it is to be stopped, that call raises `Stopped`; the work lets it pass. A store is opened inside the
        work: a connection belongs to its thread.
        """
        with self._lock:
            number = next(self._numbers)
            self._jobs[number] = Job(number, name, "waiting")
            self._stop[number] = threading.Event()
            self._forget()
            self._futures[number] = self._pool.submit(copy_context().run, self._run, number, work)
        return number

    def look(self, number: int) -> Job:
        """The job as it stands; CallError where there is none of that number."""
        with self._lock:
            found = self._jobs.get(number)
        if found is None:
            raise CallError(say("This work is not known any more. Start it again."))
        return found

    def stop(self, number: int) -> Job:
        """Ask a job to stop: it does at its next step. What waits never begins."""
        found = self.look(number)
        self._stop[number].set()
        return found

    def wait(self, number: int, seconds: float) -> Job:
        """The job once it is over, or as it is when the seconds are."""
        with self._lock:
            future = self._futures.get(number)
        if future is not None:
            wait([future], timeout=seconds)
        return self.look(number)

    def stop_all(self) -> None:
        """Ask everything to stop, and forget what was made: the diary is locked."""
        with self._lock:
            for event in self._stop.values():
                event.set()
            over = [number for number, job in self._jobs.items() if job.over]
            for number in over:
                del self._jobs[number], self._stop[number], self._futures[number]

    def close(self) -> None:
        """Stop everything and wait for it; the program ends."""
        self.stop_all()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, number: int, work: Callable[[Progress], Any]) -> None:
        def progress(done: int, total: int) -> None:
            if self._stop[number].is_set():
                raise Stopped
            self._change(number, state="running", done=done, total=total)
            if self._watch is not None:
                self._watch(done, total)

        try:
            progress(0, 0)
            result = work(progress)
        except Stopped as error:
            self._change(number, state="stopped", sentence=str(error))
        except NightdoseError as error:
            self._change(number, state="failed", sentence=str(error))
        except Exception:
            self._change(number, state="failed", sentence=say(UNEXPECTED))
            raise
        else:
            self._change(number, state="done", result=result)

    def _change(self, number: int, **changes: Any) -> None:
        with self._lock:
            self._jobs[number] = replace(self._jobs[number], **changes)

    def _forget(self) -> None:
        """Results of long ago make room."""
        over = [number for number, job in self._jobs.items() if job.over]
        for number in over[: max(0, len(over) - MOST_KEPT)]:
            del self._jobs[number], self._stop[number], self._futures[number]
