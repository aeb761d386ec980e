"""A writer that is killed at a random moment loses nothing that it had confirmed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")


def kill(rounds, seed, mode, folder):
    script = Path(__file__).with_name("killing.py")
    words = [sys.executable, str(script), str(rounds), str(seed), mode, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["plain", "encrypted"])
def test_three_hundred_kills_lose_no_confirmed_entry(tmp_path, mode):
    found = kill(300, 20261120, mode, tmp_path)
    assert found["lost"] == 0
    assert found["faults"] == []
    assert found["killed_while_writing"] > 200  # the kills did hit a working writer


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["plain", "encrypted"])
def test_three_thousand_kills_lose_no_confirmed_entry(tmp_path, mode):
    found = kill(3000, 1, mode, tmp_path)
    assert (found["lost"], found["faults"]) == (0, [])
