"""The bridge between a browser's worker and the app, asked in ordinary Python: nothing but the place is different."""

from __future__ import annotations

import asyncio
import datetime
import importlib.util
import itertools
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from nightdose.diary.entry import Outcome
from nightdose.keeping import opening, settings

PLACE = Path(__file__).resolve().parents[2] / "browser" / "python" / "nightdose_here.py"
ONE_THREAD = ThreadPoolExecutor(1)  # a diary stays in the thread that opened it
PREFIX, FORM = "/some/where/p/token", "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def here():
    spec = importlib.util.spec_from_file_location("nightdose_here", PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bridge(here, tmp_path):
    """An open diary with one outcome."""
    path = tmp_path / "diary.db"
    opening.start(path, None)
    with opening.open_diary(path) as store:
        settings.choose_outcome(store, Outcome("Pain", "0-10", "lower", worth=1.0))
    told = []
    made = here.Bridge(str(path), PREFIX, lambda done, total: told.append((done, total)))
    made.told = told
    return made


@pytest.fixture
def german(here, bridge):
    """The same diary where the browser asks for German."""
    return here.Bridge(str(bridge._desk.path), PREFIX, lambda done, total: None, "de-AT,de;q=0.9,en;q=0.8")


def in_a_loop_of_its_own(work):
    """The result of a coroutine, also where Playwright's own loop runs in this thread."""
    return ONE_THREAD.submit(asyncio.run, work).result()


def get(bridge, path, query=""):
    return in_a_loop_of_its_own(bridge.answer("GET", path, query, "", b""))


def post(bridge, path, **form):
    return in_a_loop_of_its_own(bridge.answer("POST", path, "", FORM, urlencode(form).encode()))


# what the Python inside a browser lacks (Pyodide's list of removed modules)
LACKING = ["_multiprocessing", "_posixshmem", "fcntl", "grp", "pwd", "resource", "syslog", "termios", "curses", "venv"]
IMPORTED = """
import importlib.util, sys
sys.modules.update(dict.fromkeys({lacking!r}))
given = importlib.util.spec_from_file_location("nightdose_here", {place!r})
given.loader.exec_module(importlib.util.module_from_spec(given))
import nightdose.checks.certificate, nightdose.cli, nightdose.planning
"""


def test_the_app_and_the_command_line_begin_without_what_a_browser_lacks():
    words = IMPORTED.format(lacking=LACKING, place=str(PLACE))
    done = subprocess.run([sys.executable, "-c", words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_address_on_a_page_begins_with_the_prefix_of_its_window(bridge):
    for path in ("/", "/data", "/help", "/plan", "/timeline"):
        status, _, body = get(bridge, path)
        addresses = re.findall(r'\s(?:href|src|action|formaction)="(/[^"]*)"', body.decode())
        assert status == 200
        assert len(addresses) >= 6
        assert {each for each in addresses if not each.startswith(PREFIX + "/")} == set()


def test_a_redirect_stays_under_the_prefix(bridge):
    status, headers, _ = post(bridge, "/", day="", once="abcdefgh12345678", **{"score:Pain": "3"})
    assert status == 303
    assert dict(headers)["location"].startswith(PREFIX + "/?saved=")


def test_words_of_a_diary_that_look_like_an_address_are_not_changed(bridge):
    post(bridge, "/", once="abcdefgh12345679", note='see href="/answer" there')
    _, _, body = get(bridge, "/timeline")
    assert b"see href=" in body.replace(b"&#34;", b'"')
    assert f"see href=&#34;{PREFIX}".encode() not in body


def test_a_page_may_stand_in_the_frame_of_its_own_window_alone(bridge):
    _, headers, _ = get(bridge, "/")
    said = dict(headers)
    assert "frame-ancestors 'self'" in said["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in said["content-security-policy"]
    assert said["x-frame-options"] == "SAMEORIGIN"
    assert "set-cookie" not in said


def test_the_forms_made_ahead_are_those_of_the_days_to_come_and_leave_the_diary_open(bridge):
    pages, since = [], datetime.datetime.now().timestamp() * 1000
    while len(pages) < 4:
        pages.append(json.loads(in_a_loop_of_its_own(bridge.ahead(since))))
        since = pages[-1]["until"]
    assert all(p["until"] == q["from"] for p, q in itertools.pairwise(pages))
    today = datetime.date.today()
    evenings = [
        f"{today + datetime.timedelta(days=i):%A %-d %B}" for i in range(-1, 4)
    ]  # after midnight it is yesterday's
    first = next(i for i, evening in enumerate(evenings) if evening in pages[0]["html"])
    for evening, page in zip(evenings[first:], pages, strict=False):
        assert evening in page["html"]
        assert page["until"] - page["from"] <= 25 * 3_600_000
    assert bridge.state() == "open"


def test_nothing_is_made_ahead_where_there_is_no_form(here, tmp_path):
    empty = here.Bridge(str(tmp_path / "none.db"), PREFIX, lambda done, total: None)
    assert in_a_loop_of_its_own(empty.ahead(0)) == "null"


def test_what_tonights_page_needs_of_any_diary_can_be_made_before_it_is_open(here, tmp_path):
    empty = here.Bridge(str(tmp_path / "none.db"), PREFIX, lambda done, total: None)
    empty.warm()
    assert empty.state() == "absent"


def test_long_work_runs_after_the_page_and_says_how_far_it_is(here):
    from nightdose.keeping.jobs import Jobs

    later, told = here.Afterwards(), []
    jobs = Jobs(pool=later, watch=lambda done, total: told.append((done, total)))
    number = jobs.start("count", lambda progress: [progress(i, 2) for i in (1, 2)] and "counted")
    assert jobs.look(number).state == "waiting"
    later.run()
    assert (jobs.look(number).state, jobs.look(number).result) == ("done", "counted")
    assert told[-2:] == [(1, 2), (2, 2)]


def test_what_breaks_in_long_work_is_said_and_does_not_stop_what_waits(here):
    from nightdose.keeping.jobs import Jobs

    later = here.Afterwards()
    jobs = Jobs(pool=later)
    first, second = jobs.start("breaks", lambda _: 1 / 0), jobs.start("works", lambda _: 2)
    later.run()
    assert (jobs.look(first).state, jobs.look(second).result) == ("failed", 2)


def test_a_package_that_is_missing_is_not_asked_to_be_installed_here(here):
    said = here.INSTALL.sub(here.INSTEAD, "A PDF needs more packages: pip install &#39;nightdose[pdf]&#39;.")
    assert "pip" not in said
    assert said.endswith("on a computer with nightdose, where your backup opens.")


def test_what_signs_is_not_asked_for_by_the_name_of_a_package(bridge, monkeypatch):
    monkeypatch.setattr("nightdose.keeping.letter_files.can_sign", lambda: False)
    body = get(bridge, "/letter")[2].decode()
    assert "cryptography" not in body
    assert "It will not be signed: that does not run in a browser, but it does on a computer" in body


def test_the_place_is_named_as_a_person_knows_it(bridge):
    assert b"this browser&#39;s own storage" in get(bridge, "/data")[2]


def test_pages_are_in_the_language_that_the_browser_asks_for(german):
    status, _, body = get(german, "/data")
    assert (status, b'<html lang="de"' in body) == (200, True)
    assert "im eigenen Speicher dieses Browsers" in body.decode()


def test_a_language_that_is_chosen_holds_and_is_told(here, german):
    assert german.chosen == ""
    assert post(german, "/language", language="en")[0] == 303
    assert german.chosen == "en"
    assert b'<html lang="en"' in get(german, "/data")[2]
    later = here.Bridge(str(german._desk.path), PREFIX, lambda done, total: None, "en", "de")
    assert b'<html lang="de"' in get(later, "/data")[2]
    assert 'lang="de"' in later.refusal("Davon wurde nichts aufbewahrt.").decode()


def test_what_does_not_run_there_is_said_in_german_too(german):
    body = get(german, "/letter")[2].decode()
    assert "cryptography" not in body
    assert "pip install" not in body
