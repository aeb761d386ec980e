"""Writes `knowledge/data/calibrated.toml`, its joint spread, and the table of docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from calibration.course import course, course_toml
from calibration.fit import OFFSET, SCATTER, SHIPPED, TESTED, Fit, Target, evidence_for_two, fit, predictions, targets
from calibration.nightly import nightly
from calibration.predict import at, at_dose, curves
from calibration.tested import probability_significant
from nightdose.knowledge.load import parameters

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src/nightdose/knowledge/data"
ACCURACY = ROOT / "docs/accuracy.md"
DRAWS, SEED = 400, 20261122
ORAL_HALF_MG = 5.6  # Rabiner 2011

PASSPORTS: Mapping[str, tuple[str, str, str]] = {  # name -> unit, leading source, rows of targets.csv it rests on
    "absorption": ("1/h", "be_naltrexone", "cmax50_be, cmax50_smpc"),
    "escape": ("1", "be_naltrexone", "auc50_be, auc24_bertolotti, auc16_contrave, with clearance fixed"),
    "volume_central": ("L", "be_naltrexone", "cmax50_be, cmax50_smpc, cmax100_verebey"),
    "flow_peripheral": ("L/h", "be_naltrexone", "half50_be, half_meyer, half100_verebey"),
    "volume_peripheral": ("L", "verebey1976", "half100_verebey, half_oral_wall, half_oral_licko"),
    "flow_deep": ("L/h", "lee1988", "mu120_lee, mu168_lee; amplitude of the 96 h phase"),
    "clearance_metabolite": ("L/h", "bertolotti1997", "auc24_6bn_bertolotti, half_6bn_iv"),
    "volume_metabolite": ("L", "smpc56109", "cmax50_6bn_smpc, cmax100_6bn_verebey"),
    "flow_metabolite": ("L/h", "verebey1976", "cmax100_6bn_verebey, c24_6bn_verebey"),
    "volume_metabolite_peripheral": ("L", "yancey2011", "half_6bn_iv, half_6bn_meyer"),
    "site_rate": ("1/h", "lee1988", "mu48_lee to mu168_lee relative to the 1-h scan; prior 1.5 per hour"),
    "retention": ("1/h", "rabiner2011", "mu2_rabiner to mu50_rabiner, mu48_lee, mu24_bednarczyk_low"),
    "release": ("1/h", "lee1988", "mu48_lee to mu168_lee, mu_weerts, mu144_bednarczyk_high: the end of a high dose"),
    "dissociation_mu": ("nM", "rabiner2011", "mu2_rabiner to mu50_rabiner; in terms of total plasma naltrexone"),
    "offset_low": (
        "1",
        "bednarczyk2005",
        "mu24_bednarczyk_low, mu72_bednarczyk_low; how many times sooner a low dose ends; prior 1, log sd 1",
    ),
    "delta_ratio": ("1", "weerts2008", "delta_weerts; prior 79 (Trostheim 2022)"),
}


def fixed_values() -> dict[str, float]:
    return {name: entry.value for name, entry in parameters("mechanism").items()}


def short_block_gain(p: Mapping[str, float]) -> float:
    """Factor on the unretained part that keeps the oral ED50 when nothing is retained."""
    hours = np.linspace(3.0, 7.0, 17)
    half = at_dose(p, ORAL_HALF_MG)
    alone = curves({**half, "retention": 0.0})
    return float(at(curves(half).ratio_mu, hours).mean() / at(alone.ratio_mu, hours).mean())


def calibrated_toml(found: Fit, p: Mapping[str, float]) -> str:
    lines = ["# Written by `python -m calibration` from targets.csv. Do not edit: change a target and rerun.", ""]
    spread = np.sqrt(np.diag(found.covariance))
    for i, name in enumerate(SHIPPED):
        assert found.names[i] == name
        unit, source, rows = PASSPORTS[name]
        lines += [
            f"[{name}]", f"value = {p[name]:.6g}", f'unit = "{unit}"',
            f'spread = {{ family = "lognormal", sdlog = {spread[i]:.4f} }}', 'kind = "derived"', f'source = "{source}"',
            f'where = "fitted jointly; rests on {rows}"', "",
        ]  # fmt: skip
    derived = {
        "volume_deep": ("L", p["volume_deep"], "lee1988", "flow_deep x 96 h / ln 2"),
        "short_block_gain": (
            "1",
            short_block_gain(p),
            "rabiner2011",
            "keeps the oral ED50 of 5.6 mg under the short-block hypothesis, where nothing is retained",
        ),
    }
    for name, (unit, value, source, where) in derived.items():
        lines += [f"[{name}]", f"value = {value:.6g}", f'unit = "{unit}"', 'kind = "derived"']
        lines += [f'source = "{source}"', f'where = "{where}"', ""]
    return "\n".join(lines)


def joint_toml(found: Fit) -> str:
    """Lower-triangular root of the covariance of the log parameters."""
    size = len(SHIPPED)
    root = np.linalg.cholesky(found.covariance[:size, :size])
    rows = ",\n".join("  [" + ", ".join(f"{x:.6g}" for x in row[: i + 1]) + "]" for i, row in enumerate(root))
    names = ", ".join(f'"{name}"' for name in SHIPPED)
    return (
        "# Written by `python -m calibration`: joint uncertainty of the fitted values.\n"
        "# log(parameter) = log(value) + root @ z with z standard normal; row i of the root belongs to names[i].\n"
        f"names = [{names}]\nroot = [\n{rows},\n]\n"
    )


def report(found: Fit, p: Mapping[str, float]) -> str:
    """Two tables of targets against the model, fitted and only checked, with the misses named."""
    rows = targets()
    fixed = fixed_values()
    rng = np.random.default_rng(SEED)
    root = np.linalg.cholesky(found.covariance)
    drawn = np.array(
        [
            predictions(rows, found.parameters(fixed, found.mode + root @ rng.standard_normal(found.mode.size)))
            for _ in range(DRAWS)
        ]
    )
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    said = predictions(rows, p)
    written: dict[bool, list[str]] = {True: [], False: []}
    for i, row in enumerate(rows):
        verdict = _verdict(row, said[i], float(low[i]), float(high[i]), p[SCATTER])
        written[row.fitted].append(
            f"| `{row.id}` | {row.dose_mg:g} mg | {_published(row)} ({row.status}) "
            f"| {said[i]:.3g} | {low[i]:.3g} to {high[i]:.3g} | {verdict} |"
        )
    head = "| target | dose | published | model | 95 % interval of the typical value | verdict |\n" + "|---" * 6 + "|"
    return "\n\n".join(
        f"{title}\n\n{head}\n" + "\n".join(lines)
        for title, lines in (
            ("**Fitted**: agreement here says that the curve can bend this far, no more.", written[True]),
            ("**Checked**: never shown to the fit.", written[False]),
        )
    )


def _published(row: Target) -> str:
    counted = f", n = {row.n}" if row.n else ""
    if row.what in TESTED:
        hour = row.note.split(";")[0]
        return f"p {'<' if row.what == 'blocked' else '>'} {row.value:g} {hour}{counted}"
    if row.what.startswith("behaviour"):
        return f"behaviour fully blocked {row.note.split(';')[0].split(' after')[0]}{counted}"
    unit = "" if row.unit == "1" else f" {row.unit}"
    return f"{row.value:g}" + (f" ± {row.sd}" if row.sd else "") + counted + unit


def offset_words(found: Fit, p: Mapping[str, float], evidence: Mapping[float, float]) -> str:
    """Does the end of the block depend on the dose: the factor, and one curve against two as a number."""
    i = found.names.index(OFFSET)
    sd = float(np.sqrt(found.covariance[i, i]))
    half, low = np.log(2) / p["release"], np.log(2) / p["release"] / p[OFFSET]
    span = [np.log(2) / p["release"] / p[OFFSET] * np.exp(1.96 * side * sd) for side in (-1, 1)]
    return (
        f"A low dose leaves the retained part {p[OFFSET]:.1f} times sooner than a high one (95 % "
        f"{p[OFFSET] * np.exp(-1.96 * sd):.1f} to {p[OFFSET] * np.exp(1.96 * sd):.1f}): half of it in {low:.0f} h "
        f"({span[0]:.0f} to {span[1]:.0f}) instead of {half:.0f} h. **Two curves foretell the data "
        + " and ".join(_times(value, sd_) for sd_, value in evidence.items())
        + ".**"
    )


def _times(value: float, prior_sd: float) -> str:
    return f"{value:.0f} times better than one (prior of the factor: log sd {prior_sd:g})"


def _verdict(row: Target, said: float, low: float, high: float, scan_sd: float) -> str:
    if row.what in TESTED:
        chance = probability_significant(said, scan_sd, int(row.n), row.value)
        return f"this outcome in {100 * (chance if row.what == 'blocked' else 1 - chance):.0f} of 100 such studies"
    if row.what.startswith("behaviour"):
        return "behaviour is no occupancy: shown, not judged"
    sd = float(row.sd) if row.sd else 0.0
    if low <= row.value <= high:
        return "inside"
    if abs(said - row.value) <= sd:
        return "within the published spread"
    return f"**miss**, model {100 * (said / row.value - 1):+.0f} %"


def main() -> None:
    fixed = fixed_values()
    found = fit(fixed)
    p = found.parameters(fixed)
    (DATA / "calibrated.toml").write_text(calibrated_toml(found, p), encoding="utf-8")
    (DATA / "calibrated_joint.toml").write_text(joint_toml(found), encoding="utf-8")
    parameters.cache_clear()
    (DATA / "calibrated_course.toml").write_text(course_toml(course()), encoding="utf-8")
    evidence = evidence_for_two(fixed, (1.0, 0.5))
    text = ACCURACY.read_text(encoding="utf-8")
    for name, words in (
        ("calibration", report(found, p)), ("offset", offset_words(found, p, evidence)), ("nightly", nightly())
    ):  # fmt: skip
        start, stop = f"<!-- {name}:start -->", f"<!-- {name}:stop -->"
        before, rest = text.split(start)
        text = f"{before}{start}\n{words}\n{stop}{rest.split(stop)[1]}"
    ACCURACY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
