"""A test about a diary has the diary in its docstring."""

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_table


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The test's docstring as a file; `·` stands for a tab."""
    text = inspect.cleandoc(request.function.__doc__ or "").replace("·", "\t")
    out = tmp_path / "diary.csv"
    out.write_text(text + "\n", encoding="utf-8")
    return out


@pytest.fixture
def diary(path: Path) -> Diary:
    """The test's docstring, read."""
    return read_table(path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a file and gives its path."""

    def to_file(content: str | bytes, name: str = "diary.csv") -> Path:
        out = tmp_path / name
        out.write_bytes(content.encode() if isinstance(content, str) else content)
        return out

    return to_file
