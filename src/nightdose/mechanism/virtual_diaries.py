"""Diaries that virtual people would write: the body's score plus spells, noise, placebo response and missing days.

For planning and for certificates: a drug that does nothing and a drug that acts look alike in everything else.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.diary.records import Diary
from nightdose.knowledge.load import parameters
from nightdose.knowledge.ups_and_downs import of_somebody
from nightdose.mechanism.intake import GUT, Intake
from nightdose.mechanism.people import typical_values
from nightdose.mechanism.population import Study, run_people

SCORE_RANGE = (0.0, 10.0)
EVENING_H = 20.0  # clock hour of the entry


def virtual_diary(study: Study, number: int) -> Diary:
    """The diary of one virtual person: pain 0 to 10, vivid dreams 0 or 1, doses and their times.

    A pure function of the study and the number; days count from 0.
    """
    rng = np.random.default_rng([study.seed, number, 2])
    hourly = replace(study, names=("symptom_score", "vivid_dreams"), every_h=1.0)
    body = run_people(hourly, [number], error=study.error)
    evening = slice(int(EVENING_H), 24 * study.days, 24)
    score = body.of("symptom_score")[0, evening] + written_noise(study.days, rng)
    dreams = (rng.random(study.days) < body.of("vivid_dreams")[0, evening]).astype(float)
    pain = np.clip(np.round(score), *SCORE_RANGE)
    missing = rng.random(study.days) < parameters("ups_and_downs")["missing"].value
    pain[missing], dreams[missing] = np.nan, np.nan
    dose_mg, clock_h = doses_by_day(study.log(), study.days)
    columns = {
        "pain": frozen(pain),
        "vivid_dreams": frozen(dreams),
        "naltrexone_mg": dose_mg,
        "naltrexone_time": clock_h,
    }
    return Diary(f"virtual person {number}", 0, False, columns, study.days)


def written_noise(days: int, rng: np.random.Generator) -> Floats:
    """(days,) points added to the body's score: spells, noise, and the fall on placebo, a bad start included."""
    p = parameters("ups_and_downs")
    fall = p["placebo_fall"].value + p["placebo_fall"].spread["sd"] * rng.standard_normal()
    placebo = -fall * (1 - np.exp(-np.arange(days) / p["placebo_time"].value))
    return np.asarray(of_somebody(rng).course(days, rng) + placebo)


def doses_by_day(intake: Intake, days: int) -> tuple[Floats, Floats]:
    """(days,) labelled mg taken on each day and (days,) clock hour of the day's first dose, NaN where none."""
    values = typical_values()
    one_mg = values["salt_fraction"] * 1e6 / values["molar_mass"]
    dose_mg, clock_h = np.zeros(days), np.full(days, np.nan)
    for event in intake.events:
        day = int(event.time_h // 24)
        if event.state == GUT and day < days:
            dose_mg[day] += event.amount / one_mg
            if np.isnan(clock_h[day]):
                clock_h[day] = event.time_h % 24
    return frozen(np.round(dose_mg, 9)), frozen(clock_h)
