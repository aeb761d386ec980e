"""A browser without a socket: calls the ASGI app with the headers a real one sends, and keeps its cookie."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from nightdose.language.number import NBSP

HOST = "127.0.0.1:8765"


@dataclass
class Response:
    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        """As it is read, where a blank that does not break is a blank."""
        return self.body.decode("utf-8").replace(NBSP, " ")

    @property
    def json(self):
        return json.loads(self.body)


def finish(running):
    """Run a coroutine to its end without an event loop: the app waits for nothing outside, no socket and no thread."""
    try:
        running.send(None)
    except StopIteration:
        return
    raise AssertionError("the app waits for something that no caller gives it")


def call(app, method="GET", path="/", *, query="", headers=(), body=b"", chunks=None):
    """One request as bytes, nothing added; `chunks` sends the body in pieces without a length."""
    sent = [*(chunks or [body])]
    out = []

    async def receive():
        piece = sent.pop(0) if sent else b""
        return {"type": "http.request", "body": piece, "more_body": bool(sent)}

    async def send(message):
        out.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8765),
    }  # fmt: skip
    finish(app(scope, receive, send))
    start = next(m for m in out if m["type"] == "http.response.start")
    found = {}
    for name, value in start["headers"]:
        found.setdefault(name.decode().lower(), value.decode("latin-1"))
    return Response(
        start["status"], found, b"".join(m.get("body", b"") for m in out if m["type"] == "http.response.body")
    )


FILE = re.compile(r'href="/made[?](file=[^"]+)"')


class Browser:
    """Opens the printed address, follows redirects, sends forms as the pages of one origin do."""

    def __init__(self, app, token=None):
        self.app, self.cookie, self.others, self.languages = app, "", {}, ""
        if token is not None:
            answer = self.get("/", query=f"token={token}", follow=False)
            assert answer.status == 303, answer.text

    def _headers(self, *more):
        own = [("host", HOST), *more]
        if self.languages:
            own.append(("accept-language", self.languages))
        kept = "; ".join(filter(None, [self.cookie, *(f"{name}={value}" for name, value in self.others.items())]))
        return [*own, ("cookie", kept)] if kept else own

    def _take(self, answer):
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].split(";")[0].partition("=")
            if name == "nightdose-language":
                self.others[name] = value
            else:
                self.cookie = f"{name}={value}"
        return answer

    def get(self, path="/", *, query="", follow=True):
        path, _, more = path.partition("#")[0].partition("?")
        headers = self._headers(("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"))
        answer = self._take(call(self.app, "GET", path, query="&".join(filter(None, (more, query))), headers=headers))
        if follow and answer.status in (302, 303):
            return self.get(answer.headers["location"])
        return answer

    def get_in(self, language, path="/"):
        """One page for a browser that asks for that language."""
        self.languages = language
        return self.get(path)

    def post(self, path, form=(), *, follow=True, body=None, kind="application/x-www-form-urlencoded"):
        sent = (
            urlencode(list(form.items()) if isinstance(form, dict) else list(form)).encode() if body is None else body
        )
        headers = self._headers(
            ("origin", f"http://{HOST}"), ("sec-fetch-site", "same-origin"), ("content-type", kind),
            ("content-length", str(len(sent))),
        )  # fmt: skip
        answer = self._take(call(self.app, "POST", path, headers=headers, body=sent))
        if follow and answer.status == 303:
            return self.get(answer.headers["location"])
        if follow and answer.status == 307:
            return self.post(answer.headers["location"], body=sent, kind=kind)
        return answer

    def upload(self, path, name, content, form=()):
        edge = "nightdose-test-edge"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in dict(form).items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join([*parts, head, content, f"\r\n--{edge}--\r\n".encode()])
        return self.post(path, body=body, kind=f"multipart/form-data; boundary={edge}")

    def file_of(self, answer):
        """The file that the page of an act offers."""
        assert answer.status == 200, answer.text
        return self.get("/made", query=FILE.search(answer.text)[1])
