"""The judge inside a browser is the judge of the laptop: the built pieces run by Node."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.browser.folder import built
from tests.browser.same import KINDS, Engine, apart, examples, generated, natively

from nightdose.cli import main

CLOSE = 1e-9


@pytest.fixture(scope="module")
def engine():
    folder = built()
    if folder is None or shutil.which("node") is None:
        pytest.skip("the folder is not built here, or Node is missing: make browser")
    made = Engine(folder)
    yield made
    made.close()


@pytest.mark.parametrize("asked", [*examples(), *generated(len(KINDS))], ids=lambda asked: asked.name)
def test_every_number_of_an_answer_is_the_native_one(engine, asked):
    difference, where = apart(natively(asked), engine.analyse(asked))
    assert difference < CLOSE, where


def test_a_regimen_is_simulated_as_it_is_natively(engine, capsys):
    words = ["simulate", "4.5mg", "--days", "7", "--people", "20", "--json"]
    main(words)
    native = json.loads(capsys.readouterr().out)
    difference, where = apart(native, json.loads(engine.run(words)["said"]))
    assert difference < CLOSE, where


def test_a_difference_anywhere_is_found():
    assert apart({"a": [1.0, {"b": 2.0}]}, {"a": [1.0, {"b": 2.5}]}) == (0.25, ".a[1].b")
    assert apart({"a": 1.0}, {"a": None})[0] > 1
    assert apart({"a": "x"}, {"a": "y"})[0] > 1
    assert apart({"seconds": 1.0}, {"seconds": 2.0})[0] == 0
