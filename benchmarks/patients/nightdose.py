"""nightdose as a tool of the bench: paths of diaries in, one line of JSON a diary out."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from nightdose.analyse import analyse
from nightdose.diary.table.table import read_table
from nightdose.errors import NightdoseError
from nightdose.question.question import Question


def question_from(record: dict[str, Any]) -> Question:
    """The question as the bench writes it."""
    return Question(
        outcome=record["outcome"],
        treatment=record["treatment"],
        scale=record["scale"],
        better=record["better"],
        meaningful=record["meaningful"],
        limits=tuple(record["range"]) if record["range"] else None,
        onset=record["onset"],
        adjust=tuple(record["adjust"]),
        randomised=record["randomised"],
        blinded=record["blinded"],
    )


def answer(path: Path) -> dict[str, Any]:
    """The line of one diary."""
    record = json.loads(path.with_suffix(".question.json").read_text())
    diary, question = read_table(path), question_from(record)
    before = time.process_time()
    try:
        analysis = analyse(diary, question, curves=False)
    except NightdoseError as error:
        return {"error": str(error)}
    cpu = time.process_time() - before
    verdict, estimate = analysis.verdict, analysis.verdict.estimate
    return {
        "verdict": verdict.answer,
        "ceiling": verdict.ceiling,
        "improvement": estimate and {"mean": estimate.mean, "sd": estimate.sd, "interval95": estimate.interval95},
        "adjusted_for_guess": analysis.guess
        and analysis.guess.adjusted
        and {"mean": analysis.guess.adjusted.mean, "interval95": analysis.guess.adjusted.interval95},
        "best_dose_mg": max(analysis.doses, key=lambda d: d.p_best).dose if len(analysis.doses) > 1 else None,
        "reasons": [reason.code for reason in verdict.reasons],
        "healthy": all(check.ok for check in analysis.health),
        "cpu_s": round(cpu, 5),
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(Path(line.strip()))), flush=True)
