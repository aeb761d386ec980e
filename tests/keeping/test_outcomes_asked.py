"""An outcome can be put down: no evening asks for it any more, its history stays, and it can be taken up again."""

from __future__ import annotations

import pytest
from tests.keeping.people import TODAY, day, locked_trial, new_diary, scores

from nightdose.diary.entry import Outcome
from nightdose.errors import CallError
from nightdose.keeping import protocol, settings
from nightdose.keeping.kept_answer import deciding_outcome
from nightdose.keeping.tonight import evening

SLEEP = Outcome("sleep", "0-10", "higher", worth=1.0)


@pytest.fixture
def store(tmp_path):
    """Pain, then sleep."""
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        settings.choose_outcome(opened, SLEEP)
        yield opened


def asked(store):
    return [ask.item for ask in evening(store, TODAY, TODAY).asks if ask.kind == "score"]


def test_an_outcome_that_was_put_down_is_not_asked_and_its_history_stays(store):
    scores(store, day(-1))
    protocol.put_down(store, "pain", TODAY)
    assert asked(store) == ["sleep"]
    assert deciding_outcome(store) == "sleep"
    assert list(settings.outcomes(store)) == ["pain", "sleep"]
    assert [row.entry.item for row in store.entries(kind="score")] == ["pain"]


def test_it_is_taken_up_again_as_it_was(store):
    protocol.put_down(store, "sleep", TODAY)
    settings.choose_outcome(store, SLEEP)
    assert settings.asked_outcomes(store)["sleep"] == SLEEP


def test_the_last_one_and_an_unknown_one_are_not_put_down(store):
    protocol.put_down(store, "pain", TODAY)
    with pytest.raises(CallError, match="only outcome"):
        protocol.put_down(store, "sleep", TODAY)
    with pytest.raises(CallError, match="No evening asks"):
        protocol.put_down(store, "pain", TODAY)


def test_the_outcome_that_decides_a_locked_trial_is_asked_until_it_ends_or_is_stopped(store):
    locked_trial(store)
    with pytest.raises(CallError, match="decides by pain"):
        protocol.put_down(store, "pain", day(14 + 6 * 28 - 1))
    protocol.put_down(store, "sleep", TODAY)
    settings.choose_outcome(store, SLEEP)
    protocol.stop_trial(store, "the nights were too bad", day(3))
    protocol.put_down(store, "pain", day(3))
    assert asked(store) == ["sleep"]
