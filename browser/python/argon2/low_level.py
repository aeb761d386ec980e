"""Argon2id by libargon2's reference code (browser/native/argon2module.c)."""

from __future__ import annotations

import enum

import _argon2


class Type(enum.Enum):
    """The kind of Argon2; a diary uses one."""

    ID = 2


def hash_secret_raw(
    secret: bytes, salt: bytes, time_cost: int, memory_cost: int, parallelism: int, hash_len: int, type: Type
) -> bytes:
    """`hash_len` bytes from a secret, slowly; the arguments are those of argon2-cffi."""
    made: bytes = _argon2.hash_raw(secret, salt, time_cost, memory_cost, parallelism, hash_len)
    return made
