"""No word of a diary or a file moves the cursor of the terminal it is printed on."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.cli import main
from nightdose.errors import printable

EVIL = "\x1b[2J\x1b]0;title\x07\x9b31m\r\u202eb\u2028c"


@pytest.mark.parametrize(
    ("letter", "shown"),
    [("\x1b", "\\u001b"), ("\x9b", "\\u009b"), ("\r", "\\u000d"), ("\u202e", "\\u202e"), ("\u2028", "\\u2028"),
     ("\ud800", "\\ud800"), ("\U000e0001", "\\udb40\\udc01")],
)  # fmt: skip
def test_what_moves_a_cursor_or_turns_a_line_is_spelt_out(letter, shown):
    assert printable(f"a{letter}b") == f"a{shown}b"


@pytest.mark.parametrize("text", ["smärta", "👩‍⚕️", "a\u00a0b", "two\nlines", "a\tb", "½ mg"])
def test_what_people_write_stays(text):
    assert printable(text) == text


@settings(deadline=None)
@given(st.text())
def test_a_json_text_means_the_same_when_it_is_printed(text):
    body = json.dumps({"note": text}, ensure_ascii=False)
    assert json.loads(printable(body)) == {"note": text}


@pytest.fixture
def diary(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "d.db"))
    main(["log", "--start", "--plain", "--outcome", "pain:0-10", "--zone", "Europe/Oslo"])
    capsys.readouterr()
    return tmp_path


def controls(text):
    return {letter for letter in text if letter != "\n" and not letter.isprintable()}


@pytest.mark.parametrize("words", [["--list"], ["--list", "--json"], ["--note", EVIL]])
def test_a_note_draws_nothing_on_the_terminal(diary, capsys, words):
    main(["log", "--note", EVIL])
    main(["log", *words])
    printed = capsys.readouterr()
    assert controls(printed.out + printed.err) == set()


def test_a_file_draws_nothing_on_the_terminal(diary, capsys):
    """Names of columns, units, notes, words that are no numbers, and the name of the file itself."""
    name = diary / "e\x1b[31mvil.csv"
    name.write_text(f"date,p\x1b[31m,note\n2026-01-01,3,{EVIL.replace(chr(13), '')}\n2026-01-02,\x1b[2J4,\n")
    for words in ([], ["--json"], ["--write"], ["--date-column", "x\x1b[1m"]):
        main(["import", str(name), *words])
    main(["analyse", str(name), "--outcome", "p", "--treatment", "x"])
    printed = capsys.readouterr()
    assert "p" in printed.out
    assert controls(printed.out + printed.err) == set()


def test_a_person_of_a_cohort_is_no_formula_and_draws_nothing(tmp_path, capsys):
    rows = [f"=cmd\x1b[2J,2026-01-{day:02d},{day % 7},{1.5 * (day > 15)}" for day in range(1, 31)]
    (tmp_path / "c.csv").write_text("\n".join(["person,date,pain,naltrexone_mg", *rows, ""]))
    words = ["--outcome", "pain", "--treatment", "naltrexone", "--workers", "1"]
    main(["cohort", str(tmp_path / "c.csv"), *words, "--out", str(tmp_path / "o.csv")])
    printed = capsys.readouterr()
    assert controls(printed.out + printed.err) == set()
    assert (tmp_path / "o.csv").read_text().splitlines()[1].startswith("'=cmd")
