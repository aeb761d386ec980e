"""How an effect may grow with the dose: forms that a diary with several doses can choose between.

Each form maps doses to responses in [0, 1], 1 at the largest dose that was taken or, for an inverted U, at its top:

    proportional   d / D
    saturating     d (D + E) / (D (d + E)),            E = half-maximal dose, half and twice the middle dose
    inverted U     (d / P) exp(1 - d / P),             P = best dose, at the smallest or between the doses taken
    levels         one effect per dose, no assumption between them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from nightdose.arrays import Floats

PEAKS = (0.0, 0.35, 0.7)  # where an inverted U may have its top, as quantiles of the doses taken
MOST_LEVELS = 5  # more distinct doses get no effect of their own


@dataclass(frozen=True, slots=True)
class ResponseForm:
    """One form: columns of responses, (days, K), and the response to each dose level, level -> (K,).

    family : forms of one family share its prior probability.
    """

    family: str
    columns: Floats
    steady: dict[float, tuple[float, ...]]


def response_forms(dose: Floats, levels: Sequence[float], signal: Floats | None = None) -> tuple[ResponseForm, ...]:
    """The forms a diary with these dose levels can tell apart; one form only where there is one level.

    dose : (days,) without unknowns; levels : distinct doses above 0; signal : (days,) a supplied daily signal, used as
    it is beside the other forms. A dose between the levels (an unknown day, filled) counts as the nearest one.
    """
    if not levels:
        return ()
    taken, largest = np.sort(np.asarray(levels, dtype=np.float64)), max(levels)

    def form(family: str, response: Callable[[Floats], Floats]) -> ResponseForm:
        steady: dict[float, tuple[float, ...]] = {float(d): (float(response(np.array([d]))[0]),) for d in taken}
        return ResponseForm(family, response(dose)[:, None], steady)

    forms: list[ResponseForm] = [form("proportional", lambda d: d / largest)]
    if len(taken) > 1:
        middle = float(np.median(taken))
        between = np.quantile(taken, PEAKS)
        peaks = np.unique(np.minimum(between, 0.5 * (taken[-1] + taken[-2])))
        forms += [
            form("saturating", partial(_saturating, largest=largest, half=half)) for half in (0.5 * middle, 2 * middle)
        ]
        forms += [form("inverted U", partial(_inverted_u, peak=float(peak))) for peak in peaks]
        if len(taken) <= MOST_LEVELS:
            unit = np.eye(len(taken))
            each: dict[float, tuple[float, ...]] = {float(d): tuple(unit[i].tolist()) for i, d in enumerate(taken)}
            forms.append(ResponseForm("levels", _nearest(dose, taken), each))
    if signal is not None and np.max(np.abs(signal)) > 0:
        scaled = signal / np.max(np.abs(signal))
        means: dict[float, tuple[float, ...]] = {d: (float(np.mean(scaled[dose == d])),) for d in taken.tolist()}
        forms.append(ResponseForm("signal", scaled[:, None], means))
    return tuple(forms)


def _nearest(dose: Floats, levels: Floats) -> Floats:
    """(days, levels) 1 where that level was taken."""
    at = np.argmin(np.abs(dose[:, None] - levels), axis=1)
    return np.where(dose[:, None] > 0, np.eye(len(levels))[at], 0.0)


def _saturating(dose: Floats, largest: float, half: float) -> Floats:
    return np.asarray(dose * (largest + half) / (largest * (dose + half)))


def _inverted_u(dose: Floats, peak: float) -> Floats:
    return np.asarray(dose / peak * np.exp(1 - dose / peak))
