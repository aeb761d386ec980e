"""A hash of values: equal for equal numbers, arrays, texts and dataclasses of them, whatever the process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def fingerprint(*parts: object) -> str:
    """The hash of these values in this order, hexadecimal."""
    digest = hashlib.sha256()
    for part in parts:
        _digest(digest, part)
    return digest.hexdigest()


def _digest(into: Any, value: object) -> None:
    into.update(type(value).__name__.encode())
    if isinstance(value, np.ndarray):
        into.update(f"{value.dtype}{value.shape}".encode())
        into.update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            into.update(field.name.encode())
            _digest(into, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _digest(into, (name, item))
    elif isinstance(value, (tuple, list)):
        into.update(str(len(value)).encode())
        for item in value:
            _digest(into, item)
    else:
        assert value is None or isinstance(value, (str, int, float, bool)), f"no fingerprint for {type(value)}"
        into.update(repr(value).encode())
