"""How long must a trial be? Randomised blocks of 28 days at three noise levels: a table, and the pictures in docs/img.

The last column and the picture are smoothed: the shares that come nearest to those counted while none falls with more
weeks (pool adjacent violators; Ayer et al. 1955), because a longer trial of the same kind cannot tell less.

python -m benchmarks.plan_power [diaries]        # 200 diaries a point: about half an hour on one core
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
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


def monotone(shares: Sequence[float]) -> list[float]:
    """The nearest shares (least squares) of which none is smaller than the one before; as many diaries in each."""
    pools: list[tuple[float, int]] = []
    for share in shares:
        pools.append((share, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m), (b, n) = pools[-2:]
            pools[-2:] = [((m * a + n * b) / (m + n), m + n)]
    return [share for share, n in pools for _ in range(n)]


def row(level: str, found: Forecast, smooth: float) -> str:
    nothing, meaningful, hoped = found.nothing, found.meaningful, found.hoped
    low, high = hoped.power_interval95
    return (
        f"| {level} | {found.weeks} | {100 * nothing.wrong_if_nothing:.0f} | "
        f"{100 * nothing.share('no_meaningful_difference'):.0f} | {100 * meaningful.power:.0f} | "
        f"{100 * hoped.power:.0f} ({100 * low:.0f}-{100 * high:.0f}) | {100 * smooth:.0f} |"
    )


def main(n: int) -> None:
    curves = []
    print("| ups and downs | weeks | nothing: wrong | nothing: 'no difference' | 1 point: 'helps' "
          "| 2 points: 'helps' (95 %) | smoothed |\n|---|---|---|---|---|---|---|")  # fmt: skip
    for level in get_args(NoiseLevel):
        made = [forecast(design(pairs), QUESTION, published(level), Runs(n, pairs)) for pairs in PAIRS]
        smooth = monotone([found.hoped.power for found in made])
        for pairs, found, share in zip(PAIRS, made, smooth, strict=True):
            print(row(level, found, share), flush=True)
            if (level, pairs) == ("usual", SHOWN_PAIRS):
                (IMG / "plan-forecast.svg").write_text(forecast_picture(found), encoding="utf-8")
        points = [(found.weeks, share) for found, share in zip(made, smooth, strict=True)]
        curves.append((f"{level}, sd {published(level).daily_sd:.2g}", points))
    title = "How long until a settled difference of 2 points is told?"
    (IMG / "plan-length.svg").write_text(length_picture(curves, title), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
