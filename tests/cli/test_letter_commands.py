"""A letter by command: written in each form, verified, and every way it can end has its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nightdose.cli import main
from nightdose.letter.pdf_words import paper_of

ROOT = Path(__file__).parents[2]
ASK = [
    str(ROOT / "examples" / "caffeine.csv"), "--outcome", "absorption", "--treatment", "caffeine", "--better", "higher",
    "--onset", "same-day", "--randomised", "days", "--blinded", "--meaningful", "0.25",
]  # fmt: skip


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.parametrize("file", ["letter.html", "letter.pdf", "letter.zip", "LETTER.PDF"])
def test_a_letter_that_was_just_written_agrees(file, capsys):
    assert main(["report", *ASK, "-o", file]) == 0
    assert main(["verify", file]) == 0
    out = capsys.readouterr().out
    assert "It agrees: the days it carries give" in out
    assert "Signed with the key" in out


def test_the_same_command_writes_the_same_bytes():
    assert main(["report", *ASK, "-o", "a.pdf"]) == 0
    assert main(["report", *ASK, "-o", "b.pdf"]) == 0
    assert Path("a.pdf").read_bytes() == Path("b.pdf").read_bytes()


def test_unsigned_makes_no_key_and_says_what_that_means(capsys):
    assert main(["report", *ASK, "-o", "letter.zip", "--unsigned"]) == 0
    assert not Path("data").exists()
    assert main(["verify", "letter.zip"]) == 0
    assert "without a signature" in capsys.readouterr().err


def test_a_changed_letter_is_exit_3_and_a_file_that_is_none_exit_2(capsys):
    assert main(["report", *ASK, "-o", "letter.html"]) == 0
    page = Path("letter.html").read_text(encoding="utf-8")
    Path("letter.html").write_text(page.replace("Not yet known", "Helps"), encoding="utf-8")
    assert main(["verify", "letter.html"]) == 3
    assert "It does not agree." in capsys.readouterr().out
    assert main(["verify", str(ROOT / "examples" / "caffeine.csv")]) == 2
    assert main(["verify", "nowhere.pdf"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_json_is_one_object_with_every_check(capsys):
    assert main(["report", *ASK, "-o", "letter.zip", "--json"]) == 0
    capsys.readouterr()
    assert main(["verify", "letter.zip", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["agrees"] is True
    assert {check["state"] for check in found["checks"]} <= {"agrees", "differs", "not checked"}


def test_us_letter_is_another_paper():
    assert main(["report", *ASK, "-o", "letter.pdf", "--paper", "letter"]) == 0
    assert paper_of(Path("letter.pdf").read_bytes()) == (612, 792)


def test_a_bad_day_that_no_day_can_reach_is_refused(capsys):
    asked = [*ASK, "--scale", "continuous", "--range", "0", "2"]
    assert main(["report", *asked, "--bad-day", "99", "-o", "letter.html"]) == 2
    assert "--bad-day: No day can reach 99" in capsys.readouterr().err
    assert not Path("letter.html").exists()
    assert main(["report", *asked, "--bad-day", "2", "-o", "letter.html"]) == 0
