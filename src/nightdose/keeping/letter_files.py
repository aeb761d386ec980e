"""A letter as a file, in each of its forms, signed with the person's own key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from nightdose.errors import CallError
from nightdose.letter.letter import Background
from nightdose.letter.package import UNSIGNED, Making, Papers, papers_html, papers_of, papers_pdf
from nightdose.letter.pdf import Paper
from nightdose.letter.signing import OwnKey, own_key
from nightdose.verdict.analysis import Analysis

Written = Callable[[Papers, Paper], bytes]


def _html(papers: Papers, paper: Paper) -> bytes:
    return papers_html(papers).encode("utf-8")


def _zip(papers: Papers, paper: Paper) -> bytes:
    return papers.content


FORMS: Mapping[str, Written] = {".html": _html, ".pdf": papers_pdf, ".zip": _zip}  # the longer of two endings first


def form_of(path: Path) -> str:
    """The form that a file's ending asks for. Raises CallError."""
    name = path.name.casefold()
    for ending in FORMS:
        if name.endswith(ending):
            return ending
    raise CallError(f"{path.name}: a letter is written as one of {', '.join(FORMS)}.", field="out")


def written(
    form: str, analysis: Analysis, background: Background, making: Making = UNSIGNED, paper: Paper = "a4"
) -> bytes:
    """The file's bytes; the same analysis, background, key and version give the same bytes.

    Raises CallError where a package for the form is missing.
    """
    return FORMS[form](papers_of(analysis, background, making), paper)


def key_of_this_person() -> OwnKey | None:
    """The key in the person's own data folder, made at first use; None where the package for it is not installed."""
    return own_key(data_folder() / "signing.pem") if find_spec("cryptography") is not None else None


def data_folder() -> Path:
    """XDG_DATA_HOME/nightdose, or ~/.local/share/nightdose."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "nightdose"
