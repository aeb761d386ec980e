"""`contribute`: shown whole before it is written, signed, nothing in it that a person typed."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
from tests.cli.test_analyse_kept import kept_days
from tests.keeping.people import locked_trial, new_diary, sealed_trial

from nightdose.cli import main
from nightdose.diary.entry import Entry
from nightdose.keeping.letter_files import data_folder
from nightdose.letter.signing import own_key
from nightdose.pooling.contribution import Answered, Registration
from nightdose.pooling.reading import Received, read_inbox, read_line

NOW = datetime.date.today()


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def diary():
    with new_diary(Path("diary.db")) as store:
        kept_days(store)
        store.add(Entry(NOW - datetime.timedelta(days=3), "note", "note", text="Margarete met Dr Huber"))
    return "diary.db"


def test_all_that_is_written_was_shown_and_the_file_is_accepted(diary, capsys):
    assert main(["contribute", diary, "--condition", "fibromyalgia", "--age", "44", "-o", "mine.json", "--yes"]) == 0
    out, line = capsys.readouterr().out, Path("mine.json").read_text().strip()
    assert line in out
    found = read_line("", line)
    assert isinstance(found, Received)
    assert isinstance(found.content, Answered)
    assert (found.content.asked.condition, found.content.age) == ("fibromyalgia", (40.0, 50.0))
    for words in ("fibromyalgia", "40 to below 50", "none: this diary gives none", "taken as it came", "84"):
        assert words in out


def test_no_word_date_or_name_of_the_diary_is_in_the_file(diary):
    """A note, a free condition, dates: none of it, in whatever form."""
    words = ["--condition", "what Margarete has", "-o", "mine.json", "--yes"]
    assert main(["contribute", diary, *words]) == 0
    text = Path("mine.json").read_text()
    assert json.loads(text)["condition"] == "other"
    assert not re.search(r"Margarete|Huber|\d{4}-\d\d-\d\d|pain:|diary", text)
    assert not re.search(str(NOW.toordinal())[:4], re.sub(r'"(key|signature)":"[^"]*"', "", text))


def test_without_agreement_nothing_is_written(diary, monkeypatch, capsys):
    assert main(["contribute", diary, "-o", "mine.json"]) == 2  # nobody is at the keyboard
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert main(["contribute", diary, "-o", "mine.json"]) == 2
    assert not Path("mine.json").exists()
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert main(["contribute", diary, "-o", "mine.json"]) == 0
    assert Path("mine.json").exists()


def test_nothing_is_written_over(diary, capsys):
    Path("mine.json").write_text("older")
    assert main(["contribute", diary, "-o", "mine.json", "--yes"]) == 2
    assert Path("mine.json").read_text() == "older"


def test_a_sealed_trial_contributes_nothing_before_the_reveal(capsys):
    with new_diary(Path("diary.db"), answered=NOW) as store:
        kept_days(store, doses=False)
        sealed_trial(store, today=NOW)
    assert main(["contribute", "diary.db", "-o", "mine.json", "--yes", "--look-early"]) == 3
    assert not Path("mine.json").exists()
    assert "sealed" in capsys.readouterr().err


def test_a_locked_trial_is_registered_before_its_answer(capsys):
    with new_diary(Path("diary.db"), answered=NOW) as store:
        kept_days(store)
        sha256 = locked_trial(store, start=NOW + datetime.timedelta(days=3), today=NOW).sha256
    assert main(["contribute", "diary.db", "--register", "-o", "plan.json", "--yes"]) == 0
    found = read_line("", Path("plan.json").read_text().strip())
    assert isinstance(found.content, Registration)
    assert (found.content.blinded, found.content.days) == (True, 196)
    assert sha256 not in Path("plan.json").read_text()  # a hash of few choices could be guessed
    assert main(["contribute", "diary.db", "--look-early", "-o", "answer.json", "--yes"]) == 0
    inbox = read_inbox([Path()])
    assert inbox.is_registered(*inbox.answers[0])


def test_a_diary_without_a_protocol_has_nothing_to_register(diary, capsys):
    assert main(["contribute", diary, "--register", "-o", "plan.json", "--yes"]) == 2
    assert "No protocol is locked yet" in capsys.readouterr().err


def test_what_was_sent_is_taken_back_by_the_same_key_alone(diary, monkeypatch, tmp_path, capsys):
    assert main(["contribute", diary, "-o", "mine.json", "--yes"]) == 0
    assert "--withdraw mine.json" in capsys.readouterr().out
    assert main(["contribute", "--withdraw", "mine.json", "-o", "back.json", "--yes"]) == 0
    assert "take it back" not in capsys.readouterr().out, "a withdrawal is not taken back"
    assert read_inbox([Path()]).answers == ()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "somebody else"))
    assert main(["contribute", "--withdraw", "mine.json", "-o", "theirs.json", "--yes"]) == 2
    assert "Another key" in capsys.readouterr().err


def test_letters_and_contributions_have_different_keys(diary):
    """A letter may carry a name; one key for both would put it on every answer."""
    assert main(["contribute", diary, "-o", "mine.json", "--yes"]) == 0
    letters, sent = (own_key(data_folder() / name).public for name in ("signing.pem", "contributing.pem"))
    assert letters != sent
    assert json.loads(Path("mine.json").read_text())["key"] in sent.decode()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--age", "400"], "400 is not an age"),
        (["-o", "mine.txt", "--yes"], "ends in .json"),
        (["--register", "--withdraw", "x.json"], "not both"),
        (["--withdraw", "missing.json"], "cannot be read"),
    ],
)
def test_a_wrong_call_is_a_sentence(diary, words, why, capsys):
    assert main(["contribute", diary, *words]) == 2
    assert why in capsys.readouterr().err


def test_a_diary_that_nobody_lived_has_no_answer_to_send(capsys):
    kim = Path(__file__).parents[2] / "examples" / "kim-synthetic.csv"
    assert main(["contribute", str(kim), "--outcome", "migraine_severity", "--treatment", "naltrexone"]) == 2
    assert "calls itself synthetic" in capsys.readouterr().err


def test_a_medicine_outside_the_list_is_not_sent_as_words(capsys):
    rows = "\n".join(f"2026-01-{d:02},{d % 7},{d // 8 % 2}" for d in range(1, 31))
    Path("t.csv").write_text("date,pain,my secret tea_mg\n" + rows)
    assert main(["contribute", "t.csv", "--outcome", "pain", "--treatment", "my secret tea"]) == 2
    assert "no words of your own" in capsys.readouterr().err
