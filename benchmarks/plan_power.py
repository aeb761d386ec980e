"""How long must a trial be? Randomised blocks of 28 days at three noise levels: a table, and the pictures in docs/img.

python -m benchmarks.plan_power [diaries]        # 200 diaries a point: about half an hour on one core
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import get_args

from nightdose.knowledge.ups_and_downs import NoiseLevel, published
from nightdose.planning import Runs, forecast
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.report.plan_picture import forecast_picture, length_picture
from nightdose.verdict.forecast import Forecast

PAIRS, SHOWN_PAIRS = (3, 4, 6, 9, 12), 6
IMG = Path(__file__).parents[1] / "docs" / "img"
QUESTION = Question("pain", "naltrexone", scale="rating", limits=(0, 10), meaningful=1.0)


def design(pairs: int) -> TrialDesign:
    return TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), 14, pairs, 28, blinded=True)


def row(level: str, found: Forecast) -> str:
    nothing, meaningful, hoped = found.nothing, found.meaningful, found.hoped
    low, high = hoped.power_interval95
    return (
        f"| {level} | {found.weeks} | {100 * nothing.wrong_if_nothing:.0f} | "
        f"{100 * nothing.share('no_meaningful_difference'):.0f} | {100 * meaningful.power:.0f} | "
        f"{100 * hoped.power:.0f} ({100 * low:.0f}-{100 * high:.0f}) |"
    )


def main(n: int) -> None:
    curves = []
    print("| ups and downs | weeks | nothing: wrong | nothing: 'no difference' | 1 point: 'helps' "
          "| 2 points: 'helps' (95 %) |\n|---|---|---|---|---|---|")  # fmt: skip
    for level in get_args(NoiseLevel):
        points = []
        for pairs in PAIRS:
            found = forecast(design(pairs), QUESTION, published(level), Runs(n, pairs))
            points.append((found.weeks, found.hoped.power))
            print(row(level, found), flush=True)
            if (level, pairs) == ("usual", SHOWN_PAIRS):
                (IMG / "plan-forecast.svg").write_text(forecast_picture(found), encoding="utf-8")
        curves.append((f"{level}, sd {published(level).daily_sd:.2g}", points))
    title = "How long until a settled difference of 2 points is told?"
    (IMG / "plan-length.svg").write_text(length_picture(curves, title), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
