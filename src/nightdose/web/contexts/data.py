"""Where the diary is kept, what comes in and what was deleted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataPage:
    """What is stored where, and its ways in and out.

    path : of the diary's file; backup : its age in words; faults : what a check found, None = not checked now.
    file : address of the backup that was just made. own_key : the passphrase can be changed here; key_error : why it
    was not.
    """

    path: str
    encrypted: bool
    entries: int
    backup: str
    backup_old: bool
    faults: tuple[str, ...] | None
    example: bool
    saved: str = ""
    error: str = ""
    sure: str = ""
    file: str = ""
    own_key: bool = False
    key_error: str = ""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """What a file would bring; nothing has been written.

    token : of this preview; items : (kind, item, how many); changed : (before, after); doubts : doses to be said again.
    """

    token: str
    name: str
    new: int
    known: int
    span: str
    items: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    problems: tuple[str, ...]
    hazards: tuple[str, ...]
    doubts: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoneByePage:
    """The diary was deleted: what is left and where."""

    removed: tuple[str, ...]
    left: tuple[str, ...]
