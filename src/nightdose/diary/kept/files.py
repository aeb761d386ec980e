"""The files of a diary on the disk: private from their first byte, whole or not there, never written over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from nightdose import whole_file
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.whole_file import OWNER_ONLY, remove, sync_folder

STARTING = ".starting"  # behind the name of what is not a diary yet


class DiaryError(InputError):
    """The diary file cannot be opened, read or written; what is in it is untouched."""


def real(path: Path) -> Path:
    """Where the file really lies: a link is followed, so that the diary's other files are looked for beside it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise DiaryError(
            say("{path} is a link that leads in a circle. Give the diary file itself.", path=path)
        ) from None


def beside(path: Path, ending: str) -> Path:
    """The file of that ending beside the diary."""
    found = real(path)
    return found.with_name(found.name + ending)


def key_file(diary: Path) -> Path:
    """Where the locked secret lies: beside the diary."""
    return beside(diary, ".key")


def companions(path: Path) -> tuple[Path, ...]:
    """The diary file and what SQLite keeps beside it."""
    return tuple(beside(path, ending) for ending in ("", "-wal", "-shm", "-journal"))


def refuse_what_is_there(path: Path, *, key: bool = True) -> None:
    """CallError where a diary of that name would meet a file of another one.

    A -wal or -journal that was left behind would be read into the new diary; a key file opens the old one only.
    """
    others = [*companions(path), *([key_file(path)] if key else [])]
    if there := [file for file in others if _is_there(file)]:
        what = (
            say("that key opens another diary") if there == [key_file(path)] else say("it may belong to another diary")
        )
        raise CallError(
            say(
                "{there} is there already; {what}, and nothing is ever overwritten. Choose "
                "another name, or move it to a folder of its own together with its diary.",
                there=there[0],
                what=what,
            )
        )


def _is_there(file: Path) -> bool:
    return file.exists() or file.is_symlink()


def create(target: Path) -> int:
    """A handle on a new empty file that only its owner may read; FileExistsError where one is there."""
    return os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_ONLY)


def unwritten(target: Path, error: OSError) -> DiaryError:
    """What is said where the disk refuses a file."""
    return DiaryError(
        say("{target} could not be written ({strerror}). Nothing was changed.", target=target, strerror=error.strerror)
    )


def write_new(target: Path, content: bytes) -> None:
    """A new file, on the disk when this returns; DiaryError where one is there or it cannot be written."""
    try:
        handle = create(target)
    except FileExistsError:
        raise DiaryError(say("{target} is there already; nothing is ever overwritten.", target=target)) from None
    except OSError as error:
        raise unwritten(target, error) from None
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(target.parent)
    except OSError as error:
        remove(target)
        raise unwritten(target, error) from None


def write_whole(target: Path, content: bytes) -> None:
    """A file, new or in the place of its older self: there complete or not at all, also when the power fails."""
    try:
        whole_file.write_whole(target, content, OWNER_ONLY)
    except OSError as error:
        raise unwritten(target, error) from None


def place(target: Path, make: Callable[[Path], None], locked: str | None) -> Path:
    """Put a diary and its key file where none is yet; the diary appears last, so what is there is complete.

    make : writes the diary at the path it is given. locked : text of the key file, None for a plain diary.
    Whoever was killed before the end left no diary; what lies there of it is cleared away and made anew.
    """
    whole = real(target)
    starting, key_starting, key = beside(whole, STARTING), beside(whole, ".key" + STARTING), key_file(whole)
    refuse_unless_free(whole)
    try:
        if locked is not None:
            write_new(key_starting, locked.encode())
        make(starting)
        if locked is not None:
            write_new(key, locked.encode())
        refuse_what_is_there(whole, key=False)
        os.rename(starting, whole)
        sync_folder(whole.parent)
    except BaseException as error:
        if not whole.exists() and key_starting.exists():
            remove(key)
        for file in (*companions(starting), key_starting):
            remove(file)
        if isinstance(error, OSError):
            raise unwritten(target, error) from None
        raise
    remove(key_starting)
    return whole


def refuse_unless_free(target: Path) -> None:
    """CallError unless a diary can be put there; what a killed start left is cleared away first."""
    whole = real(target)
    if not whole.exists():
        _clear_what_was_killed(beside(whole, STARTING), beside(whole, ".key" + STARTING), key_file(whole))
    refuse_what_is_there(whole)


def _clear_what_was_killed(starting: Path, key_starting: Path, key: Path) -> None:
    """Remove what a killed start left: it never said that it was done, so nobody has anything in it.

    The key file is its own only while the unfinished diary is there too, and both copies of the key are the same.
    """
    ours = starting.exists() and key_starting.exists() and key.exists()
    if ours and key.read_bytes() == key_starting.read_bytes():
        remove(key)
    for file in (*companions(starting), key_starting):
        remove(file)
