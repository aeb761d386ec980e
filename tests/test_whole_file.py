"""A file that is written for somebody is there whole, or its older self is: the disk may be full, Ctrl-C may come."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from nightdose import whole_file
from nightdose.cli.diary_file import write_page
from nightdose.errors import CallError
from nightdose.export.cohort_file import write_rows
from nightdose.export.frames import failed_row
from nightdose.export.simulation import write_diaries, write_model, write_people
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study
from nightdose.mechanism.regimen import PRESETS
from nightdose.report import evidence_page, page
from nightdose.report.picture import save_picture
from nightdose.whole_file import OWNER_ONLY, whole, write_whole

FULL = OSError(errno.ENOSPC, "No space left on device")
STUDY = Study(PRESETS["ldn"], 2, 2, Body(), ("gut",))
ROWS = [failed_row("a", "no day"), failed_row("b", "no day")]
WRITERS = {
    "report.html": lambda path: page.write_report("page", path),
    "evidence.html": lambda path: evidence_page.write_evidence(path, (), (), ()),
    "picture.svg": lambda path: save_picture("<svg/>", path),
    "sheet.html": lambda path: write_page(path, "a sheet"),
    "rows.csv": lambda path: write_rows(ROWS, path),
    "rows.parquet": lambda path: write_rows(ROWS, path),
    "people.csv": lambda path: write_people(path, STUDY),
    "diaries.csv": lambda path: write_diaries(path, STUDY),
    "model.xml": lambda path: write_model(path, STUDY),
}


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    monkeypatch.setattr(page, "report_html", lambda analysis, label: "a report")
    monkeypatch.setattr(evidence_page, "evidence_html", lambda *of: "a page")


@pytest.mark.parametrize("name", WRITERS)
def test_where_the_disk_is_full_the_older_file_stays_and_nothing_lies_beside_it(tmp_path, monkeypatch, name):
    if name.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    path = tmp_path / name
    WRITERS[name](path)
    assert path.stat().st_size > 0
    path.write_text("the older one")

    def full(written):
        if written.name.endswith(".unfinished"):
            assert written.stat().st_size > 0, "all of it is written"
            raise FULL

    monkeypatch.setattr(whole_file, "_sync", full)
    with pytest.raises((CallError, OSError)):
        WRITERS[name](path)
    assert path.read_text() == "the older one"
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("stopped", [FULL, KeyboardInterrupt()])
def test_half_a_new_file_is_none(tmp_path, stopped):
    def half():
        with whole(tmp_path / "new.csv") as unfinished:
            unfinished.write_text("half of")
            raise stopped

    with pytest.raises(type(stopped)):
        half()
    assert os.listdir(tmp_path) == []


def test_an_error_names_the_file_that_was_asked_for(tmp_path):
    with pytest.raises(OSError, match=r"new\.csv'$"), whole(tmp_path / "new.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FileNotFoundError, match=r"new\.csv'$"), whole(tmp_path / "nowhere" / "new.csv"):
        pass


def test_what_a_killed_run_left_is_in_nobodys_way(tmp_path):
    (tmp_path / "new.csv.unfinished").write_text("half of")
    write_whole(tmp_path / "new.csv", "all")
    assert (tmp_path / "new.csv").read_text() == "all"
    assert os.listdir(tmp_path) == ["new.csv"]


@pytest.mark.skipif(os.name != "posix", reason="rights and links as on Unix")
def test_rights_are_handed_on_as_far_as_the_content_allows_and_a_link_stays_one(tmp_path):
    path, link = tmp_path / "page.html", tmp_path / "link.html"
    path.write_text("older")
    path.chmod(0o664)
    link.symlink_to(path)
    write_whole(link, "newer")
    assert link.is_symlink()
    assert path.read_text() == "newer"
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    write_whole(path, "for one alone", OWNER_ONLY)
    write_whole(tmp_path / "new.html", "for one alone", OWNER_ONLY)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("page.html", "new.html")} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="devices as on Unix")
def test_what_is_not_a_file_is_written_to_as_it_is(tmp_path):
    write_whole(Path(os.devnull), "nothing")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, "through")
    assert os.read(reading, 99) == b"through"
    os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
