"""Which published results are compared, how each becomes an effect, and why that evidence is as sure as it is.

`evidence.toml` has the set (release, search date), the conditions and the comparisons; `risk_of_bias.csv` one
judgement and one sentence for each domain of each trial: our reading of what was seen, mostly abstracts; "some" where
it does not say.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from nightdose.errors import KnowledgeError
from nightdose.knowledge.cells import Cells, by_id
from nightdose.knowledge.load import rows, table
from nightdose.knowledge.trial_results import Better, Result, results
from nightdose.knowledge.trials import Study, studies

How = Literal["interval", "p", "counts", "arms", "as reported", "crossover p", "crossover arms"]
Measure = Literal["difference", "standardised", "risk ratio"]
Judgement = Literal["low", "some", "high"]
Domain = Literal["randomisation", "deviations", "missing data", "measurement", "reported result", "periods"]
GRADE = ("risk of bias", "inconsistency", "indirectness", "imprecision", "missing trials")
CERTAINTIES = ("high", "moderate", "low", "very low")
FILE = "evidence.toml"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the medicine is taken for. names : as people write it, lower case."""

    id: str
    words: str
    names: tuple[str, ...]
    would_change: str


@dataclass(frozen=True, slots=True)
class Use:
    """One result in a comparison. how : derivation (code in evidence/derive.py); correlation : of the periods of a
    crossover, assumed; bias : the study whose risk of bias it carries.
    """

    result: Result
    how: How
    correlation: float
    bias: Study


