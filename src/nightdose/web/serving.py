"""The app on a loopback port: the socket, the remembered sessions, and nothing else of the network."""

from __future__ import annotations

import ctypes
import json
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import uvicorn

from nightdose.diary.unwritten import clear_left_behind
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place
from nightdose.whole_file import OWNER_ONLY, write_whole

USUAL_PORT = 8765
LOOPBACK = "127.0.0.1"
MMAP_THRESHOLD, LARGE_BYTES = -3, 128 * 1024  # glibc's name for it; larger pieces go back when they are freed


def listening(port: int | None) -> socket.socket:
    """A socket on this machine alone: the usual port, or any free one where none was asked for and it is taken."""
    for wanted in (USUAL_PORT, 0) if port is None else (port,):
        # named as TCP, so that a page does not wait 40 ms for the browser's word that it has the head
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((LOOPBACK, wanted))
        except (OSError, OverflowError):
            made.close()
            continue
        made.listen(64)
        return made
    raise CallError(
        say("Port {port} cannot be used: another program has it, or it is not a port.", port=port), field="port"
    )


def state_folder() -> Path:
    """Where sessions are remembered; private to this user."""
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "nightdose"


def remembered_doors(port: int, folder: Path) -> Doors:
    """Doors that know the browsers of an earlier start on the same port: their digests lie in a private file."""
    path = folder / f"sessions-{port}.json"
    known: set[str] = set()
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        known = {word for word in found if isinstance(word, str)} if isinstance(found, list) else set()

    def remember(sessions: Iterable[str]) -> None:
        with suppress(OSError):  # a browser that is forgotten needs a new address, nothing is lost
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, json.dumps(sorted(sessions)[-20:]), OWNER_ONLY)

    return Doors(sessions=known, remember=remember)


def give_memory_back() -> None:
    """Ask the C library to return large arrays at once: an answer over ten years borrows 60 MB for a second.

    glibc alone knows how; elsewhere nothing is asked.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(MMAP_THRESHOLD, LARGE_BYTES)


def serve(desk: Desk, made: socket.socket, doors: Doors) -> None:
    """Answer on that socket until stopped; nothing that was asked or written enters a log."""
    give_memory_back()
    clear_left_behind()
    app = create_app(desk, Place.loopback(made.getsockname()[1]), doors)
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="off", access_log=False, log_level="warning",
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=2, h11_max_incomplete_event_size=16_384,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[made])
    finally:
        desk.close()
