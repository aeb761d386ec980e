"""The sources that this report rests on; an assumption is listed as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import references
from nightdose.language.catalogue import say
from nightdose.report.words.diary import is_about_ldn
from nightdose.verdict.analysis import Analysis

TRIALS_OF_LDN = ("bruun2024final",)
ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the bibliography; `url` empty where there is none."""

    words: str
    url: str = ""


def accented(found: re.Match[str]) -> str:
    """One letter with its accent, from a match of TeX's way to write it."""
    return unicodedata.normalize("NFC", found[2] + ACCENTS[found[1]])


def untexed(words: str) -> str:
    r"""BibTeX writes ä as {\"a} and % as \%; people do not."""
    words = re.sub(r"""\\(["'`^~])\{?([A-Za-z])\}?""", accented, words)
    return words.replace(r"\%", "%").replace(r"\&", "&").replace("{", "").replace("}", "")


def known_references() -> Mapping[str, Mapping[str, str]]:
    """Every source that is carried, and those of the drug file that this run is about."""
    file = chosen()
    return references() if file is None else {**references(), **file.sources}


def cited(key: str) -> Source:
    """One entry of references.bib, or of the drug file that this run is about, as a line of text."""
    return source_line({name: untexed(value) for name, value in known_references()[key].items()}, key)


def source_line(fields: Mapping[str, str], key: str = "") -> Source:
    """A reference as a line of text. key : where a title is missing. An address that is not of the web is left out."""
    author = fields.get("author", "").replace(" and others", " et al.").replace(" and ", "; ")
    first = f"{author} ({fields.get('year', 'no year')})".strip()
    parts = [part for part in (first, fields.get("title", key), fields.get("journal", "")) if part]
    note = f" [{fields['note']}]" if fields.get("note") else ""
    url = fields.get("url", "")
    return Source(". ".join(parts) + f".{note}", url if url.startswith(("https://", "http://")) else "")


def sources(analysis: Analysis) -> list[Source]:
    """What others measured, as far as this report leans on it; then what was assumed."""
    keys = list(TRIALS_OF_LDN) if is_about_ldn(analysis.question) else []
    known = drug(analysis.question.treatment)
    if analysis.drug_notes and known is not None and known.studied_dose is not None:
        keys.append(known.studied_dose.source)
    keys += [reason.source for reason in analysis.verdict.reasons if reason.source]
    beside = analysis.with_evidence
    keys += beside.prior.sources if beside else ()
    found = [cited(key) for key in dict.fromkeys(keys) if key in known_references()]
    if beside:
        found += [Source(words) for _, words in beside.prior.cited]
        why = beside.prior.heterogeneity.why
        found += (
            [Source(say("Assumed, not measured: how far people differ around the trials' mean ({why}).", why=say(why)))]
            if why
            else []
        )
    return [*found, Source(say("Assumed, not measured: {what}", what=analysis.onset_prior))]
