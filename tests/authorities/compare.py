"""Prints how far the engine is from every reference posterior:  python -m tests.authorities.compare [KIND ...]"""

from __future__ import annotations

import sys

import numpy as np
from tests.authorities.test_reference_posteriors import KINDS, cases, off_by, ours


def main(kinds: list[str]) -> None:
    """One line a diary, then the median and the worst of each quantity."""
    for kind in kinds:
        table: dict[str, list[tuple[float, float]]] = {}
        for case in cases(kind):
            found, ends = ours(case)
            r = case["reference"]["effect"]
            tails = [(end - r[q]) / r["sd"] for end, q in zip(ends, ("q2.5", "q97.5"), strict=True)]
            off, more, ratio, _ = off_by(found["effect"], r)
            print(
                f"{case['name']:15s} ess {r['ess_bulk']:6.0f}  effect {r['mean']:7.3f} sd {r['sd']:.3f}  off {off:.3f} sd "
                f"(sampler's 3 se {more:.3f})  sd ratio {ratio:.3f}  quantiles {tails[0]:+.3f} {tails[1]:+.3f} sd"
            )
            for name, reference in case["reference"].items():
                if name in found:
                    off, _, ratio, _ = off_by(found[name], reference)
                    table.setdefault(name, []).append((off, ratio))
        for name, rows in table.items():
            off, ratio = np.array(rows).T
            print(
                f"{kind} {name:14s} off median {np.median(off):.3f} worst {off.max():.3f} sd;  sd ratio "
                f"{ratio.min():.3f} to {ratio.max():.3f}, median {np.median(ratio):.3f}"
            )


if __name__ == "__main__":
    main(sys.argv[1:] or KINDS)
