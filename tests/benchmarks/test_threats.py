"""The attacks of docs/threats.md, a few of each kind on every run; and the attacks find what they look for."""

import json
import random

import pytest
from benchmarks.threats import __main__ as threats
from benchmarks.threats import command_lines, damage, kills, letters, spoiled_files
from benchmarks.threats.count import Count
from tests.diary.importers.honest import honest

from nightdose.diary.importers import GENERIC, READERS


@pytest.mark.long
@pytest.mark.parametrize("format", spoiled_files.FORMATS)
def test_spoiled_files_are_entries_or_one_sentence(format):
    count = spoiled_files.rounds(format, 0, 60)
    assert (count.faults, count.tried) == ([], 60)


@pytest.mark.parametrize("kind", letters.KINDS)
def test_spoiled_letters_are_refused_or_named_and_never_agree(kind):
    count = letters.rounds(kind, 0, 60)
    assert (count.faults, count.tried) == ([], 60)


def test_a_letter_that_agrees_although_it_was_changed_is_found(monkeypatch):
    monkeypatch.setattr("nightdose.letter.verify.differences", lambda *_: iter(()))
    assert letters.rounds("package", 0, 60).outcomes["FAULT"] > 5


def test_every_format_that_is_read_is_spoiled():
    assert {"samsung" if name == "samsung-health" else name for name in READERS} | {GENERIC, "spreadsheet"} == set(
        honest()
    )


@pytest.mark.long
def test_damage_is_noticed_or_hit_nothing_that_was_written():
    count = damage.rounds(0, 80)
    assert (count.faults, count.tried) == ([], 80)


@pytest.mark.long
def test_kills_leave_every_act_whole_or_undone():
    count = kills.rounds(0, 40)
    assert (count.faults, count.tried) == ([], 40)


@pytest.mark.long
def test_random_command_lines_end_in_a_sentence():
    count = command_lines.rounds(0, 75)
    assert (count.faults, count.tried) == ([], 75)


def test_a_traceback_an_unmeant_exit_code_and_silence_are_found():
    for code, out, err in ((1, "", "x"), (0, "Traceback", ""), (2, "", " "), (0, "\x1b[2J", ""), (0, "no json", "")):
        assert command_lines.what_is_wrong(["log", "--json"], code, out, err)
    assert not command_lines.what_is_wrong(["log", "--json"], 0, "{}", "")


def test_a_fault_of_an_importer_is_found(monkeypatch):
    def broken(path, format):
        raise IndexError("string index out of range")

    monkeypatch.setattr(spoiled_files, "read", broken)
    assert spoiled_files.rounds("daylio", 0, 5).outcomes["FAULT"] == 5


def test_damage_that_nobody_noticed_is_found(monkeypatch):
    monkeypatch.setattr("nightdose.diary.kept.store.Store.refuse_if_damaged", lambda store: None)
    assert damage.rounds(0, 80).outcomes["FAULT"] > 5


def test_a_spoiled_file_differs_and_can_be_made_again():
    sample = honest()["daylio"][0]
    made = [spoiled_files.spoiled(sample, random.Random(seed)) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    assert made[0] != sample.packed()


def test_a_run_that_was_stopped_goes_on_where_it_was():
    tried = []

    def rounds(seed, number):
        tried.append((seed, number))
        count = Count()
        count.outcomes["fine"] += number
        if seed == 1:
            raise KeyboardInterrupt
        return count

    attack, state = threats.Attack("x", rounds, 300, 100), {}
    with pytest.raises(KeyboardInterrupt):
        threats.run("x", attack, 1.0, state, lambda: None)
    state = json.loads(json.dumps(state))
    assert state["x"]["tried"] == 100
    tried.clear()
    state["x"]["rounds"] = 2
    threats.run("x", attack, 1.0, state, lambda: None)
    assert (tried, state["x"]["outcomes"]) == ([(2, 100), (3, 100)], {"fine": 300})
