"""A file that was sent, for a reader that wants a path: its contents stay in memory and never lie on a disk.

Linux gives memory a path. Elsewhere a private folder holds the file for as long as it is read; what a stopped program
left there is removed at the next start (`clear_left_behind`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from nightdose.language.number import plain

PREFIX = "nightdose-read-"
LEFT_S = 3600.0  # a folder older than that belongs to nobody who still reads
LONGEST_NAME = 80


@contextmanager
def held(name: str, content: bytes) -> Iterator[Path]:
    """The contents under the person's own file name; gone with the block, and with the program."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        path = Path(folder) / own_name(name)
        with _memory(path) or _private(path) as file:
            file.write(content)
            file.flush()
            yield path


def in_memory() -> bool:
    """Can contents have a path here without lying on a disk?"""
    return hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir()


def own_name(sent: str) -> str:
    """The name a person gave a file, safe to put beside ours: no folders, nothing that steers, not long."""
    last = plain(sent).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join("_" if c in '<>:"|?*' or not c.isprintable() else c for c in last).strip(" .")
    ending = Path(kept).suffix[:12]
    stem = kept.removesuffix(ending)[: LONGEST_NAME - len(ending)]
    return f"{stem}{ending}" if stem else "file"


def clear_left_behind() -> int:
    """Remove what a killed program left of files that were read; how many folders."""
    gone, before = 0, time.time() - LEFT_S
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.lstat().st_mtime < before and not folder.is_symlink():
                shutil.rmtree(folder)
                gone += 1
    return gone


def _memory(path: Path) -> IO[bytes] | None:
    if not in_memory():
        return None
    handle = os.memfd_create("nightdose")
    try:
        path.symlink_to(f"/proc/{os.getpid()}/fd/{handle}")
    except OSError:  # a temporary folder without links
        os.close(handle)
        return None
    return os.fdopen(handle, "wb")


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
