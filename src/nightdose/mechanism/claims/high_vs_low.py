"""Does a high dose do the opposite of a low dose?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.number import multiple
from nightdose.mechanism.claims.claim import SETTLED, Claim, Course
from nightdose.mechanism.panel import Curve, Panel
from nightdose.mechanism.population import band
from nightdose.mechanism.regimen import DoseStep, Regimen
from nightdose.mechanism.simulate import Trajectory

DOSES = np.geomspace(0.5, 100.0, 13)
NAMES = ("signal_hours", "growth_brake")


def claim(seed: int) -> Claim:
    """The claim, simulated for the virtual people of this seed."""

    def sweep(of: Callable[[Trajectory], Floats], links: Mapping[str, float]) -> Floats:
        regimens = [Regimen("sweep", (DoseStep(float(dose)),)) for dose in DOSES]
        courses = [Course(each, SETTLED, NAMES, links, people=40) for each in regimens]
        return np.array([of(course.run(seed)) for course in courses]).T

    links = {"short_block": 1.0, "receptor_upregulation": 1.0, "ogf_axis": 1.0}
    published, claimed = sweep(_signal, {}), sweep(_signal, links)
    brakes = sweep(_brake, links)
    middle = np.median(brakes, axis=0)
    best = float(DOSES[int(np.argmax(middle))])
    low_dose, high_dose = (int(np.argmin(np.abs(DOSES - d))) for d in (4.5, 50.0))
    above = DOSES[middle > 1]
    turning = f"up to about {above.max():.0f} mg" if above.size else "at no dose"
    return Claim(
        "high-vs-low",
        "deplete the immune system … as well as endorphin levels within the brain",
        "Does a high dose do the opposite of a low dose?",
        _panels(published, claimed, brakes),
        published=(
            "With the evidence as published the signal falls with every milligram: "
            f"{multiple(float(np.median(published[:, low_dose])))} of normal at 4.5 mg and "
            f"{multiple(float(np.median(published[:, high_dose])))} at 50 mg. The two doses differ in size, not in "
            "sign."
        ),
        assumed=(
            "Opposite signs appear only for the OGF receptor, and only if receptors built up under the block "
            f"outlive it: then braking is above normal {turning}, highest near {best:.1f} mg, and "
            f"{multiple(float(middle[high_dose]))} of normal at 50 mg. It peaks there because the unknown affinity "
            "was chosen to put it there."
        ),
        distance=(
            "Opposite signs were seen in mice with tumours (0.1 against 10 mg/kg, one laboratory). The affinity of "
            "naltrexone at this receptor is not published: were it ten times stronger, the whole curve would move "
            "to doses ten times smaller."
        ),
        links=("short_block", "receptor_upregulation", "ogf_axis"),
        limits="The dose at which the sign turns is set by an assumed affinity and an "
        "assumed gain. It is not dose advice.",
    )


def _signal(found: Trajectory) -> Floats:
    """(people,) mean of the opioid signal over the last day."""
    total = found.of("signal_hours")
    return np.asarray((total[:, -1] - total[:, -25]) / 24)


def _brake(found: Trajectory) -> Floats:
    """(people,) mean of the braking over the last day."""
    return np.asarray(found.of("growth_brake")[:, -25:-1].mean(axis=1))


def _line(name: str, values: Floats, *, assumed: bool) -> Curve:
    """values : (people, dose)."""
    low, middle, high = band(values)
    return Curve(name, DOSES, middle, low, high, assumed)


def _panels(published: Floats, claimed: Floats, brakes: Floats) -> tuple[Panel, ...]:
    """What is drawn, each (people, dose)."""
    return (
        Panel(
            "Opioid signal over the day, untreated = 1",
            "mean of 24 hours",
            "dose",
            (
                _line("as published", published, assumed=False),
                _line("with short block and more receptors", claimed, assumed=True),
            ),
            reference=1.0,
            reference_words="untreated",
        ),
        Panel(
            "Braking by OGF, untreated = 1 (claimed)",
            "mean of 24 hours",
            "dose",
            (_line("OGF axis", brakes, assumed=True),),
            reference=1.0,
            reference_words="untreated",
        ),
    )
