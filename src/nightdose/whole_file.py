"""A file that is there whole or not at all: it is written beside its place, and put there when it is done.

Until then an older file keeps its place, also where the disk is full, the program is stopped or the power fails.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

UNFINISHED = ".unfinished"
ANYBODY, OWNER_ONLY = 0o666, 0o600  # whom a new file is for, as far as the user's own mask lets it
OF_THE_SYSTEM = ("/dev/", "/proc/")  # names there stand for something else than a file of that name


@contextmanager
def whole(path: Path, rights: int = ANYBODY) -> Iterator[Path]:
    """Where to write what belongs at `path`: put there at the end of the block, gone if it raises.

    What is not a plain file (a pipe, a terminal) is written to as it is. An older file hands on its rights, as far as
    `rights` go. Raises OSError, which names a file, where the disk refuses.
    """
    if str(path.absolute()).startswith(OF_THE_SYSTEM) or (path.exists() and not path.is_file()):
        yield path
        return
    target = Path(os.path.realpath(path))  # a link stays one
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        remove(unfinished)  # of a run that was killed
        mode = stat.S_IMODE(target.stat().st_mode) & rights if target.exists() else None
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights if mode is None else mode)
        os.close(handle)
        if mode is not None:
            unfinished.chmod(mode)  # whatever the mask
        yield unfinished
        _sync(unfinished)
        os.replace(unfinished, target)
        sync_folder(target.parent)
    except BaseException as error:
        remove(unfinished)
        if isinstance(error, OSError) and error.filename in (None, str(unfinished)):
            error.filename = str(path)
        raise


def write_whole(path: Path, content: str | bytes, rights: int = ANYBODY) -> None:
    """The content at that path; text as UTF-8, its line ends as they are. Raises OSError where the disk refuses."""
    with whole(path, rights) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)


def remove(file: Path) -> None:
    """Take a file away, where it is there and that is possible."""
    with suppress(OSError):  # a folder that may not be written: then it was not ours either
        file.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can."""
    if os.name == "posix":
        _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
