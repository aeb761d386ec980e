"""Whatever leads to a capsule asks the gates, at the command line and in the browser: exit code 3 with the gates."""

import datetime
import json

import pytest
from tests.keeping.people import locked_trial, new_diary, sealed_trial
from tests.web.browser import Browser

from nightdose.cli import main
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.keeping import protocol, safety
from nightdose.keeping.documents import TITRATION, every
from nightdose.protocol.interview import Instruction
from nightdose.protocol.sealing import helper_keys
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place

TODAY = datetime.date.today()
SOON = TODAY + datetime.timedelta(days=3)


def ago(days):
    return TODAY - datetime.timedelta(days=days)


# what closes the gates of a diary in which every question was answered with no today
CLOSED_BY = {
    "told": lambda store: safety.name_medicine(store, "Tylenol 3", TODAY),
    "told long ago, last day unknown": lambda store: safety.name_medicine(store, "OxyContin", TODAY, stopped=True),
    "a depot of last year": lambda store: safety.name_medicine(store, "Sublocade", TODAY, last_taken=ago(400)),
    "logged": lambda store: store.add(Entry(ago(1), "rescue", "tramadol", 50, "mg", "taken")),
    "imported": lambda store: store.add(Entry(ago(1), "dose", "co-codamol", 2, "", "taken", source="table")),
    "an event": lambda store: store.add(Entry(ago(1), "event", "operation, got oxycodone")),
    "a note": lambda store: store.add(Entry(ago(1), "note", "note", text="LDN + tramadol")),
    "a name nobody knows": lambda store: store.add(Entry(ago(1), "rescue", "zzyqx", 1, "", "taken")),
    "a condition": lambda store: safety.answer(store, {"pregnancy_or_breastfeeding": True}, TODAY),
    "I do not know": lambda store: safety.answer(store, {"opioid_use_or_dependence": None}, TODAY),
    "a list that is not complete": lambda store: safety.answer(store, {}, TODAY, complete=False),
}
# act -> (state of the diary before it, words of the command line)
ACTS = {
    "titration": (None, "plan titration --step 1.5x14 --capsule 1.5 --first-evening {soon}"),
    "titration with a calendar": (
        None,
        "plan titration --step 1.5x14 --capsule 1.5 --first-evening {soon} --ics x.ics",
    ),
    "dilution": (None, 'plan dilution --dose 1.5 --label "50 mg / 50 ml"'),
    "trial": (None, "plan trial --outcome pain --meaningful 1 --pairs 3 --run-in 3 --dose 4.5 --supplied 400"),
    "lock": (None, "plan trial --outcome pain --meaningful 1 --pairs 3 --run-in 3 --dose 4.5 --supplied 400 --lock"),
    "changed dose": (locked_trial, 'plan amend --change dose_mg=3 --reason "the prescriber lowered it" --from {soon}'),
    "seal": (locked_trial, "plan seal --to {key} -o x.age"),
    "kit": (sealed_trial, "plan kit s.age --identity my.key -o box --active a --dummy b"),
}


def answered(path, stale=()):
    store = new_diary(path, answered=TODAY)
    for each in stale:
        each(store)
    return store


def words_of(line, **names):
    from benchmarks.threats.words import split

    return [word.format(**names) for word in split(line)]


def carried_out(act, closing, tmp_path, capsys):
    """(exit code, what was printed as JSON or None, files that were made) of one act at the command line."""
    before, line = ACTS[act]
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        if before is not None:
            made = before(store, start=TODAY, today=TODAY, run_in=3)
            if before is sealed_trial:
                (tmp_path / "s.age").write_bytes(made[0])
                (tmp_path / "my.key").write_text(made[1])
        if closing is not None:
            CLOSED_BY[closing](store)
        rows = len(store.documents())
    there = {file.name for file in tmp_path.iterdir()}
    capsys.readouterr()
    code = main([*words_of(line, soon=SOON, key=helper_keys()[1]), "--diary", "d.db", "--json"])
    out = capsys.readouterr().out
    with Store(tmp_path / "d.db", None) as store:
        added = len(store.documents()) - rows
    new = {file.name for file in tmp_path.iterdir()} - there - {"d.db-wal", "d.db-shm"}
    return code, json.loads(out) if out.strip() else None, new, added


