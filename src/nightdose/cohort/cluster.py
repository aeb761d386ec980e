"""The same work on the machines of a Dask cluster. Tasks are paths and places in files, not diaries."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.processes import keep_memory

Given = TypeVar("Given")
Found = TypeVar("Found")
PIECES_IN_TASK = 4  # some hundred people, seconds of work: a task costs the scheduler about a millisecond
WAITING = 3  # tasks for every thread of the cluster, so that none waits for another


def through_dask(
    work: Callable[[Given], Found], given: Iterator[Given], address: str, together: int = PIECES_IN_TASK
) -> Iterator[Found]:
    """What `work` makes of each, in order. A worker that ends is replaced by another one, by Dask itself.

    Raises CallError where Dask is missing, where no scheduler answers, and where it gave up.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise CallError(say('A Dask scheduler needs Dask: pip install "nightdose[dask]".'), field="dask") from error
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise CallError(
            say("No Dask scheduler answers at {address}. Start one with: dask scheduler", address=address)
        ) from error
    with client:
        futures: deque[Any] = deque()
        try:
            while True:
                room = WAITING * max(1, sum(client.nthreads().values())) - len(futures)
                while room > 0 and (some := list(islice(given, together))):
                    futures.append(client.submit(each_of, work, some, pure=False))
                    room -= 1
                if not futures:
                    return
                yield from futures.popleft().result()
        except distributed.scheduler.KilledWorker as error:
            raise CallError(
                say(
                    "Workers of the cluster ended again and again at the same people; too little memory is the usual "
                    "cause."
                ),
                field="dask",
            ) from error


def each_of(work: Callable[[Given], Found], given: list[Given]) -> list[Found]:
    """What `work` makes of each, in a process of the cluster."""
    keep_memory()
    return [work(one) for one in given]
