"""docs/safety-sources.md: every safety rule with what it rests on and the day it was last reviewed, for a pharmacist.

python -m generation
"""

from __future__ import annotations

from collections.abc import Iterator

from nightdose.knowledge.interactions import Rule, rules
from nightdose.knowledge.load import references

HEAD = """# What each safety rule rests on

Written by `python -m generation` from `interactions.toml` and its bibliography; a test holds this page to them. What we
ask a pharmacist is on [one page](for-the-pharmacist.md). `assumed` means that no source was found, and why we say it
all the same. "Read" says what of the source was read.

| rule | does | applies to | says so | strength | reviewed |
|---|---|---|---|---|---|
"""
DOES = {"stop": "blocked", "confirm": "ask your prescriber", "remind": "a note"}


def page() -> str:
    """The whole page as Markdown."""
    return HEAD + "".join(map(_row, rules())) + _sources()


def _row(rule: Rule) -> str:
    applies = ", ".join(sorted(rule.classes | rule.conditions)).replace("_", " ")
    does = "blocked until it is answered" if rule.id == "unanswered" else DOES[rule.action]
    until = "; never over by time" if rule.never_by_time else f"; {rule.within_days} days" if rule.within_days else ""
    said = f"{rule.source}: {rule.where}" if rule.source else f"assumed: {rule.why}"
    if rule.source and rule.why:
        said += f" ({rule.why})"
    cells = (rule.id, does + until, applies, said, rule.strength, rule.date.isoformat())
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"


def _sources() -> str:
    used = dict.fromkeys(rule.source for rule in rules() if rule.source)
    return "\n## Sources\n\n" + "\n".join(_source(key) for key in used) + "\n"


def _source(key: str) -> str:
    found = references()[key]
    link = f" <{found['url']}>" if found.get("url") else ""
    note = f" Read: {found['note']}." if found.get("note") else ""
    words = ", ".join(_words(found))
    return f"- `{key}`: {words}.{link}{note}"


def _words(found: object) -> Iterator[str]:
    assert hasattr(found, "get")
    for name in ("author", "title", "journal", "year"):
        if said := found.get(name):
            yield str(said).strip("{}")
