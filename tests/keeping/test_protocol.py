"""Lock, amend, undo, seal, unblind, reveal: every act that leads to a capsule asks the gates first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.keeping.people import TODAY, day, locked_trial, new_diary, sealed_trial, titrated, trial_plan

from nightdose.diary.entry import Entry
from nightdose.errors import CallError, InputError
from nightdose.keeping import documents, protocol, safety, sealing, titration
from nightdose.keeping.documents import COMMITMENT
from nightdose.keeping.table import table_of
from nightdose.protocol.design_check import PlannedEvent
from nightdose.protocol.dilution import Liquid
from nightdose.protocol.doses import DoseInDoubt
from nightdose.protocol.gates import NotCleared
from nightdose.protocol.locked import Amendment
from nightdose.protocol.sealing import helper_keys

REASON = "the prescriber lowered the dose"


@pytest.fixture
def store(tmp_path):
    with new_diary(tmp_path / "diary.db", answered=TODAY) as opened:
        yield opened


def liquid_dose(store):
    from decimal import Decimal

    return titration.dilute(
        store, titration.Poured(Decimal("1.5"), Liquid(Decimal(50), Decimal(50)), Decimal("0.1")), TODAY
    )


def changed_dose(store, number=30):
    return protocol.amend_protocol(store, Amendment(dose_mg=3.0, dose_from=day(number)), REASON, TODAY)


def packed(store, sealed):
    content, identity = sealed
    return sealing.cleared_for_kit(store, sealing.open_sealed(content, identity), TODAY)


def soon(act):
    """A first dose in three days: opioids of the last week are too near to it."""
    return lambda store: act(store, run_in=3)


# act -> (what comes before it, the act itself, handed what came before)
ACTS = {
    "titration": (lambda store: None, lambda store, _: titrated(store)),
    "dilution": (lambda store: None, lambda store, _: liquid_dose(store)),
    "trial": (lambda store: None, lambda store, _: protocol.check_trial(store, trial_plan(run_in=3), TODAY)),
    "lock": (lambda store: None, lambda store, _: locked_trial(store, run_in=3)),
    "amended dose": (soon(locked_trial), lambda store, _: changed_dose(store, 3)),
    "seal": (soon(locked_trial), lambda store, _: sealing.seal(store, helper_keys()[1], TODAY)),
    "kit": (soon(sealed_trial), packed),
}
ENTRIES = {
    "rescue": Entry(TODAY, "rescue", "tramadol", 50, "mg", "taken"),
    "medicine": Entry(day(-20), "medicine", "methadone", 40, "mg", "start"),
    "dose": Entry(day(-3), "dose", "codeine", 30, "mg", "taken"),
    "event": Entry(TODAY, "event", "operation, got oxycodone"),
    "import": Entry(day(-2), "dose", "oxycodone", 5, "mg", "taken", source="apple_health", source_key="1"),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("entry", ENTRIES.values(), ids=list(ENTRIES))
def test_what_the_diary_says_was_taken_closes_every_act_that_leads_to_a_capsule(act, entry, store):
    """The interview was answered with no to everything; the diary says otherwise."""
    prepare, carry_out = ACTS[act]
    prepared = prepare(store)
    store.add(entry)
    with pytest.raises(NotCleared):
        carry_out(store, prepared)


@pytest.mark.parametrize("act", ACTS)
def test_a_cleared_act_goes_through(act, store):
    prepare, carry_out = ACTS[act]
    assert carry_out(store, prepare(store)) is not None


@pytest.mark.parametrize(("age", "closed"), [(60, False), (61, True)])
def test_one_answer_does_not_renew_the_others(age, closed, store):
    """All answered on day 0; on day 60 + one more, one of them is given again."""
    safety.answer(store, {"thyroid_disease": False}, day(age))
    if closed:
        with pytest.raises(NotCleared):
            titrated(store, day(age), today=day(age))
    else:
        titrated(store, day(age), today=day(age))


def test_a_doses_of_the_titration_above_the_low_range_is_said_twice(store):
    from nightdose.protocol.titration import Step, Strength

    steps, strengths = [Step(45.0, 14)], {Strength(45.0): None}
    with pytest.raises(DoseInDoubt):
        titration.titrate(store, titration.Ordered(steps, strengths, TODAY), TODAY)
    titration.titrate(store, titration.Ordered(steps, strengths, TODAY), TODAY, said_again_mg=[45.0])


def test_a_lock_can_be_undone_before_its_first_day_and_then_made_again(store):
    first = locked_trial(store, start=day(3))
    protocol.undo_lock(store, "the capsules come a week later", TODAY)
    assert protocol.history(store) == ()
    again = locked_trial(store, start=day(10))
    assert [locked.sha256 for locked in protocol.history(store)] == [again.sha256]
    assert again.sha256 != first.sha256


def test_a_lock_is_undone_neither_on_its_first_day_nor_after_the_seal(store):
    locked_trial(store, start=TODAY)
    with pytest.raises(CallError, match="began on"):
        protocol.undo_lock(store, "the capsules come a week later", TODAY)


def test_a_sealed_lock_stays(store):
    locked_trial(store, start=day(3))
    sealing.keep_commitment(store, sealing.seal(store, helper_keys()[1], TODAY))
    with pytest.raises(CallError, match="stays locked"):
        protocol.undo_lock(store, "the capsules come a week later", TODAY)


def test_a_protocol_is_locked_once(store):
    locked_trial(store)
    with pytest.raises(CallError, match="locked already"):
        locked_trial(store, start=day(1))


def test_a_changed_dose_is_plausible_or_said_twice(store):
    locked_trial(store)
    with pytest.raises(DoseInDoubt):
        protocol.amend_protocol(store, Amendment(dose_mg=30.0, dose_from=TODAY), REASON, TODAY)


def test_an_opened_box_opens_its_pair(store):
    locked_trial(store)
    made = sealing.unblind(store, [4], "car accident", TODAY, emergency=True)
    assert (made.opened, made.blocks, made.told) == ((4,), (3, 4), (3,))
    assert sealing.unblind(store, [1, 2], "both of them", TODAY).told == ()


def test_an_opening_from_before_pairs_were_counted_opens_its_pair(store):
    locked_trial(store)
    store.put("unblinding", "blocks", {"day": "2026-11-20", "reason": "hospital", "emergency": True, "blocks": [2]})
    (opened,) = sealing.unblindings(store)
    assert (opened.blocks, opened.told) == ((1, 2), (1,))


@pytest.mark.parametrize("numbers", [[], [0], [7], [1, 7]])
def test_a_box_that_is_not_there_cannot_be_opened(numbers, store):
    locked_trial(store)
    with pytest.raises(CallError, match="1 to 6"):
        sealing.unblind(store, numbers, "car accident", TODAY)


def test_what_was_sealed_stays_readable_whatever_is_amended(store):
    """4.5 mg locked, 3 mg from day 30 on: boxes before it keep 4.5, and the file of the helper still fits."""
    content, identity = sealed_trial(store)
    changed_dose(store)
    allocation = sealing.open_sealed(content, identity)
    store.add(*(Entry(day(n), "dose", "capsule", status="taken") for n in range(14, 70)))
    sealing.reveal(store, allocation.to_bytes(), day(14 + 6 * 28))
    assigned = {when: cells["naltrexone_assigned_mg"] for when, cells in table_of(store).table.rows}
    mg = {(when - TODAY).days: dose for when, dose in assigned.items() if dose}
    assert {dose for n, dose in mg.items() if n < 30} <= {4.5}
    assert {dose for n, dose in mg.items() if n >= 30} == {3.0}


def test_a_reveal_before_the_end_needs_its_reason_and_opens_every_box(store):
    content, identity = sealed_trial(store)
    order = sealing.open_sealed(content, identity).to_bytes()
    last = day(14 + 6 * 28 - 1)
    with pytest.raises(CallError, match="has not ended"):
        sealing.reveal(store, order, last)
    sealing.reveal(store, order, last, early="I want to know")
    assert sealing.unblindings(store)[0].blocks == (1, 2, 3, 4, 5, 6)


def test_a_reveal_after_the_end_opens_nothing_early(store):
    content, identity = sealed_trial(store)
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(14 + 6 * 28), early="not needed")
    assert sealing.unblindings(store) == ()


def test_another_file_is_not_what_was_sealed(store):
    sealed_trial(store)
    with pytest.raises(InputError):
        sealing.reveal(store, b"{}", day(300))


def test_the_box_of_an_evening(store):
    """Boxes of 28 days from day 14 on."""
    sealed_trial(store)
    assert sealing.box_on(store, day(13)) is None
    first, last, second = (sealing.box_on(store, day(n)) for n in (14, 41, 42))
    assert (first.block.number, first.first) == (1, True)
    assert (last.block.number, last.first) == (1, False)
    assert (second.block.number, second.first) == (2, True)


def test_the_order_is_drawn_and_sealed_once(store):
    sealed_trial(store)
    with pytest.raises(CallError, match="sealed before"):
        sealing.seal(store, helper_keys()[1], TODAY)


def test_the_same_sealed_file_is_given_again_to_the_same_helper_until_the_reveal(store):
    """A file that was lost, or never saved, is not the end of the trial."""
    content, identity = sealed_trial(store)
    kept = documents.every(store, COMMITMENT)
    again = sealing.seal(store, kept[-1].sealed_to, TODAY)
    sealing.keep_commitment(store, again)
    assert again.content == content == sealing.sealed_file(store)
    assert documents.every(store, COMMITMENT) == kept
    sealing.reveal(store, sealing.open_sealed(content, identity).to_bytes(), day(300))
    assert sealing.sealed_file(store) is None


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("operation under anaesthesia", "about operations was answered no"),
        ("Zahn-OP", "about operations was answered no"),
        ("start tramadl", "on the list of medicines first"),
    ],
)
def test_an_event_of_the_plan_that_says_otherwise_than_the_answers_is_asked_about(what, sentence, store):
    plan = replace(trial_plan(), events=(PlannedEvent(day(40), what),))
    with pytest.raises(CallError, match=sentence):
        protocol.check_trial(store, plan, TODAY)
    journey = replace(trial_plan(), events=(PlannedEvent(day(40), "journey to Oslo"),))
    protocol.check_trial(store, journey, TODAY)


@pytest.mark.parametrize(
    ("power", "says"),
    [(0.0, "hardly ever"), (0.19, "hardly ever"), (0.21, "less often than not"), (0.49, "less often than not"),
     (0.51, "can answer the question")],
)  # fmt: skip
def test_a_design_is_never_said_to_answer_beside_a_power_that_denies_it(power, says, store):
    from nightdose.protocol.design_check import Circumstances, check_design

    plan = trial_plan()
    reasons = check_design(plan.design, Circumstances(10.0, "pain", 1.0, 400, power=power, hoped=2.0))
    assert says in protocol.Checked(plan, reasons, None, None).verdict


@pytest.mark.parametrize(("meaningful", "refused"), [(9.9, False), (10.0, True), (50.0, True)])
def test_a_trial_for_a_difference_as_wide_as_its_scale_is_refused(meaningful, refused, store):
    plan = replace(trial_plan(), meaningful=meaningful)
    if refused:
        with pytest.raises(CallError, match="10 wide"):
            protocol.check_trial(store, plan, TODAY)
    else:
        assert protocol.check_trial(store, plan, TODAY).accepted
