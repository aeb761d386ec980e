"""One small letter and its days as FHIR, kept as files: what changes in them is seen in a review.

Written anew by `python -m tests.letter.fhir_golden`. The analysis is made by hand (`tests/report/fake_answers.py`), so
that no digit of a fit is in it; version and fingerprint are those of no release.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from tests.report.fake_answers import make

from nightdose.fit.estimate import Estimate
from nightdose.letter.background import Background, Tried
from nightdose.letter.fhir.bundle import days_bundle, document_bundle, fhir_bytes
from nightdose.letter.letter import letter_of
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.verdict.answer import Verdict

FOLDER = Path(__file__).parent / "golden"
BACKGROUND = Background(
    name="Kim K.", made=datetime.date(2026, 5, 3), condition="fibromyalgia", bad_line=6.0, safety=(),
    tried=(Tried("amitriptyline", "25 mg", "a year", "weight"),), notes="I slept badly in March.",
)  # fmt: skip


def analysis():
    """Six evenings: two without, three with 4.5 mg, one forgotten; one score is missing, one night brought dreams."""
    estimate = Estimate(0.6, 0.4, (-0.2, 1.4), 0.93, 0.16, 0.001, 0.839)
    verdict = Verdict(
        "not_yet_known", "moderate", "Six evenings leave both better and worse open.",
        (Reason("few_days", "Six days are few.", {"recorded": 5}),), "More days.", estimate, estimate,
    )  # fmt: skip
    more = {
        "naltrexone_assigned_mg": np.array([0, 0, 4.5, 4.5, 4.5, 4.5]),
        "naltrexone_guess": np.array([0.5, 0.2, 0.8, np.nan, 0.9, 0.5]),
        "naltrexone_time": np.array([np.nan, np.nan, 22.5, 22.75, 23.0, np.nan]),
        "vivid_dreams": np.array([0, 0, 1, 0, 0, np.nan]),
        "rescue_sumatriptan": np.array([1.0, 0, 0, 0, 0, 0]),
    }
    question = Question("pain", "naltrexone", "rating", limits=(0, 10), randomised="blocks", blinded=True)
    pain, dose = np.array([7, 6, 5, np.nan, 4, 6]), np.array([0, 0, 4.5, 4.5, 4.5, 0])
    return make(question, pain, dose, verdict, columns=more, name="small")


def files():
    """Name -> bytes."""
    found = analysis()
    with patch("nightdose.letter.fhir.scene.version", lambda _: "0"):
        letter = replace(letter_of(found, BACKGROUND, label="SYNTHETIC"), engine="0")
        return {
            "letter.fhir.json": fhir_bytes(document_bundle(found, letter, BACKGROUND, b"%PDF-1.7 a page")),
            "days.fhir.json": fhir_bytes(days_bundle(found, BACKGROUND, labelled=True)),
        }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
