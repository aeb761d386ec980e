"""What every rival in Python does around its answer: paths of diaries in, lines of JSON out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.patients.files import Diary, read_diary

Answer = Callable[[Diary], dict[str, Any]]


def answer_lines(answer: Answer, refusals: tuple[type[Exception], ...] = ()) -> None:
    """One line a path: the answer, or which of the refusals it ended in, and the CPU seconds of either."""
    for path in sys.stdin:
        diary = read_diary(Path(path.strip()))
        before = time.process_time()
        try:
            found = answer(diary)
        except refusals as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({**found, "cpu_s": round(time.process_time() - before, 5)}), flush=True)
