"""A letter signed with the person's own key (Ed25519): made at first use, private from its first byte, never replaced.

A signature says that nothing was changed since whoever has the key signed it. Whose key it is, the file cannot say.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from pathlib import Path
from typing import Any

from nightdose.diary.kept.files import write_new
from nightdose.errors import CallError, InputError

NEEDS_SIGNING = "Signing needs one more package: pip install 'nightdose[pdf]'."
LONGEST_KEY = 4096  # bytes of a key file; ours has 119
OTHERS_MAY_READ = 0o077


class OwnKey:
    """A private key that can sign; prints as nothing, so that no log or traceback carries it."""

    __slots__ = ("_private",)

    def __init__(self, private: Any) -> None:
        self._private = private

    def __repr__(self) -> str:
        return "OwnKey(...)"

    def sign(self, content: bytes) -> bytes:
        """64 bytes; the same content has the same signature."""
        signed: bytes = self._private.sign(content)
        return signed

    @property
    def public(self) -> bytes:
        """The public key in the form that OpenSSL reads too (PEM)."""
        form = _module("serialization")
        shown: bytes = self._private.public_key().public_bytes(
            form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
        )
        return shown


def own_key(path: Path) -> OwnKey:
    """The key at `path`, made now where there is none.

    Raises CallError where the package for it is missing, InputError where the file is not such a key or
    others can read it.
    """
    if not path.exists() and not path.is_symlink():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = _module("asymmetric.ed25519").Ed25519PrivateKey.generate()
        form = _module("serialization")
        written = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        try:
            write_new(path, written)
            return OwnKey(private)
        except InputError:
            if not path.exists():  # else another window was faster: its key is the one
                raise
    return _read(path)


def _read(path: Path) -> OwnKey:
    try:
        with open(path, "rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & OTHERS_MAY_READ:
                raise InputError(
                    f"Others on this computer can read your key {path}, so anybody could sign with it. "
                    "Make it readable by you alone; if it was copied, move it away and a new one is made."
                )
            content = file.read(LONGEST_KEY)
    except OSError as error:
        raise InputError(f"Your key {path} cannot be read ({error.strerror}). Nothing was signed.") from None
    try:
        private = _module("serialization").load_pem_private_key(content, None)
        if not isinstance(private, _module("asymmetric.ed25519").Ed25519PrivateKey):
            raise ValueError
    except (ValueError, TypeError):
        raise InputError(
            f"{path} is not a key that nightdose made. It is left as it is; move it away and a new one is made."
        ) from None
    return OwnKey(private)


def is_signed_by(public: bytes, content: bytes, signature: bytes) -> bool:
    """True where the signature is that of this key over this content. Raises CallError where the package is missing."""
    load = _module("serialization").load_pem_public_key
    broken = importlib.import_module("cryptography.exceptions")
    try:
        key = load(public)
        if not isinstance(key, _module("asymmetric.ed25519").Ed25519PublicKey):
            return False
        key.verify(signature, content)
    except (ValueError, TypeError, broken.InvalidSignature, broken.UnsupportedAlgorithm):
        return False
    return True


def key_print(public: bytes) -> str:
    """SHA-256 of a public key as it stands in the file, hex: what two people compare."""
    return hashlib.sha256(public.strip()).hexdigest()


def _module(name: str) -> Any:
    try:
        return importlib.import_module(f"cryptography.hazmat.primitives.{name}")
    except ImportError:
        raise CallError(NEEDS_SIGNING) from None