@dataclass(frozen=True, slots=True)
class Switch:
    """A pool without some of its trials. drop : ids of results."""

    name: str
    drop: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One of GRADE's five reasons to be less sure: steps down, and why."""

    reason: str
    down: int
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Trials of one condition and outcome on one scale. short : the effect's words behind its number, in a line.

    unit : of the effect, "sd" = standard deviations, "" = a ratio; better : which way is better; tau : scale of the
    half-normal prior of heterogeneity, in the unit (a ratio: on the log scale). published : pools of others.
    """

    name: str
    short: str
    condition: Condition
    title: str
    unit: str
    measure: Measure
    better: Better
    against: str
    tau: float
    tau_why: str
    uses: tuple[Use, ...]
    switches: tuple[Switch, ...]
    published: tuple[Result, ...]
    reasons: tuple[Reason, ...]

    @property
    def certainty(self) -> str:
        """high, moderate, low or very low: randomised trials start at the top."""
        return CERTAINTIES[min(3, sum(reason.down for reason in self.reasons))]


@dataclass(frozen=True, slots=True)
class Bias:
    """Risk of bias of one trial in one domain, with its reason."""

    id: str
    study: str
    domain: Domain
    judgement: Judgement
    why: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """release : number of the set; searched : last day on which it was compared; how : what was searched."""

    release: int
    searched: datetime.date
    how: str
    would_change: tuple[str, ...]


@cache
def data_set() -> DataSet:
    """Release, search date and what would change the picture."""
    entry = table("evidence")["set"]
    return DataSet(entry["release"], entry["searched"], entry["how"], tuple(entry["would_change"]))


@cache
def conditions() -> Mapping[str, Condition]:
    """Every condition of the set by its id, in the order of the file."""
    entries = table("evidence")["condition"]
    found = [Condition(key, e["words"], tuple(e["names"]), e["would_change"]) for key, e in entries.items()]
    for study in studies().values():
        if study.condition not in entries:
            raise KnowledgeError(
                f"trials.csv: row '{study.id}', column 'condition': '{study.condition}' is not in {FILE}."
            )
    return by_id(FILE, found, lambda c: c.id)


def condition_of(words: str) -> Condition | None:
    """The condition that these words of a person name; the longest name counts, None where none is known."""
    text = words.casefold()
    found = [
        (len(name), condition)
        for condition in conditions().values()
        for name in condition.names
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


@cache
def comparisons() -> Mapping[str, Comparison]:
    """Every comparison by its name, in the order of the file; KnowledgeError names the comparison and the entry."""
    return by_id(FILE, [_comparison(entry) for entry in table("evidence")["comparison"]], lambda c: c.name)


def comparisons_of(condition: Condition) -> tuple[Comparison, ...]:
    """Those of one condition."""
    return tuple(c for c in comparisons().values() if c.condition == condition)


def _comparison(entry: Mapping[str, Any]) -> Comparison:
    def complain(what: str) -> KnowledgeError:
        return KnowledgeError(f"{FILE}: comparison '{entry.get('name', '?')}', {what}.")

    for key in (
        "name",
        "short",
        "condition",
        "title",
        "unit",
        "measure",
        "better",
        "against",
        "tau",
        "trials",
        "reasons",
    ):
        if key not in entry:
            raise complain(f"'{key}' is missing")
    if entry["condition"] not in conditions():
        raise complain(f"'condition': there is no '{entry['condition']}'")
    if entry["measure"] not in get_args(Measure) or not entry["tau"] > 0:
        raise complain("'measure' or 'tau' is not one of those allowed")
    uses = tuple(_use(trial, complain) for trial in entry["trials"])
    switches = tuple(Switch(s["name"], tuple(s["drop"]), s["why"]) for s in entry.get("switches", ()))
    inside = {use.result.id for use in uses}
    for switch in switches:
        if not set(switch.drop) < inside:
            raise complain(f"'switches': '{switch.name}' drops what is not in it, or everything")
    reasons = tuple(Reason(r["reason"], r["down"], r["why"]) for r in entry["reasons"])
    if tuple(r.reason for r in reasons) != GRADE or any(r.down not in (0, 1, 2) for r in reasons):
        raise complain(f"'reasons' are {', '.join(GRADE)}, each 0, 1 or 2 down")
    return Comparison(
        entry["name"], entry["short"], conditions()[entry["condition"]], entry["title"], entry["unit"],
        entry["measure"], entry["better"], entry["against"], float(entry["tau"]), entry["tau_why"], uses, switches,
        tuple(_result(id, complain) for id in entry.get("published", ())), reasons,
    )  # fmt: skip


def _use(entry: Mapping[str, Any], complain: Any) -> Use:
    result = _result(entry["result"], complain)
    if entry["how"] not in get_args(How):
        raise complain(f"'trials': '{entry['how']}' is not a way to an effect")
    if entry["how"].startswith("crossover") and "correlation" not in entry:
        raise complain(f"'trials': {result.id} is a crossover and needs the correlation of its periods")
    bias = entry.get("bias", result.study.id)
    if bias not in biases():
        raise complain(f"'trials': risk_of_bias.csv has no '{bias}'")
    return Use(result, entry["how"], float(entry.get("correlation", 0.0)), studies()[bias])


def _result(id: str, complain: Any) -> Result:
    if id not in results():
        raise complain(f"trial_results.csv has no '{id}'")
    return results()[id]


@cache
def biases() -> Mapping[str, tuple[Bias, ...]]:
    """Study -> its judgements, in the order of the file."""
    found: dict[str, list[Bias]] = {}
    for row in rows("risk_of_bias"):
        cells = Cells("risk_of_bias.csv", row)
        if cells.text("study") not in studies():
            raise cells.complain("study", f"'{cells.text('study')}' is not in trials.csv")
        read = Bias(
            cells.text("id", needed=True), cells.text("study"), cells.one_of("domain", Domain),
            cells.one_of("judgement", Judgement), cells.text("why", needed=True),
        )  # fmt: skip
        found.setdefault(read.study, []).append(read)
    return {study: tuple(judged) for study, judged in found.items()}


def overall(study: str) -> Judgement:
    """The worst judgement of a trial's domains."""
    order = get_args(Judgement)
    return max((bias.judgement for bias in biases()[study]), key=order.index)


def registered(condition: Condition) -> tuple[Result, ...]:
    """Trials of a condition that were registered and whose result was not found."""
    return tuple(r for r in results().values() if r.study.condition == condition.id and r.study.design == "registered")
