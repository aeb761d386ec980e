"""The key of an encrypted diary: one secret, opened by the passphrase or printed as the recovery key.

The secret (128 random bits) makes the file's key. The recovery key *is* the secret, written in letters, so a
diary whose key file was lost still opens. The key file beside the diary holds the secret locked with the
passphrase: Argon2id gives 48 fresh bytes per salt, 16 hide the secret (used once, because the salt is), 32
authenticate what was hidden, so a wrong passphrase is told from a damaged key file's contents.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import importlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdose.diary.kept.database import NEEDS_SECURE, DiaryError, WrongKey
from nightdose.errors import CallError

FORMAT = "nightdose.key/1"
SECRET_BYTES, SALT_BYTES = 16, 16
TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4  # 0.5 s on a laptop
MOST_MEMORY_KIB, MOST_TIME_COST = 1024 * 1024, 20  # a forged key file may not ask for more
SHORTEST_PASSPHRASE = 8
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32: no 0, 1, 8, 9 to be mistaken for letters


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """The 128 bits that open a diary; never shown except as the recovery key the person prints."""

    bits: bytes

    def __repr__(self) -> str:
        return "Secret(...)"

    @property
    def file_key(self) -> bytes:
        """32 bytes: the raw SQLCipher key."""
        return hmac.digest(self.bits, b"nightdose diary file key v1", hashlib.sha256)

    @property
    def recovery_key(self) -> str:
        """The secret in groups of four letters, the last four a check against typing mistakes."""
        letters = base64.b32encode(self.bits + _check(self.bits)).decode().rstrip("=")
        return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _check(bits: bytes) -> bytes:
    return hashlib.sha256(b"nightdose recovery check" + bits).digest()[:4]


def new_secret() -> Secret:
    """A fresh secret from the operating system."""
    return Secret(secrets.token_bytes(SECRET_BYTES))


def secret_from_recovery_key(text: str) -> Secret:
    """The secret a person typed from the printed sheet; small letters, blanks and dashes do not matter."""
    letters = "".join(text.upper().replace("-", "").split())
    if not set(letters) <= set(ALPHABET) or len(letters) != 32:
        raise WrongKey("A recovery key has 8 groups of 4 letters or digits 2 to 7. Compare it with the printed sheet.")
    raw = base64.b32decode(letters)
    bits, check = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
    if not hmac.compare_digest(check, _check(bits)):
        raise WrongKey("The recovery key has a typing mistake. Compare each group with the printed sheet.")
    return Secret(bits)


def _stretch(passphrase: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    """48 bytes from a passphrase, slow and memory-hard (Argon2id, RFC 9106)."""
    try:
        argon2: Any = importlib.import_module("argon2.low_level")
    except ImportError:
        raise CallError(NEEDS_SECURE) from None
    raw: bytes = argon2.hash_secret_raw(
        passphrase.encode(), salt, time_cost, memory_kib, lanes, SECRET_BYTES + 32, argon2.Type.ID
    )
    return raw


def lock(secret: Secret, passphrase: str) -> str:
    """The text of the key file: the secret locked with the passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise CallError(
            f"The passphrase has {len(passphrase)} characters; use {SHORTEST_PASSPHRASE} or more. "
            "Four unrelated words are easy to keep and hard to guess."
        )
    salt = secrets.token_bytes(SALT_BYTES)
    stretched = _stretch(passphrase, salt, TIME_COST, MEMORY_KIB, LANES)
    hidden = bytes(a ^ b for a, b in zip(secret.bits, stretched[:SECRET_BYTES], strict=True))
    body = {
        "format": FORMAT, "kdf": "argon2id", "time_cost": TIME_COST, "memory_kib": MEMORY_KIB, "lanes": LANES,
        "salt": salt.hex(), "hidden": hidden.hex(),
        "tag": hmac.digest(stretched[SECRET_BYTES:], hidden, hashlib.sha256).hex(),
    }  # fmt: skip
    return json.dumps(body, indent=1)


def unlock(key_file_text: str, passphrase: str) -> Secret:
    """The secret in a key file; a wrong passphrase is said to be one."""
    try:
        body = json.loads(key_file_text)
        time_cost, memory_kib, lanes = (int(body[name]) for name in ("time_cost", "memory_kib", "lanes"))
        salt, hidden, tag = (bytes.fromhex(body[name]) for name in ("salt", "hidden", "tag"))
        known = body["format"] == FORMAT and body["kdf"] == "argon2id"
        sane = (
            0 < time_cost <= MOST_TIME_COST
            and 8 * lanes <= memory_kib <= MOST_MEMORY_KIB
            and 0 < lanes <= 64
            and len(salt) == SALT_BYTES
            and len(hidden) == SECRET_BYTES
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        known = sane = False
    if not known or not sane:
        raise DiaryError("The key file is damaged or from a newer nightdose. Open the diary with the recovery key.")
    stretched = _stretch(passphrase, salt, time_cost, memory_kib, lanes)
    if not hmac.compare_digest(hmac.digest(stretched[SECRET_BYTES:], hidden, hashlib.sha256), tag):
        raise WrongKey("This passphrase does not open the diary. Try again or use the recovery key; nothing changed.")
    return Secret(bytes(a ^ b for a, b in zip(hidden, stretched[:SECRET_BYTES], strict=True)))


def key_file(diary: Path) -> Path:
    """Where the locked secret lies: beside the diary."""
    return diary.with_name(diary.name + ".key")


def write_key_file(diary: Path, text: str) -> None:
    """Put the key file in place whole or not at all, readable by its owner only."""
    target = key_file(diary)
    write_whole(target, text.encode())


def write_whole(target: Path, content: bytes) -> None:
    """A file is there complete or not at all, also when the power fails; readable by its owner only."""
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise DiaryError(f"{target} could not be written ({error.strerror}). Nothing was changed.") from None


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
