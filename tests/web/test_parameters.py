"""Every address with every parameter it knows: a marker never comes back unescaped, and nothing breaks.

The addresses come from the tables of the app, the parameters from the source of each page and from the forms it draws,
so that a new page or field is tried without being named here.
"""

import ast
import datetime
import inspect
import logging
import re
import sys
from functools import cache
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from tests.web.browser import Browser
from tests.web.conftest import NOW

from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.web.app import GET, POST, create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place

MARKER = "zq\"'><zq onx=1>"
UNESCAPED = ("zq\"'", "<zq", "onx=1>")
NONSENSE = ("", "-1", "1e309", "nan", "9" * 400, "\x00", "2026-13-45", "\u202e\ud83d", "../../etc/passwd", "0")
READERS = {"typed", "get"}
OF_EVERY_PAGE = {"format", "nobody_knows"}


@cache
def parameters(view):
    """Names of parameters in the source of a view's module: typed("x"), query.get("x"), query["x"], many.get("x")."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[view.__module__]))):
        word = None
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READERS
            and node.args
        ):
            word = node.args[0]
        elif isinstance(node, ast.Subscript):
            word = node.slice
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant):
            word = node.left
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and word.value.isidentifier():
            found.add(word.value)
    return frozenset(found | OF_EVERY_PAGE)


class Forms(HTMLParser):
    """The fields of every form of a page: action -> names."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.action = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.action = said.get("action")
            self.fields.setdefault(self.action, set())
        elif self.action and said.get("name"):
            self.fields[self.action].add(said["name"])

    def handle_endtag(self, tag):
        self.action = None if tag == "form" else self.action


def filled(path):
    """A diary in which every word is a marker: outcome, event, note, medicine, side effect."""
    with Store(path, None, create=True, clock=lambda: NOW) as store:
        settings.choose_outcome(store, Outcome("Pain", "0-10", "lower"))
        settings.choose_outcome(store, Outcome(MARKER, "number", "lower", unit=MARKER))
        for t in range(40):
            day = NOW.date() - datetime.timedelta(days=40 - t)
            store.add(
                Entry(day, "score", "Pain", float(t % 7)), Entry(day, "score", MARKER, float(t % 5)),
                Entry(day, "dose", "naltrexone", 4.5 if t > 20 else None, "mg" if t > 20 else "",
                      "taken" if t > 20 else "missed"),
            )  # fmt: skip
        day = NOW.date() - datetime.timedelta(days=1)
        store.add(
            Entry(day, "event", MARKER, text=MARKER), Entry(day, "note", "note", text=MARKER),
            Entry(day, "medicine", MARKER, status="start"), Entry(day, "rescue", MARKER, 1.0, MARKER, "taken"),
            Entry(day, "side_effect", MARKER, 3.0), Entry(day, "lab", MARKER, 3.0, MARKER),
        )  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One filled diary and everything its pages' forms can send."""
    path = tmp_path_factory.mktemp("fuzz") / "diary.db"
    filled(path)
    doors, desk = Doors(), Desk(path, clock=lambda: NOW)
    browser = Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token())
    fields = {}
    for page in [*GET, "/entry?number=1", "/entry?number=125", "/answer?outcome=Pain"]:
        answer = browser.get(page)
        if answer.headers["content-type"].startswith("text/html"):
            for action, names in Forms(answer.text).fields.items():
                fields.setdefault(action, set()).update(names)
    return path.read_bytes(), fields


@pytest.fixture
def browser(whole, tmp_path):
    path = tmp_path / "diary.db"
    path.write_bytes(whole[0])
    doors, desk = Doors(), Desk(path, clock=lambda: NOW)
    yield Browser(create_app(desk, Place.loopback(8765), doors), doors.new_token())
    desk.close()


def fine(answer, asked):
    assert answer.status < 500, asked
    if answer.headers.get("content-type", "").startswith("text/html"):
        body = answer.text
        for word in UNESCAPED:
            assert word not in body, (asked, body[max(0, body.find(word) - 120) : body.find(word) + 60])
    for value in answer.headers.values():
        assert "\n" not in value
        assert "<zq" not in value


