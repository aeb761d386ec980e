"""Trials one after the other: an open order is drawn, a stop ends what is judged as a trial, another follows."""

from __future__ import annotations

import pytest
from tests.keeping.people import TODAY, day, locked_trial, new_diary, scores, sealed_trial

from nightdose.diary.entry import Entry
from nightdose.errors import CallError, InputError
from nightdose.keeping import protocol, safety, sealing
from nightdose.keeping.answer import Wanted, full_answer
from nightdose.keeping.kept_answer import kept_case
from nightdose.keeping.plan_tonight import plan_tonight
from nightdose.keeping.table import table_of
from nightdose.keeping.tonight import evening
from nightdose.keeping.trials import newest_trial, trials
from nightdose.keeping.what_next import what_next
from nightdose.knowledge.interactions import questions
from nightdose.protocol.locked import Amendment
from nightdose.protocol.sealing import helper_keys
from nightdose.protocol.trial import TrialDesign, open_order
from nightdose.question.plan import find_plan
from nightdose.report.words.protocol import protocol_words

LAST = 14 + 6 * 28 - 1
WHY = "moving house, no time for it"


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        yield opened


def asked_again(store, number):
    """The safety questions, answered anew on that day."""
    safety.answer(store, {question.id: False for question in questions()}, day(number), complete=True)


def capsules(store, first, last):
    store.add(*(Entry(day(n), "dose", "capsule", status="taken") for n in range(first, last)))


