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

from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import Secret
from nightdose.errors import CallError, NightdoseError
from nightdose.keeping import opening, own_drug, said, settings
from nightdose.knowledge.chosen import chosen
from nightdose.language.catalogue import say
from nightdose.whole_file import OWNER_ONLY, write_whole


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


def add_options_again(parser: argparse.ArgumentParser) -> None:
    """The shared options also after the word, without undoing what stood before it."""
    for name in ("--diary", "--passphrase-file", "--recovery-key-file"):
        parser.add_argument(name, type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def diary_path(arguments: argparse.Namespace) -> Path:
    """The diary that is meant."""
    if arguments.diary is not None:
        return Path(arguments.diary)
    return Path(os.environ.get("NIGHTDOSE_DIARY") or Path.home() / "nightdose" / "diary.db")


def open_diary(arguments: argparse.Namespace) -> Store:
    """The diary, open; asks for the passphrase where one is needed. From here on the run is about its medicine."""
    path = diary_path(arguments)
    store = Store(path, key_of(arguments, path))
    try:
        _settle_medicine(store, getattr(arguments, "drug", None))
    except NightdoseError:
        store.close()
        raise
    return store


def _settle_medicine(store: Store, named: str | None) -> None:
    """The medicine of this diary; a file that is kept in it from now on is said once. named : what --drug said."""
    given, kept = chosen(), own_drug.of_diary(store)
    asked_for = given if named or kept is None else None  # a file of a treatment's name is only offered
    file = own_drug.settle(store, asked_for, naltrexone=bool(named) and given is None)
    if file is not None and kept is None:
        words = say("This diary is about {title} from now on: the file was kept in it (its fingerprint begins {sha}).",
                    title=clean(file.title), sha=file.sha256[:12])  # fmt: skip
        print(words, file=sys.stderr)


def key_of(arguments: argparse.Namespace, path: Path) -> bytes | None:
    """The file's key, or None for a plain diary (or none there: opening it will say so)."""
    if not opening.needs_key(path):
        return None
    return secret_for(arguments, opening.key_text(path)).file_key


def secret_for(arguments: argparse.Namespace, locked: str | None) -> Secret:
    """The secret that opens a diary, by recovery key or passphrase."""
    if arguments.recovery_key_file is not None:
        return opening.secret_of(locked, recovery_key=first_line(arguments.recovery_key_file))
    words = None if locked is None else passphrase(arguments, say("Passphrase:") + " ")
    return opening.secret_of(locked, passphrase=words)


def passphrase(arguments: argparse.Namespace, question: str) -> str:
    """The passphrase from its file or from the keyboard, never from the command line."""
    if arguments.passphrase_file is not None:
        return first_line(arguments.passphrase_file)
    if not sys.stdin.isatty():
        raise CallError(say("The diary is encrypted. Give --passphrase-file FILE when nobody is at the keyboard."))
    return getpass.getpass(question)


def first_line(path: Path) -> str:
    """The first line of a small text file."""
    try:
        return path.read_text(encoding="utf-8").split("\n", 1)[0].strip("\r")
    except (OSError, UnicodeDecodeError):
        raise CallError(say("{path} cannot be read. Check the name.", path=path)) from None


def now() -> datetime.datetime:
    """The computer's clock."""
    return datetime.datetime.now(datetime.UTC)


def today(store: Store) -> datetime.date:
    """The date on the person's wall clock right now."""
    return settings.today(store, now())


def tonight(store: Store) -> datetime.date:
    """The diary day that an entry made right now belongs to."""
    return settings.tonight(store, now())


def read_day(text: str, store: Store) -> datetime.date:
    """A date from the command line: 2026-11-20, today (the diary's, until its day ends) or yesterday."""
    return said.read_day(text, tonight(store))


def show_json(body: Any) -> None:
    """One JSON object on standard output."""
    print(json.dumps(body, ensure_ascii=False, allow_nan=False, default=str))


def write_page(path: Path, text: str, option: str = "-o") -> None:
    """A page to print; a sentence where it cannot be written."""
    write_file(path, text.encode(), option)


def write_file(path: Path, content: bytes, option: str = "-o") -> None:
    """A file at that path, readable by its owner only where it is new; a sentence where it cannot be written."""
    try:
        write_whole(path, content, OWNER_ONLY)
    except OSError as error:
        raise CallError(
            say(
                "{path} cannot be written ({strerror}). Choose another place with {option}.",
                path=path,
                strerror=error.strerror,
                option=option,
            )
        ) from None


def read_file(path: Path, most: int = 1 << 20) -> bytes:
    """A small file; a sentence where there is none."""
    try:
        if os.stat(path).st_size > most:
            raise CallError(say("{path} is too large to be this file.", path=path))
        return path.read_bytes()
    except OSError as error:
        raise CallError(say("{path} cannot be read ({strerror}).", path=path, strerror=error.strerror)) from None
