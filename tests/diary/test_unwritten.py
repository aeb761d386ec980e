"""A file that was sent is read from memory, under its own name; what a killed program left is cleared."""

import os
import sys
import tempfile

import pytest

from nightdose.diary import unwritten

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives memory a path")


@linux
def test_nothing_of_the_contents_lies_in_the_folder_while_they_are_read():
    with unwritten.held("Mein Tagebuch.csv", b"date,pain\n") as path:
        assert path.read_bytes() == b"date,pain\n"
        assert path.name == "Mein Tagebuch.csv"
        assert [each.lstat().st_size < 60 and each.is_symlink() for each in path.parent.iterdir()] == [True]
    assert not path.parent.exists()


def test_without_memory_the_file_is_private_and_gone_afterwards(monkeypatch):
    monkeypatch.setattr(unwritten, "in_memory", lambda: False)
    with unwritten.held("a.csv", b"x") as path:
        assert path.read_bytes() == b"x"
        assert os.name != "posix" or path.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("sent", "own"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\pain.csv", "pain.csv"), ("", "file"), ("..", "file"),
     ("a\u202egpj.csv", "a_gpj.csv"), ("x" * 300 + ".csv", "x" * 76 + ".csv"), ("Schmerz äö.csv", "Schmerz äö.csv")],
)  # fmt: skip
def test_a_name_keeps_what_a_person_knows_it_by(sent, own):
    assert unwritten.own_name(sent).replace("\ufffd", "_") == own


def test_what_was_left_behind_goes_and_what_is_being_read_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("nightdose-read-a", "nightdose-read-b", "else"))
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "file.csv").write_text("pain")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    assert unwritten.clear_left_behind() == 1
    assert not old.exists()
    assert new.exists()
    assert other.exists()
