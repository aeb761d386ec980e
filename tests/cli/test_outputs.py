"""No file that a command writes takes the place of a diary, its key, what lies beside it, or a backup."""

import os
from pathlib import Path

import pytest

from nightdose.cli import main

WRITERS = [
    ["log", "--table", "{}"],
    ["analyse", "t.csv", "--outcome", "pain", "--treatment", "naltrexone", "--report", "{}"],
    ["cohort", "t.csv", "--outcome", "pain", "--treatment", "naltrexone", "--workers", "1", "--out", "{}"],
    ["simulate", "4.5mg", "--people", "1", "--days", "2", "--out", "{}"],
    ["simulate", "4.5mg", "--people", "1", "--days", "2", "--plot", "{}"],
    ["simulate", "4.5mg", "--people", "1", "--days", "2", "--diaries", "{}"],
    ["simulate", "4.5mg", "--people", "1", "--days", "2", "--export", "{}"],
    ["safety", "card", "-o", "{}"],
    ["plan", "titration", "--step", "1.5x14", "--capsule", "1.5", "--first-evening", "2026-12-01", "--ics", "{}"],
    ["plan", "--power", "--outcome", "pain", "--meaningful", "1", "--pairs", "3", "--picture", "{}"],
    ["plan", "helper-key", "-o", "{}"],
    ["report", "d.db", "-o", "{}"],
]


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIGHTDOSE_DIARY", "d.db")
    main(["log", "--start", "--plain", "--outcome", "pain:0-10"])
    main(["log", "pain=4"])
    main(["backup", "--to", "."])
    next(tmp_path.glob("*-backup")).rename(tmp_path / "d.nightdose-backup")
    for name in ("secret.db.key", "secret.db", "d.db-wal"):
        (tmp_path / name).write_text("of a diary")
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize("name", ["d.db", "secret.db", "secret.db.key", "d.db-wal", "d.nightdose-backup"])
@pytest.mark.parametrize("writer", WRITERS, ids=[" ".join(words[:2]) + words[-2] for words in WRITERS])
def test_no_output_is_written_over_a_diary_its_key_or_a_backup(writer, name, folder, capsys):
    before = (folder / name).read_bytes()
    assert main([word.format(name) for word in writer]) == 2
    assert (folder / name).read_bytes() == before
    assert name in capsys.readouterr().err


def test_a_table_of_yesterday_may_be_written_anew(folder):
    (folder / "days.csv").write_text("date,pain\n")
    assert main(["log", "--table", "days.csv"]) == 0
    assert ",4" in (folder / "days.csv").read_text()


@pytest.mark.parametrize("words", ["hello world\n", "pain,sleep\n1,2\n", "\x00\x01"])
@pytest.mark.parametrize(
    "writer",
    [
        ["log", "--table", "notes.csv"],
        ["safety", "card", "-o", "notes.html"],
        ["safety", "card", "-o", "notes.md"],
        [
            "plan",
            "titration",
            "--step",
            "1.5x14",
            "--capsule",
            "1.5",
            "--first-evening",
            "2026-12-01",
            "--ics",
            "n.ics",
        ],
        ["plan", "--power", "--outcome", "pain", "--meaningful", "1", "--pairs", "3", "--picture", "notes.svg"],
    ],
    ids=lambda writer: writer[-1] + writer[0],
)
def test_no_file_that_is_none_of_ours_is_written_over(writer, words, folder, capsys):
    (folder / writer[-1]).write_text(words)
    assert main(writer) == 2
    assert (folder / writer[-1]).read_text() == words
    assert "nothing is written over it" in capsys.readouterr().err


def test_an_empty_file_and_a_card_of_yesterday_are_replaced(folder):
    (folder / "card.html").touch()
    for _ in range(2):
        assert main(["safety", "card", "-o", "card.html"]) == 0


@pytest.mark.parametrize("content", [b"hello\n", b"words\n" * 400, bytes(range(256)) * 5])
def test_a_file_that_is_no_diary_is_said_to_be_none(content, folder, capsys):
    (folder / "x.txt").write_bytes(content)
    assert main(["log", "--list", "--diary", "x.txt"]) == 2
    said = capsys.readouterr().err
    assert "x.txt" in said
    assert "--recovery" not in said
    assert (folder / "x.txt").read_bytes() == content


def test_no_command_writes_over_what_it_reads(tmp_path, monkeypatch, capsys):
    """Under its own name, through a link, as a hard link: the table stays as it was."""
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{t},{t % 7},{4.5 * (t // 14 % 2):g}\n" for t in range(1, 57))
    Path("d.csv").write_text("day,pain,naltrexone_mg\n" + rows, encoding="utf-8")
    Path("link.csv").symlink_to("d.csv")
    os.link("d.csv", "hard.csv")
    before = Path("d.csv").read_bytes()
    for out in ("d.csv", "link.csv", "hard.csv", "./d.csv"):
        asked = ["d.csv", "--outcome", "pain", "--treatment", "naltrexone"]
        assert main(["analyse", *asked, "--report", out]) == 2
        assert "what this command reads" in capsys.readouterr().err
    assert Path("d.csv").read_bytes() == before
