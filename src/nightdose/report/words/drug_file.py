"""What a drug file says, in words: every number and gate with what it rests on."""

from __future__ import annotations

from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.interactions import Rule
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.report.bibliography import source_line


def facts_of(file: DrugFile) -> tuple[tuple[str, str], ...]:
    """(what, words) of all that a drug file says, each with what it rests on."""
    rows = [(say("How fast an effect may come"), f"{file.onset}: {file.onset_why}")]
    if file.studied:
        rows.append((say("Doses studied"), f"{file.studied.where} [{file.studied.source}]"))
    if file.bounds:
        bounds = file.bounds
        low, high, most = map(number, (bounds.asked_below_mg, bounds.asked_above_mg, bounds.refused_above_mg))
        words = say("asked about outside {low} to {high} mg, refused above {most} mg", low=low, high=high, most=most)
        rows.append((say("Bounds of a dose"), words))
    for each in file.kinetics.parts if file.kinetics else ():
        rows.append((each.name, f"{number(each.value)} {each.unit} ({each.kind}; {each.rests_on})"))
    rows += [(say("Gate: {id}", id=rule.id), f"{_wording(rule)} [{rule.source or rule.why}]") for rule in file.rules]
    return tuple(rows)


def _wording(rule: Rule) -> str:
    """What the gate says, with the names that raise it in the place of the one that would."""
    return rule.wording.replace("{name}", " / ".join(sorted(rule.medicines)))


def sources_of(file: DrugFile) -> tuple[tuple[str, str], ...]:
    """(words, address) of every source, by the key that stands beside what rests on it."""
    lines = ((key, source_line(fields, key)) for key, fields in file.sources.items())
    return tuple((f"{key}: {line.words}", line.url) for key, line in lines)
