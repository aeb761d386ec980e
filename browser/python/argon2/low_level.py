"""Argon2id by libargon2's reference code, which the worker holds (browser/site/argon2.js)."""

from __future__ import annotations

import enum

from js import argon2id
from pyodide.ffi import to_js


class Type(enum.Enum):
    """The kind of Argon2; a diary uses one."""

    ID = 2


def hash_secret_raw(
    secret: bytes, salt: bytes, time_cost: int, memory_cost: int, parallelism: int, hash_len: int, type: Type
) -> bytes:
    """`hash_len` bytes from a secret, slowly; the arguments are those of argon2-cffi."""
    made: bytes = argon2id(to_js(secret), to_js(salt), time_cost, memory_cost, parallelism, hash_len).to_bytes()
    return made
