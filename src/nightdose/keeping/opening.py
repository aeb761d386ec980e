"""Start a diary, open one, change its passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept.backup import is_encrypted
from nightdose.diary.kept.database import WrongKey, is_plain
from nightdose.diary.kept.files import DiaryError, key_file, place, write_whole
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import (
    Secret,
    lock,
    new_secret,
    secret_from_recovery_key,
    unlock,
)
from nightdose.errors import CallError
from nightdose.language.catalogue import say

SMALLEST_FILE = 512  # bytes; less is not a diary, and opening it says so
PAGE = 4096  # bytes: an encrypted diary is whole pages, so that another file is known for what it is


@dataclass(frozen=True, slots=True, repr=False)
class Started:
    """A new diary. `recovery_key` is shown once and kept nowhere; None for a plain diary."""

    path: Path
    recovery_key: str | None

    @property
    def encrypted(self) -> bool:
        return self.recovery_key is not None


def start(path: Path, passphrase: str | None) -> Started:
    """Make an empty diary at `path`; encrypted, unless the passphrase is None.

    Raises CallError where something is there already or the passphrase is too short, DiaryError where it cannot be
    written. Then nothing is left behind.
    """
    if passphrase is None:
        _make(path, None, None)
        return Started(path, None)
    secret = new_secret()
    _make(path, secret.file_key, lock(secret, passphrase))
    return Started(path, secret.recovery_key)


def _make(path: Path, key: bytes | None, locked: str | None) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallError(
            say(
                "The folder {parent} cannot be made ({strerror}). Choose another place.",
                parent=path.parent,
                strerror=error.strerror,
            ),
            field="diary",
        ) from None
    place(path, lambda starting: Store(starting, key, create=True).close(), locked)


def is_kept(path: Path) -> bool:
    """True when the file is a diary that is kept here, plain or encrypted, and not a table of days."""
    try:
        return key_file(path).is_file() or (path.is_file() and (is_plain(path) or path.suffix.lower() == ".db"))
    except OSError:
        return False


def needs_key(path: Path) -> bool:
    """True when the diary at `path` is encrypted; False for a plain one, and where none is.

    A file that is not whole pages and has no key beside it is another program's.
    """
    if not path.is_file() or path.stat().st_size < SMALLEST_FILE or not is_encrypted(path):
        return False
    return key_file(path).is_file() or path.stat().st_size % PAGE == 0


def key_text(path: Path) -> str | None:
    """The locked key that lies beside the diary, or None; DiaryError where it cannot be read."""
    locked = key_file(path)
    try:
        return locked.read_text(encoding="utf-8") if locked.exists() else None
    except (OSError, UnicodeDecodeError):
        raise DiaryError(
            say("The key file {locked} cannot be read. Open the diary with the recovery key.", locked=locked),
            field="recovery_key_file",
        ) from None


def secret_of(locked: str | None, *, passphrase: str | None = None, recovery_key: str | None = None) -> Secret:
    """The secret of a diary or a backup, by its passphrase or by the printed recovery key.

    locked : text of the key file (`key_text`), not needed with the recovery key.
    Raises WrongKey where it does not open.
    """
    if recovery_key is not None:
        return secret_from_recovery_key(recovery_key)
    if locked is None:
        raise DiaryError(
            say(
                "The key file that lies beside the diary (its name ends in .key) is missing. Open "
                "the diary with the printed recovery key."
            ),
            field="recovery_key_file",
        )
    if passphrase is None:
        raise CallError(say("The diary is encrypted. Give its passphrase."), field="passphrase_file")
    return unlock(locked, passphrase)


def secret_by(path: Path, words: str) -> Secret:
    """The secret of the diary at `path` by its passphrase or its recovery key, whichever these words are.

    Raises WrongKey where they are neither.
    """
    try:
        return secret_of(key_text(path), passphrase=words)
    except WrongKey as wrong:
        try:
            return secret_of(None, recovery_key=words)
        except DiaryError:
            raise wrong from None


def open_diary(path: Path, *, passphrase: str | None = None, recovery_key: str | None = None) -> Store:
    """The diary, open for reading and writing; close it, or use it in a `with`.

    Raises DiaryError where there is none or it is damaged, WrongKey where passphrase or recovery key do not fit.
    """
    if not needs_key(path):
        return Store(path, None)
    secret = secret_of(key_text(path), passphrase=passphrase, recovery_key=recovery_key)
    return Store(path, secret.file_key)


def refuse_plain(path: Path) -> None:
    """Raises CallError where the diary has no passphrase that could be changed."""
    if not needs_key(path):
        raise CallError(say("This diary is not encrypted; there is no passphrase to change."))


def change_passphrase(path: Path, secret: Secret, passphrase: str) -> None:
    """Lock the same secret with new words; the recovery key stays the same, old backups open with the old words.

    Raises CallError where the words are too short.
    """
    Store(path, secret.file_key).close()  # the secret has to be this diary's before its key file is replaced
    write_whole(key_file(path), lock(secret, passphrase).encode())
