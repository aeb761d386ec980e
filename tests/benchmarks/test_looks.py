"""The tables of looks: lives are what they say, a look is the diary as it was, the frontier counts as the rule does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.frontier import PRIORS, at, excess, helped
from benchmarks.lives import WORLDS, Cell, diary, question
from benchmarks.looks import HALF, LOOKS, Look, at_look, ever, first

from nightdose.analyse import analyse
from nightdose.question.looks import ONCE

BLOCKS = Cell("continuous", "blocks28", "S1")


def test_the_settled_effect_is_planted_in_within_person_sd_of_the_same_person():
    """Drawn daily, an effect of the day: on days with a dose the diary is 0.8 of its own sd lower, else the same."""
    null, real = (diary(3, Cell("continuous", "days", "S1", effect)) for effect in (0.0, 0.8))
    on = null.dose("naltrexone") > 0
    gone = null.column("pain") - real.column("pain")
    sd = np.nanstd(null.column("pain"))
    assert np.nanmax(np.abs(gone[~on])) == 0
    assert np.nanmean(gone[on]) == pytest.approx(0.8 * sd, rel=0.05)


@pytest.mark.parametrize("world", WORLDS)
def test_every_world_and_design_can_be_asked(world):
    for design in ("blocks14", "alternating28", "switch", "titration"):
        cell = Cell("continuous", design, world)
        at_look(first(diary(1, cell), 210), question(cell))


def test_looks_are_weekly_and_end_with_the_year():
    assert (LOOKS[-1], set(np.diff(LOOKS)), LOOKS[HALF - 1]) == (364, {7}, 182)


def test_a_look_says_what_the_program_says_of_the_diary_as_it_was():
    cell = replace(BLOCKS, effect=1.5)
    whole = diary(2, cell)
    for days in (112, 364):
        there = first(whole, days)
        found = at_look(there, question(cell))
        assert found.answer == analyse(there, question(cell), curves=False).verdict.answer
        assert found.better == pytest.approx(
            analyse(there, question(cell), curves=False).verdict.estimate.better, abs=1e-9
        )


def test_ever_is_any_of_the_words():
    looks = [Look("not_yet_known", "harms", 0, 0, 0), Look("helps", "helps", 1, 1, 0)]
    assert ever(looks)
    assert not ever(looks, ("harms",))
    assert ever(looks, ("harms",), "once")


def test_the_frontier_s_first_prior_is_the_rule_in_use():
    """One diary at two looks: what is called is what the program calls, and z over what is asked is 1 at the bar."""
    cell = replace(BLOCKS, effect=1.5)
    whole = diary(2, cell)
    for days in (112, 364):
        there = first(whole, days)
        found = np.array(at(there, question(cell)))
        assert found.shape == (len(PRIORS), 3)
        called = bool(excess(found, found[:, 2])[0] >= 1)
        assert called == (at_look(there, question(cell)).answer in ("helps", "harms"))
    assert excess(np.array([0.98, 0.6, 1.0]), ONCE) == pytest.approx(1.0)
    assert excess(np.array([0.02, 0.0, 1.0]), ONCE) == pytest.approx(1.0)
    assert helped(np.array([0.999, 0.4, 1.0]), ONCE) == -np.inf
