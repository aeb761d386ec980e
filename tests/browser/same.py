"""Whether a browser's engine says what the native one says: python -m tests.browser.same [N] over N diaries."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.browser.folder import built
from tests.generators import simulate

from nightdose.cli import main

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
KINDS = {
    "continuous": (), "rating": ("--range", "0", "10"), "ordinal": ("--range", "0", "3"), "binary": (), "count": (),
}  # fmt: skip
EFFECTS = (0.0, -0.8, -2.0, 2.0)  # of about one within-person sd: every verdict comes up
TIMES = frozenset({"seconds"})


@dataclass(frozen=True)
class Asked:
    """One diary as a table, and the words of the command."""

    name: str
    table: str
    words: tuple[str, ...]


def examples() -> Iterator[Asked]:
    """The diaries that come with nightdose."""
    caffeine = ("--outcome", "absorption", "--treatment", "caffeine", "--better", "higher", "--meaningful", "0.25",
                "--onset", "same-day", "--randomised", "days", "--blinded")  # fmt: skip
    kim = ("--outcome", "migraine_severity", "--treatment", "naltrexone", "--scale", "rating", "--range", "0", "3",
           "--adjust", "topiramate")  # fmt: skip
    for name, words in (("caffeine", caffeine), ("kim-synthetic", kim)):
        yield Asked(name, (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8"), words)


def generated(n: int) -> Iterator[Asked]:
    """n simulated diaries, in turn of each kind of outcome, of each design."""
    designs = ("switch", "titration", "blocks")
    for seed in range(n):
        kind = list(KINDS)[seed % len(KINDS)]
        design = designs[seed // len(KINDS) % len(designs)]
        effect = EFFECTS[(seed + seed // len(KINDS)) % len(EFFECTS)]
        truth = simulate(seed, design=design, outcome=kind, effect=effect, days=150 + 43 * (seed % 6))
        drawn = ("--randomised", "blocks") if design == "blocks" else ()
        words = ("--outcome", "pain", "--treatment", "naltrexone", "--scale", kind, *KINDS[kind], *drawn)
        yield Asked(f"{kind}, {design}, {seed}", _csv(truth.diary.columns), words)


def _csv(columns: dict[str, np.ndarray]) -> str:
    lines = ["day," + ",".join(columns)]
    for i, row in enumerate(zip(*columns.values(), strict=True)):
        lines.append(f"{i}," + ",".join("" if math.isnan(v) else repr(float(v)) for v in row))
    return "\n".join(lines) + "\n"


def natively(asked: Asked) -> object:
    """The answer of this machine's own build."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "diary.csv"
        path.write_text(asked.table, encoding="utf-8")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            main(["analyse", str(path), *asked.words, "--json"])
    return json.loads(said.getvalue())


class Engine:
    """The built pieces, run by Node."""

    def __init__(self, folder: Path) -> None:
        self._folder = tempfile.TemporaryDirectory()
        place = Path(self._folder.name)
        for each in folder.rglob("*"):
            if each.is_file():
                target = place / each.relative_to(folder)
                target.parent.mkdir(exist_ok=True)
                if each.suffix == ".packed":
                    target.with_suffix("").write_bytes(gzip.decompress(each.read_bytes()))
                else:
                    shutil.copyfile(each, target)
        words = ["node", str(HERE / "engine.mjs"), str(place)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def run(self, argv: list[str], **files: str) -> dict:
        """What `nightdose ARGV` printed there; the files lie in /tmp."""
        print(json.dumps({"files": files, "argv": argv}), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def analyse(self, asked: Asked) -> object:
        """The answer inside the browser's engine."""
        done = self.run(["analyse", "/tmp/diary.csv", *asked.words, "--json"], **{"diary.csv": asked.table})
        assert done["said"], done["wrong"]
        return json.loads(done["said"])


def apart(one: object, other: object, where: str = "") -> tuple[float, str]:
    """(largest difference of two answers, where): of numbers relative above 1, absolute below; else 0 or infinite."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = [apart(one[k], other[k], f"{where}.{k}") for k in one if k not in TIMES]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        parts = [apart(a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(one, other, strict=True))]
    elif isinstance(one, float) or isinstance(other, float):
        same = isinstance(one, int | float) and isinstance(other, int | float)
        return (abs(one - other) / max(1.0, abs(one)), where) if same else (math.inf, where)
    else:
        return (0.0 if one == other else math.inf), where
    return max(parts, default=(0.0, where))


def compare(n: int) -> int:
    """Prints every diary's difference; 1 where one is above 1e-9."""
    folder = built()
    if folder is None:
        print("There is no built folder: make browser")
        return 2
    engine, worst = Engine(folder), 0.0
    for asked in [*examples(), *generated(n)]:
        native = natively(asked)
        difference, where = apart(native, engine.analyse(asked))
        worst = max(worst, difference)
        verdict = native["verdict"]["answer"]
        print(f"{difference:8.1e}  {asked.name:32} {verdict:26} {where}", flush=True)
    engine.close()
    print(f"largest difference {worst:.1e}")
    return int(worst > 1e-9)


if __name__ == "__main__":
    sys.exit(compare(int(sys.argv[1]) if len(sys.argv) > 1 else int(os.environ.get("DIARIES", "50"))))
