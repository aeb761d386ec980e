"""What a command costs: CPU time of it and its children, time on the clock, and the memory of its largest process.

Every program runs from bytecode, as it is installed for its users: an environment that forbids Python to write it would
add the compilation of all modules to each start.

Nothing heavy is imported here nor by those who measure: a child that is begun is at first as large as its parent, and
Linux counts that as the child's own.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Spent:
    """cpu_s, wall_s : seconds; peak_mb : of its largest process; out, err : what it printed; code : its exit."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    out: str
    err: str
    code: int

    def cells(self) -> str:
        """CPU s, wall s and peak MB as three cells of a table."""
        return f"{self.cpu_s:.2f} | {self.wall_s:.2f} | {self.peak_mb:.0f}"


def _installed(env: Mapping[str, str] | None) -> Mapping[str, str]:
    return {name: value for name, value in (os.environ if env is None else env).items() if name != NO_BYTECODE}


def spent(words: Sequence[str], *, given: str = "", env: Mapping[str, str] | None = None) -> Spent:
    """Run it from the root of the repository. Raises RuntimeError with the end of its complaint where it fails."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, tempfile.TemporaryFile("w+") as said:
        said.write(given)
        said.seek(0)
        begun = time.perf_counter()
        process = subprocess.Popen(words, stdin=said, stdout=out, stderr=err, cwd=ROOT, env=_installed(env))
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        found = Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, out.read(), err.read(),
                      process.returncode)  # fmt: skip
    if found.code:
        raise RuntimeError(f"{' '.join(words[:4])} ended with {found.code}: {found.err.strip()[-300:]}")
    return found