@pytest.mark.long
@pytest.mark.parametrize("closing", CLOSED_BY)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_at_the_command_line_is_refused_with_the_gates_and_leaves_nothing(
    act, closing, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, said, new, added = carried_out(act, closing, tmp_path, capsys)
    assert code == 3
    assert said["gates"]
    assert all(gate["state"] in ("blocked", "ask") for gate in said["gates"])
    assert (new, added) == (set(), 0)


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS)
def test_an_act_at_the_command_line_goes_through_where_nothing_is_in_the_way(act, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert carried_out(act, None, tmp_path, capsys)[0] == 0


WEB = {
    "titration": (None, "/plan/titration",
                  {"mg-0": "1.5", "days-0": "14", "day": str(SOON), "clock": "22:30", "capsules": "1.5:60"}),
    "liquid": (None, "/plan/liquid", {"dose": "1.5", "label_mg": "50", "label_ml": "50", "mark": "0.1"}),
    "trial": (None, "/plan/trial",
              {"outcome": "pain", "treatment": "naltrexone", "dose": "4.5", "start": str(TODAY), "run_in": "3",
               "pairs": "6", "block_days": "28", "kind": "randomised_blocks", "blinded": "yes", "worth": "1"}),
    "lock": (None, "/plan/trial",
             {"outcome": "pain", "treatment": "naltrexone", "dose": "4.5", "start": str(TODAY), "run_in": "3",
              "pairs": "6", "block_days": "28", "kind": "randomised_blocks", "blinded": "yes", "worth": "1",
              "act": "lock"}),
    "seal": (locked_trial, "/plan/seal", {}),
}  # fmt: skip


def in_the_browser(act, closing, tmp_path):
    before, path, form = WEB[act]
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        if before is not None:
            before(store, start=TODAY, today=TODAY, run_in=3)
        if closing is not None:
            CLOSED_BY[closing](store)
    desk, doors = Desk(tmp_path / "d.db"), Doors()
    browser = Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token())
    rows = len(desk.store().documents())
    answer = browser.post(path, {**form, **({"recipient": helper_keys()[1]} if act == "seal" else {})})
    return answer, len(desk.store().documents()) - rows


@pytest.mark.long
@pytest.mark.parametrize("closing", CLOSED_BY)
@pytest.mark.parametrize("act", WEB)
def test_an_act_in_the_browser_is_refused_and_leaves_nothing(act, closing, tmp_path):
    answer, added = in_the_browser(act, closing, tmp_path)
    assert (answer.status, added) == (422, 0)
    assert "capsule" not in answer.headers.get("content-disposition", "")


@pytest.mark.long
@pytest.mark.parametrize("act", WEB)
def test_an_act_in_the_browser_goes_through_where_nothing_is_in_the_way(act, tmp_path):
    assert in_the_browser(act, None, tmp_path)[0].status == 200


def test_a_cleared_gate_lets_the_act_pass_and_its_words_stand_in_the_plan(tmp_path):
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        safety.name_medicine(store, "prednisone", TODAY)
        said = Instruction("steroid:prednisone", "Dr Lind", "May be taken together.", TODAY)
        safety.instruct(store, said, TODAY)
    words = ["plan", "titration", "--step", "1.5x14", "--capsule", "1.5", "--first-evening", str(SOON)]
    assert main([*words, "--diary", str(tmp_path / "d.db")]) == 0
    with Store(tmp_path / "d.db", None) as store:
        assert every(store, TITRATION)[-1].opened_by[0]["prescriber"] == "Dr Lind"
        assert protocol.history(store) == ()
