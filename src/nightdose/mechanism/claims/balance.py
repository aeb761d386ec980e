"""Does LDN balance the immune system where immunosuppressants weaken it?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import Claim, Course
from nightdose.mechanism.panel import Panel, bar_of, curve_of
from nightdose.mechanism.regimen import PRESETS
from nightdose.mechanism.simulate import Trajectory

DAYS = 365
NAMES = ("effector", "regulatory", "relapses", "infections", "defence")


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""
    links = {"immune_balance": 1.0, "ogf_axis": 1.0, "short_block": 1.0}

    def arm(preset: str, changes: Mapping[str, float] | None = None) -> Trajectory:
        return Course(PRESETS[preset], DAYS, NAMES, changes, 24.0, relapsing=True).run(seed)

    arms = {
        "nothing": arm("nothing"),
        "4.5 mg nightly, as published": arm("ldn"),
        "4.5 mg nightly, as claimed": arm("ldn", links),
        "comparator every 90 days": arm("comparator-cycles"),
        "comparator every 28 days": arm("comparator-continuous"),
    }

    def ratio(found: Trajectory, name: str) -> float:
        return float(np.median(_ratio(found, arms["nothing"], name)))

    claimed = arms["4.5 mg nightly, as claimed"]
    kept = arms["comparator every 28 days"]
    return Claim(
        "balance",
        "treatment results in an increased and BALANCED immune system",
        "Does a low dose balance the immune system where other drugs weaken it?",
        _panels(arms),
        published=(
            "No link from a low dose to immune cells or relapses has been seen in people, so as published the "
            "model draws nothing and 4.5 mg as one curve. Its comparator cuts relapses to "
            f"{multiple(ratio(kept, 'relapses'))} and raises the infection proxy "
            f"{ratio(kept, 'infections'):.1f}-fold."
        ),
        assumed=(
            "With the links switched on as claimed, at sizes that are guesses, relapses become "
            f"{multiple(ratio(claimed, 'relapses'))} of untreated, with defence untouched because "
            "the claim has no link to it."
        ),
        distance=(
            "No trial of a low dose measured relapses, lesions or the balance of cells. Two MS trials of quality "
            "of life disagree with each other; a register saw no change in the use of MS drugs."
        ),
        links=("immune_balance", "ogf_axis", "short_block"),
        limits=(
            "The immune part is a caricature with assumed rates, held only to one relapse a year and to the "
            "comparator's relapse ratio in mitoxantrone trials. The infection proxy has no data behind its size."
        ),
    )


def _ratio(found: Trajectory, base: Trajectory, name: str) -> Floats:
    """(people,) of the last day over the same people's without treatment."""
    return np.asarray(found.of(name)[:, -1] / base.of(name)[:, -1])


def _panels(arms: Mapping[str, Trajectory]) -> tuple[Panel, ...]:
    """Relapses of the year, and defence week by week."""
    base, months, weekly = arms["nothing"], np.arange(0, DAYS + 1, 7.0), slice(0, DAYS + 1, 7)
    return (
        Panel(
            "Relapses in a year, untreated = 1",
            "ratio, same virtual people",
            "arms",
            bars=tuple(
                bar_of(name, _ratio(found, base, "relapses"), assumed=not name.endswith("published"))
                for name, found in arms.items()
                if found is not base
            ),
            reference=1.0,
            reference_words="untreated",
        ),
        Panel(
            "White cells in general, untreated = 1",
            "a proxy of defence",
            "days",
            (
                curve_of("nothing, or 4.5 mg nightly", arms["4.5 mg nightly, as published"], "defence", months, weekly),
                curve_of(
                    "comparator every 90 days",
                    arms["comparator every 90 days"],
                    "defence",
                    months,
                    weekly,
                    assumed=True,
                ),
                curve_of(
                    "comparator every 28 days",
                    arms["comparator every 28 days"],
                    "defence",
                    months,
                    weekly,
                    assumed=True,
                ),
            ),
        ),
    )
