"""Each promise of the pages on the diary stands there as it is written here, and has a test that exists."""

import re
from functools import cache
from pathlib import Path

import pytest
from tests.commands import command_line
from tests.promises import PROMISES

ROOT = Path(__file__).parents[1]
STRONG = re.compile(r"\b(never|always|refused|not counted|asked (?:for|about|anew)|cannot be made)\b")
ALL = [(page, words, test) for page, found in PROMISES.items() for words, test in found]


@cache
def page(name):
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    return " ".join(text.partition("<!-- below")[0].split())


@cache
def known_tests():
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.MULTILINE)}


@pytest.mark.parametrize(("name", "words", "test"), ALL, ids=[f"{name}: {words[:40]}" for name, words, _ in ALL])
def test_a_promise_stands_on_its_page_and_its_test_exists(name, words, test):
    assert words in page(name)
    assert test in known_tests()


@pytest.mark.parametrize("name", PROMISES)
def test_every_paragraph_that_promises_strongly_has_a_promise_with_a_test(name):
    """A paragraph, list item or row with one of the strong words holds the words of a promise of the table."""
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8").partition("<!-- below")[0]
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    parts = re.split(r"\n(?=\s*(?:\||- ))|\n\s*\n", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    bare = [
        " ".join(part.split())[:90]
        for part in parts
        if STRONG.search(part) and not any(words in " ".join(part.split()) for words, _ in PROMISES[name])
    ]
    assert bare == []


def test_a_page_says_nothing_twice_in_the_table():
    assert len({(name, words) for name, words, _ in ALL}) == len(ALL)


def test_every_command_but_serve_takes_json():
    without = {
        words
        for words, options in command_line().items()
        if "--json" not in {o for each in options for o in each.split()}
    }
    assert without == {"serve"}


def test_nothing_of_the_program_calls_another_computer():
    """No module imports what opens a connection; `serve` listens on this machine, and only its module has a socket."""
    calling = re.compile(
        r"^\s*(?:import|from) (?:urllib\.request|http\.client|ftplib|smtplib|imaplib|requests|httpx|aiohttp|socket)\b",
        re.MULTILINE,
    )
    found = {path.name for path in (ROOT / "src").rglob("*.py") if calling.search(path.read_text(encoding="utf-8"))}
    assert found == {"serving.py"}
