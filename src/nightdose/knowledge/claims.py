"""What is claimed of low-dose naltrexone, each claim with its verdict, its sources, and what a diary can test of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from nightdose.errors import KnowledgeError
from nightdose.knowledge.cells import by_id
from nightdose.knowledge.hypotheses import Hypothesis, hypotheses
from nightdose.knowledge.load import table
from nightdose.knowledge.trials import Study, studies

ClaimVerdict = Literal["supported", "partly", "unsupported", "contradicted", "untested"]
Strength = Literal["high", "moderate", "low", "very low", ""]
Read = Literal["seen", "part recalled", "recalled", ""]
FIELDS = ("id", "quote", "context", "who", "verdict", "but", "strength", "evidence", "status", "trials", "sources",
          "link", "diary")  # fmt: skip
FILE = "claims.toml"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. quote : as it stands there, or in our words where `who` says so; context : what must be added to it.

    verdict : supported, partly, unsupported (no evidence either way worth the name), contradicted or untested; but :
    its limits; strength : certainty of the evidence behind the verdict, "" = there is none. status : "recalled" and
    "part recalled" are from memory. studies : rows of trials.csv; sources : (words, address) of others. link : the link
    of the mechanism that it rests on, None = the mechanism has no part in it; diary : what of it a diary can test,
    "" = nothing.
    """

    id: str
    quote: str
    context: str
    who: str
    verdict: ClaimVerdict
    but: str
    strength: Strength
    evidence: str
    status: Read
    studies: tuple[Study, ...]
    sources: tuple[tuple[str, str], ...]
    link: Hypothesis | None
    diary: str


@cache
def claims() -> Mapping[str, Claim]:
    """Every claim by its id, in the order of the file."""
    found = table("claims")
    return by_id(FILE, [claim(entry, found["source"]) for entry in found["claim"]], lambda c: c.id)


def claim(entry: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> Claim:
    """One entry of the file; raises KnowledgeError that names the claim and the field."""

    def complain(field: str, what: str) -> KnowledgeError:
        return KnowledgeError(f"{FILE}: claim '{entry.get('id', '?')}', field '{field}': {what}.")

    for field in FIELDS:
        if field not in entry:
            raise complain(field, "is missing")
    for field, allowed in (("verdict", ClaimVerdict), ("strength", Strength), ("status", Read)):
        if entry[field] not in get_args(allowed):
            raise complain(field, f"'{entry[field]}' is not one of {', '.join(filter(None, get_args(allowed)))}")
    if unknown := [id for id in entry["trials"] if id not in studies()]:
        raise complain("trials", f"'{unknown[0]}' is not in trials.csv")
    if unknown := [id for id in entry["sources"] if id not in sources]:
        raise complain("sources", f"'{unknown[0]}' is not there")
    if entry["link"] and entry["link"] not in hypotheses():
        raise complain("link", f"the mechanism has no link '{entry['link']}'")
    if entry["status"] == "seen" and not (entry["trials"] or entry["sources"]):
        raise complain("status", "is 'seen', and there is no source")
    return Claim(
        **{field: entry[field] for field in FIELDS if field not in ("trials", "sources", "link")},
        studies=tuple(studies()[id] for id in entry["trials"]),
        sources=tuple((sources[id]["words"], sources[id]["url"]) for id in entry["sources"]),
        link=hypotheses()[entry["link"]] if entry["link"] else None,
    )
