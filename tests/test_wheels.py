"""Installing nightdose: what `make wheels` compares, and what a machine without a compiler is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from wheels.__main__ import apart

ROOT = Path(__file__).resolve().parents[1]


def test_another_number_anywhere_in_an_answer_is_found_and_seconds_are_not_counted():
    answer = {"effect": [1.0, {"low": 2.0}], "verdict": "helps", "seconds": 1.0}
    assert apart({"effect": [1.0, {"low": 2.0}], "verdict": "helps", "seconds": 9.0}, answer) == 0
    assert apart({"effect": [1.0, {"low": 2.5}], "verdict": "helps", "seconds": 1.0}, answer) == 0.25
    assert apart({"effect": [1.0, {"low": 2.0}], "verdict": "harms", "seconds": 1.0}, answer) == float("inf")
    assert apart({"effect": [1.0], "verdict": "helps", "seconds": 1.0}, answer) == float("inf")


def test_a_source_installation_without_a_compiler_is_told_in_one_sentence_what_is_missing(tmp_path):
    ninja, _ = (pytest.importorskip(name, reason="make installs it") for name in ("ninja", "cmake"))
    environment = {name: value for name, value in os.environ.items() if name not in ("CXX", "CC")}
    empty = tmp_path / "bin"
    empty.mkdir()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "cmake",
            "-S",
            str(ROOT),
            "-B",
            str(tmp_path / "build"),
            "-G",
            "Ninja",
            f"-DCMAKE_MAKE_PROGRAM={ninja.BIN_DIR}/ninja",
        ],
        env={**environment, "PATH": str(empty)},
        check=False,
        capture_output=True,
        text=True,
    )
    words = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert "this machine has no C++ compiler: install one (Debian and Ubuntu: g++" in words
    assert "Traceback" not in words
