"""Is every number that a person chose held? Each change of `changes.toml`, applied alone; which test notices?

    python -m tests.mutations            every change, and docs/held.md anew
    python -m tests.mutations --near     the same without the last resort, which is every test there is
    python -m tests.mutations SURE FAR   only changes whose text contains one of the words; other rows stay

A copy of the repository is changed, never the checkout. The test that noticed last time (docs/held.md) is asked
first, then the tests nearest to the changed file, at the end all of them. Exit code 1 where a change survives or its
text is not found.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.mutations.changes import ROOT, Change, changes, home, related

PAGE = ROOT / "docs" / "held.md"
KERNELS = ("nightdose.inference._inference", "nightdose.mechanism._model")
# An editable install finds the package in its checkout before any path; in the copy it must not.
ONLY_THE_COPY = 'import sys\nsys.meta_path[:] = [f for f in sys.meta_path if "ScikitBuild" not in type(f).__name__]\n'
HEAD = """# What holds each chosen number

Made by `make mutations`: every line is one change to the package, made on purpose, and the first test that failed
because of it. A change that no test notices makes the command fail.

| changed | nobody noticing, this would happen | noticed by |
|---|---|---|
"""


def main(words: list[str]) -> int:
    """Run the changes that contain one of the words, or all; print, and write the page when all ran."""
    near, words = "--near" in words, [word for word in words if word != "--near"]
    wanted = [change for change in changes() if not words or any(word in change.old for word in words)]
    before = noticed_before()
    rows, sound, failed = list[tuple[Change, str]](), set[str](), 0
    with tempfile.TemporaryDirectory(prefix="nightdose-mutations-") as folder:
        copy = copied(Path(folder) / "copy")
        for number, change in enumerate(wanted, 1):
            began = time.monotonic()
            try:
                by = noticed(change, copy, before.get(on_page(change), ""), near=near)
            except LookupError as lost:
                by = f"NOT FOUND: {lost}"
            if "::" in by and by not in sound:
                if first_failure(copy, [by]):
                    by = f"FAILS WITHOUT ANY CHANGE: {by}"
                else:
                    sound.add(by)
            failed += by not in sound
            rows.append((change, by))
            print(
                f"{number:3}/{len(wanted)} {time.monotonic() - began:5.1f} s  {change.words}\n        {by}", flush=True
            )
    print(f"{len(wanted)} changes, {failed} not noticed.")
    PAGE.write_text(page(before | {on_page(c): by for c, by in rows if by in sound}), encoding="utf-8")
    return 1 if failed else 0


def page(noticed_by: Mapping[str, str]) -> str:
    """docs/held.md: a row for each change of today whose test is known."""
    known = [change for change in changes() if on_page(change) in noticed_by]
    rows = "".join(f"| `{on_page(c)}` | {c.claim} | `{noticed_by[on_page(c)]}` |\n" for c in known)
    waiting = len(changes()) - len(known)
    return (
        HEAD
        + rows
        + (f"\n{waiting} more are listed in `tests/mutations/changes.toml` and were not run yet.\n" if waiting else "")
    )


def on_page(change: Change) -> str:
    """The change as a cell of the page's table."""
    return change.words.replace("|", "¦")


def noticed_before() -> dict[str, str]:
    """Change -> test, from the page."""
    if not PAGE.exists():
        return {}
    return dict(re.findall(r"^\| `(.*?)` \| .*? \| `(.*?)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def copied(to: Path) -> Path:
    """The files of the checkout that git knows or would add, with the compiled kernels beside their modules."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    for kernel in KERNELS:
        spec = importlib.util.find_spec(kernel)
        assert spec is not None, f"{kernel} is not installed"
        assert spec.origin is not None, f"{kernel} has no file"
        shutil.copy2(spec.origin, to / "src" / kernel.rsplit(".", 1)[0].replace(".", "/"))
    (to / "path").mkdir()
    (to / "path" / "sitecustomize.py").write_text(ONLY_THE_COPY, encoding="utf-8")
    return to


def noticed(change: Change, copy: Path, first: str, *, near: bool) -> str:
    """The first test that fails under the change, or SURVIVED; LookupError where the old text is not there."""
    path = home(change, copy)
    text = (copy / path).read_text(encoding="utf-8")
    (copy / path).write_text(text.replace(change.old, change.new), encoding="utf-8")
    try:
        hint = [[first]] if first and (copy / first.split("::")[0]).exists() else []
        for group in [*hint, *related(path, copy)]:
            if by := first_failure(copy, group, "not slow and not long"):
                return by
        return (not near and first_failure(copy, ["tests"], "not slow")) or "SURVIVED"
    finally:
        (copy / path).write_text(text, encoding="utf-8")


def first_failure(copy: Path, tests: list[str], marked: str = "not slow") -> str:
    """Name of the first failing test, without its parameters; '' where all pass (or none is there)."""
    env = os.environ | {"PYTHONPATH": f"{copy / 'path'}:{copy / 'src'}:{copy}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", marked, "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    if done.returncode in (0, 4, 5):  # passed; no such test; nothing collected
        return ""
    named = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:\[| |$)", done.stdout, re.MULTILINE)
    if named is None:
        raise RuntimeError(f"pytest says nothing that can be read:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return named.group(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
