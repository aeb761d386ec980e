"""The diaries whose posterior is known from long runs of Stan, as files, and how far nightdose is from them.

    python -m benchmarks.references FOLDER [--kind continuous]      # writes the files, prints one object of JSON

Run as a process of its own: a parent that has imported nothing is small, and the largest of a child's parents counts as
the child's memory.
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from tests.authorities.test_reference_posteriors import cases, off_by, ours

CHOSEN = {"continuous": (3, 7, 8), "rating": (3, 7)}  # two with one start, which CausalImpact needs, and one in blocks
FIRST_DAY = datetime.date(2025, 1, 6)


def main() -> None:
    """Files and figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.references")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", default="continuous", choices=list(CHOSEN))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    every = cases(arguments.kind)
    offs = []
    for case in every:
        found, _ = ours(case)
        off, _, ratio, _ = off_by(found["effect"], case["reference"]["effect"])
        offs.append((off, ratio))
    found = [written(arguments.folder, every[number]) for number in CHOSEN[arguments.kind]]
    print(json.dumps({"off": [off for off, _ in offs], "sd_ratio": [ratio for _, ratio in offs], "diaries": found}))


def written(folder: Path, case: dict[str, Any]) -> dict[str, Any]:
    """The table and the question of one case as the bench's tools read them, and its reference."""
    path = folder / f"{case['name']}.csv"
    columns, asked = case["columns"], case["question"]
    days = len(columns["pain"])
    dates = [(FIRST_DAY + datetime.timedelta(days=day)).isoformat() for day in range(days)]
    lines = [",".join(["date", *columns])]
    for day in range(days):
        values = [columns[name][day] for name in columns]
        lines.append(",".join([dates[day], *("" if value is None else f"{value:.10g}" for value in values)]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    question = {
        "outcome": "pain", "treatment": "naltrexone", "scale": asked["scale"], "range": None, "better": "lower",
        "meaningful": 1.0, "onset": asked["onset"], "adjust": asked["adjust"], "randomised": asked["randomised"],
        "blinded": False,
    }  # fmt: skip
    path.with_suffix(".question.json").write_text(json.dumps(question) + "\n", encoding="utf-8")
    effect = case["reference"]["effect"]
    words = ["--outcome", "pain", "--treatment", "naltrexone", "--scale", asked["scale"], "--onset", asked["onset"]]
    words += ["--randomised", asked["randomised"]] + (
        ["--adjust", ",".join(asked["adjust"])] if asked["adjust"] else []
    )
    return {
        "path": str(path), "words": words, "one_start": asked["randomised"] == "none", "days": days,
        "improvement": -effect["mean"], "sd": effect["sd"], "ess": effect["ess_bulk"],
    }  # fmt: skip


if __name__ == "__main__":
    main()
