"""The certificate: the same counts whatever the workers, alarms and misses, worlds, looks and a memory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from tests.checks.dummies import TRIAL, dummies, year
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.certificate import Judging, Tally, Work, certify, judging_of, with_certificate
from nightdose.checks.fingerprint import fingerprint
from nightdose.checks.worlds import WORLDS


@dataclass
class Scripted:
    """A judge that keeps what it was shown, and says what it was told to, or `not_yet_known`."""

    says: list = field(default_factory=list)
    days: int = 168
    seen: list = field(default_factory=list)

    def answer(self, y):
        self.seen.append(y)
        return self.says.pop(0) if self.says else "not_yet_known"

    def called(self, y):
        found = self.answer(y)
        return found if found in ("helps", "harms") else None


@pytest.fixture(scope="module")
def certificates():
    """80 diaries of each kind, by one process and by two."""
    return [with_certificate(analyse(year(), ask(**TRIAL)), 80, seed=4, workers=n).certificate for n in (1, 2)]


@pytest.mark.long
def test_two_workers_count_what_one_counts(certificates):
    """Worlds and looks included."""
    assert certificates[0] == certificates[1]
    assert certificates[0].n == 80
    assert [world.n for world in certificates[0].worlds] == [10] * 7  # blocks drawn by lot: no doses by score
    assert (certificates[0].any_look.n, certificates[0].any_look.looks) == (20, 5)


def test_the_first_diaries_of_a_longer_run_are_those_of_a_shorter_one():
    """Three diaries of each kind, then seven: each is drawn from its own seed, whatever was drawn before it."""

    def drawn(n):
        judge = Scripted()
        certify(Judging(judge), dummies()[1], "not_yet_known", n)
        return judge.seen

    short, long = drawn(3), drawn(7)
    assert len(long) == 14 + len(WORLDS) - 1  # doses by score cannot be where lots decided
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(short, long, strict=False))
    assert not any(np.array_equal(short[0], other, equal_nan=True) for other in long[1:])


def test_on_a_medicine_that_plainly_works_false_alarms_stay_few_and_half_of_the_smallest_effects_is_missed():
    """Four points better, one is meaningful: of 40 nulls few are called, of 40 with exactly one point about half."""
    dose = blocks(336)
    d = diary(wobbling(336, 1, 0.8) - 4 * dose / 4.5, naltrexone_mg=dose)
    found = analyse(d, ask(randomised="blocks", onset="same-day"), certificate=40, curves=False)
    assert found.verdict.answer == "helps"
    assert found.certificate.false_alarm <= 0.15
    assert 0.2 <= found.certificate.miss <= 0.8


def test_alarms_are_helps_or_harms_without_an_effect_and_misses_all_but_helps_with_one():
    """Four diaries of each kind, judged from a list; the first also in seven worlds, of which two are called."""
    worlds = ["helps", "not_yet_known", "harms", *["not_yet_known"] * 4]
    null = ("helps", "harms", "no_meaningful_difference", "not_yet_known")
    effect = ("helps", "not_yet_known", "harms", "no_meaningful_difference")
    says = [
        null[0],
        *worlds,
        effect[0],
        *(answer for pair in zip(null[1:], effect[1:], strict=True) for answer in pair),
    ]
    found = certify(Judging(Scripted(says)), dummies()[1], "harms", 4)
    assert (found.false_alarm, found.miss, found.same_verdict_if_null) == (0.5, 0.75, 0.25)
    assert [world.false_alarm for world in found.worlds] == [1, 0, 1, 0, 0, 0, 0]
    assert found.any_look.false_alarm == 1.0  # called at this look


@pytest.mark.parametrize(("says", "ever"), [([], 0), (["not_yet_known", "harms"], 1)])
def test_a_call_at_any_earlier_look_counts_once_and_sees_only_the_days_there_were(says, ever):
    early = [Scripted(list(says), days=n) for n in (56, 112)]
    found = certify(Judging(Scripted(), tuple(early)), dummies()[1], "helps", 5)
    assert found.any_look.looks == 3
    assert found.any_look.n == 2  # of five diaries the first and the fifth
    assert found.any_look.false_alarm == ever / 2
    assert {len(y) for y in early[0].seen} == {56}


def test_a_world_is_named_where_it_is_worse_than_five_in_a_hundred_beyond_chance():
    """Of 80 diaries ten are drawn in each world: one call in ten may be chance, three may not."""
    says = lambda calls: [  # noqa: E731
        answer
        for i in range(80)
        for answer in (
            "not_yet_known",
            *(["helps" if i < 8 * calls else "not_yet_known", *["not_yet_known"] * 6] if i % 8 == 0 else []),
            "helps",
        )
    ]
    named = [
        [world.name for world in certify(Judging(Scripted(says(calls))), dummies()[1], "helps", 80).too_wrong]
        for calls in (1, 3)
    ]
    assert named == [[], ["weekday"]]


def test_what_was_counted_once_is_not_simulated_again():
    kept: dict[str, Tally] = {}

    class Memory:
        get = kept.get
        put = kept.__setitem__

    judge = Scripted()
    _, r = dummies()
    one, two = (certify(Judging(judge, about=("q",)), r, "helps", 6, Work(remembered=Memory)) for _ in range(2))
    assert one == two
    assert len(judge.seen) == 12 + 7
    assert len(kept) == 1
    certify(Judging(judge, about=("another question",)), r, "helps", 6, Work(remembered=Memory))
    assert len(kept) == 2


@pytest.mark.parametrize("scale", ["continuous", "rating"])
def test_equal_values_have_equal_fingerprints(scale):
    case, r = dummies(scale=scale)
    again, s = dummies(scale=scale)
    assert fingerprint(case.log, r) == fingerprint(again.log, s)
    assert fingerprint(r) != fingerprint(dummies(-0.6, scale=scale)[1])
    assert fingerprint(np.zeros(2)) != fingerprint(np.zeros((2, 1)))


def test_looks_are_every_four_weeks_where_none_were_declared():
    analysis = analyse(year(), ask(**TRIAL), curves=False)
    assert [look.days for look in judging_of(analysis.case, analysis.fitted).before] == [56, 84, 112, 140]


def test_progress_is_shown_to_the_end():
    seen = []
    with_certificate(analyse(year(), ask(**TRIAL)), 5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2, 10), (4, 10), (6, 10), (8, 10), (10, 10)]
