"""Least squares on a log scale with a random exposure effect per study: the mode and its joint spread.

Studies disagree fourfold in exposure per milligram. A common curve gets one free factor per study and analyte
(log-normal, sd TAU), so that shape is learned within studies and the typical level between them.

Whether the end of the block depends on the dose is one parameter, `offset_low`: the factor on a low dose's release.
At 1 there is one curve for every dose. `evidence_for_two` weighs the two by their marginal likelihoods.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.predict import OCCUPANCY, at_dose, curves, predict
from calibration.tested import SCAN_SD, SCAN_SD_LOG, log_sum, surprise
from nightdose.arrays import Floats

TARGETS = Path(__file__).parents[1] / "src/nightdose/knowledge/data/targets.csv"
TAU = 0.45  # log sd of exposure between studies: fourfold from lowest to highest of three is about 3 sd
AMPLITUDE = frozenset({"cmax", "cmax_chronic", "auc_inf", "auc_24", "conc_24h"})
LEVELS = frozenset({"mu_early", "mu_of_1h", "mu_steady", "delta_steady"})  # per cent, additive error
TESTED = frozenset({"blocked", "not_blocked"})  # value: the p of a comparison with the scan before the dose
OFFSET, SCATTER = "offset_low", "scan_sd"
FACTORS = np.log(
    np.geomspace(0.04, 25.0, 15)
)  # of OFFSET over which the evidence is summed: 3.2 sd to either side of 1


@dataclass(frozen=True, slots=True)
class Target:
    """One published value."""

    id: str
    study: str
    what: str
    analyte: str
    dose_mg: float
    value: float
    error: float  # standard error: of the log, or in per cent points for LEVELS
    unit: str
    status: str
    source: str
    fitted: bool
    note: str
    sd: str
    n: str


def targets() -> list[Target]:
    """Rows of targets.csv with the standard error that the fit gives each."""
    out = []
    for row in csv.DictReader(TARGETS.read_text(encoding="utf-8").splitlines()):
        value, sd, n = float(row["value"]), float(row["sd"] or "nan"), float(row["n"] or "nan")
        match row["what"]:
            case "ed50_mu":
                error = float(np.log(7.54 / 3.65) / 3.92)
            case "mu_of_1h":
                error = sd  # the paper gives the SEM
            case "mu_early":
                error = SCAN_SD / float(np.sqrt(n))
            case "mu_steady" | "delta_steady":
                error = float(np.hypot(sd / np.sqrt(n), 1.5))  # the unknown time after the dose
            case _:
                error = sd / value / np.sqrt(n) if np.isfinite(sd / n) else 0.15
                error = max(float(error), 0.08)  # assay and digit: nobody's mean is better than 8 %
        if row["status"] == "recalled":
            error *= 2
        out.append(
            Target(
                row["id"],
                row["study"],
                row["what"],
                row["analyte"],
                float(row["dose_mg"]),
                value,
                error,
                row["unit"],
                row["status"],
                row["source"],
                row["use"] == "fit",
                row["note"],
                row["sd"],
                row["n"],
            )
        )
    return out


# name -> (centre, log sd) of the prior that keeps what the data leave open within reason
PRIORS: Mapping[str, tuple[float, float]] = {
    "absorption": (0.72, 0.5),
    "escape": (0.2, 1.5),
    "volume_central": (600.0, 1.0),
    "flow_peripheral": (60.0, 1.0),
    "volume_peripheral": (600.0, 1.0),
    "flow_deep": (5.0, 1.0),
    "clearance_metabolite": (20.0, 1.0),
    "volume_metabolite": (200.0, 1.0),
    "flow_metabolite": (10.0, 1.0),
    "volume_metabolite_peripheral": (100.0, 1.0),
    "site_rate": (1.5, 0.5),
    "retention": (0.1, 1.5),
    "release": (0.025, 0.7),
    "dissociation_mu": (5.0, 2.0),
    "delta_ratio": (79.0, 0.5),
    OFFSET: (1.0, 1.0),
    SCATTER: (SCAN_SD, SCAN_SD_LOG),
}
SHIPPED = tuple(name for name in PRIORS if name != SCATTER)  # the scatter of scans is no part of a body


@dataclass(frozen=True, slots=True)
class Fit:
    """Mode and covariance of the log parameters (then of the study effects)."""

    names: tuple[str, ...]
    effects: tuple[tuple[str, str], ...]
    mode: Floats
    covariance: Floats
    evidence: float  # log marginal likelihood by Laplace, up to a constant that every fit shares

    def parameters(self, fixed: Mapping[str, float], point: Floats | None = None) -> dict[str, float]:
        values = np.exp((self.mode if point is None else point)[: len(self.names)])
        return complete({**fixed, **dict(zip(self.names, values.tolist(), strict=True))})


def complete(p: dict[str, float]) -> dict[str, float]:
    """With the volume that gives the deep tissue its measured half-life."""
    return {**p, "volume_deep": p["flow_deep"] * p["deep_half_life"] / np.log(2)}


def residuals(point: Floats, names: tuple[str, ...], effects: tuple[tuple[str, str], ...], fixed: Mapping[str, float],
              rows: list[Target]) -> Floats:  # fmt: skip
    p = complete({**fixed, **dict(zip(names, np.exp(point[: len(names)]).tolist(), strict=True))})
    shift = dict(zip(effects, point[len(names) :], strict=True))
    said = predictions(rows, p)
    out = []
    for row, value in zip(rows, said, strict=True):
        if row.what in TESTED:
            out.append(surprise(value, p[SCATTER], int(row.n), row.value, significant=row.what == "blocked"))
        elif row.what in LEVELS:
            out.append((row.value - value) / row.error)
        else:
            effect = shift.get((row.study, row.analyte), 0.0) if row.what in AMPLITUDE else 0.0
            if row.what == "ratio_2h":
                effect = shift[row.study, "metabolite"] - shift[row.study, "naltrexone"]
            out.append((np.log(row.value) - np.log(value) - effect) / row.error)
    prior = [(point[i] - np.log(PRIORS[name][0])) / PRIORS[name][1] for i, name in enumerate(names)]
    return np.array([*out, *prior, *(point[len(names) :] / TAU)])


def predictions(rows: list[Target], p: Mapping[str, float]) -> list[float]:
    """What the model says for each row, each at its own dose."""
    common, own = curves(p), {}
    for dose in {row.dose_mg for row in rows if row.what in OCCUPANCY}:
        own[dose] = curves(at_dose(p, dose))
    return [
        predict(row.what, row.analyte, row.dose_mg, row.note, own[row.dose_mg] if row.what in OCCUPANCY else common, p)
        for row in rows
    ]


def fit(
    fixed: Mapping[str, float], *, factor: float | None = None, start: Floats | None = None, least_move: float = 1e-7
) -> Fit:
    """Levenberg-Marquardt to the mode; the covariance is the inverse of the information there.

    factor : what OFFSET is held at, 1 for one curve; None = it is fitted. start : a mode to begin from.
    least_move : the largest step, in logarithms, at which it ends.
    """
    rows = [row for row in targets() if row.fitted]
    names = tuple(name for name in PRIORS if factor is None or name != OFFSET)
    fixed = fixed if factor is None else {**fixed, OFFSET: factor}
    effects = tuple(dict.fromkeys((row.study, row.analyte) for row in rows if row.what in AMPLITUDE))
    point = np.array([np.log(PRIORS[name][0]) for name in names] + [0.0] * len(effects)) if start is None else start
    damping = 1.0
    now = residuals(point, names, effects, fixed, rows)
    for _ in range(200):
        jacobian = np.empty((now.size, point.size))
        for j in range(point.size):
            step = np.zeros(point.size)
            step[j] = 1e-4
            ahead, behind = (residuals(point + s, names, effects, fixed, rows) for s in (step, -step))
            jacobian[:, j] = (ahead - behind) / 2e-4
        information = jacobian.T @ jacobian
        move = np.zeros(point.size)
        while damping < 1e8:
            move = np.linalg.solve(information + damping * np.diag(np.diag(information)), -jacobian.T @ now)
            move = np.clip(move, -1.0, 1.0)  # at most a factor e a step
            tried = residuals(point + move, names, effects, fixed, rows)
            if tried @ tried < now @ now:
                point, now, damping = point + move, tried, max(damping / 5, 1e-9)
                break
            damping *= 4
        if np.abs(move).max() < least_move or damping >= 1e8:
            break
    evidence = -0.5 * float(now @ now) - 0.5 * float(np.linalg.slogdet(information)[1])
    return Fit(names, effects, point, np.linalg.inv(information), evidence)


def evidence_for_two(fixed: Mapping[str, float], prior_sds: tuple[float, ...]) -> dict[float, float]:
    """How many times better two curves (a low dose ends by a factor of its own) foretell the data than one.

    Everything else is integrated by Laplace at each factor, the factor by a sum over FACTORS under a prior of median 1
    and each of these log sds.
    """
    one = fit(fixed, factor=1.0, least_move=1e-4)
    start, scores = one.mode, []
    for log_factor in FACTORS:
        found = fit(fixed, factor=float(np.exp(log_factor)), start=start, least_move=1e-4)
        start = found.mode
        scores.append(found.evidence)
    out = {}
    for sd in prior_sds:
        weights = np.exp(-0.5 * (FACTORS / sd) ** 2)
        out[sd] = float(np.exp(log_sum(np.array(scores) + np.log(weights / weights.sum())) - one.evidence))
    return out
