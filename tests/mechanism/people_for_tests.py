"""A few virtual people with real dose logs: missed, late and double doses, three dose sizes, chance triggers."""

import numpy as np

from nightdose.knowledge.hypotheses import strengths
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import Body, sampled_person, triggers
from nightdose.mechanism.regimen import DoseStep, Regimen

CLAIMED = Body(hypotheses=strengths(start="claimed"))


def few_people(count: int, days: int, body: Body = CLAIMED) -> tuple[list, list[Intake]]:
    people = [sampled_person(body, 1, i) for i in range(count)]
    logs = []
    for i, p in enumerate(people):
        rng = np.random.default_rng([5, i])
        taken = Regimen(
            "as really taken",
            (DoseStep((1.5, 4.5, 50.0)[i % 3]),),
            missed=frozenset(np.flatnonzero(rng.random(days) < 0.15).tolist()),
            late_h={day: float(rng.normal()) for day in range(1, days)},
            extra={int(day): 1 for day in np.flatnonzero(rng.random(days) < 0.1)},
        )
        log = taken.log(days, p["salt_fraction"], p["molar_mass"])
        logs.append(log.with_events(triggers(p, days, 1, i)))
    return people, logs
