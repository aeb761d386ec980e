"""Three published meta-analyses pooled from what their trials reported, against metafor (published.json, published.R).

The data are GPL and not carried: each test skips where they are not beside the repository.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from tests.real import real

from nightdose.evidence import effect_size as es
from nightdose.evidence.pool import pool

KEPT = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))


def table(name):
    with real(f"meta_analyses/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def arm(row, mean, sd, n):
    return es.Arm(float(row[mean]), float(row[sd]), int(row[n]))


def linde2005():
    """St John's wort in depression: responders; two trials without counts, one without any responder, are left out."""
    rows = [r for r in table("linde2005") if r["ai"] and int(r["ai"]) + int(r["ci"])]
    return [es.log_risk_ratio(*(int(r[c]) for c in ("ai", "n1i", "ci", "n2i"))) for r in rows]


def dagostino1998():
    """Antihistamines in the cold: means and sds of a runny nose on day 1."""
    rows = [r for r in table("dagostino1998") if r["outcome"] == "rnic1"]
    return [es.standardised_difference(arm(r, "mt", "sdt", "nt"), arm(r, "mc", "sdc", "nc")) for r in rows]


def senn2013():
    """HbA1c under metformin against placebo, arms of the same trial."""
    rows = {(r["study"], r["treatment"]): arm(r, "mi", "sdi", "ni") for r in table("senn2013")}
    names = sorted({s for s, t in rows if t == "metformin"} & {s for s, t in rows if t == "placebo"})
    return [es.mean_difference(rows[n, "metformin"], rows[n, "placebo"]) for n in names]


@pytest.mark.parametrize("method", ["REML", "DL"])
@pytest.mark.parametrize("effects", [linde2005, dagostino1998, senn2013], ids=lambda f: f.__name__)
def test_a_published_meta_analysis_is_reproduced(effects, method):
    found = effects()
    y, v = np.array([e.value for e in found]), np.array([e.variance for e in found])
    pooled = pool(y, v, method=method, width="normal")
    assert (pooled.mean, pooled.sd, pooled.between) == pytest.approx(KEPT[effects.__name__][method], rel=1e-9, abs=1e-9)
