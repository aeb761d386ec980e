"""The key of an encrypted diary: one secret, opened by the passphrase or printed as the recovery key.

The secret (128 random bits) makes the file's key. The recovery key *is* the secret, written in letters, so a
diary whose key file was lost still opens. The key file beside the diary holds the secret locked with the
passphrase: Argon2id gives 48 fresh bytes per salt, 16 hide the secret (used once, because the salt is), 32
authenticate what was hidden, so a wrong passphrase is told from a damaged key file's contents.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import json
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from nightdose.diary.kept.database import NEEDS_SECURE, WrongKey
from nightdose.diary.kept.files import DiaryError
from nightdose.errors import CallError
from nightdose.language.catalogue import say

FORMAT = "nightdose.key/1"
SECRET_BYTES, SALT_BYTES = 16, 16
TIME_COST, MEMORY_KIB, LANES = 3, 64 * 1024, 4  # 0.5 s on a laptop
# a forged key file may not ask for more: 16 times our own work is 8 s on a laptop, four times our memory
MOST_MEMORY_KIB, MOST_TIME_COST, MOST_LANES = 4 * MEMORY_KIB, 12, 16
MOST_WORK = 16 * TIME_COST * MEMORY_KIB
LONGEST_KEY_FILE = 10_000  # characters; ours has 400
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
        raise WrongKey(
            say("A recovery key has 8 groups of 4 letters or digits 2 to 7. Compare it with the printed sheet.")
        )
    raw = base64.b32decode(letters)
    bits, check = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
    if not hmac.compare_digest(check, _check(bits)):
        raise WrongKey(say("The recovery key has a typing mistake. Compare each group with the printed sheet."))
    return Secret(bits)


def _stretch(passphrase: str, salt: bytes, time_cost: int, memory_kib: int, lanes: int) -> bytes:
    """48 bytes from a passphrase, slow and memory-hard (Argon2id, RFC 9106)."""
    try:
        argon2: Any = importlib.import_module("argon2.low_level")
    except ImportError:
        raise CallError(say(NEEDS_SECURE)) from None
    raw: bytes = argon2.hash_secret_raw(
        passphrase.encode("utf-8", "surrogatepass"),
        salt,
        time_cost,
        memory_kib,
        lanes,
        SECRET_BYTES + 32,
        argon2.Type.ID,
    )
    return raw


def lock(secret: Secret, passphrase: str) -> str:
    """The text of the key file: the secret locked with the passphrase."""
    passphrase = prepared(passphrase)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise CallError(
            say(
                "The passphrase has {n} characters; use {shortest_passphrase} or more. Four "
                "unrelated words are easy to keep and hard to guess.",
                n=len(passphrase),
                shortest_passphrase=SHORTEST_PASSPHRASE,
            )
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
    """The secret in a key file; WrongKey for a wrong passphrase, DiaryError for a file that is not one of ours."""
    try:
        if len(key_file_text) > LONGEST_KEY_FILE:
            raise ValueError("longer than a key file")
        body = json.loads(key_file_text)
        time_cost, memory_kib, lanes = (int(body[name]) for name in ("time_cost", "memory_kib", "lanes"))
        salt, hidden, tag = (bytes.fromhex(body[name]) for name in ("salt", "hidden", "tag"))
        known = body["format"] == FORMAT and body["kdf"] == "argon2id"
        sane = (
            0 < time_cost <= MOST_TIME_COST
            and 0 < lanes <= MOST_LANES
            and 8 * lanes <= memory_kib <= MOST_MEMORY_KIB
            and time_cost * memory_kib <= MOST_WORK
            and len(salt) == SALT_BYTES
            and len(hidden) == SECRET_BYTES
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        known = sane = False
    if not known or not sane:
        raise DiaryError(
            say("The key file is damaged or from a newer nightdose. Open the diary with the recovery key.")
        )
    for words in forms(passphrase):
        stretched = _stretch(words, salt, time_cost, memory_kib, lanes)
        if hmac.compare_digest(hmac.digest(stretched[SECRET_BYTES:], hidden, hashlib.sha256), tag):
            return Secret(bytes(a ^ b for a, b in zip(hidden, stretched[:SECRET_BYTES], strict=True)))
    raise WrongKey(say("This passphrase does not open the diary. Try again or use the recovery key; nothing changed."))


def prepared(passphrase: str) -> str:
    """The passphrase as it is locked: one form for letters with accents, plain blanks, no mark of an editor.

    RFC 8265, OpaqueString: other blanks become ' ', then normal form C. U+FEFF is what Notepad writes before a text.
    """
    text = passphrase.removeprefix("\ufeff")
    return unicodedata.normalize("NFC", "".join(" " if unicodedata.category(c) == "Zs" else c for c in text))


def forms(passphrase: str) -> tuple[str, ...]:
    """The ways in which the same words may have been locked, the usual one first; diaries of version 0.1 as typed."""
    text = passphrase.removeprefix("\ufeff")
    other = (unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))
    return tuple(dict.fromkeys((prepared(passphrase), passphrase, text, *other)))
