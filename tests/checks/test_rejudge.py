"""The analysis made again is the analysis itself, and a glance overlooks no answer."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from tests.checks.dummies import TRIAL, dummies, year
from tests.diaries import FIRST_DAY, ask

from nightdose.analyse import analyse
from nightdose.checks.certificate import dummies_of, judging_of
from nightdose.checks.rejudge import NEAR, POSSIBLE
from nightdose.fit.case import open_case
from nightdose.fit.fitting import fit_case
from nightdose.question.looks import UNCOUNTED, Looks, balanced_days, bar


def judging(scale="continuous", looks=UNCOUNTED, **question):
    case = open_case(year(scale=scale), ask(scale=scale, **(TRIAL | question)), looks)
    fitted = fit_case(case, case.outcome)
    return judging_of(case, fitted), dummies_of(case, fitted, seed=5)


def test_it_says_of_a_dummy_diary_what_the_whole_program_says_of_it_at_every_look():
    found, r = judging(meaningful=0.3)
    for i, look in enumerate((found.now, *found.before)):
        y = r.effect(i) - 0.6 * (year().dose("naltrexone") > 0)
        d = year().with_column("pain", y)
        short = replace(d, columns={k: v[: look.days].copy() for k, v in d.columns.items()}, days=look.days)
        whole = analyse(short, ask(**(TRIAL | {"meaningful": 0.3})), curves=False).verdict.answer
        assert look.in_full(y[: look.days]) == whole
        assert look.signed(y[: look.days]) == (whole if whole in ("helps", "harms") else None)


@pytest.mark.long
@pytest.mark.parametrize(("scale", "n"), [("continuous", 60), ("rating", 8), ("binary", 8)])
def test_a_glance_overlooks_no_answer_and_saves_most_of_the_work(scale, n):
    """Null diaries, planted effects, worlds and earlier looks; the nearest call is well above what is left out."""
    found, r = judging(scale, meaningful={"binary": 0.15}.get(scale, 0.5))
    diaries = [(found.now, y) for i in range(n) for y in (r.null(i), r.effect(i), r.in_world("jump", i))]
    diaries += [(look, r.null(i)[: look.days]) for i in range(n) for look in found.before[-2:]]
    full = [look.in_full(y) for look, y in diaries]
    assert [look.answer(y) for look, y in diaries] == full
    seen = [look.glance(y).leaning / look.bar for look, y in diaries]
    called = [s for s, answer in zip(seen, full, strict=True) if answer in ("helps", "harms")]
    assert min(called, default=1.0) > 1.2 * NEAR
    assert np.mean(np.array(seen) < NEAR) > 0.5


def test_no_difference_is_said_far_above_what_a_glance_leaves_out_and_most_without_an_effect_are_left_out():
    """24 null diaries: where 1.1 points matter some say so, the nearest at 0.99; where 0.45 do, two in three cannot."""
    found, r = judging(meaningful=1.1)
    said = [
        found.now.glance(y).small for y in map(r.null, range(24)) if found.now.in_full(y) == "no_meaningful_difference"
    ]
    assert min(said) > 1.15 * POSSIBLE
    found, r = judging(meaningful=0.45)
    assert np.mean([found.now.glance(y).small < POSSIBLE for y in map(r.null, range(24))]) > 0.5


def test_declared_looks_are_the_ones_that_are_made_again():
    """Looks on days 70 and 126, and one after the diary's end."""
    planned = tuple(datetime.date.fromordinal(FIRST_DAY + n - 1) for n in (70, 126, 200))
    found, _ = judging(looks=Looks(2, planned, 150.0))
    assert [look.days for look in found.before] == [70, 126]
    for look in (*found.before, found.now):
        design = look.case.design
        assert look.bar == pytest.approx(
            bar(Looks(2, planned, 150.0), balanced_days(design.days_on, design.days_off)), abs=1e-9
        )


def test_a_look_at_which_nothing_could_be_judged_is_none():
    """The first 28 days of the blocks are all off."""
    found, _ = judging()
    assert found.before[0].days == 56


def test_entries_that_a_dummy_has_on_other_days_count_where_the_exposure_is_known():
    case, r = dummies()
    y = r.in_world("bad_days_lost", 2)
    assert not np.array_equal(np.isnan(y), ~case.usable)
    found, _ = judging()
    with_its_own = found.now._with(y)
    assert np.array_equal(with_its_own.usable, ~np.isnan(y))
