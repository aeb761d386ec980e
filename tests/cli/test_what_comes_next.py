"""Every act at the command line says to a person what comes next; a program reads one JSON object and nothing else."""

from __future__ import annotations

import datetime
import json
import re
import shlex
import shutil

import pytest
from tests.cli.test_every_act_asks import ACTS, SOON, words_of
from tests.keeping.people import new_diary, sealed_trial

from nightdose.cli.main import COMMANDS, main, parse
from nightdose.cli.next_words import commands_for
from nightdose.cli.phrased import HELPS
from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.keeping.what_next import CODES, Next, what_next
from nightdose.protocol.sealing import helper_keys
from nightdose.web.example import fill

TODAY = datetime.date.today()
TABLE = "date,pain,naltrexone_mg\n" + "".join(
    f"{TODAY - datetime.timedelta(days=60 - day)},{3 + day % 4},{4.5 * (day // 14 % 2)}\n" for day in range(60)
)
# acts with a diary of half a year, in which tonight is not written yet, and with a table
KEPT = (
    "analyse d.db", "report d.db -o l.html", "backup --to . --diary d.db", "backup verify --diary d.db",
    "backup export out --diary d.db", "log Pain=4 --diary d.db", "log --dose naltrexone=4.5mg --diary d.db",
    "import t.csv --write --diary d.db", "safety ask --answer under_18=no --diary d.db",
    "analyse t.csv --outcome pain --treatment naltrexone",
    "report t.csv --outcome pain --treatment naltrexone -o t.html",
)  # fmt: skip
# what is printed there is itself the end: a page, a table or a picture for somebody else, or the app's address
NO_DIARY_OF_ONE = {"serve", "evidence", "contribute", "pool", "cohort", "simulate"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("filled") / "d.db"
    with Store(path, None, create=True) as store:
        fill(
            store, (datetime.datetime.now() - datetime.timedelta(hours=4)).date() - datetime.timedelta(days=1)
        )  # of 04:00
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch, filled):
    monkeypatch.chdir(tmp_path)
    shutil.copy(filled, tmp_path / "d.db")
    (tmp_path / "t.csv").write_text(TABLE)
    (tmp_path / "out").mkdir()
    return tmp_path


def test_every_command_about_one_diary_is_asked_below():
    lines = [*KEPT, "verify l.html", *(line for _, line in ACTS.values())]
    assert {line.split()[0] for line in lines} | NO_DIARY_OF_ONE == set(COMMANDS)


@pytest.mark.parametrize("line", KEPT)
def test_an_act_with_a_diary_says_what_comes_next(line, folder, capsys):
    assert main(words_of(line)) in (0, 3)
    assert "Next: " in capsys.readouterr().out


def test_what_comes_next_after_a_table_can_be_typed_as_it_is_printed(folder, capsys):
    """An answer, its letter and the check of the letter ask the same; a name with blanks, a label that pages carry."""
    (folder / "t.csv").rename(folder / "my  table.csv")
    asked = "--outcome pain --treatment naltrexone --range -1 9.5 --randomised blocks --blinded --certificate 3"
    asked += " --label 'NOT REAL'"
    command = f"analyse 'my  table.csv' {asked} --no-report"
    for act in ("report", "verify"):
        assert main(shlex.split(command)) in (0, 3)
        command = re.search(r"Next: .*\(nightdose (.*)\)\n", capsys.readouterr().out)[1]
        assert command.split()[0] == act
        assert asked in command or act == "verify"
    assert main(shlex.split(command)) == 0
    assert "NOT REAL" in (folder / "letter.html").read_text()


@pytest.mark.parametrize(("given", "kept"), [("--with", "sleep"), ("--drug", "melatonin")])
def test_another_medicine_and_other_columns_are_asked_again(given, kept, folder, capsys):
    dose = "melatonin" if given == "--drug" else "naltrexone"
    rows = [f"{line.split(',')[0]},{n % 5},{n % 3},{4.5 * (n // 14 % 2)}" for n, line in enumerate(TABLE.split()[1:])]
    (folder / "t.csv").write_text("\n".join([f"date,pain,sleep,{dose}_mg", *rows]))
    words = [given, kept, "analyse"] if given == "--drug" else ["analyse", given, kept]
    assert main([*words, "t.csv", "--outcome", "pain", "--treatment", dose, "--no-report"]) == 0
    assert f" {given} {kept} " in capsys.readouterr().out


def test_a_letter_that_was_verified_says_what_comes_next(folder, capsys):
    main(words_of("report t.csv --outcome pain --treatment naltrexone -o t.html"))
    capsys.readouterr()
    assert main(words_of("verify t.html")) == 0
    assert "Next: " in capsys.readouterr().out


