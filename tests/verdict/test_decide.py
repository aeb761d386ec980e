"""Checks that stand beside the answer: they speak up, and never change it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.diaries import ask
from tests.report.fake_answers import helps
from tests.report.fake_parts import GUESS, RETEST, fake_case, fake_fit, normal_estimate

from nightdose.question.reason import Reason
from nightdose.report.terminal import terminal_summary
from nightdose.verdict.answer import Checks
from nightdose.verdict.decide import decide

DESIGN = helps().design
CODE = "randomisation_test_disagrees"


def decided(mean, design, checks):
    return decide(fake_case(ask(randomised="blocks"), design), fake_fit(normal_estimate(mean, 0.4)), checks)


def verdict(mean, p, smallest=0.001):
    test = replace(RETEST, p=p, smallest=smallest)
    return decided(mean, DESIGN, Checks(randomisation_test=test))


@pytest.mark.parametrize(("mean", "answer"), [(1.4, "helps"), (-1.4, "harms")])
def test_a_judgement_that_the_lots_do_not_confirm_says_so_first(mean, answer):
    found = verdict(mean, 0.2)
    assert found.answer == answer
    assert found.reasons[1].code == CODE
    assert not found.reasons[1].decisive
    assert "20 of 100 orders" in found.reasons[1].sentence


def test_the_sentence_carries_both_numbers():
    fit = fake_fit(normal_estimate(0.8, 0.3), settled=normal_estimate(1.3, 0.4))
    found = decide(fake_case(ask(randomised="blocks"), DESIGN), fit, Checks())
    assert "better by 0.8" in found.sentence
    assert "Once settled: 1.3 better" in found.sentence
    assert (found.estimate.mean, found.settled.mean) == (0.8, 1.3)


def test_agreement_and_open_answers_are_not_commented():
    assert CODE not in [r.code for r in verdict(1.4, 0.01).reasons]
    assert CODE not in [r.code for r in verdict(0.1, 0.9).reasons]


def test_a_design_too_short_to_confirm_is_told_apart():
    """As extreme as its few orders allow: not against it. Less so: against it, and how low it could go is said."""
    as_low_as_it_can = verdict(1.4, 0.25, smallest=0.25)
    assert as_low_as_it_can.reasons[1].code == "randomisation_test_too_short"
    assert as_low_as_it_can.ceiling == "high"
    assert "could not have been below 0.25" in verdict(1.4, 0.5, smallest=0.25).reasons[1].sentence


def test_a_judgement_that_the_lots_do_not_confirm_never_stands_at_ceiling_high():
    """The ceiling falls, and the sentence itself carries the doubt."""
    found = verdict(1.4, 0.2)
    assert (found.answer, found.ceiling) == ("helps", "moderate")
    assert "does not confirm it: 20 of 100 orders" in found.sentence
    assert verdict(1.4, 0.05).ceiling == "high"


def test_the_disagreement_is_printed_in_the_terminal():
    shown = replace(helps(), verdict=verdict(1.4, 0.2))
    said = " ".join(terminal_summary(shown, width=80, ascii_only=True).split())
    assert "does not confirm this" in said


BLINDED = replace(DESIGN, blinded=True)
TOLD = replace(
    GUESS,
    better_than_chance=True,
    given_away=2.4,
    adjusted=normal_estimate(0.4, 0.42),
    adjusted_settled=normal_estimate(0.4, 0.42),
)


def blinded_verdict(guess, mean=1.4, design=BLINDED):
    return decided(mean, design, Checks(guess=guess))


def test_helps_is_withheld_where_capsules_gave_themselves_away_and_little_is_left_beyond_the_guess():
    found = blinded_verdict(TOLD)
    assert found.answer == "not_yet_known"
    assert found.reasons[1].code == "hope_not_excluded"
    assert "hope may have done it" in found.sentence
    assert "more than 99 %" in found.sentence  # the probability still stands there
    assert found.estimate is not None


@pytest.mark.parametrize(
    "guess",
    [
        None,
        replace(TOLD, better_than_chance=False),
        replace(TOLD, given_away=0.3),  # right because the person felt better
        replace(
            TOLD, adjusted=normal_estimate(1.2, 0.4), adjusted_settled=normal_estimate(1.2, 0.4)
        ),  # stands beyond the guess
    ],
)
def test_helps_stays_where_hope_has_no_hold(guess):
    assert blinded_verdict(guess).answer == "helps"


def test_with_too_few_periods_to_say_why_guesses_are_right_the_effect_beyond_them_has_to_stand():
    few = replace(TOLD, given_away=None)
    assert blinded_verdict(few).answer == "not_yet_known"
    assert "too few to tell" in blinded_verdict(few).reasons[1].sentence
    assert blinded_verdict(replace(TOLD, given_away=0.3, days=40)).answer == "not_yet_known"
    assert (
        blinded_verdict(
            replace(few, adjusted=normal_estimate(1.2, 0.4), adjusted_settled=normal_estimate(1.2, 0.4))
        ).answer
        == "helps"
    )


def test_harms_and_open_trials_are_not_touched_by_guesses():
    """Hope would have hidden a harm; in an open trial everybody knows, and the ceiling says so."""
    assert blinded_verdict(TOLD, mean=-1.4).answer == "harms"
    assert blinded_verdict(TOLD, design=replace(DESIGN, blinded=False)).answer == "helps"


@pytest.mark.parametrize(
    ("mean", "said"),
    [
        (2.0, "2.0 better (95 % interval 1.4 to 2.6 better), better by at least 1 with probability more than 99 %"),
        (-2.0, "2.0 worse (95 % interval 1.4 to 2.6 worse), worse by at least 1 with probability more than 99 %"),
        (
            0.1,
            "0.1 better (95 % interval 0.5 worse to 0.7 better), better by at least 1 with probability less than 1 %",
        ),
    ],
)
def test_the_settled_size_and_its_probability_speak_of_the_same_side(mean, said):
    fit = fake_fit(normal_estimate(mean, 0.3), settled=normal_estimate(mean, 0.3))
    assert f"Once settled: {said}" in decide(fake_case(ask(randomised="blocks"), DESIGN), fit, Checks()).sentence


@pytest.mark.parametrize(("settled", "told"), [(0.7, True), (1.1, False)])
def test_an_open_answer_that_is_surely_better_says_that_the_size_keeps_it_open(settled, told):
    """Better with 99 %, asked for 99.9 at an early look; by a point or more as likely as not, or less."""
    fit = fake_fit(normal_estimate(0.7, 0.3), settled=normal_estimate(settled, 0.3))
    found = decide(fake_case(ask(randomised="blocks"), replace(DESIGN, days_on=40, days_off=40)), fit, Checks())
    assert found.answer == "not_yet_known"
    assert ("better by the 1 worth having is not" in found.sentence) is told


@pytest.mark.parametrize(("switches", "word"), [(1, "Better since"), (2, "Better while it was taken")])
def test_better_since_is_said_only_where_it_was_begun_once_and_kept(switches, word):
    """At ceiling low: one start; a time off, a time on, a time off."""
    design = replace(DESIGN, planned="assigned", randomised="none", blinded=False, switches=switches)
    found = decide(fake_case(ask(), design), fake_fit(normal_estimate(2.0, 0.3)), Checks())
    assert (found.answer, found.ceiling) == ("helps", "low")
    assert found.sentence.startswith(word)


def test_scores_outside_the_range_are_named_alone():
    """That no days are left to compare is only what follows."""
    made = [Reason(code, code, decisive=True) for code in ("outcome_outside_range", "no_days_on", "too_few_days")]
    case = replace(fake_case(ask(), DESIGN), weaknesses=tuple(made))
    assert [reason.code for reason in decide(case, None, Checks()).reasons] == ["outcome_outside_range"]
    case = replace(case, weaknesses=tuple(made[1:]))
    assert [reason.code for reason in decide(case, None, Checks()).reasons] == ["no_days_on", "too_few_days"]
