"""Makes tests/authorities/KIND.json: diaries with long posteriors of the same model by Stan.

    python -m tests.authorities.make diaries DIR           the samplers' input, one folder a kind of outcome
    Rscript tests/authorities/sample.R tests/authorities/category.stan DIR/rating DIR/out/rating 1500 4 1
    python -m tests.authorities.make collect DIR           what was sampled, with tool, version and date

R and rstan are Debian's (r-cran-rstan, r-cran-posterior); they are no part of the package.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.authorities.diaries import RECIPES, diary, sampler_data

HERE = Path(__file__).parent
KINDS = ("continuous", "rating", "ordinal", "binary", "count")
MODELS = {"continuous": "continuous", "rating": "category", "ordinal": "category"}


def write_diaries(folder: Path) -> None:
    """DIR/KIND/NAME.json for every recipe."""
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for number in range(len(RECIPES)):
            d = diary(kind, number)
            (folder / kind / f"{d['name']}.json").write_text(json.dumps(sampler_data(d)))


def collect(folder: Path) -> None:
    """KIND.json from what the sampler wrote."""
    for kind in KINDS:
        sampled = sorted((folder / "out" / kind).glob("*.json"))
        if not sampled:
            continue
        cases = [one(kind, json.loads(path.read_text()), path.stem) for path in sampled]
        made = {
            "script": "tests/authorities/make.py, sample.R",
            "model": f"{MODELS.get(kind, 'latent')}.stan",
            **cases[0].pop("made"),
        }
        for case in cases[1:]:
            case.pop("made")
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        (HERE / f"{kind}.json").write_text(f'{{"made": {json.dumps(made)},\n"cases": [\n{lines}\n]}}\n')


def one(kind: str, result: dict[str, Any], name: str) -> dict[str, Any]:
    """One diary with its reference."""
    number = int(name.rsplit("-", 1)[1])
    keys = ("mean", "sd", "q2.5", "q25", "q50", "q75", "q97.5", "rhat", "ess_bulk", "mcse_mean", "mcse_sd")
    varying = [row for row in result["table"] if row["sd"] > 0]  # what the kind of outcome holds fixed has no posterior
    reference = {row["variable"]: {key: float(f"{row[key]:.5g}") for key in keys} for row in varying}
    made = {key: result[key] for key in ("tool", "stan", "date", "chains", "iterations", "seed", "adapt_delta")}
    return {
        "made": made,
        **diary(kind, number),
        "divergences": result["divergences"],
        "cpu_s": result["cpu_s"],
        "reference": reference,
    }


if __name__ == "__main__":
    {"diaries": write_diaries, "collect": collect}[sys.argv[1]](Path(sys.argv[2]))
