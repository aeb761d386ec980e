"""Gates: each rule closes what it should, silence is not a no, and only a recorded instruction opens one."""

import datetime
import re
import types

import pytest

from nightdose.errors import CallError
from nightdose.knowledge.interactions import questions, rules
from nightdose.knowledge.procedures import PROCEDURE
from nightdose.protocol.exposures import Exposure
from nightdose.protocol.gates import Cleared, NotCleared, SafetyRecord, judge, must_be_cleared_for
from nightdose.protocol.interview import Answers, Instruction, Medicine
from nightdose.protocol.refusal import refusal

TODAY = datetime.date(2026, 11, 22)
TOMORROW, LATER = (TODAY + datetime.timedelta(days=n) for n in (1, 2))
NOT_ASKED = {"unanswered", "dose_above_label", "taken_back"}  # raised by silence and by a dose, not by an answer
NO_TO_ALL = {question.id: False for question in questions()}

# one medicine of each class, one condition of each rule
EXAMPLE = {
    "opioid": "codeine",
    "opioid_long": "methadone",
    "opioid_depot": "sublocade",
    "naltrexone_depot": "vivitrol",
    "steroid_depot": "kenalog",
    "immuno_long": "rituximab",
    "name_in_doubt": "cough syrup",
    "tramadol": "tramadol",
    "opioid_cough": "tussionex",
    "opioid_diarrhoea": "loperamide",
    "kratom": "kratom",
    "naltrexone_twice": "revia",
    "opioid_blocker": "naloxone",
    "steroid": "prednisone",
    "immunosuppressant": "azathioprine",
    "thyroid": "levothyroxine",
    "dextromethorphan": "delsym",
    "often_with_codeine": "promethazine",
    "overuse_triptan": "sumatriptan",
    "overuse_simple": "ibuprofen",
    "unknown_medicine": "zzyqx",
}


def answers(*medicines, **conditions):
    return Answers(TODAY, tuple(medicines), {**NO_TO_ALL, **conditions}, complete=True)


def judged(said, *instructions, start=TODAY):
    return judge(SafetyRecord(said, (), instructions), start, TODAY)


def raised(said, start=TODAY):
    return {gate.rule.id for gate in judged(said, start=start).gates}


def refusing(said, *instructions, start=TODAY):
    return {gate.rule.id for gate in judged(said, *instructions, start=start).gates if gate.refuses}


def cleared(said, *instructions):
    return Cleared(SafetyRecord(said, (), instructions), TODAY, TODAY)


def everything(rule):
    """A record with whatever raises the rule: a medicine or an event, and the answers yes."""
    named = [Medicine(EXAMPLE[rule.id])] if rule.id in EXAMPLE else []
    said = answers(*named, **{name: True for name in rule.conditions if name in NO_TO_ALL})
    happened = (Exposure("surgery", "event", TODAY, False, TODAY),) if rule.id == PROCEDURE else ()
    return judge(SafetyRecord(said, happened), TODAY, TODAY)


@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if rule.classes and rule.id != PROCEDURE], ids=lambda rule: rule.id
)
def test_every_rule_about_a_medicine_is_raised_by_it(rule):
    said = answers(Medicine(EXAMPLE[rule.id]))
    assert raised(said) == {rule.id}
    assert refusing(said) == (set() if rule.action == "remind" else {rule.id})


@pytest.mark.parametrize(
    "rule",
    [rule for rule in rules() if rule.conditions and rule.id not in NOT_ASKED],
    ids=lambda rule: rule.id,
)
def test_every_rule_about_a_condition_is_raised_by_yes(rule):
    for condition in rule.conditions:
        assert raised(answers(**{condition: True})) == {rule.id}


def test_every_question_has_a_rule_and_every_rule_an_example():
    asked = {question.id for question in questions()}
    assert asked == {name for rule in rules() for name in rule.conditions} - NOT_ASKED
    assert set(EXAMPLE) | {PROCEDURE} == {rule.id for rule in rules() if rule.classes}


def test_i_do_not_know_keeps_the_gate_closed():
    assert refusing(answers(liver_disease=None)) == {"liver_disease"}


def test_silence_is_not_a_no():
    assert refusing(Answers(TODAY, (), {}, complete=True)) == {"unanswered"}
    assert refusing(Answers(TODAY, (), NO_TO_ALL)) == {"unanswered"}


def test_an_unanswered_question_cannot_be_instructed_away():
    word = Instruction("unanswered:transplant", "Dr Lind", "She said it is fine to go on.", TODAY)
    assert refusing(Answers(TODAY, (), {}, complete=True), word) == {"unanswered"}


