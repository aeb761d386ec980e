"""The list of changes fits the package of today: a line that was rewritten is spoilt as it stands now."""

from __future__ import annotations

import ast

import pytest
from tests.mutations.__main__ import noticed_before
from tests.mutations.changes import ROOT, changes, home


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.words[:60])
def test_every_line_to_spoil_stands_in_the_package_once(change):
    assert home(change)


def test_no_change_is_listed_twice():
    words = [change.words for change in changes()]
    assert len(words) == len(set(words))


def test_every_test_that_the_page_names_exists():
    for name in set(noticed_before().values()):
        file, test = name.split("::")[0], name.split("::")[-1]
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name
