"""Does a small dose at night raise the opioid signal by day?"""

from __future__ import annotations

import numpy as np

from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import SETTLED, Claim, Course
from nightdose.mechanism.panel import Panel, curve_of
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import Trajectory

DAYS = SETTLED + 1
NAMES = ("occupancy_mu", "opioid_signal", "endorphin_change")


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""

    def course(**links: float) -> Trajectory:
        return Course(PRESETS["ldn"], DAYS, NAMES, links).run(seed)

    long, short, claimed = course(), course(short_block=1.0), course(short_block=1.0, receptor_upregulation=1.0)
    daytime = slice(24 * DAYS - 16, 24 * DAYS - 1)  # 08:00 to 22:00

    def by_day(found: Trajectory, name: str) -> float:
        return float(np.median(found.of(name)[:, daytime]))

    signal, free = by_day(long, "opioid_signal"), 1 - by_day(long, "occupancy_mu")
    short_signal = by_day(short, "opioid_signal")
    needed = (1 / free - 1) / (by_day(long, "endorphin_change") - 1)
    share = float(np.mean(np.median(claimed.of("opioid_signal")[:, daytime], axis=1) > 1))
    return Claim(
        "rebound",
        "rebound with an increased production of endorphins throughout the daytime",
        "Does a small dose at night leave more opioid signal by day?",
        _panels(long, short, claimed),
        published=(
            "With the evidence as published, release rises by about "
            f"{multiple(by_day(long, 'endorphin_change') - 1)} but the receptors stay blocked, so the signal by day "
            f"is {multiple(signal)} of normal: less, not more."
        ),
        assumed=(
            "For more signal by day the block must be over by morning (measured in mice only) and the answer must "
            f"outlast it. With a short block the signal by day is {multiple(short_signal)} of normal; with receptor "
            f"up-regulation as in rodents as well, {multiple(share)} of virtual people are above normal over the day."
        ),
        distance=(
            f"With the block that human scans suggest, release would have to answer about {needed:.0f} times as "
            "strongly as under full dose in the one human study (+61%). In mice a low dose changed neither the "
            "firing of endorphin neurons, nor their messenger RNA, nor endorphin in the blood (Metz 2021)."
        ),
        links=("short_block", "rebound", "receptor_upregulation"),
        limits=(
            "Nobody has measured receptor block beyond 8 hours below 12.5 mg, nor a daytime endorphin curve, in people "
            "on a low dose. How quickly release answers (a day) is assumed."
        ),
    )


def _panels(long: Trajectory, short: Trajectory, claimed: Trajectory) -> tuple[Panel, ...]:
    """The last day, from 22:00 to 22:00."""
    last, hours = slice(24 * DAYS - 26, 24 * DAYS - 1), np.arange(22.0, 47.0)
    return (
        Panel(
            "Receptors blocked through the day, 4.5 mg at 22:00",
            "share of central mu receptors",
            "clock",
            (
                curve_of("as human scans suggest", long, "occupancy_mu", hours, last),
                curve_of("short block (mouse figure)", short, "occupancy_mu", hours, last, assumed=True),
            ),
        ),
        Panel(
            "Opioid signal left, untreated = 1",
            "level x receptors x share free",
            "clock",
            (
                curve_of("as published", long, "opioid_signal", hours, last),
                curve_of("short block", short, "opioid_signal", hours, last, assumed=True),
                curve_of("short block and more receptors", claimed, "opioid_signal", hours, last, assumed=True),
            ),
            reference=1.0,
            reference_words="untreated",
        ),
    )
