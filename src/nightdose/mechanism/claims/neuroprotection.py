"""Does LDN spare oligodendrocytes through nitric oxide and glutamate?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import Claim, Course
from nightdose.mechanism.panel import Panel, bar_of, curve_of
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import Trajectory

NAMES = ("oligodendrocytes", "glutamate", "nitric_oxide", "disability", "uptake")


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""
    years = 10
    days = round(365.25 * years)
    arrows = {"no_suppression": 1.0, "no_blocks_uptake": 1.0, "glutamate_kills": 1.0}

    def arm(preset: str, changes: Mapping[str, float] | None = None) -> Trajectory:
        return Course(PRESETS[preset], days, NAMES, changes, 240.0, True, 16).run(seed)

    untreated, published, claimed = arm("nothing"), arm("ldn"), arm("ldn", arrows)
    rival = arm("ldn", {"no_suppression": 1.0, "no_raises_release": 1.0, "glutamate_kills": 1.0})
    broken = arm("ldn", {**arrows, "no_blocks_uptake": 0.0})

    def lost(found: Trajectory, base: Trajectory) -> float:
        return float(np.median(_loss(found, base)))

    return Claim(
        "neuroprotection",
        "prevent the cell death of oligodendrocytes by reducing nitrous oxide activity",
        "Does a low dose spare the cells that make myelin?",
        (
            _left(published, claimed),
            _lost(
                untreated,
                {
                    "as published": published,
                    "every arrow as claimed": claimed,
                    "transport not inhibited": broken,
                    "rival arrow: release": rival,
                },
            ),
        ),
        published="No arrow of this chain was ever measured in people, so as published the model changes nothing.",
        assumed=(
            "The claim needs every arrow: the drug halves nitric oxide (a guess), nitric oxide inhibits glutamate "
            f"transport, glutamate kills. Then {multiple(1 - lost(claimed, untreated))} of the loss is spared in the "
            f"model. Break one arrow, transport, and {multiple(abs(1 - lost(broken, untreated)))} is spared. The "
            "rival arrow gives the same sparing at the same assumed size: such a model cannot tell them apart."
        ),
        distance=(
            "In one culture study transport was unimpaired after nitric oxide synthase was induced; glutamate rose "
            "through release. The text writes nitrous oxide, which is another gas; the hypothesis paper of 2005 "
            "means nitric oxide."
        ),
        links=("no_suppression", "no_blocks_uptake", "no_raises_release", "glutamate_kills"),
        limits="Sizes of all arrows are assumed. No trial of a low dose measured lesions, atrophy or disability.",
    )


def _loss(found: Trajectory, base: Trajectory) -> Floats:
    """(people,) oligodendrocytes lost at the end over those lost by `base`."""
    return np.asarray((1 - found.of("oligodendrocytes")[:, -1]) / (1 - base.of("oligodendrocytes")[:, -1]))


def _left(published: Trajectory, claimed: Trajectory) -> Panel:
    """Cells over the years."""
    time = published.time_h / 24 / 365.25
    return Panel(
        "Oligodendrocytes left, relapsing MS",
        "share of those at the start",
        "years",
        (
            curve_of(
                "untreated, and 4.5 mg as published (assumed course)",
                published,
                "oligodendrocytes",
                time,
                slice(None),
                assumed=True,
            ),
            curve_of("every arrow as claimed", claimed, "oligodendrocytes", time, slice(None), assumed=True),
        ),
        y_low=None,
    )


def _lost(untreated: Trajectory, arms: Mapping[str, Trajectory]) -> Panel:
    """Cells lost at the end, an arm a bar."""
    return Panel(
        "Oligodendrocytes lost in ten years, untreated = 1",
        "ratio, same virtual people",
        "arms",
        bars=tuple(
            bar_of(
                name,
                _loss(found, untreated),
                assumed=name != "as published",
            )
            for name, found in arms.items()
        ),
        reference=1.0,
        reference_words="untreated",
    )
