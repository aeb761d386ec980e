"""Several outcomes: the primary is judged, the rest are shrunk together and never called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.errors import CallError
from nightdose.outcomes import _standardised, analyse_outcomes, with_exploratory

QUESTION = ask(randomised="blocks", onset="same-day")


def symptoms(effects, days=224, seed=0):
    """A diary with pain and further outcomes, each with its own effect of the dose, sd 1."""
    dose = blocks(days)
    columns = {
        name: wobbling(days, seed + i) + effect * dose / 4.5 for i, (name, effect) in enumerate(effects.items(), 1)
    }
    return diary(wobbling(days, seed), naltrexone_mg=dose, **columns)


def others(diary_):
    return [replace(QUESTION, outcome=name) for name in diary_.columns if name not in ("pain", "naltrexone_mg")]


def test_the_primary_answer_is_the_one_it_has_alone():
    d = symptoms({"fatigue": 0.0, "sleep": 0.0})
    both = analyse_outcomes(d, QUESTION, also=others(d))
    assert both.verdict == analyse(d, QUESTION).verdict
    assert [x.question.outcome for x in both.exploratory] == ["fatigue", "sleep"]


def test_others_are_drawn_towards_their_common_mean():
    d = symptoms({"a": -0.6, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0})
    found = analyse_outcomes(d, QUESTION, also=others(d)).exploratory
    alone, shrunk = (np.array(x) for x in zip(*((x.alone.mean, x.shrunk[0]) for x in found), strict=True))
    assert np.std(shrunk) < np.std(alone)
    assert shrunk[0] < alone[0]
    assert shrunk[0] == max(shrunk)


def test_effects_on_every_outcome_stay():
    d = symptoms({"a": -1.0, "b": -1.0, "c": -1.0})
    for x in analyse_outcomes(d, QUESTION, also=others(d)).exploratory:
        assert x.shrunk[2][0] > 0.4
        assert x.sentence.startswith("Exploratory")


def test_an_outcome_without_a_number_stays_without_and_says_why():
    d = symptoms({"fatigue": 0.0}).with_column("constant", np.full(224, 3.0))
    fatigue, constant = analyse_outcomes(d, QUESTION, also=others(d)).exploratory
    assert fatigue.shrunk is not None
    assert constant.shrunk is None
    assert "Cannot be known" in constant.sentence


def test_the_unit_of_an_outcome_only_scales_its_row():
    d = symptoms({"a": -0.5, "b": 0.0})
    tenfold = d.with_column("a", 10 * d.column("a"))
    one, ten = (analyse_outcomes(x, QUESTION, also=others(d)).exploratory for x in (d, tenfold))
    assert ten[0].shrunk[0] == pytest.approx(10 * one[0].shrunk[0], rel=1e-6)
    assert ten[1].shrunk[0] == pytest.approx(one[1].shrunk[0], rel=1e-6)


def test_an_outcome_asked_twice_is_a_wrong_call():
    d = symptoms({"fatigue": 0.0})
    with pytest.raises(CallError, match="twice"):
        analyse_outcomes(d, QUESTION, also=[QUESTION])
    with pytest.raises(CallError, match="zinc"):
        with_exploratory(analyse(d, QUESTION), [replace(QUESTION, outcome="fatigue", treatment="zinc")])


def test_what_is_shrunk_is_what_the_diary_says_without_a_prior_of_the_effect():
    """Ten days on in forty: the prior, one sd of the outcome, narrows a same-day effect noticeably. Taken out,
    precisions subtract, 1 / error^2 = 1 / sd^2 - 1 / prior^2, and so do precisions times means (the prior's mean is 0).
    """
    dose = np.where((np.arange(40) >= 15) & (np.arange(40) < 25), 4.5, 0.0)
    analysis = analyse(diary(wobbling(40) - 2 * dose / 4.5, naltrexone_mg=dose), QUESTION, curves=False)
    e, prior = analysis.verdict.estimate, analysis.fitted.observation.unit
    precision = 1 / e.sd**2 - 1 / prior**2
    mean, error, unit = _standardised(analysis)
    assert 1 / (e.sd**2 * precision) > 1.1  # the prior did something
    assert error * unit == pytest.approx(precision**-0.5, rel=0.01)
    assert mean * unit == pytest.approx(e.mean / e.sd**2 / precision, rel=0.01)
    assert unit == pytest.approx(np.std(analysis.outcome))
