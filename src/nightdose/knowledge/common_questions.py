"""What people ask most, answered with its sources and with what nobody knows; data, checked when read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nightdose.errors import KnowledgeError
from nightdose.knowledge.load import data_text, reference_keys, references

FIELDS = ("ask", "known", "sources", "open", "place", "here")


@dataclass(frozen=True, slots=True)
class CommonQuestion:
    """One question. known : what is known; open : what nobody knows, "" = nothing to add; place, here : a page that
    can tell this person more, and what it does there; sources : (words, address) of each.
    """

    ask: str
    known: str
    open: str
    place: str
    here: str
    sources: tuple[tuple[str, str], ...]


@cache
def common_questions() -> tuple[CommonQuestion, ...]:
    """Every question of the file; KnowledgeError for a missing field or a source that no bibliography has."""
    found = []
    known_keys = reference_keys()
    words = references()
    for entry in tomllib.loads(data_text("questions.toml"))["question"]:
        if missing := [name for name in FIELDS if name not in entry]:
            raise KnowledgeError(f"questions.toml: '{entry.get('ask', '?')}' has no {missing[0]}.")
        if unknown := [key for key in entry["sources"] if key not in known_keys]:
            raise KnowledgeError(f"questions.toml: '{entry['ask']}' names the source {unknown[0]}, which is not there.")
        found.append(
            CommonQuestion(
                entry["ask"], entry["known"], entry["open"], entry["place"], entry["here"],
                tuple(_reference(words[key]) for key in entry["sources"]),
            )
        )  # fmt: skip
    return tuple(found)


def _reference(fields: Mapping[str, str]) -> tuple[str, str]:
    """First author, year and title; the address, "" where there is none."""
    words = f"{fields.get('author', '')} {fields.get('year', '')}: {fields.get('title', '')}".strip(" :")
    return words, fields.get("url", "")
