"""Which tests belong to what was changed? `make test-fast` runs what this prints.

Changed means: different from the branch `main` (or `origin/main`) where this branch left it, and from the last commit
on `main` itself; files that git does not know yet count. The tests of a folder of the package are those of the folder
of the same name in tests/, those of a module at the root its own file; the import contracts and the documents are
held by two files that are always run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALWAYS = ("tests/test_docs.py", "tests/test_import.py")
KERNELS = {"inference": "tests/inference", "model": "tests/mechanism"}  # folders of cpp/


def git(*words: str) -> list[str]:
    """Lines of an answer of git; none where git refuses."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split("\n") if done.returncode == 0 else []


def changed_files() -> list[str]:
    """Paths from the root, also of files that were deleted."""
    bases = [git("merge-base", "HEAD", name)[:1] for name in ("main", "origin/main")]
    base = next((found[0] for found in bases if found), "HEAD")
    return [*git("diff", "--name-only", base), *git("ls-files", "--others", "--exclude-standard")]


def tests_of(path: str) -> str | None:
    """The tests that a changed file asks for, None where it asks for none."""
    parts = Path(path).parts
    if parts[:1] == ("tests",):
        return path if parts[-1].startswith("test_") else str(Path(path).parent)
    if parts[:2] == ("src", "nightdose"):
        inside = parts[2:]
        return f"tests/{inside[0]}" if len(inside) > 1 else f"tests/test_{inside[0]}"
    if parts[:1] == ("cpp",):
        return KERNELS.get(parts[1])
    return f"tests/{parts[0]}" if parts[0] in ("benchmarks", "calibration") else None


def chosen(paths: list[str]) -> list[str]:
    """Test files and folders that exist, none inside another one; all of tests/ where something at its root changed."""
    wanted = {found for path in paths if path and (found := tests_of(path))} | set(ALWAYS)
    there = sorted(name for name in wanted if (ROOT / name).exists())
    return [name for name in there if not any(Path(other) in Path(name).parents for other in there)]


if __name__ == "__main__":
    sys.stdout.write(" ".join(chosen(changed_files())) + "\n")
