"""Which diary, and how it opens: the options and questions that several commands share."""

from __future__ import annotations

import argparse
import datetime
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from nightdose.diary.day import DEFAULT_START, DayRule, clock_time
from nightdose.diary.entry import Outcome
from nightdose.diary.kept.backup import is_encrypted
from nightdose.diary.kept.database import DiaryError
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import Secret, key_file, secret_from_recovery_key, unlock
from nightdose.errors import CallError

DEFAULT_TREATMENT = "naltrexone"


def add_options(parser: argparse.ArgumentParser) -> None:
    """--diary, the key options and --json."""
    parser.add_argument(
        "--diary", type=Path, metavar="FILE", help="default: $NIGHTDOSE_DIARY, else ~/nightdose/diary.db"
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="first line is the passphrase (for scripts)"
    )
    parser.add_argument("--recovery-key-file", type=Path, metavar="FILE", help="open with the printed recovery key")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def diary_path(arguments: argparse.Namespace) -> Path:
    """The diary that is meant."""
    if arguments.diary is not None:
        return Path(arguments.diary)
    return Path(os.environ.get("NIGHTDOSE_DIARY") or Path.home() / "nightdose" / "diary.db")


def open_diary(arguments: argparse.Namespace) -> Store:
    """The diary, open; asks for the passphrase where one is needed."""
    path = diary_path(arguments)
    return Store(path, key_of(arguments, path))


def key_of(arguments: argparse.Namespace, path: Path) -> bytes | None:
    """The file's key, or None for a plain diary (or none there: opening it will say so)."""
    if not path.is_file() or path.stat().st_size < 512 or not is_encrypted(path):
        return None
    locked = key_file(path)
    text = locked.read_text(encoding="utf-8") if locked.exists() else None
    return secret_for(arguments, text).file_key


def secret_for(arguments: argparse.Namespace, key_file_text: str | None) -> Secret:
    """The secret that opens a diary, by recovery key or passphrase."""
    if arguments.recovery_key_file is not None:
        return secret_from_recovery_key(first_line(arguments.recovery_key_file))
    if key_file_text is None:
        raise DiaryError(
            "The key file that lies beside the diary (its name ends in .key) is missing. "
            "Open the diary with --recovery-key-file and the printed recovery key."
        )
    return unlock(key_file_text, passphrase(arguments, "Passphrase: "))


def passphrase(arguments: argparse.Namespace, question: str) -> str:
    """The passphrase from its file or from the keyboard, never from the command line."""
    if arguments.passphrase_file is not None:
        return first_line(arguments.passphrase_file)
    if not sys.stdin.isatty():
        raise CallError("The diary is encrypted. Give --passphrase-file FILE when nobody is at the keyboard.")
    return getpass.getpass(question)


def first_line(path: Path) -> str:
    """The first line of a small text file."""
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].strip("\r")
    except (OSError, UnicodeDecodeError):
        raise CallError(f"{path} cannot be read. Check the name.") from None


def day_rule(store: Store) -> DayRule:
    """When the person's day starts, and their zone."""
    kept = store.newest("setting", "day") or {}
    start = clock_time(kept["start"]) if "start" in kept else DEFAULT_START
    return DayRule(start, kept.get("zone"))


def outcomes(store: Store) -> dict[str, Outcome]:
    """The outcomes the person chose, newest description of each."""
    found = {document.name: document.body for document in store.documents("outcome")}
    return {name: Outcome(**body) for name, body in found.items()}


def today(store: Store) -> datetime.date:
    """The person's day right now."""
    rule = day_rule(store)
    return rule.day_of(rule.localise(datetime.datetime.now(datetime.UTC)))


def read_day(text: str) -> datetime.date:
    """An ISO date from the command line."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CallError(f"'{text}' is no date. Write it as 2026-11-20.") from None


def show_json(body: Any) -> None:
    """One JSON object on standard output."""
    print(json.dumps(body, ensure_ascii=False, allow_nan=False, default=str))


def write_page(path: Path, text: str) -> None:
    """A page to print; a sentence where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CallError(f"{path} cannot be written ({error.strerror}). Choose another place with -o.") from None
