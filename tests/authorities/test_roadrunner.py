"""The exported model, run by an independent simulator, gives the same trajectories."""

import numpy as np
import pytest

from nightdose.knowledge.hypotheses import strengths
from nightdose.mechanism.interchange import antimony, sbml
from nightdose.mechanism.people import Body, sampled_person, triggers
from nightdose.mechanism.regimen import DoseStep, Regimen
from nightdose.mechanism.simulate import Trajectory, relative_errors, simulate
from nightdose.mechanism.system import OUTPUT_NAMES

roadrunner = pytest.importorskip("roadrunner", reason="extra `sbml` is not installed")

DAYS = 21
NAMES = [name for name in OUTPUT_NAMES if name != "clock_angle"]
HOURS = np.arange(0, DAYS * 24) + 0.27  # no output at the very time of a dose, where conventions differ


def person_and_intake(number):
    p = sampled_person(Body(hypotheses=strengths(start="claimed")), 11, number)
    taken = Regimen(
        "log", (DoseStep((4.5, 50.0)[number]),), missed=frozenset({3, 9}), extra={5: 1}, late_h={7: 2.5}
    ).log(DAYS, p["salt_fraction"], p["molar_mass"])
    return p, taken.with_events(triggers(p, DAYS, 3, number))


def by_roadrunner(document):
    model = roadrunner.RoadRunner(document)
    model.integrator.relative_tolerance = 1e-10
    model.integrator.absolute_tolerance = 1e-12
    model.integrator.maximum_num_steps = 10**7
    model.timeCourseSelections = ["time", *NAMES]
    return np.array(model.simulate(times=[0.0, *HOURS.tolist()]))[1:, 1:]


@pytest.mark.parametrize("number", [0, 1])
def test_exported_sbml_gives_the_same_trajectories(number):
    p, intake = person_and_intake(number)
    found = simulate([p], [intake], HOURS, NAMES, error=1e-6)
    truth = Trajectory(HOURS, found.names, by_roadrunner(sbml(p, intake))[None], found.outcome, found.steps)
    assert relative_errors(found, truth).max() < 1e-6


def test_exported_antimony_is_the_same_model():
    translator = pytest.importorskip("antimony", reason="extra `sbml` is not installed")
    p, intake = person_and_intake(0)
    assert translator.loadAntimonyString(antimony(p, intake)) >= 0, translator.getLastError()
    other = by_roadrunner(translator.getSBMLString("nightdose"))
    assert np.allclose(other, by_roadrunner(sbml(p, intake)), rtol=1e-6, atol=1e-6)
