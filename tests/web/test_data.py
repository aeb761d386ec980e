"""A file is looked over before it is taken in, once; backups, export, check, delete."""

import io
import zipfile

from tests.web.browser import Browser

from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Place

TABLE = b"date,Pain,naltrexone_mg\n2026-01-01,5,0\n2026-01-02,4,4.5\n2026-01-03,x,4.5\n"


def token(page):
    return page.text.split('name="token" value="')[1].split('"')[0]


def test_a_file_is_looked_over_then_taken_in_once(browser, store):
    seen = browser.upload("/data/import", "mine.csv", TABLE)
    assert "Nothing has been written yet" in seen.text
    assert store.entries() == ()
    assert "Taken in" in browser.post("/data/take", {"token": token(seen)}).text
    n = len(store.entries())
    assert n > 0
    assert browser.post("/data/take", {"token": token(seen)}).status == 422
    assert len(store.entries()) == n


def test_the_same_file_again_brings_nothing_new(browser, store):
    browser.post("/data/take", {"token": token(browser.upload("/data/import", "mine.csv", TABLE))})
    assert "0 new entries" in browser.upload("/data/import", "mine.csv", TABLE).text


def test_a_file_that_is_not_one_is_a_sentence(browser, store):
    for name, content in (
        ("x.csv", b""),
        ("x.zip", b"PK\x03\x04broken"),
        ("x.xlsx", b"\x00" * 50),
        ("<b>.csv", b"\xff\xfe"),
    ):
        answer = browser.upload("/data/import", name, content)
        assert answer.status == 422
        assert "<b>.csv" not in answer.text
    assert store.entries() == ()


def test_no_temporary_file_is_left(browser, store, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    browser.upload("/data/import", "mine.csv", TABLE)
    assert list((tmp_path / "t").iterdir()) == []


def test_everything_can_be_taken_along(browser, store):
    browser.post("/data/take", {"token": token(browser.upload("/data/import", "mine.csv", TABLE))})
    packed = zipfile.ZipFile(io.BytesIO(browser.get("/data/everything.zip").body))
    assert set(packed.namelist()) == {"diary.json", "entries.csv", "days.csv"}
    assert b"2026-01-02" in browser.get("/data/days.csv").body


def test_a_backup_restores_into_a_new_place(browser, store, tmp_path, clock, doors):
    browser.post("/data/take", {"token": token(browser.upload("/data/import", "mine.csv", TABLE))})
    kept = browser.file_of(browser.post("/data/backup")).body
    assert "made today" in browser.get("/data").text
    other = Desk(tmp_path / "other" / "diary.db", clock=clock)
    newcomer = Browser(create_app(other, Place.loopback(8765), doors), doors.new_token())
    assert "Restored and checked" in newcomer.upload("/start/restore", "b.nightdose-backup", kept).text
    assert len(other.store().entries()) == len(store.entries())


def test_every_row_is_checked(browser, store):
    assert "Every row is as it was written" in browser.post("/data/verify").text


def test_delete_needs_its_words(browser, store, desk):
    assert browser.post("/data/delete", {"sure": "yes"}).status == 422
    assert desk.path.exists()
    assert "is deleted" in browser.post("/data/delete", {"sure": "delete everything"}).text
    assert not desk.path.exists()
    assert "Does this medicine help" in browser.get("/").text


def test_a_wrong_file_is_named_as_the_person_knows_it(browser, store, tmp_path, clock, doors):
    """A page of text sent as a diary, and as a backup."""
    broken = browser.upload("/data/import", "Mein Export.zip", b"PK\x03\x04broken").text
    newcomer = Browser(create_app(Desk(tmp_path / "o.db", clock=clock), Place.loopback(8765), doors), doors.new_token())
    refused = newcomer.upload("/start/restore", "Mein Export.zip", b"PK\x03\x04broken").text
    for text in (broken, refused):
        assert text.count("Mein Export.zip") == 1
        assert "nightdose-" not in text.split("<main")[1].split("<form")[0]


def test_what_is_wrong_with_a_new_passphrase_stands_at_the_top_and_leads_to_its_field(browser, store):
    text = browser.post("/data/passphrase", {"old": "x", "words": "one", "again": "two"}).text
    head = text.split("<main")[1].split("<form")[0]
    assert 'href="#old"' in head
    assert "not the same" in head
