"""The changes that spoil the package on purpose, and where each of them is applied."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = Path("src/nightdose")


@dataclass(frozen=True)
class Change:
    """One change of one line. old : stands exactly once in the package; claim : what would be told wrongly."""

    old: str
    new: str
    claim: str

    @property
    def words(self) -> str:
        """The change on one line."""
        return " ".join(f"{self.old} -> {self.new}".split())


def changes() -> tuple[Change, ...]:
    """Every change of `changes.toml`, in its order."""
    entries = tomllib.loads((ROOT / "tests/mutations/changes.toml").read_text(encoding="utf-8"))["change"]
    return tuple(Change(**entry) for entry in entries)


def home(change: Change, root: Path = ROOT) -> Path:
    """The file that holds the old text, from the root; LookupError where it is not exactly one, exactly once."""
    found = []
    for path in sorted((root / PACKAGE).rglob("*.py")):
        found += [path.relative_to(root)] * path.read_text(encoding="utf-8").count(change.old)
    if len(found) != 1:
        where = ", ".join(map(str, found)) or "nowhere"
        raise LookupError(f"'{change.old}' stands {len(found)} times ({where}); write the line as it is now")
    return found[0]


def related(path: Path, root: Path = ROOT) -> list[list[str]]:
    """Groups of tests to try one after the other: the file's own, its folder's, those that name the module."""
    inside = path.relative_to(PACKAGE)
    own, folder = root / "tests" / inside.with_name(f"test_{inside.name}"), root / "tests" / inside.parent
    while not folder.exists():  # a package inside a package may be tested by its parent's folder
        folder = folder.parent
    module = ".".join(["nightdose", *inside.with_suffix("").parts])
    naming = [p for p in sorted((root / "tests").rglob("test_*.py")) if module in p.read_text(encoding="utf-8")]
    groups = [[own] if own.exists() else [], [folder] if folder != root / "tests" else [], naming]
    return [[str(p.relative_to(root)) for p in group] for group in groups if group]
