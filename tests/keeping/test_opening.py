"""Starting a diary: never over another one's files, and again after it was killed."""

import os

import pytest

from nightdose.diary.kept import files
from nightdose.diary.kept.files import key_file
from nightdose.diary.kept.vault import lock, new_secret
from nightdose.errors import CallError
from nightdose.keeping.opening import open_diary, start

WORDS = "four small green words"


def names(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize("words", [None, WORDS], ids=["plain", "encrypted"])
def test_a_start_never_overwrites_the_key_of_another_diary(tmp_path, words):
    """The old diary was moved away and its key file was not."""
    key_file(tmp_path / "d.db").write_text(lock(new_secret(), "quite another phrase"))
    before = key_file(tmp_path / "d.db").read_text()
    with pytest.raises(CallError, match="that key opens another diary"):
        start(tmp_path / "d.db", words)
    assert (names(tmp_path), key_file(tmp_path / "d.db").read_text()) == (["d.db.key"], before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("step", range(12))
def test_a_start_that_was_killed_at_any_step_can_be_made_again(tmp_path, monkeypatch, step):
    """Killed before its first file, between any two, and after its last."""
    path = tmp_path / "d.db"
    child = os.fork()
    if child == 0:
        left = [step]

        def counted(function):
            def call(*words, **more):
                if left[0] == 0:
                    os.kill(os.getpid(), 9)
                left[0] -= 1
                return function(*words, **more)

            return call

        for module, name in ((files, "write_new"), (files, "remove"), (os, "rename"), (os, "fsync")):
            monkeypatch.setattr(module, name, counted(getattr(module, name)))
        start(path, WORDS)
        os._exit(0)
    os.waitpid(child, 0)
    if path.exists():
        open_diary(path, passphrase=WORDS).close()  # it was complete: it opens, and is not made again
        return
    start(path, WORDS)
    open_diary(path, passphrase=WORDS).close()
    assert names(tmp_path) == ["d.db", "d.db.key"]


def test_a_start_through_a_link_keeps_diary_and_key_together(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "d.db")
    start(tmp_path / "link.db", WORDS)
    open_diary(tmp_path / "link.db", passphrase=WORDS).close()
    assert names(tmp_path / "real") == ["d.db", "d.db.key"]
