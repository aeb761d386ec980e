"""A contribution as the one line that is sent: canonical JSON with the public key, and a signature over all of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from nightdose.letter.signing import OwnKey, is_signed_by
from nightdose.pooling.contribution import Content, record
from nightdose.protocol.locked import canonical

HEAD, TAIL = "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n"


def signed_line(content: Content, key: OwnKey) -> str:
    """One line of JSON without a line end; the same content and key give the same bytes."""
    body = record(content) | {"key": key.public.decode().removeprefix(HEAD).removesuffix(TAIL)}
    return canonical(body | {"signature": base64.b64encode(key.sign(canonical(body).encode())).decode()})


def signed_part(body: Mapping[str, Any]) -> bytes:
    """The bytes that were signed: everything but the signature."""
    return canonical({name: value for name, value in body.items() if name != "signature"}).encode()


def hash_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of the signed bytes, hex: what a withdrawal names."""
    return hashlib.sha256(signed_part(body)).hexdigest()


def is_whole(body: Mapping[str, Any]) -> bool:
    """True where the signature is that of the key in it, over everything else in it."""
    try:
        signature = base64.b64decode(body["signature"], validate=True)
    except ValueError:
        return False
    return is_signed_by((HEAD + body["key"] + TAIL).encode(), signed_part(body), signature)
