"""The pool of made communities whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pooling.people import ANSWER, community, register
from tests.pooling.test_reading import received

from nightdose.errors import CallError
from nightdose.pooling.contribution import Withdrawal
from nightdose.pooling.pool import pool
from nightdose.pooling.reading import read_line, sorted_out


def pooled(contents, keys=None, **about):
    return pool(sorted_out(received(contents, keys=keys)), **about)


def trials(answers):
    return [replace(answer, trial=f"{at:064x}") for at, answer in enumerate(answers)]


def test_the_mean_is_found_on_both_scales():
    """People differ by 0.3 sd around 0.4; their own sd is 1.5 points."""
    (part,) = pooled(community(150, 0.4, 0.3)).parts
    assert part.common.pool.mean == pytest.approx(0.4, abs=0.12)
    assert part.points.pool.mean == pytest.approx(1.5 * part.common.pool.mean, rel=0.02)
    assert part.common.pool.between == pytest.approx(0.3, abs=0.1)
    assert part.common.meaningful == pytest.approx(1 / 1.5)
    assert part.settled.settled


def test_fewer_than_ten_people_are_published_nowhere():
    assert pooled(community(9, 0.4, 0.3)).parts == ()
    assert pooled(community(9, 0.4, 0.3)).waiting == 9
    (part,) = pooled(community(10, 0.4, 0.3)).parts
    assert part.common is not None


def test_before_and_after_diaries_are_shown_apart_and_never_mixed_in():
    low = community(40, 1.2, 0.2, seed=1, ceiling="low", design="before_after", randomised=False)
    trial = community(40, 0.0, 0.2, seed=2)
    (part,) = pooled([*trial, *low]).parts
    (only,) = pooled(trial).parts
    assert part.common.pool.mean == only.common.pool.mean
    assert part.unplanned.mean > 0.9
    assert abs(part.doubted.mean) < 0.3
    (stories,) = pooled(low).parts
    assert stories.common is stories.settled is None


def test_a_difference_between_conditions_is_shown():
    ms = community(60, 0.8, 0.2, seed=3, asked=replace(ANSWER.asked, condition="ms"))
    (part,) = pooled([*community(60, 0.0, 0.2, seed=4), *ms]).parts
    (by,) = [m for m in part.moderators if m.name == "condition"]
    found = {group.name: group.drawn.mean for group in by.groups}
    assert found["ms"] - found["fibromyalgia"] > 0.55
    assert by.apart.interval95[0] * by.apart.interval95[1] > 0


def test_registration_tells_how_many_stayed_silent():
    """100 registered, the drug does nothing, only the glad ones answered: the pool says 0.3, the count says 50."""
    everybody = trials(community(100, 0.0, 0.2, seed=5))
    glad = [answer for answer in everybody if answer.effect.mean > 0]
    plans = [register(answer, answer.trial) for answer in everybody]
    keys = [int(answer.trial, 16) + 1 for answer in [*glad, *everybody]]
    (part,) = pooled([*glad, *plans], keys=keys).parts
    assert part.common.pool.mean > 0.2
    assert (part.silence.registered, part.silence.answered) == (100, len(glad))
    assert part.silence.if_silent_had_none == pytest.approx(part.silence.mean.mean * len(glad) / 100)
    assert -0.6 < part.silence.tips_at < -0.1


def test_registered_afterwards_does_not_count_where_an_earlier_list_is_held_against_it():
    answers = trials(community(30, 0.4, 0.2))
    plans = [register(answer, answer.trial) for answer in answers]
    keys = [*range(1, 31), *range(1, 31)]
    (part,) = pooled([*answers, *plans], keys=keys).parts
    assert part.silence.answered == 30
    early = [answer.trial for answer in answers[:12]]
    (part,) = pooled([*answers, *plans], keys=keys, before=early).parts
    assert (part.silence.registered, part.silence.answered) == (12, 12)


def test_one_wild_answer_is_shown_for_what_it_does():
    wild = replace(ANSWER, effect=replace(ANSWER.effect, mean=9.5, sd=0.3))
    (part,) = pooled([*community(20, 0.0, 0.1), wild]).parts
    assert part.common.pool.mean > part.without_farthest.mean + 0.15
    assert abs(part.without_farthest.mean) < 0.2


def test_names_and_order_of_files_change_no_bit():
    found = received(community(40, 0.2, 0.3))
    forth, back = pool(sorted_out(found)), pool(sorted_out(found[::-1]))
    assert forth.made_of == back.made_of
    assert np.array_equal(forth.parts[0].common.pool.weights, back.parts[0].common.pool.weights)


def test_a_withdrawn_answer_is_gone():
    found = received(community(12, 0.2, 0.3))
    back = received([Withdrawal(found[0].sha256)], keys=[1])
    assert pool(sorted_out([*found, *back])).parts[0].people == 11


def test_one_person_counts_once_whatever_was_found():
    """Three answers of one key: the registered one, though another is better and more precise."""
    others = community(20, 0.0, 0.3, seed=7)
    first, second, third = community(3, 1.0, 0.1, seed=8)
    first = replace(first, trial="e" * 64)
    keys = [*range(10, 30), 1, 1, 1, 1]
    (part,) = pooled([*others, first, second, third, register(first, "e" * 64)], keys=keys).parts
    assert part.people == 21
    assert any(row[1] == pytest.approx(first.common.mean) for row in part.rows)


def test_what_nobody_answered_is_a_sentence():
    with pytest.raises(CallError, match="No answer that counts"):
        pooled(community(12, 0, 0.1), drug="caffeine")


def test_other_outcomes_and_medicines_are_parts_of_their_own():
    fatigue = community(15, 0, 0.1, seed=2, asked=replace(ANSWER.asked, outcome="fatigue"))
    found = pooled([*community(12, 0, 0.1), *fatigue])
    assert [part.outcome for part in found.parts] == ["fatigue", "pain"]
    assert [part.outcome for part in pooled([*community(12, 0, 0.1), *fatigue], outcome="pain").parts] == ["pain"]


def test_where_nothing_counts_the_reasons_are_said():
    nothing = sorted_out([], [read_line("a.json:1", "{}"), read_line("b.json:1", "half")])
    with pytest.raises(CallError, match=r"No answer counts\. a\.json:1: .*b\.json:1: "):
        pool(nothing)


def test_answers_of_two_versions_stand_apart_where_both_have_ten():
    """Numbers that two versions made may differ for that reason alone."""
    (part,) = pooled([*community(20, 0.0, 0.1), *community(12, 0.5, 0.1, seed=9, engine="0.2.0")]).parts
    (by,) = [m for m in part.moderators if m.name == "engine"]
    assert {group.name: group.people for group in by.groups} == {"0.1.0": 20, "0.2.0": 12}
    (few,) = pooled([*community(20, 0.0, 0.1), *community(9, 0.5, 0.1, seed=9, engine="0.2.0")]).parts
    assert "engine" not in [m.name for m in few.moderators]
