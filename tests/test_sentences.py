"""A sentence that the library makes is read at a terminal and on a page, so it names no option and no command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import nightdose
from nightdose.cli.main import COMMANDS
from nightdose.cli.phrased import option, phrased
from nightdose.errors import CallError, InputError

PACKAGE = Path(nightdose.__file__).parent
LATER = ("serve", "verify", "evidence", "contribute", "pool", "report")
COMMAND = re.compile(rf"\bnightdose (?:{'|'.join((*COMMANDS, *LATER))})\b")
OPTION = re.compile(r"(?<![\w(:;{-])--[a-z][a-z-]*(?![\w-]*:)")  # not a colour of a style sheet: var(--ink), --ink:
FACES = ("cli",)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a file: the literals of Python, the lines of data and templates."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def library_files() -> list[Path]:
    found = [path for ending in ("py", "toml", "html") for path in PACKAGE.rglob(f"*.{ending}")]
    return [path for path in found if path.relative_to(PACKAGE).parts[0] not in FACES]


def test_no_text_outside_the_command_line_names_an_option_or_a_command():
    named = [
        f"{path.relative_to(PACKAGE)}:{line}: {text.strip()[:80]}"
        for path in library_files()
        for line, text in strings(path)
        if OPTION.search(text) or COMMAND.search(text)
    ]
    assert not named, "\n".join(named)


@pytest.mark.parametrize(
    "text", ["Give the right --range.", "Take --scale count.", "Start one with `nightdose log --start`."]
)
def test_the_search_finds_options_and_commands(text):
    assert OPTION.search(text) or COMMAND.search(text)


@pytest.mark.parametrize("text", ["color: var(--ink)", ":root { --ink: #222 }", "a dash -- and more", "<!-- note -->"])
def test_the_search_leaves_styles_and_dashes_alone(text):
    assert not OPTION.search(text)


def test_the_command_line_puts_the_option_before_the_sentence_and_the_command_behind():
    assert phrased(CallError("0 cannot be it.", field="meaningful")) == "--meaningful: 0 cannot be it."
    assert phrased(CallError("It is not a range.", field="limits")).startswith("--range: ")
    assert "nightdose log --start" in phrased(InputError("There is no diary.", code="no_diary"))
    assert phrased(CallError("Nothing to add.")) == "Nothing to add."


def test_an_argument_is_its_option_with_dashes():
    assert option("day_start") == "--day-start"


# how it was written -> how people say it
STIFF = {
    r"(?<!here )\bis no (?!longer\b)[a-z]": "is not a ...",
    r"\bthis very [a-z]|\bvery analysis\b": "this ...",
    r"\bis besides\b|\bAnd besides\b": "is also",
    r"\bNone = no\b[^.]{0,20}\bwas made\b": "None where there is none",
}


def package_texts() -> list[tuple[str, str]]:
    paths = [path for ending in ("py", "toml", "html") for path in PACKAGE.rglob(f"*.{ending}")]
    return [(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8")) for path in sorted(paths)]


@pytest.mark.parametrize("written", STIFF)
def test_sentences_and_docstrings_are_plain_english(written):
    found = [f"{name}: {match.group()}" for name, text in package_texts() for match in re.finditer(written, text)]
    assert not found, f"say '{STIFF[written]}': " + "; ".join(found)


@pytest.mark.parametrize("text", ["'x' is no number.", "the numbers of this very run", "A rating is besides fitted"])
def test_the_search_finds_stiff_sentences(text):
    assert any(re.search(written, text) for written in STIFF)


@pytest.mark.parametrize("text", ["There is no diary.", "The boxes are no longer sealed: this is no longer blind."])
def test_the_search_leaves_good_sentences_alone(text):
    assert not any(re.search(written, text) for written in STIFF)