@pytest.mark.parametrize(
    ("name", "days", "open_"),
    [("codeine", 9, True), ("codeine", 10, False), ("methadone", 13, True), ("methadone", 14, False),
     ("kratom", 9, True), ("kratom", 10, False)],
)  # fmt: skip
def test_the_opioid_free_time_counts_to_the_first_dose(name, days, open_):
    start = TODAY + datetime.timedelta(days=days)
    said = answers(Medicine(name, current=False, last_taken=TODAY))
    assert bool(refusing(said, start=start)) is open_


def test_answers_grow_old():
    assert refusing(answers(), start=TODAY + datetime.timedelta(days=60)) == set()
    assert refusing(answers(), start=TODAY + datetime.timedelta(days=61)) == {"unanswered"}


def test_an_unknown_medicine_that_was_stopped_lately_may_have_been_an_opioid():
    assert refusing(answers(Medicine("zzyqx", current=False, last_taken=TODAY))) == {"unknown_medicine"}


def test_an_opioid_stopped_on_an_unknown_day_still_counts():
    assert refusing(answers(Medicine("codeine", current=False)))


def test_a_recorded_instruction_opens_its_own_gate_only():
    said = answers(Medicine("prednisone"), Medicine("azathioprine"))
    word = Instruction("steroid:prednisone", "Dr Lind", "May be taken together, she said.", TODAY)
    assert refusing(said, word) == {"immunosuppressant"}


def test_an_instruction_older_than_the_answer_opens_nothing():
    yesterday = TODAY - datetime.timedelta(days=1)
    word = Instruction("opioid:codeine", "Dr Lind", "May be taken together, she said.", yesterday)
    assert refusing(answers(Medicine("codeine")), word) == {"opioid"}


def test_naming_another_medicine_later_does_not_undo_an_instruction():
    monday = TODAY - datetime.timedelta(days=6)
    word = Instruction("steroid:prednisone", "Dr Lind", "May be taken together, she said.", monday)
    said = answers(Medicine("prednisone", named=monday), Medicine("magnesium", named=TODAY))
    assert refusing(said, word) == set()


@pytest.mark.parametrize(
    "name",
    ["Sublocade", "Brixadi", "Buvidal", "Probuphine implant", "buprenorphine monthly injection", "Vivitrol",
     "naltrexone implant", "Kenalog", "Depo-Medrol", "cortisone injection", "rituximab", "Ocrevus", "Kesimpta",
     "Lemtrada", "Mavenclad", "Aubagio", "Arava", "Gilenya", "Mayzent", "Tysabri"],
)  # fmt: skip
def test_a_depot_is_never_over_by_time_alone(name):
    """Told or logged, ten years ago: only the prescriber's recorded word clears it."""
    long_ago = TODAY - datetime.timedelta(days=3650)
    said = answers(Medicine(name, current=False, last_taken=long_ago, named=long_ago))
    (gate,) = (gate for gate in judged(said).gates if gate.refuses)
    assert "Time alone does not clear it" in gate.clears
    word = Instruction(gate.key, "Dr Lind", "Long gone; she tested it, and we can begin.", TODAY)
    assert refusing(said, word) == set()
    logged = SafetyRecord(answers(), (Exposure(name, "dose", long_ago, False, long_ago),))
    assert not judge(logged, TODAY, TODAY).cleared


def test_clearance_cannot_be_made_while_a_gate_is_open():
    with pytest.raises(NotCleared, match="codeine is an opioid"):
        cleared(answers(Medicine("codeine")))


def test_clearance_names_the_instructions_that_the_report_prints():
    used = Instruction("steroid:prednisone", "Dr Lind", "May be taken together, she said.", TODAY)
    unused = Instruction("opioid:codeine", "Dr Lind", "Stopped long before, she said.", TODAY)
    proof = cleared(answers(Medicine("prednisone"), Medicine("levothyroxine")), used, unused)
    assert proof.instructions == (used,)
    assert [gate.rule.id for gate in proof.notes] == ["thyroid"]


def test_another_first_day_needs_another_clearance():
    with pytest.raises(ValueError, match="cleared for a first dose"):
        must_be_cleared_for(cleared(answers()), TODAY + datetime.timedelta(days=1))


def test_no_wording_tells_anyone_to_change_a_medicine():
    orders = (
        "you should stop",
        "stop taking",
        "reduce your",
        "increase your",
        "start taking",
        "is safe to take",
    )
    for rule in rules():
        text = (rule.wording + " " + rule.call).lower()
        assert not any(order in text for order in orders), rule.id


