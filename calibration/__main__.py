"""Writes `knowledge/data/calibrated.toml`, its joint spread, and the table of docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from calibration.course import course, course_toml
from calibration.fit import Fit, Target, fit, targets
from calibration.predict import at, curves, predict
from nightdose.arrays import Floats
from nightdose.knowledge.load import parameters

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src/nightdose/knowledge/data"
ACCURACY = ROOT / "docs/accuracy.md"
DRAWS, SEED = 400, 20261122

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
    "retention": ("1/h", "rabiner2011", "ed50_rabiner, mu48_lee"),
    "release": ("1/h", "lee1988", "mu48_lee to mu168_lee, mu_weerts"),
    "dissociation_mu": ("nM", "rabiner2011", "ed50_rabiner; in terms of total plasma naltrexone"),
    "delta_ratio": ("1", "weerts2008", "delta_weerts; prior 79 (Trostheim 2022)"),
}


def fixed_values() -> dict[str, float]:
    return {name: entry.value for name, entry in parameters("mechanism").items()}


def short_block_gain(p: Mapping[str, float]) -> float:
    """Factor on the unretained part that keeps the oral ED50 when nothing is retained."""
    hours = np.linspace(3.0, 7.0, 17)
    alone = curves({**p, "retention": 0.0})
    return float(at(curves(p).ratio_mu, hours).mean() / at(alone.ratio_mu, hours).mean())


def calibrated_toml(found: Fit, p: Mapping[str, float]) -> str:
    lines = ["# Written by `python -m calibration` from targets.csv. Do not edit: change a target and rerun.", ""]
    spread = np.sqrt(np.diag(found.covariance))
    for i, name in enumerate(found.names):
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
    size = len(found.names)
    root = np.linalg.cholesky(found.covariance[:size, :size])
    rows = ",\n".join("  [" + ", ".join(f"{x:.6g}" for x in row[: i + 1]) + "]" for i, row in enumerate(root))
    names = ", ".join(f'"{name}"' for name in found.names)
    return (
        "# Written by `python -m calibration`: joint uncertainty of the fitted values.\n"
        "# log(parameter) = log(value) + root @ z with z standard normal; row i of the root belongs to names[i].\n"
        f"names = [{names}]\nroot = [\n{rows},\n]\n"
    )


def predictions(rows: list[Target], p: Mapping[str, float]) -> Floats:
    c = curves(p)
    return np.array([predict(row.what, row.analyte, row.dose_mg, row.note, c, p) for row in rows])


def report(found: Fit, p: Mapping[str, float]) -> str:
    """Table of targets against the model, with the misses named."""
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
    lines = [
        "| target | dose | published | model | 95 % interval of the typical value | use | verdict |",
        "|---|---|---|---|---|---|---|",
    ]
    for i, row in enumerate(rows):
        published = f"{row.value:g}" + (f" ± {row.sd}" if row.sd else "") + (f", n = {row.n}" if row.n else "")
        verdict = _verdict(row, float(said[i]), float(low[i]), float(high[i]))
        lines.append(
            f"| `{row.id}` | {row.dose_mg:g} mg | {published} {row.unit if row.unit != '1' else ''} ({row.status}) "
            f"| {said[i]:.3g} | {low[i]:.3g} to {high[i]:.3g} | {'fitted' if row.fitted else 'checked'} | {verdict} |"
        )
    return "\n".join(lines)


def _verdict(row: Target, said: float, low: float, high: float) -> str:
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
    start, stop = "<!-- calibration:start -->", "<!-- calibration:stop -->"
    text = ACCURACY.read_text(encoding="utf-8")
    before, rest = text.split(start)
    after = rest.split(stop)[1]
    ACCURACY.write_text(f"{before}{start}\n{report(found, p)}\n{stop}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
