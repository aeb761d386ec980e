"""A letter as a file, in each of its forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from nightdose.errors import CallError
from nightdose.letter.appendix import appendix_of
from nightdose.letter.fhir.bundle import days_bundle, document_bundle, fhir_bytes
from nightdose.letter.letter import Background, Letter
from nightdose.letter.page import letter_html
from nightdose.verdict.analysis import Analysis

Written = Callable[[Analysis, Background, Letter], bytes]


def _html(analysis: Analysis, background: Background, letter: Letter) -> bytes:
    return letter_html(letter, appendix_of(analysis, background)).encode("utf-8")


def _fhir(analysis: Analysis, background: Background, letter: Letter) -> bytes:
    return fhir_bytes(document_bundle(analysis, letter, background, _html(analysis, background, letter)))


def _fhir_days(analysis: Analysis, background: Background, letter: Letter) -> bytes:
    return fhir_bytes(days_bundle(analysis, background, labelled=bool(letter.label)))


# longest ending first where one ends in another
FORMS: Mapping[str, Written] = {".html": _html, ".days.fhir.json": _fhir_days, ".fhir.json": _fhir}


def form_of(path: Path) -> str:
    """The form that a file's ending asks for. Raises CallError."""
    name = path.name.casefold()
    for ending in FORMS:
        if name.endswith(ending):
            return ending
    raise CallError(f"{path.name}: a letter is written as one of {', '.join(FORMS)}.", field="out")


def written(form: str, analysis: Analysis, background: Background, letter: Letter) -> bytes:
    """The file's bytes; the same analysis and background give the same bytes."""
    return FORMS[form](analysis, background, letter)


def as_json(record: object) -> bytes:
    """JSON as it is written to a file: sorted, indented, no NaN."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True).encode("utf-8")