def test_an_open_drawn_trial_asks_for_its_dose_in_blocks_with_it_and_for_none_in_the_others(store):
    locked_trial(store, blinded=False)
    order = newest_trial(store).order
    assert {order[k : k + 2] for k in (0, 2, 4)} <= {("on", "off"), ("off", "on")}
    for n in range(14, LAST + 1):
        asked = plan_tonight(store, day(n))
        assert asked.dose_mg == (4.5 if order[(n - 14) // 28] == "on" else 0.0)
        assert asked.item == "naltrexone"


def test_the_order_of_an_open_trial_is_a_fair_coin_that_its_hash_tosses():
    """200 hashes, 3 pairs each: 600 tosses, of which 240 to 360 fall on either side (5 standard deviations)."""
    design = TrialDesign("randomised_blocks", TODAY, 14, 3, 28)
    orders = [open_order(design, f"{k * 2**200 + k:064x}") for k in range(200)]
    heads = sum(order[at] == "on" for order in orders for at in (0, 2, 4))
    assert 240 < heads < 360
    assert orders[7] == open_order(design, f"{7 * 2**200 + 7:064x}")


def test_the_open_order_is_the_dose_that_was_asked_for_and_what_was_taken_stays_as_written(store):
    locked_trial(store, blinded=False)
    scores(store, *(day(n) for n in range(14, 70)))
    store.add(Entry(day(14), "dose", "naltrexone", 3.0, "mg", "taken"))
    rows = dict(table_of(store).table.rows)
    order = newest_trial(store).order
    assert [rows[day(n)]["naltrexone_assigned_mg"] for n in (14, 42)] == [
        4.5 if arm == "on" else 0.0 for arm in order[:2]
    ]
    assert rows[day(14)]["naltrexone_mg"] == 3.0
    assert "naltrexone_mg" not in rows[day(42)]


def test_after_a_stop_nothing_is_a_trial_any_more(store):
    """Two blocks, stopped; then a year in which it is taken in months with and without, as one likes."""
    locked_trial(store, blinded=False)
    order = newest_trial(store).order
    for n in range(14, 14 + 365):
        on = order[(n - 14) // 28] == "on" if n < 70 else n // 28 % 2
        store.add(
            Entry(day(n), "dose", "naltrexone", 4.5 if on else None, "mg" if on else "", "taken" if on else "missed")
        )
        scores(store, day(n), value=n % 5)
    protocol.stop_trial(store, WHY, day(70))
    case = kept_case(store, day(400), "pain")
    assert case.opens is None
    assert case.question.schedule.last_day == day(69).toordinal()
    diary = case.diary
    plan = find_plan(
        case.question,
        diary.dose("naltrexone"),
        diary.column("naltrexone_assigned_mg"),
        diary.column("pain"),
        diary.first_day,
    ).plan
    assert plan.switches == 1
    assert len(plan.draws[0].sets) == 1
    answer = full_answer(diary, case.question, Wanted(protocol=case.protocol, looked=1))
    assert answer.verdict.answer not in ("helps", "harms")
    assert any("its last day was 2027-02-04" in words for words in protocol_words(answer))
    assert WHY in sealing.protocol_page(store)


def test_another_trial_is_locked_once_the_one_before_is_over_and_its_order_known(store):
    content, identity = sealed_trial(store)
    order = sealing.open_sealed(content, identity).to_bytes()
    capsules(store, 14, 70)
    protocol.stop_trial(store, WHY, day(70))
    with pytest.raises(CallError, match="locked already"):
        protocol.must_follow_the_trial_before(store, day(69))
    asked_again(store, 70)
    with pytest.raises(CallError, match="still sealed"):
        locked_trial(store, start=day(80), today=day(70))
    sealing.reveal(store, order, day(70))
    second, key = sealed_trial(store, start=day(80), today=day(71))
    assert len(trials(store)) == 2
    assert second != content
    assert sealing.revealed_order(store) is None
    assert kept_case(store, day(71), "pain").sealed
    with pytest.raises(InputError, match="the hashes differ"):
        sealing.reveal(store, order, day(80 + LAST + 1))
    sealing.reveal(store, sealing.open_sealed(second, key).to_bytes(), day(80 + LAST + 1))


def test_the_capsules_of_two_trials_are_each_what_their_own_box_held(store):
    content, identity = sealed_trial(store)
    first = sealing.open_sealed(content, identity)
    capsules(store, 14, 70)
    protocol.stop_trial(store, WHY, day(70))
    sealing.reveal(store, first.to_bytes(), day(70))
    asked_again(store, 70)
    content, identity = sealed_trial(store, start=day(80), today=day(71))
    second = sealing.open_sealed(content, identity)
    capsules(store, 94, 150)

    def taken():
        return {when: cells.get("naltrexone_mg") for when, cells in table_of(store).table.rows}

    scores(store, day(94), day(122))
    blind = taken()
    assert [blind[day(n)] for n in (14, 42)] == [4.5 if arm == "on" else 0.0 for arm in first.arms[:2]]
    assert [blind[day(n)] for n in (94, 122)] == [None, None]
    sealing.reveal(store, second.to_bytes(), day(80 + LAST + 1))
    known = taken()
    assert [known[day(n)] for n in (94, 122)] == [4.5 if arm == "on" else 0.0 for arm in second.arms[:2]]
    assert [known[day(n)] for n in (14, 42)] == [blind[day(n)] for n in (14, 42)]


def test_a_reveal_after_a_stop_needs_no_reason_and_opens_nothing_that_was_judged_blind(store):
    content, identity = sealed_trial(store)
    capsules(store, 14, 14 + 4 * 28)
    scores(store, *(day(n) for n in range(14 + 4 * 28)))
    protocol.stop_trial(store, WHY, day(14 + 4 * 28))
    assert [each.code for each in what_next(store, day(130), day(130)) if each.code in ("reveal", "answer")] == [
        "reveal"
    ]
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(130))
    assert sealing.before_the_end(store) == ()
    assert kept_case(store, day(130), "pain").question.blinded
    assert "answer" in [each.code for each in what_next(store, day(130), day(130))]


def test_days_after_a_stop_are_not_known_to_be_without(store):
    """Revealed after a stop: what the later boxes would have held says nothing of the days that had none."""
    content, identity = sealed_trial(store)
    capsules(store, 14, 70)
    scores(store, *(day(n) for n in range(LAST + 1)))
    protocol.stop_trial(store, WHY, day(70))
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(71))
    rows = dict(table_of(store).table.rows)
    assert all("naltrexone_mg" not in rows[day(n)] for n in range(70, LAST + 1))
    assert all("naltrexone_assigned_mg" not in rows[day(n)] for n in range(70, LAST + 1))


def test_an_order_is_not_drawn_for_evenings_that_are_past(store):
    locked_trial(store)
    asked_again(store, 15)
    with pytest.raises(CallError, match="cannot be drawn any more"):
        sealing.seal(store, helper_keys()[1], day(15))
    assert "stop" in [each.code for each in what_next(store, day(15), day(15))]


def test_an_order_is_drawn_up_to_the_day_of_the_first_box(store):
    locked_trial(store)
    assert "seal" in [each.code for each in what_next(store, day(14), day(14))]
    assert sealing.seal(store, helper_keys()[1], day(14)).content


def test_what_is_sent_twice_is_written_down_once(store):
    """A double click, a reload of a form, the back button: lock, amendment, opening, stop."""
    locks = [locked_trial(store).sha256 for _ in range(2)]
    assert len(set(locks)) == len(trials(store)) == 1
    change = Amendment(dose_mg=3.0, dose_from=day(30))
    numbers = [protocol.amend_protocol(store, change, "the prescriber lowered it", TODAY)[0] for _ in range(2)]
    assert numbers == [1, 1]
    for _ in range(2):
        sealing.unblind(store, [1], "hospital", TODAY)
    assert len(sealing.unblindings(store)) == 1
    stops = [protocol.stop_trial(store, WHY, day(20)) for _ in range(2)]
    assert stops[0] == stops[1]
    with pytest.raises(CallError, match="nothing to stop"):
        protocol.stop_trial(store, "another reason than before", day(20))


def test_an_unlock_that_is_sent_twice_is_one(store):
    locked_trial(store, start=day(3))
    undone = [protocol.undo_lock(store, "the capsules come later", TODAY) for _ in range(2)]
    assert undone[0] == undone[1]
    assert trials(store) == ()


def test_after_a_stop_no_evening_asks_for_a_guess(store):
    sealed_trial(store)
    protocol.stop_trial(store, WHY, day(20))
    asked_again(store, 20)
    kinds = {n: [ask.kind for ask in evening(store, day(n), day(20)).asks] for n in (19, 20)}
    assert "guess" in kinds[19]
    assert "guess" not in kinds[20]
