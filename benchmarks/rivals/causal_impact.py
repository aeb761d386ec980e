"""CausalImpact (pycausalimpact) on diaries with one start; it knows no second period and no missing day.

Missing days are interpolated, as its users do. pandas 2.1 took away the method it calls; the method is given back for
this run only.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

if not hasattr(pd.DataFrame, "applymap"):
    pd.DataFrame.applymap = pd.DataFrame.map
from benchmarks.patients.files import Diary
from benchmarks.rivals.lines import answer_lines
from causalimpact import CausalImpact

FEWEST_BEFORE = 10


def answer(d: Diary) -> dict[str, object]:
    """Average effect after the first dose, with its interval and p."""
    start = int(np.argmax(d.dose > 0))
    if start < FEWEST_BEFORE:
        return {"verdict": "cannot_be_known", "improvement": None}
    columns = {"y": d.outcome, **{name: v for name, v in d.others.items() if np.ptp(v[:start]) > 0}}
    frame = pd.DataFrame(columns).interpolate(limit_direction="both").astype(float)
    last = len(frame) - 1
    impact = CausalImpact(frame, [0, start - 1], [start, last], nseasons=[{"period": 7}])
    average = impact.summary_data["average"]
    gain = d.sign * average["abs_effect"]
    ends = sorted((d.sign * average["abs_effect_lower"], d.sign * average["abs_effect_upper"]))
    sure = not ends[0] <= 0 <= ends[1]
    verdict = "not_yet_known" if not sure else "helps" if gain > 0 else "harms"
    return {"verdict": verdict, "improvement": {"mean": gain, "interval95": ends}, "p": float(impact.p_value)}


def main() -> None:
    """Paths in, lines out."""
    warnings.simplefilter("ignore")
    answer_lines(answer, (ValueError, TypeError, KeyError, np.linalg.LinAlgError))


if __name__ == "__main__":
    main()
