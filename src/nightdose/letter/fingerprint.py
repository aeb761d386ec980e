"""A hash of what was analysed: the same days and the same question have the same one."""

from __future__ import annotations

import hashlib

import numpy as np

from nightdose.verdict.analysis import Analysis


def fingerprint(analysis: Analysis) -> str:
    """SHA-256 in hex of the diary's grid and columns, which days are left out, and the question."""
    diary, sha = analysis.diary, hashlib.sha256()
    sha.update(f"{diary.first_day} {diary.dated} {diary.days} {analysis.question!r}".encode())
    for name in sorted(diary.columns):
        sha.update(name.encode() + b"\0")
        sha.update(np.ascontiguousarray(diary.columns[name] + 0.0, dtype="<f8").tobytes())
    sha.update(np.asarray(diary.left_out, dtype="<i8").tobytes())
    return sha.hexdigest()