def test_every_sentence_names_what_it_is_about_and_leaves_no_gap():
    for rule in rules():
        found = everything(rule)
        assert rule.id in NOT_ASKED or rule.id in {gate.rule.id for gate in found.gates}
        for gate in found.gates:
            assert "{" not in gate.sentence + gate.call


def test_the_thyroid_wording_is_the_agreed_one():
    (thyroid,) = (rule for rule in rules() if rule.id == "thyroid")
    for words in ("conflicting", "TSH and free T4", "as your clinician decides", "palpitations, tremor"):
        assert words in thyroid.wording


def test_a_clearance_put_together_by_hand_proves_nothing():
    """A copy made without its constructor holds what it holds, and is judged again."""
    forged = object.__new__(Cleared)
    for name, value in (("record", SafetyRecord(answers(Medicine("oxycodone")))), ("first_dose", TODAY)):
        object.__setattr__(forged, name, value)
    object.__setattr__(forged, "today", TODAY)
    with pytest.raises(NotCleared):
        must_be_cleared_for(forged, TODAY)


def test_a_stand_in_for_a_clearance_is_refused():
    class Lax(Cleared):
        def __post_init__(self):
            pass

    for stand_in in (None, types.SimpleNamespace(first_dose=TODAY), Lax(SafetyRecord(answers()), TODAY, TODAY)):
        with pytest.raises(CallError, match="have to be asked first"):
            must_be_cleared_for(stand_in, TODAY)


@pytest.mark.parametrize(
    "record",
    [
        SafetyRecord(Answers(LATER, (), NO_TO_ALL, complete=True)),
        SafetyRecord(Answers(TODAY, (), NO_TO_ALL, complete=True, since={"transplant": LATER})),
        SafetyRecord(answers(Medicine("codeine", current=False, last_taken=LATER))),
        SafetyRecord(answers(), (), (Instruction("opioid:codeine", "Dr Lind", "May go together.", LATER),)),
        SafetyRecord(answers(), (Exposure("codeine", "rescue", LATER, False, LATER),)),
    ],
)
def test_nothing_is_dated_in_the_future(record):
    with pytest.raises(CallError, match="has not come yet"):
        judge(record, LATER, TODAY)


def test_an_answer_of_after_midnight_counts_on_the_evening_it_belongs_to():
    """At 00:40 the date is a day ahead of the diary's; so it is after a flight to the west."""
    record = SafetyRecord(Answers(TOMORROW, (Medicine("codeine", named=TOMORROW),), NO_TO_ALL, complete=True))
    assert [gate.subject for gate in judge(record, TODAY, TODAY).refusing] == ["codeine"]
    assert judge(SafetyRecord(Answers(TOMORROW, (), NO_TO_ALL, complete=True)), TODAY, TODAY).cleared


def test_no_first_dose_lies_in_the_past():
    with pytest.raises(CallError, match="is past"):
        judge(SafetyRecord(answers()), TODAY - datetime.timedelta(days=1), TODAY)


def test_thoughts_of_ending_ones_life_are_said_first_and_alone_with_whom_to_call():
    found = judged(answers(Medicine("codeine"), suicidal_thoughts=True, transplant=None))
    assert [gate.rule.id for gate in found.refusing] == ["suicidal_thoughts"]
    assert found.gates[0].rule.id == "suicidal_thoughts"
    words = refusal(found)
    assert words.startswith("You said that thoughts of ending your life are there.")
    assert "988" in words
    assert "codeine" not in words
    assert "transplant" not in words


def test_every_refusal_says_who_to_ask_and_what_clears_it():
    for rule in rules():
        for gate in everything(rule).refusing:
            assert gate.call
            assert gate.clears


def test_the_same_reason_is_said_once_and_every_name_is_named():
    words = refusal(judged(answers(Medicine("codeine"), Medicine("morphine"), Medicine("oxycodone"))))
    assert words.count("naltrexone blocks opioids") == 1
    for key in ("opioid:codeine", "opioid:morphine", "opioid:oxycodone"):
        assert key in words


def test_no_word_for_a_blocked_gate_is_open():
    found = judged(Answers(TODAY, (Medicine("codeine"), Medicine("prednisone")), NO_TO_ALL))
    assert re.search(r"\bopen", refusal(found), re.IGNORECASE) is None
    assert [gate.state for gate in found.gates] == ["blocked", "blocked", "ask"]
