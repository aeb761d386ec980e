"""From a page's value to bytes: HTML by its template, or the same value as JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nightdose.language.catalogue import language, say, say_count
from nightdose.language.number import HELD, NBSP, plain
from nightdose.web.asked import Shown
from nightdose.web.contexts import PAGES
from nightdose.web.contexts.doors import RefusedPage
from nightdose.web.contexts.frame import Frame
from nightdose.web.language import offered

_TYPESET = re.compile(f"<textarea.*?</textarea>|<[^>]*>|{HELD}", re.DOTALL)  # in this order, so a tag stays whole


@cache
def environment() -> Environment:
    """Templates with escaping on for everything: words of a diary are somebody else's text."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("nightdose.web"), PackageLoader("nightdose.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: "\n".join(map(plain, value.splitlines())) if type(value) is str else value,
    )
    made.globals |= {"say": say, "say_count": say_count, "reading": lambda: language().code, "offered": offered}
    made.filters["safe_svg"] = Markup  # our own drawings, whose words are escaped where they are drawn
    return made


def html(shown: Shown) -> bytes:
    """The page as a person sees it."""
    template = environment().get_template(PAGES[type(shown.page)])
    return held(template.render(frame=shown.frame, page=shown.page)).encode("utf-8")


def held(page: str) -> str:
    """The page with every number held to its percent sign and its mg; what a form sends back stays as it was typed."""
    return _TYPESET.sub(lambda found: NBSP if found[0] == " " else found[0], page)


def as_json(shown: Shown) -> bytes:
    """The page's twin for programs: the same value, names as in `contexts`."""
    return json.dumps(plainly(shown.page), ensure_ascii=False, allow_nan=False).encode("utf-8")


def plainly(value: Any) -> Any:
    """Dataclasses as objects, tuples as lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plainly(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plainly(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plainly(v) for k, v in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def refusal(status: int, sentence: str, *, home: bool = False) -> bytes:
    """A page that says no, without a diary around it. home : with the way back to tonight."""
    path, words = ("/", say("Back to tonight")) if home else ("", "")
    frame = Frame(say("Not now") if status >= 500 else say("Not here"))
    return html(Shown(frame, RefusedPage(sentence, path, words), status))
