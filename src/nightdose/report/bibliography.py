"""The sources that this very report rests on; an assumption is listed as one."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.analyse import Analysis
from nightdose.knowledge.load import references
from nightdose.report.narrative import is_about_ldn

TRIALS_OF_LDN = ("bruun2024final",)


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the bibliography; `url` empty where there is none."""

    words: str
    url: str = ""


def cited(key: str) -> Source:
    """One entry of references.bib as a line of text."""
    fields = references()[key]
    author = fields.get("author", "").replace(" and others", " et al.").replace(" and ", "; ")
    words = f"{author} ({fields.get('year', 'no year')}). {fields.get('title', key)}. {fields.get('journal', '')}"
    note = f" ({fields['note']})" if "note" in fields else ""
    return Source(f"{words}{note}.", fields.get("url", ""))


def sources(analysis: Analysis) -> list[Source]:
    """What was measured by others first, then what was assumed."""
    found = [cited(key) for key in TRIALS_OF_LDN] if is_about_ldn(analysis.question) else []
    return [*found, Source(f"Assumption, not a measurement: onset {analysis.onset_prior}.")]
