"""A letter as a file, in each of its forms, signed with the person's own key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.letter.background import Background
from nightdose.letter.fhir.bundle import days_bundle, document_bundle, fhir_bytes
from nightdose.letter.package import UNSIGNED, Making, Papers, papers_html, papers_of, papers_pdf
from nightdose.letter.page import letter_html
from nightdose.letter.pdf import Paper
from nightdose.letter.signing import OwnKey, own_key
from nightdose.verdict.analysis import Analysis

Written = Callable[[Papers, Paper], bytes]


def _html(papers: Papers, paper: Paper) -> bytes:
    return papers_html(papers).encode("utf-8")


def _zip(papers: Papers, paper: Paper) -> bytes:
    return papers.content


def _fhir(papers: Papers, paper: Paper) -> bytes:
    page = letter_html(papers.letter, papers.appendix).encode("utf-8")
    return fhir_bytes(document_bundle(papers.analysis, papers.letter, papers.background, page))


def _fhir_days(papers: Papers, paper: Paper) -> bytes:
    return fhir_bytes(days_bundle(papers.analysis, papers.background, labelled=bool(papers.letter.label)))


# the longer of two endings first
FORMS: Mapping[str, Written] = {
    ".html": _html, ".pdf": papers_pdf, ".zip": _zip, ".days.fhir.json": _fhir_days, ".fhir.json": _fhir,
}  # fmt: skip
MIME: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8", ".pdf": "application/pdf", ".zip": "application/zip",
    ".days.fhir.json": "application/fhir+json", ".fhir.json": "application/fhir+json",
}  # fmt: skip


def can_write_pdf() -> bool:
    """True where the packages for a PDF are installed."""
    return find_spec("typst") is not None and find_spec("fontpkg_source_sans_3") is not None


def form_of(path: Path) -> str:
    """The form that a file's ending asks for. Raises CallError."""
    name = path.name.casefold()
    for ending in FORMS:
        if name.endswith(ending):
            return ending
    raise CallError(
        say("{name}: a letter is written as one of {forms}.", name=path.name, forms=", ".join(FORMS)), field="out"
    )


def written(
    form: str, analysis: Analysis, background: Background, making: Making = UNSIGNED, paper: Paper = "a4"
) -> bytes:
    """The file's bytes; the same analysis, background, key and version give the same bytes.

    Raises CallError where a package for the form is missing.
    """
    return FORMS[form](papers_of(analysis, background, making), paper)


def key_of_this_person() -> OwnKey | None:
    """The key in the person's own data folder, made at first use; None where the package for it is not installed."""
    return own_key(data_folder() / "signing.pem") if can_sign() else None


def can_sign() -> bool:
    """True where the package for a signature is installed."""
    return find_spec("cryptography") is not None


def said_before_it_is_given() -> tuple[str, ...]:
    """What a person should know before a letter leaves the machine."""
    carries = say(
        "A saved letter carries the days it was made from, so that anybody can check it; what you left out stays out. "
        "Read it before you hand it on."
    )
    if can_sign():
        return (carries,)
    return (carries, say("It will not be signed: the package 'cryptography' is not installed here."))


def data_folder() -> Path:
    """XDG_DATA_HOME/nightdose, or ~/.local/share/nightdose."""
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "nightdose"
