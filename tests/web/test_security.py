"""Who may speak to the app, and who may not: each row of what went wrong in other loopback apps is a test."""

import pytest
from tests.web.browser import HOST, Browser, call, finish

from nightdose.web.app import GET, POST
from nightdose.web.security import LARGEST_FORM

OTHER = "http://evil.example"


def own(browser, *more):
    return [("host", HOST), ("cookie", browser.cookie), *more]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8765.evil.example", "[::1]:8765", ""],
)
def test_another_host_name_is_refused_even_with_the_cookie(browser, host):
    """A rebound name reaches 127.0.0.1 but says its own name."""
    answer = call(browser.app, headers=[("host", host), ("cookie", browser.cookie)])
    assert answer.status == 421
    assert "diary" not in answer.text.lower()


def test_no_host_and_two_hosts_are_refused(browser):
    assert call(browser.app, headers=[("cookie", browser.cookie)]).status == 421
    assert call(browser.app, headers=own(browser, ("host", "evil.example"))).status == 421


def test_localhost_is_the_same_place(browser):
    assert call(browser.app, headers=[("host", "localhost:8765"), ("cookie", browser.cookie)]).status != 421


@pytest.mark.parametrize("path", sorted({*GET, *POST}))
def test_nothing_is_shown_or_done_without_the_cookie(app, path):
    for method in ("GET", "POST"):
        headers = [("host", HOST), ("origin", f"http://{HOST}"), ("sec-fetch-site", "same-origin")]
        assert call(app, method, path, headers=headers).status == 401


def test_a_token_opens_one_session_and_is_spent(app, doors):
    token = doors.new_token()
    answer = call(app, query=f"token={token}", headers=[("host", HOST)])
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert token not in str(answer.headers)
    assert call(app, query=f"token={token}", headers=[("host", HOST)]).status == 403


def test_the_cookie_is_closed_to_scripts_and_other_sites_and_named_with_the_port(app, doors):
    cookie = call(app, query=f"token={doors.new_token()}", headers=[("host", HOST)]).headers["set-cookie"]
    assert cookie.startswith("nightdose-8765=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_reloading_the_printed_address_in_the_same_browser_goes_home(app, doors):
    token = doors.new_token()
    browser = Browser(app, token)
    assert browser.get("/", query=f"token={token}", follow=False).status == 303


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "../../", "a" * 5000])
def test_a_wrong_token_opens_nothing(app, token):
    answer = call(app, query=f"token={token}", headers=[("host", HOST)])
    assert answer.status in (401, 403)
    assert "set-cookie" not in answer.headers


def test_a_token_chooses_no_page(app, doors):
    """An open redirect would carry the session away."""
    for path in ("//evil.example", "/\\evil.example", "/https://evil.example"):
        answer = call(app, path=path, query=f"token={doors.new_token()}", headers=[("host", HOST)])
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "more",
    [
        [("origin", OTHER)],
        [("origin", OTHER), ("sec-fetch-site", "cross-site")],
        [("origin", f"http://{HOST}"), ("sec-fetch-site", "cross-site")],
        [("origin", "null")],
        [("origin", "null"), ("sec-fetch-site", "cross-site")],
        [("origin", "null"), ("sec-fetch-site", "none")],
        [("origin", "http://127.0.0.1:9999"), ("sec-fetch-site", "same-site")],
        [("origin", f"https://{HOST}")],
        [("sec-fetch-site", "none")],
        [],
    ],
    ids=str,
)
def test_a_change_from_elsewhere_is_refused_with_the_cookie(browser, more):
    assert call(browser.app, "POST", "/lock", headers=own(browser, *more)).status == 403


@pytest.mark.parametrize("origin", [f"http://{HOST}", "null"])
def test_a_change_from_our_own_page_is_taken(browser, origin):
    """Chromium says `Origin: null` where a page sends no referrer, as ours do."""
    more = [("origin", origin), ("sec-fetch-site", "same-origin")]
    assert call(browser.app, "POST", "/lock", headers=own(browser, *more)).status == 303


def test_another_page_cannot_read_ours_in_the_background(browser):
    more = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]
    assert call(browser.app, headers=own(browser, *more)).status == 403


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(browser, method):
    assert call(browser.app, method, headers=own(browser)).status == 405


def test_a_websocket_is_closed_at_once(app):
    out = []

    async def send(message):
        out.append(message)

    finish(app({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert out == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("path", sorted(GET))
def test_every_page_carries_the_headers(browser, path):
    headers = browser.get(path, follow=False).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "script-src 'unsafe" not in policy
    assert not any(name.startswith("access-control-") for name in headers)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_form_larger_than_what_is_typed_is_refused(browser, chunked):
    body = b"note=" + b"x" * (LARGEST_FORM + 1)
    headers = own(
        browser, ("origin", f"http://{HOST}"), ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
        *([] if chunked else [("content-length", str(len(body)))]),
    )  # fmt: skip
    chunks = [body[i : i + 65536] for i in range(0, len(body), 65536)] if chunked else None
    assert call(browser.app, "POST", "/", headers=headers, body=body, chunks=chunks).status == 413


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/", "/static/app.py"]
)
def test_static_gives_only_our_own_files(browser, path):
    assert browser.get(path).status == 404


def test_static_is_given_without_a_session_and_holds_no_word_of_a_diary(app):
    answer = call(app, path="/static/app.css", headers=[("host", HOST)])
    assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_a_session_outlives_a_killed_server(desk):
    """Digests are remembered, never secrets: who reads the file cannot enter."""
    from nightdose.web.app import create_app
    from nightdose.web.security import Doors, Place

    kept = []
    first = Doors(remember=lambda sessions: kept.append(set(sessions)))
    browser = Browser(create_app(desk, Place.loopback(8765), first), first.new_token())
    secret = browser.cookie.split("=")[1]
    assert secret not in kept[-1]
    browser.app = create_app(desk, Place.loopback(8765), Doors(sessions=kept[-1]))
    assert browser.get("/more").status == 200
