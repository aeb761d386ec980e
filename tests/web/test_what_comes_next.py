"""Every act in the browser leads to a page that says what comes next, or to one that is the next step itself."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.cli.test_every_act_asks import WEB
from tests.keeping.people import locked_trial, new_diary
from tests.web.browser import Browser

from nightdose.diary.entry import Entry
from nightdose.web.app import POST, create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place

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
    "/data/verify": (None, {}),
    "/letter": (None, {"name": "A. B."}),
}
# the page that comes is the next step, a question about this act, or a file for somebody else
STEPS = {
    "/data/import", "/data/take", "/medicine", "/share", "/start/restore", "/data/delete", "/data/backup",
    "/plan/seal", "/plan/unblind",
    "/plan/reveal", "/plan/card", "/plan/power/stop", "/answer/look", "/answer/certify", "/answer/stop", "/tonight",
    "/start/example", "/start/leave", "/start/key", "/start/outcomes", "/unlock", "/lock", "/language",
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


def test_a_page_that_nobody_acted_on_says_nothing_of_it(tmp_path):
    browser = opened(tmp_path / "d.db")
    assert not any(NEXT.search(browser.get(path).text) for path in ("/", "/plan", "/data", "/letter", "/timeline"))
