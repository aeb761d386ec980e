"""How fast it acts: as asked, on file, the same day for days drawn one by one; else all three, and it is said."""

from __future__ import annotations

import numpy as np
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.fit.case import open_case
from nightdose.question.onset_prior import onset_of


def test_ldn_is_on_file_and_another_medicine_is_not_silently_ldn():
    assert [median for median, _ in onset_of(ask()).priors] == [10.0]
    unknown = onset_of(ask(treatment="magnesium"))
    assert [median for median, _ in unknown.priors] == [0.0, 2.5, 10.0]
    assert "not on file" in unknown.sentence


def test_what_is_asked_counts_first():
    for treatment in ("naltrexone", "magnesium"):
        assert onset_of(ask(treatment=treatment, onset="same-day")).priors == ((0.0, 0.0),)


def test_days_drawn_one_by_one_take_the_same_day():
    assert onset_of(ask(randomised="days")).priors == ((0.0, 0.0),)
    assert onset_of(ask(randomised="days", onset="days")).median_d == 2.5


def test_three_speeds_weigh_the_same_before_the_diary_speaks_and_the_diary_chooses():
    """An effect that comes and goes within the day."""
    dose = blocks(224, 14, 300)
    d = diary(wobbling(224) - 1.5 * (dose > 0), magnesium_mg=dose, magnesium_assigned_mg=dose)
    case = open_case(d, ask(treatment="magnesium"))
    assert [form.prior for form in case.forms] == [1 / 3] * 3
    found = analyse(d, ask(treatment="magnesium"), curves=False)
    share = {part.form.columns[0].tau_median: part.share for part in found.fitted.parts}
    assert share[0.0] > 0.5
    assert np.isclose(sum(share.values()), 1.0, atol=0.01)
    assert "onset_not_known" in {reason.code for reason in found.verdict.reasons}