@pytest.mark.parametrize("path", sorted(GET))
def test_a_page_with_any_parameter_is_a_page(browser, path):
    names = sorted(parameters(GET[path]))
    fine(browser.get(path), path)
    for name in names:
        fine(browser.get(path, query=f"{quote(name)}={quote(MARKER)}"), (path, name))
    for word in NONSENSE:
        every = "&".join(f"{quote(name)}={quote(word, errors='replace')}" for name in names if name != "format")
        fine(browser.get(path, query=every), (path, word))


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(POST))
def test_a_form_with_any_word_in_any_field_is_a_page(browser, whole, path):
    names = sorted(parameters(POST[path]) | whole[1].get(path, set()))
    for name in names:
        fine(browser.post(path, {name: MARKER}), (path, name))
    for word in (MARKER, *(NONSENSE if set(names) - OF_EVERY_PAGE else NONSENSE[:1])):
        every = [name for name in names if name != "act"]
        said = word.encode("utf-8", "replace").decode()
        for act in sorted(acts(POST[path])) or [""]:
            form = {**dict.fromkeys(every, said), **({"act": act} if act else {})}
            fine(browser.post(path, form, follow=word == MARKER), (path, act, word))


def acts(view):
    """The words that a view's module compares `act` with."""
    source = inspect.getsource(sys.modules[view.__module__])
    return set(re.findall(r'case "(\w+)"', source)) | set(re.findall(r'typed\("act"\) == "(\w+)"', source))


@pytest.mark.parametrize(
    "path", sorted(path for path in POST if "import" in path or "restore" in path or "reveal" in path)
)
def test_a_file_with_any_name_and_any_content_is_a_page(browser, path):
    for name, content in (
        (f"{MARKER.replace(chr(34), '')}.csv", b"date,Pain\n2026-01-01,3\n"),
        ("x.csv", f"date,{MARKER}\n2026-01-01,{MARKER}\n".encode()),
        ("x.json", b'{"a": "<zq>"}'),
        ("x.zip", b"PK\x05\x06" + b"\x00" * 18),
        ("x", bytes(range(256))),
    ):
        fine(browser.upload(path, name, content), (path, name))


def test_every_page_of_a_diary_full_of_markers_is_escaped(browser):
    for path in [*GET, *(f"/entry?number={n}" for n in range(110, 127)), "/timeline?days=3653"]:
        fine(browser.get(path), path)


def test_a_new_page_is_tried_without_being_named(whole):
    """The list of fields is really found: it holds fields of forms that no test names."""
    assert {"score:Pain", "note", "day", "once"} <= whole[1]["/"]
    assert "number" in parameters(GET["/entry"])
    assert "outcome" in parameters(GET["/answer"])
    assert "days" in parameters(GET["/timeline"])


def test_after_a_page_broke_the_log_names_no_word_of_the_diary_and_no_token(
    browser, whole, caplog, monkeypatch, tmp_path
):
    """jupyter-server wrote the token of the address into its log on a 500 (GHSA-c3mw-737p-c7g2)."""

    def broken(desk, asked):
        raise ZeroDivisionError("SECRETWORD " + str(asked.query))

    doors = Doors()
    token = doors.new_token()
    desk = Desk(tmp_path / "diary.db", clock=lambda: NOW)
    monkeypatch.setitem(GET, "/help", broken)
    other = Browser(create_app(desk, Place.loopback(8765), doors), token)
    with caplog.at_level(logging.DEBUG):
        answer = other.get("/help", query=f"note=SECRETWORD&x={other.cookie}")
    assert answer.status == 500
    assert "SECRETWORD" not in answer.text
    assert "unharmed" in answer.text
    assert "ZeroDivisionError at test_parameters.py" in caplog.text
    for secret in ("SECRETWORD", token, other.cookie.split("=")[1], "Pain", "note"):
        assert secret not in caplog.text
