"""Does disease return when treatment ends?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import Claim, Course
from nightdose.mechanism.panel import Curve, Panel, curve_of
from nightdose.mechanism.regimen import PRESETS, DoseStep, Regimen
from nightdose.mechanism.simulate import Trajectory

DAYS, STOP = 540, 180
NAMES = ("relapses", "occupancy_mu", "effector")


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""
    links = {"immune_balance": 1.0, "ogf_axis": 1.0, "short_block": 1.0}

    def arm(regimen: Regimen, changes: Mapping[str, float] | None = None) -> Trajectory:
        return Course(regimen, DAYS, NAMES, changes, 24.0, True, 100).run(seed)

    plans = {
        "nothing": PRESETS["nothing"],
        "ldn": Regimen("4.5 mg for 180 days", (DoseStep(4.5),), stop_day=STOP),
        "comparator": Regimen("comparator for 180 days", infusion_every=28, stop_day=STOP),
    }
    untreated, published = arm(plans["nothing"]), arm(plans["ldn"])
    claimed, comparator = arm(plans["ldn"], links), arm(plans["comparator"])
    window = 60
    edges = np.arange(0, DAYS + 1, window)

    def rate(found: Trajectory) -> Floats:
        """Expected relapses in each window over those of the untreated."""
        return np.asarray(
            np.diff(found.of("relapses")[:, edges]).sum(axis=0)
            / np.diff(untreated.of("relapses")[:, edges]).sum(axis=0)
        )

    middle = np.asarray(edges[:-1] + window / 2.0, dtype=np.float64)
    curves = (
        Curve("4.5 mg nightly, as published", middle, rate(published)),
        Curve("4.5 mg nightly, as claimed", middle, rate(claimed), assumed=True),
        Curve("comparator", middle, rate(comparator), assumed=True),
    )
    first = STOP // window
    block = published.of("occupancy_mu")
    gone = int(np.argmax(np.median(block[:, STOP:], axis=0) < 0.1))
    return Claim(
        "relapse-after-stopping",
        "after treatment is discontinued, disease levels are seen to reappear",
        "Does disease return when treatment ends?",
        _panels(curves, published),
        published=(
            "No effect on relapses has been seen in people, so as published the model has nothing that could "
            f"return: before and after the stop are as untreated. The block itself falls below 10% about {gone} "
            "days after the last dose."
        ),
        assumed=(
            f"With the links as claimed the relapse rate is {multiple(float(curves[1].middle[first - 1]))} of "
            f"untreated in the last 60 days on treatment and {multiple(float(curves[1].middle[first]))} in the first "
            f"60 days after it. The comparator goes from {multiple(float(curves[2].middle[first - 1]))} to "
            f"{multiple(float(curves[2].middle[first + 1]))} two to four months later."
        ),
        distance=(
            "No randomised withdrawal study of a low dose exists. Three people with a skin disease flared on "
            "stopping; 17 people with Crohn's disease were still better four weeks later."
        ),
        links=("immune_balance", "ogf_axis", "short_block"),
        limits="How fast cells come back is assumed; the model shows that a return needs an "
        "effect to lose in the first place.",
    )


def _panels(curves: tuple[Curve, ...], published: Trajectory) -> tuple[Panel, ...]:
    """Relapses around the end of treatment, and the block that ends with it."""
    return (
        Panel(
            "Relapse rate over the untreated, treatment ends on day 180",
            "ratio, windows of 60 days",
            "days",
            curves,
            reference=1.0,
            reference_words="untreated",
            marks=((float(STOP), "stop"),),
        ),
        Panel(
            "Receptors blocked, 4.5 mg nightly until day 180",
            "share of central mu receptors at midnight",
            "days",
            (curve_of("as human scans suggest", published, "occupancy_mu", np.arange(150.0, 211.0), slice(150, 211)),),
            marks=((float(STOP), "stop"),),
        ),
    )
