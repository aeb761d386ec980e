"""A file, a function and a list of arguments stay as small as one looks at in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import nightdose

PACKAGE = Path(nightdose.__file__).parent
MOST_LINES, LONGEST_FUNCTION, MOST_ARGUMENTS = 400, 60, 6
# what may be larger, and why
LARGER = {
    "analyse.py: analyse": "documented keywords that notebooks use, each of them a plain number or a value of its own",
}


def python_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return sum(each.arg not in ("self", "cls") for each in named)


def named(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return f"{path.relative_to(PACKAGE)}: {node.name}"


def test_no_file_is_longer_than_four_hundred_lines():
    longer = {str(path): n for path in python_files() if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES}
    assert not longer


def test_no_function_is_longer_than_sixty_lines():
    found = {named(p, f): length(f) for p in python_files() for f in functions(p) if length(f) > LONGEST_FUNCTION}
    assert not found


def test_no_public_function_asks_for_more_than_six_things():
    found = {
        named(path, node)
        for path in python_files()
        for node in functions(path)
        if not node.name.startswith("_") and arguments(node) > MOST_ARGUMENTS
    }
    assert found == set(LARGER)


def test_the_count_sees_what_is_too_large():
    node = ast.parse("def f(a, b, /, c, *, d, e, f, g):\n    pass\n" + "    pass\n" * 60).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert arguments(node) == 7
    assert length(node) == 62


# one word for one thing: these stand for two in folders that never meet; no name joins them
DOUBLE = {
    "Asked", "Beside", "Body", "Claim", "Condition", "DosePart", "Entry", "EvidencePage", "Frame", "Pair",
    "Part", "Piece", "Place", "Pool", "Reason", "Row", "Seen", "Sent", "Shown", "Study", "Switch", "Taken", "Written",
}  # fmt: skip


def test_a_class_has_a_name_of_its_own():
    """Question, Outcome, Column, Block and Step, the words of a diary, name one class each."""
    names = [
        node.name
        for path in python_files()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert {name for name in names if names.count(name) > 1} <= DOUBLE
