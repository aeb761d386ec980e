"""Every act in the browser leads to a page that says what comes next, or to one that is the next step itself."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.cli.test_every_act_asks import WEB
from tests.keeping.people import locked_trial, new_diary, sealed_trial, titrated
from tests.web.browser import FILE, Browser

from nightdose.diary.entry import Entry
from nightdose.keeping import sealing
from nightdose.keeping.what_next import CODES
from nightdose.protocol.sealing import helper_keys
from nightdose.web.app import POST, create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place
from nightdose.web.views.frame import PAGE_FOR

TODAY = datetime.date.today()
NEXT = re.compile(r'<p class="next">Next: <a href="/[^"]*">[^<]{10,}</a></p>')
# address -> what was done before, the form
ACTS = {
    "/": (None, {"once": "a-form-of-its-own", "score:pain": "4"}),
    "/undo": (None, {"number": "1"}),
    "/entry": (None, {"number": "1", "act": "withdraw"}),
    "/plan/gates": (None, {"act": "medicine", "name": "paracetamol 500"}),
    "/plan/titration": (None, WEB["titration"][2]),
    "/plan/liquid": (None, WEB["liquid"][2]),
    "/plan/trial": (None, WEB["lock"][2]),
    "/plan/amend": (locked_trial, {"note": "the clock was changed", "reason": "summer time"}),
    "/plan/unlock": (locked_trial, {"reason": "the prescriber wants longer blocks"}),
    "/plan/stop": (sealed_trial, {"reason": "the nights were too bad"}),
    "/plan/end": (lambda store, start, today, **_: titrated(store, start, today=today), {}),
    "/plan/unblind": (sealed_trial, {"block": "1", "reason": "hospital", "emergency": "yes"}),
    "/data/verify": (None, {}),
    "/data/backup": (None, {}),
    "/data/delete": (None, {"sure": "delete everything"}),
    "/letter": (None, {"name": "A. B."}),
}
# the page that comes is the next step, a question about this act, or a file for somebody else
STEPS = {
    "/data/import", "/data/take", "/medicine", "/share", "/start/restore", "/plan/seal", "/plan/reveal", "/plan/card",
    "/plan/power/stop", "/answer/look", "/answer/certify", "/answer/stop", "/tonight", "/start/example",
    "/data/passphrase", "/data/recovery", "/start/leave", "/start/key", "/start/outcomes", "/unlock", "/lock",
    "/language",
}  # fmt: skip


def opened(path, before=None):
    with new_diary(path, answered=TODAY) as store:
        store.add(Entry(TODAY - datetime.timedelta(days=1), "score", "pain", 4.0))
        if before is not None:
            before(store, start=TODAY + datetime.timedelta(days=2), today=TODAY, run_in=3)
    doors = Doors()
    return Browser(create_app(Desk(path), Place.loopback(8765), doors), doors.new_token())


def test_every_act_is_asked():
    assert set(ACTS) | STEPS == set(POST)


@pytest.mark.parametrize("path", ACTS)
def test_an_act_says_what_comes_next(path, tmp_path):
    before, form = ACTS[path]
    answer = opened(tmp_path / "d.db", before).post(path, form)
    assert answer.status == 200
    assert NEXT.search(answer.text)


def test_taking_in_a_file_says_what_comes_next(tmp_path):
    browser = opened(tmp_path / "d.db")
    seen = browser.upload("/data/import", "t.csv", f"date,pain\n{TODAY - datetime.timedelta(days=3)},4\n".encode())
    token = re.search(r'name="token" value="([^"]+)"', seen.text)[1]
    assert NEXT.search(browser.post("/data/take", {"token": token}).text)


def test_a_file_that_was_made_waits_on_a_page_that_says_what_comes_next(tmp_path):
    """A backup, restored where there is none; an order, sealed and revealed; a registration for a pool."""
    browser = opened(tmp_path / "d.db", locked_trial)
    backup = browser.post("/data/backup")
    other = Desk(tmp_path / "other.db")
    doors = Doors()
    newcomer = Browser(create_app(other, Place.loopback(8765), doors), doors.new_token())
    restored = newcomer.upload("/start/restore", "b.nightdose-backup", browser.file_of(backup).body)
    identity, recipient = helper_keys()
    sealed = browser.post("/plan/seal", {"recipient": recipient})
    order = sealing.open_sealed(browser.get("/plan/sealed-order.age").body, identity)
    form = {"condition": "fibromyalgia", "act": "save_plan"}
    registered = browser.post("/share", form)
    revealed = browser.upload("/plan/reveal", "order.json", order.to_bytes(), {"early": "it stops here"})
    for page in (backup, restored, sealed, registered, revealed):
        assert page.status == 200, page.text
        assert NEXT.search(page.text), page.text


def test_a_file_waits_until_the_next_is_made_or_the_diary_is_locked(tmp_path):
    browser = opened(tmp_path / "d.db")
    first, second = browser.post("/data/backup"), browser.post("/data/backup")
    assert browser.file_of(second).body == browser.file_of(second).body
    address = FILE.search(first.text)[1]
    gone = browser.get("/made", query=address)
    assert (gone.status, "once more" in gone.text) == (404, True)


def test_a_page_that_nobody_acted_on_says_nothing_of_it(tmp_path):
    browser = opened(tmp_path / "d.db")
    assert not any(NEXT.search(browser.get(path).text) for path in ("/", "/plan", "/data", "/letter", "/timeline"))


def test_everything_that_may_come_next_has_a_page():
    assert {*CODES, "help", "date"} <= PAGE_FOR.keys()
