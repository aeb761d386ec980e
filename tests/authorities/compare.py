"""How far the engine is from every reference posterior; printed, and with --page written into docs/accuracy.md.

python -m tests.authorities.compare [--page docs/accuracy.md]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from tests.authorities.test_reference_posteriors import HERE, KINDS, cases, off_by, ours

HEADING = "## Judging: against long posteriors by Stan"
BEGIN = "<!-- authorities: begin, written by `python -m tests.authorities.compare --page docs/accuracy.md` -->"
END = "<!-- authorities: end -->"
QUANTITIES = {
    "effect": "effect",
    "b[2]": "trend",
    "level_sd": "level sd",
    "ar_sd": "spell sd",
    "phi": "spell correlation",
    "noise_sd": "noise sd",
    "log_tau[1]": "log onset time",
}


def main() -> None:
    """One line a diary, then the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.authorities.compare")
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    distances: list[tuple[float, float]] = []
    rows = [line for kind in KINDS for line in of_kind(kind, distances)]
    table = [
        "| outcome | quantity | diaries | mean off, median | worst | sd ratio, least | median | most |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    print("\n".join([*table, "", own_part(distances)]))
    if arguments.page:
        write(arguments.page, [made(), "", *table, "", own_part(distances)])


def own_part(distances: list[tuple[float, float]]) -> str:
    """How much of the distances is not ours. distances : of each mean effect, and its sampler's own error, in sd."""
    off, se = np.sqrt(np.mean(np.square(np.array(distances)), axis=0))
    return (
        f"Mean effects of all {len(distances)} diaries: {off:.3f} sd off, root of the mean square; the long runs' own "
        f"standard error is {se:.3f} sd, and no distance is beyond {max(o / s for o, s in distances):.1f} of it."
    )


def of_kind(kind: str, distances: list[tuple[float, float]]) -> list[str]:
    """Prints every diary's effect, adds it to the distances; returns the rows of the table."""
    found: dict[str, list[tuple[float, float]]] = {}
    tails: list[float] = []
    for case in cases(kind):
        mine, ends = ours(case)
        r = case["reference"]["effect"]
        gaps = [(end - r[q]) / r["sd"] for end, q in zip(ends, ("q2.5", "q97.5"), strict=True)]
        tails += [abs(gap) for gap in gaps]
        off, more, ratio, _ = off_by(mine["effect"], r)
        distances.append((off, more / 3))
        print(
            f"{case['name']:15s} ess {r['ess_bulk']:6.0f}  effect {r['mean']:7.3f} sd {r['sd']:.3f}  off {off:.3f} sd "
            f"(the sampler's 3 se {more:.3f})  sd ratio {ratio:.3f}  ends off {gaps[0]:+.3f} {gaps[1]:+.3f} sd"
        )
        for name in QUANTITIES:
            reference = case["reference"].get(name)
            if reference and reference["sd"] > 0 and name in mine and np.isfinite(reference["mcse_mean"] or np.nan):
                off, _, ratio, _ = off_by(mine[name], reference)
                found.setdefault(name, []).append((off, ratio))
    rows = []
    for name, pairs in found.items():
        off, ratio = np.array(pairs).T
        rows.append(
            f"| {kind} | {QUANTITIES[name]} | {len(off)} | {np.median(off):.3f} | {off.max():.3f} | "
            f"{ratio.min():.2f} | {np.median(ratio):.2f} | {ratio.max():.2f} |"
        )
    rows.append(f"| {kind} | 2.5 and 97.5 % ends | {len(tails)} | {np.median(tails):.3f} | {max(tails):.3f} | | | |")
    return rows


def made() -> str:
    """How the references came about."""
    lines = []
    for kind in KINDS:
        record = json.loads((HERE / f"{kind}.json").read_text())
        m, ess = record["made"], [case["reference"]["effect"]["ess_bulk"] for case in record["cases"]]
        lines.append(
            f"- {kind}: {len(ess)} diaries, {m['tool']} (Stan {m['stan']}), {m['model']}, {m['date']}, {m['chains']} "
            f"chains of {m['iterations']} kept draws, seed {m['seed']}; effective draws of the effect {min(ess):.0f} "
            f"to {max(ess):.0f}"
        )
    return (
        "Means off in sd of the reference posterior, ends of the 95 % interval likewise; asked for: 0.05 in the "
        "median, 0.10 at worst, sd ratio 0.95 to 1.05. The sampler's own error of a mean is 1 / sqrt(effective draws) "
        "sd, 0.02 at 2,000. References and how they were made: `tests/authorities/`.\n\n" + "\n".join(lines)
    )


def write(path: Path, lines: list[str]) -> None:
    """The section between its markers; the rest of the page stays as it is."""
    body = "\n".join([BEGIN, "", *lines, "", END])
    old = path.read_text() if path.exists() else "# Accuracy\n"
    if BEGIN in old and END in old:
        path.write_text(old[: old.index(BEGIN)] + body + old[old.index(END) + len(END) :])
    else:
        path.write_text(f"{old.rstrip()}\n\n{HEADING}\n\n{body}\n")


if __name__ == "__main__":
    main()
