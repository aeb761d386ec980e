"""Work shared among processes ends, wherever it was started; a process that is gone is said in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nightdose.errors import CallError
from nightdose.processes import in_order, shared

ROOT = Path(__file__).parents[1]
SCRIPT = """
import sys
print("begun")
from tests.checks.dummies import TRIAL, year
from tests.diaries import ask
from nightdose.analyse import analyse
from nightdose.checks.certificate import with_certificate
from nightdose.cohort import analyse_cohort

found = with_certificate(analyse(year(), ask(**TRIAL), curves=False), 80, workers=2)
rows = analyse_cohort({"a": year(1), "b": year(2)}, ask(**TRIAL), workers=2)
print(found.certificate.n, [row["person"] for row in rows])
"""


@pytest.mark.long
@pytest.mark.parametrize("source", ["standard input", "a script without a guard"])
def test_a_certificate_and_a_cohort_by_two_processes_end_wherever_they_are_started(tmp_path, source):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT, encoding="utf-8")
    file, given = ("-", SCRIPT) if source == "standard input" else (str(script), None)
    found = subprocess.run(
        [sys.executable, file],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (found.stdout.split("\n")[:2], found.stderr) == (["begun", "80 ['a', 'b']"], "")


def test_what_is_shared_comes_back_in_order():
    assert list(shared(abs, range(-9, 0), 2, together=2)) == list(range(9, 0, -1))


def test_a_process_that_is_gone_is_a_sentence():
    with pytest.raises(CallError, match="Ask for one process") as raised:
        list(shared(os._exit, range(3), 2))
    assert raised.value.field == "workers"


def pages_borrowed(_: int) -> int:
    """Pages that the system had to give this process for fifty arrays of 100 kB."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [np.ones(12_500) for _ in range(50)]
    assert len(held) == 50, "all are held at once"
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def borrowed_again(times: int) -> list[int]:
    return [pages_borrowed(time) for time in range(times)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone is asked")
def test_a_process_that_helps_borrows_its_memory_once():
    first, *later = next(in_order(borrowed_again, iter([4]), 2, lost=lambda _: []))
    assert first > 500
    assert max(later) < 50
