"""The engine's posteriors against long runs of Stan on the same model: the figures of docs/accuracy.md.

Each case is a diary with its question and the summary of what Stan's NUTS made of it (make.py says how). Tolerances are
those of the design: means within 0.05 sd in the median and 0.10 at worst, sd ratio 0.95 to 1.05, 2.5 and 97.5 %
quantiles within 0.10 sd; the sampler's own Monte Carlo error (three standard errors) is added, since it is not a fault
of the engine.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.authorities.make import KINDS

from nightdose.diary.records import Diary
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.question.question import Question

HERE = Path(__file__).parent
LEAST_ESS = 1000  # 0.03 sd of Monte Carlo error; each file states what its runs have
HYPER = ("level_sd", "ar_sd", "phi", "noise_sd")


def cases(kind):
    return json.loads((HERE / f"{kind}.json").read_text())["cases"]


EVERY = [pytest.param(case, id=case["name"]) for kind in KINDS for case in cases(kind)]


def fitted_of(case):
    columns = {name: np.array(values, dtype=float) for name, values in case["columns"].items()}
    q = case["question"]
    question = Question(
        case.get("outcome", "pain"),
        "naltrexone",
        scale=q["scale"],
        onset=q["onset"],
        adjust=tuple(q["adjust"]),
        randomised=q["randomised"],
    )
    days = len(columns["naltrexone_mg"])
    opened = open_case(Diary(case["name"], 736000, True, columns, days), question)
    # the reference knows one dose-response form; the average over several is tested elsewhere
    one = tuple(form for form in opened.forms if form.family == "proportional")
    return fit_case(replace(opened, forms=one), opened.outcome, causes=False)  # the samplers had none


def mixture(weights, mean, var):
    middle = weights @ mean
    return middle, np.sqrt(weights @ (var + np.square(mean - middle)))


def ours(case):
    """name -> (mean, sd) as the engine has them, under Stan's names; the effect in the outcome's own sign and unit."""
    fitted = fitted_of(case)
    (part,) = fitted.parts
    p = part.posterior
    named = dict(zip(HYPER, p.hyper, strict=True))
    named |= {f"log_tau[{j + 1}]": np.log(p.tau[:, j]) for j in range(p.tau.shape[1])}
    found = {name: mixture(p.weights, values, np.zeros_like(values)) for name, values in named.items()}
    for k in range(len(p.series.names)):
        found[f"b[{k + 1}]"] = mixture(p.weights, p.mean[:, k], p.cov[:, k, k])
    e = fitted.estimate
    found["effect"] = (-e.mean, e.sd)
    return found, (-e.interval95[1], -e.interval95[0])


@pytest.fixture(scope="module")
def answers():
    made = {}

    def of(case):
        if case["name"] not in made:
            made[case["name"]] = ours(case)
        return made[case["name"]]

    return of


def off_by(found, reference):
    """(difference of means in sd, its allowance for the sampler's error, ratio of sds, its allowance)."""
    mean, sd = found
    r = reference
    return (
        abs(mean - r["mean"]) / r["sd"],
        3 * r["mcse_mean"] / r["sd"],
        sd / r["sd"],
        3 * r["mcse_sd"] / r["sd"],
    )


@pytest.mark.parametrize("case", EVERY)
def test_the_reference_itself_is_long_enough(case):
    effect = case["reference"]["effect"]
    assert effect["ess_bulk"] >= LEAST_ESS
    assert all(row["rhat"] < 1.03 for row in case["reference"].values())


@pytest.mark.parametrize("case", EVERY)
def test_effect_agrees_in_mean_spread_and_quantiles(case, answers):
    found, ends = answers(case)
    off, more, ratio, loose = off_by(found["effect"], case["reference"]["effect"])
    assert off < 0.10 + more
    assert 0.95 - loose < ratio < 1.05 + loose
    r = case["reference"]["effect"]
    for end, name in zip(ends, ("q2.5", "q97.5"), strict=True):
        tail = 3 * 2.7 * r["sd"] / np.sqrt(r["ess_bulk"])  # a 2.5 % quantile is 2.7 times as unsure as the mean
        assert abs(end - r[name]) < 0.10 * r["sd"] + tail


@pytest.mark.parametrize("case", EVERY)
def test_every_coefficient_and_onset_time_agrees(case, answers):
    found, _ = answers(case)
    for name, reference in case["reference"].items():
        if name in found and name not in HYPER and name != "effect":
            off, more, ratio, loose = off_by(found[name], reference)
            assert off < 0.10 + more, name
            assert 0.93 - loose < ratio < 1.07 + loose, name


@pytest.mark.parametrize("case", EVERY)
def test_variance_parameters_agree(case, answers):
    found, _ = answers(case)
    for name in HYPER:
        if name in case["reference"]:
            off, more, ratio, loose = off_by(found[name], case["reference"][name])
            assert off < 0.10 + more, name
            assert 0.93 - loose < ratio < 1.07 + loose, name


@pytest.mark.parametrize("kind", KINDS)
def test_half_of_the_effects_are_within_a_twentieth_of_a_sd(kind, answers):
    offs = [off_by(answers(case)[0]["effect"], case["reference"]["effect"])[0] for case in cases(kind)]
    assert len(offs) >= 10
    assert np.median(offs) < 0.05
