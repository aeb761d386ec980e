"""What the pages say exists (commands, options, names, files, decisions), and every command and option has its page."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tests.commands import command_line

import nightdose
from nightdose.cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = (*(ROOT / name for name in ("README.md", "CONTRIBUTING.md")), *sorted((ROOT / "docs").rglob("*.md")))
READER_PAGES = [page for page in PAGES if "decisions" not in page.parts]
FOLDERS = ("", "src/nightdose", "docs", "tests", "cpp", "benchmarks", "examples", "src/nightdose/knowledge/data")
# options before any command, of other programs and of our benchmarks, that a page may name
OTHERS = {
    "--language",
    "--no-build-isolation",
    "--no-deps",
    "--durations",
    "--first",
    "--kinds",
    "--only",
    "--page",
    "--size",
}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def whole(option: str) -> re.Pattern[str]:
    """Any spelling of an option, not as a part of another one."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, option.split()))})(?![\w-])")


@pytest.mark.parametrize("command", [name for name in command_line() if " " not in name])
def test_every_command_and_each_of_its_options_stands_in_a_page_that_names_the_command(command):
    pages = [text_of(page) for page in READER_PAGES if re.search(rf"nightdose {command}\b", text_of(page))]
    assert pages, f"no page says `nightdose {command}`"
    wanted = {
        (name, option) for name, found in command_line().items() if name.split()[0] == command for option in found
    }
    missing = sorted(f"{n} {o}" for n, o in wanted if not any(whole(o).search(text) for text in pages))
    assert not missing, "say in a page what these do: " + ", ".join(missing)


def test_every_command_stands_in_the_table_of_the_readme():
    rows = re.findall(r"^\| `nightdose (\w+)` \|", text_of(ROOT / "README.md"), re.MULTILINE)
    assert sorted(rows) == sorted(COMMANDS)


@pytest.mark.parametrize("words", [name for name in command_line() if " " in name])
def test_every_word_of_a_command_stands_in_a_page(words):
    assert any(re.search(rf"{words}\b", text_of(page)) for page in READER_PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_that_a_page_names_exists(page):
    known = {word for found in command_line().values() for option in found for word in option.split()} | OTHERS
    written = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text_of(page)))
    assert not written - known, f"{page.name} names options that do not exist: {sorted(written - known)}"


def test_every_public_name_is_explained_and_every_name_the_library_page_uses_is_public():
    text = text_of(ROOT / "docs" / "library.md")
    assert not [name for name in nightdose.__all__ if f"`{name}`" not in text]
    assert set(re.findall(r"\bnd\.(\w+)", text)) <= set(nightdose.__all__)


@cache
def files() -> tuple[Path, ...]:
    return tuple(
        path.relative_to(ROOT)
        for top in (*ROOT.glob("*"), ROOT / ".ci")
        if top.name not in (".venv", "build", ".git", "demo-output", ".venv-oldest", "dist")
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    )


def place(name: str, page: Path) -> Path | None:
    """The file or folder that a page means: from the root, the package, beside the page; else the one of that name."""
    for folder in (page.parent, *(ROOT / folder for folder in FOLDERS)):
        if (folder / name).exists():
            return folder / name
    ends = [path for path in files() if path.as_posix().endswith(f"/{name}")]
    return ROOT / ends[0] if ends else None


MENTION = re.compile(r"`([\w./{},*-]+\.(?:py|pyi|cpp|hpp|toml|bib|csv|json|html|md))(?::\s*`?([A-Za-z_][\w.]*))?")
NOT_OURS = re.compile(r"^/|^(?:diary|people|letter|answer|my|your|tonight|results|FILE|DIARY|kit|report)\b|[*{]|NAME")


def mentions(page: Path) -> list[tuple[str, str]]:
    """(file, name inside it or '') of every file in backticks that is neither an address nor a person's own."""
    return [(file, name) for file, name in MENTION.findall(text_of(page)) if not NOT_OURS.search(file)]


@pytest.mark.parametrize("page", READER_PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists_and_holds_the_name_beside_it(page):
    for file, name in mentions(page):
        found = place(file, page)
        assert found is not None, f"{page.name} names `{file}`, which does not exist"
        if name:
            assert re.search(rf"\b{re.escape(name.split('.')[-1])}\b", text_of(found)), f"{file} has no `{name}`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page):
    for target, heading in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([\w-]+))?\)", text_of(page)):
        to = page.parent / target if target else page
        assert to.exists(), f"{page.name} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.+)$", text_of(to), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", t).strip().lower().replace(" ", "-") for t in titles}


def test_every_decision_that_is_named_was_written_down():
    there = {path.name[:3] for path in (ROOT / "docs" / "decisions").glob("*.md")}
    code = [ROOT / path for path in files() if path.suffix in (".py", ".cpp", ".hpp", ".toml", ".md", ".txt")]
    for path in code:
        for number in re.findall(r"decisions?/? ?(\d{3})\b", text_of(path)):
            assert number in there, f"{path.relative_to(ROOT)} names decision {number}"


def test_every_page_that_the_code_names_exists():
    for path in files():
        if path.suffix in (".py", ".cpp", ".hpp"):
            for name in re.findall(r"\bdocs/[\w./-]+\.(?:md|json)", text_of(ROOT / path)):
                assert (ROOT / name).exists(), f"{path} names {name}"


def test_each_row_of_the_glossary_points_at_a_file_or_folder():
    page = ROOT / "docs" / "glossary.md"
    rows = [line.split("|") for line in text_of(page).splitlines() if line.startswith("| ") and "`" in line]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`([\w./]+)`", row[-2])
        assert any(place(name, page) for name in named), row


def test_every_module_says_what_it_is():
    for path in sorted((ROOT / "src" / "nightdose").rglob("*.py")):
        assert ast.get_docstring(ast.parse(text_of(path))), f"{path.relative_to(ROOT)} has no first sentence"


def test_every_word_of_the_makefile_has_one_rule_and_every_make_command_of_a_page_is_one():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = {word for line in re.findall(r"^\.PHONY:(.*)$", text, re.MULTILINE) for word in line.split()}
    rules = re.findall(r"^([\w-]+):(?!=)", text, re.MULTILINE)
    assert sorted(rules) == sorted(words)
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    said = {word for page in pages for word in re.findall(r"`make ([\w-]+)`", page.read_text(encoding="utf-8"))}
    assert said <= words
