"""Do vivid dreams disappear as therapy continues?"""

from __future__ import annotations

import numpy as np

from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import Claim, Course
from nightdose.mechanism.panel import Panel, curve_of
from nightdose.mechanism.regimen import PRESETS


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""
    days = 84
    names = ("vivid_dreams",)
    ldn, plan = PRESETS["ldn"], PRESETS["ldn-titration"]
    steady = Course(ldn, days, names, every_h=24.0).run(seed)
    fading = Course(ldn, days, names, {"dreams_fade": 1.0}, every_h=24.0).run(seed)
    stepped = Course(plan, days, names, every_h=24.0).run(seed)
    x = np.arange(days + 1.0)
    whole_run = slice(None)
    end, faded = (float(np.median(found.of("vivid_dreams")[:, -1])) for found in (steady, fading))
    peak = float(np.median(fading.of("vivid_dreams"), axis=0).max())
    return Claim(
        "fading-side-effects",
        "insomnia and bad dreams which tend to disappear as therapy continues",
        "Do vivid dreams disappear as therapy continues?",
        (
            Panel(
                "Chance of reporting vivid dreams, 4.5 mg nightly",
                "share of people",
                "days",
                (
                    curve_of("trial risk, no fading", steady, "vivid_dreams", x, whole_run),
                    curve_of("fading over two weeks (assumed)", fading, "vivid_dreams", x, whole_run, assumed=True),
                ),
                reference=0.13,
                reference_words="on placebo (recalled)",
            ),
            Panel(
                "The same with 1.5 and 3 mg for two weeks each first",
                "share of people",
                "days",
                (curve_of("trial risk, no fading", stepped, "vivid_dreams", x, whole_run),),
                reference=0.13,
                reference_words="on placebo (recalled)",
            ),
        ),
        published=(
            "Vivid dreams are real: 2.4 times as likely as on placebo (1.8 to 3.3) in five trials. With that and "
            f"nothing more the chance stays at {multiple(end)} for as long as the dose is taken."
        ),
        assumed=(
            f"If dreams adapt within two weeks, a guess, the chance peaks at {multiple(peak)} and is "
            f"{multiple(faded)} after twelve weeks."
        ),
        distance="Pilots call the dreams transient; no trial reports how often they occur week by week.",
        links=("dreams", "dreams_fade"),
        limits="The background of 13% is from one trial, recalled and not re-read. Insomnia "
        "has no trial figure and is not modelled.",
    )
