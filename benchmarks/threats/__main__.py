"""Attacks in numbers that make one certain, counted; the table of docs/threats.md.

    python -m benchmarks.threats [--size 1.0] [--only kills damage ...] [--state FILE] [--no-page] [--again]

1,000 kills, 300 pieces of damage, 10,000 random command lines, 5,000 spoiled files of each format and 1,000 letters of
each form at size 1. One process, in rounds with seeds of their own; what is done stands in the state file, and a run
that was stopped goes on there. Exit code: 0 where nothing was found, 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.threats import command_lines, damage, kills, letters, spoiled_files
from benchmarks.threats.count import Count, count_from_record

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "threats.md"
MARKER = "<!-- below: written by `python -m benchmarks.threats` -->"
Rounds = Callable[[int, int], Count]


@dataclass(frozen=True)
class Attack:
    """rounds(seed, number) tries `number` attacks; `whole` are tried at size 1, `each` between two savings."""

    title: str
    rounds: Rounds
    whole: int
    each: int


def attacks() -> Mapping[str, Attack]:
    """Every kind of attack by its name."""
    found = {
        "kills": Attack("process killed while it writes", kills.rounds, 1_000, 100),
        "damage": Attack("diary, key file or backup damaged", damage.rounds, 300, 100),
        "lines": Attack("random command lines", command_lines.rounds, 10_000, 100),
    }
    for format in spoiled_files.FORMATS:
        found[f"files {format}"] = Attack(f"spoiled files: {format}", partial(spoiled_files.rounds, format), 5_000, 500)
    for kind in letters.KINDS:
        found[f"letters {kind}"] = Attack(f"spoiled letters: {kind}", partial(letters.rounds, kind), 1_000, 200)
    return found


def run(name: str, attack: Attack, size: float, state: dict[str, Any], keep: Callable[[], None]) -> None:
    """Go on with one kind until the number of this size is reached; kept after every round."""
    wanted = max(1, round(size * attack.whole))
    found = state.setdefault(name, {"outcomes": {}, "faults": [], "seconds": 0.0, "rounds": 0, "tried": 0})
    count = count_from_record(found)
    while found["tried"] < wanted:
        began = time.monotonic()
        number = min(attack.each, wanted - found["tried"])
        count.add(attack.rounds(found["rounds"], number))
        found |= count.record
        found["tried"] += number
        found["rounds"] += 1
        found["seconds"] = round(found["seconds"] + time.monotonic() - began, 1)
        keep()
        print(f"{name}: {found['tried']} of {wanted}, faults {found['outcomes'].get('FAULT', 0)}", flush=True)


def table(state: Mapping[str, Any], size: float) -> str:
    """The section of the page."""
    lines = [
        MARKER, "", "| attack | tried | what came of it | must not happen | seconds |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for name, attack in attacks().items():
        if name not in state:
            continue
        found = state[name]
        fine = {what: number for what, number in found["outcomes"].items() if what != "FAULT"}
        said = "; ".join(f"{what} {number:,}" for what, number in sorted(fine.items(), key=lambda each: -each[1]))
        faults = found["outcomes"].get("FAULT", 0)
        lines.append(f"| {attack.title} | {found['tried']:,} | {said} | {faults} | {found['seconds']:.0f} |")
    lines += ["", f"nightdose {version('nightdose')}, size {size:g}, one process."]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threats", description=__doc__)
    parser.add_argument("--size", type=float, default=1.0, help="share of the numbers above")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="kinds whose name begins so")
    parser.add_argument("--state", type=Path, default=ROOT / "build" / "threats.json")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/threats.md")
    parser.add_argument("--again", action="store_true", help="forget what was done before")
    arguments = parser.parse_args()
    there = arguments.state.is_file() and not arguments.again
    state: dict[str, Any] = json.loads(arguments.state.read_text()) if there else {}

    def keep() -> None:
        arguments.state.parent.mkdir(parents=True, exist_ok=True)
        half = arguments.state.with_suffix(".half")
        half.write_text(json.dumps(state, indent=1))
        half.replace(arguments.state)

    for name, attack in attacks().items():
        if arguments.only is None or any(name.startswith(word) for word in arguments.only):
            run(name, attack, arguments.size, state, keep)
    if not arguments.no_page:
        head = PAGE.read_text(encoding="utf-8").partition(MARKER)[0]
        PAGE.write_text(f"{head.rstrip()}\n\n{table(state, arguments.size)}", encoding="utf-8")
    faults = [f"{name}: {fault}" for name, found in state.items() for fault in found["faults"]]
    print("\n".join(faults) or "nothing was found")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
