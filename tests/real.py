"""Where real diaries of other people lie: carried in tests/data, or (GPL) in shared/data beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CARRIED, BESIDE = ROOT / "tests" / "data", ROOT.parent / "shared" / "data"


def real(name: str) -> Path:
    """One file, as `folder/file.csv`; skips the test where its licence keeps it out of the repository and it is not
    beside it (tests/data/README.md says where to get it).
    """
    for folder in (CARRIED, BESIDE):
        if (folder / name).is_file():
            return folder / name
    pytest.skip(f"{name} is GPL data that is not carried; see tests/data/README.md")
    raise AssertionError("a skip does not return")
