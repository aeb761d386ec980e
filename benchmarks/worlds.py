"""Is the certificate right? What it says beforehand of a diary's worlds, and which diaries it warns of.

    python -m benchmarks.worlds [--people 12] [--n 400] [--workers 2]

People of three designs without an effect (`benchmarks/lives.py`, world S1); each gets a certificate of n diaries.
Pooled over the people: false alarms by world and at any look, and how often a world was named. Writes the section
`worlds` of docs/calibration.md.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from importlib.metadata import version

import numpy as np

from benchmarks.lives import Cell, diary, question
from benchmarks.validate import keep, share
from nightdose.analyse import analyse
from nightdose.checks.certificate import with_certificate
from nightdose.checks.worlds import WORLDS

DESIGNS = ("blocks28", "blocks14", "switch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started, head = time.time(), " | ".join(WORLDS)
    lines = [
        f"### The certificate by worlds: {arguments.people} people a design, {arguments.n} dummy diaries each",
        "",
        "False alarms, % of the dummy diaries of all people; in brackets the Monte Carlo standard error.",
        "",
        f"| design | the model's own | {head} | at any look so far | people warned of a world | s a certificate |",
        "|---|---|" + "---|" * (len(WORLDS) + 3),
    ]
    for design in DESIGNS:
        called: dict[str, int] = defaultdict(int)
        drawn: dict[str, int] = defaultdict(int)
        warned, seconds = 0, []
        for seed in range(arguments.people):
            cell = Cell("continuous", design, "S1")
            analysis = analyse(diary(seed + 5000, cell), question(cell), curves=False)
            begun = time.time()
            found = with_certificate(analysis, arguments.n, seed=seed, workers=arguments.workers).certificate
            if found is None:
                continue
            seconds.append(time.time() - begun)
            warned += bool(found.too_wrong)
            assert found.any_look is not None
            for name, n, rate in (
                ("model", found.n, found.false_alarm), ("looks", found.any_look.n, found.any_look.false_alarm),
                *((world.name, world.n, world.false_alarm) for world in found.worlds),
            ):  # fmt: skip
                called[name] += round(rate * n)
                drawn[name] += n
        cells = [share(called[name], drawn[name]) if drawn[name] else "-" for name in ("model", *WORLDS, "looks")]
        lines.append(f"| {design} | {' | '.join(cells)} | {warned} of {len(seconds)} | {np.median(seconds):.0f} |")
        print(lines[-1], flush=True)
    made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
    keep("worlds", [*lines, "", made, ""])


if __name__ == "__main__":
    main()