@pytest.mark.parametrize("act", ACTS)
def test_an_act_of_planning_says_what_comes_next_and_to_a_program_one_object(act, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before, line = ACTS[act]
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        made = before(store, start=TODAY, today=TODAY, run_in=3) if before is not None else None
    if before is sealed_trial:
        (tmp_path / "s.age").write_bytes(made[0])
        (tmp_path / "my.key").write_text(made[1])
    shutil.copy(tmp_path / "d.db", tmp_path / "e.db")
    words = words_of(line, soon=SOON, key=helper_keys()[1])
    capsys.readouterr()
    assert main([*words, "--diary", "d.db"]) == 0
    out = capsys.readouterr().out
    assert all(parsed(command) for command in commands_printed(out))
    assert "Next: " in out or act == "kit"  # at the helper's computer no diary lies
    again = [word.replace("x.", "y.").replace("box", "box2") for word in words]
    assert main([*again, "--diary", "e.db", "--json"]) == 0
    json.loads(capsys.readouterr().out)


# what a person chooses, written in capitals in a command -> something that they could write there
CHOSEN = {
    "SCORE": "4", "QUESTION=ANSWER": "under_18=no", "MGxDAYS": "1.5x14", "DATE": TODAY.isoformat(), "SMALLEST": "1",
    "HELPER_KEY": "age1qq", "KEYFILE": "k", "WORDS": "w", "FOLDER": "f", "FILE": "f.csv", "FILE.csv": "f.csv",
    "FILE.toml": "f.toml", "NEW.db": "n.db", "GATE": "opioid:codeine", "NAME": "pain", "FIELD=VALUE": "note=w",
}  # fmt: skip


def parsed(line):
    """A command as the program itself reads it, with something in the place of what is in capitals."""
    words = shlex.split(line)
    assert words.pop(0) == "nightdose"
    filled = [CHOSEN.get(word) or word.replace("=SCORE", "=4") for word in words]
    assert not [word for word in filled if re.search(r"\.\.\.|\b[A-Z_]{4,}\b", word)], line
    return parse(filled)[0]


def commands_printed(out):
    """Whatever stands in the brackets behind 'Next:'."""
    for behind in re.findall(r"Next: .*\((nightdose .*)\)$", out, re.MULTILINE):
        yield from behind.split(", or ")


@pytest.mark.parametrize("keyboard", [True, False])
def test_every_command_that_may_come_next_is_one(keyboard, tmp_path, monkeypatch):
    """An outcome with a blank in its name, in a diary with a blank in its path."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: keyboard, raising=False)
    (tmp_path / "my diary").mkdir()
    with new_diary(tmp_path / "my diary" / "d.db") as store:
        settings.choose_outcome(store, Outcome("slept badly", "yes/no"))
        for code in CODES:
            lines = commands_for(Next(code, "", TODAY), store)
            assert lines, code
            for line in lines:
                found = parsed(f"nightdose {line}")
                assert code == "kit" or str(store.path) in (str(found.diary), line)
                assert keyboard or found.command != "log" or code == "outcome" or len(found.scores) == 2


def test_a_command_about_the_usual_diary_does_not_name_it(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "d.db"))
    with new_diary(tmp_path / "d.db") as store:
        assert commands_for(Next("gates", ""), store) == ("safety",)


@pytest.mark.parametrize("code", HELPS)
def test_every_command_that_helps_is_one(code):
    for _, command in HELPS[code]:
        assert not command or parsed(f"nightdose {command}")


@pytest.mark.parametrize("line", KEPT)
def test_what_an_act_prints_as_next_is_typed_as_it_stands(line, folder, capsys):
    """And is about the same diary or table."""
    main(words_of(line))
    (command, *_) = commands_printed(capsys.readouterr().out)
    assert parsed(command)
    assert any(name in command for name in ("d.db", "t.csv", "l.html", "t.html", "out"))


def test_log_with_nobody_there_and_nothing_to_write_says_what_to_write(folder, capsys):
    assert main(["log", "--diary", "d.db"]) == 2
    said = capsys.readouterr().err
    assert "nothing was given to write" in said
    assert "nightdose log pain=4" in said


def test_an_evening_that_was_not_written_is_named_in_the_command(tmp_path):
    """Yesterday is written, the day before is not."""
    days = [TODAY - datetime.timedelta(days=back) for back in (3, 1, 0)]
    with new_diary(tmp_path / "d.db", answered=TODAY) as store:
        for day in days:
            store.add(Entry(day, "score", "pain", 4.0))
        (found,) = (each for each in what_next(store, TODAY, TODAY) if each.code == "unwritten")
        (line,) = commands_for(found, store)
    assert f"--day {TODAY - datetime.timedelta(days=2)}" in line
