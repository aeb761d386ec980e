"""What the commands cost as a user types them, beside the figures wanted and other programs: one run, one section.

    python -m benchmarks.commands [--only judging solving wanted growth] [--page docs/accuracy.md]

CPU time of all processes, time on the clock, memory of the largest process, from the shell. Other programs live in
environments of their own (`make rivals`); one that is not there is named as not run. Each part is written by itself.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
from collections.abc import Callable
from compileall import compile_dir
from pathlib import Path

from benchmarks.growth import growth, wanted
from benchmarks.judging_peers import judging
from benchmarks.solver_peers import solving
from benchmarks.spent import ROOT

HEADING = "## Speed: whole commands"
PARTS: dict[str, Callable[[Path], list[str]]] = {
    "wanted": wanted, "judging": judging, "solving": solving, "growth": growth,
}  # fmt: skip


def main() -> None:
    """Measure, print, and write each part where a page is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commands")
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    compile_dir(ROOT / "src", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.only:
            before, begun = conditions(name), time.perf_counter()
            lines = PARTS[name](Path(folder))
            lines += ["", f"{before} {(time.perf_counter() - begun) / 60:.1f} minutes."]
            print("\n".join(lines), flush=True)
            if arguments.page is not None:
                write(arguments.page, name, lines)


def conditions(name: str) -> str:
    """Where and when a part was measured."""
    return (
        f"`python -m benchmarks.commands --only {name}`, {datetime.date.today():%d %B %Y}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} before it, Python {sys.version_info.major}.{sys.version_info.minor},"
    )


def write(path: Path, name: str, lines: list[str]) -> None:
    """A part between its markers; the rest of the page stays as it is."""
    begin = f"<!-- commands, {name}: begin, written by `python -m benchmarks.commands` -->"
    end = f"<!-- commands, {name}: end -->"
    old = path.read_text(encoding="utf-8")
    body = "\n".join([begin, "", *lines, "", end])
    if begin in old and end in old:
        new = old[: old.index(begin)] + body + old[old.index(end) + len(end) :]
    elif HEADING in old:
        new = old.replace(HEADING, f"{HEADING}\n\n{body}", 1)
    else:
        new = f"{old.rstrip()}\n\n{HEADING}\n\n{body}\n"
    path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
