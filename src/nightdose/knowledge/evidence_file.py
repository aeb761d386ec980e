"""What others' trials say about one effect, as a prior of one person's; a number without a source does not load."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from nightdose.errors import CallError, KnowledgeError
from nightdose.knowledge.comparisons import comparisons, condition_of
from nightdose.knowledge.load import data_names, data_text, file_text, parameter, reference_keys
from nightdose.knowledge.parameter import Parameter

FOLDER = "evidence"
# what a number was read from; `recalled` numbers are not good enough for a prior
STATUSES = ("seen", "derived", "assumed")
Complain = Callable[[str], KnowledgeError]


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial behind a prior: treatment minus comparator in the outcome's own unit, with its 95 % interval."""

    name: str
    effect: float
    low: float
    high: float
    people: int
    source: str
    status: str
    where: str


@dataclass(frozen=True, slots=True)
class EvidencePrior:
    """The true effect of one person, treatment minus none, at the steady state of `dose`, before their diary is read:

        effect ~ N(mean, sd_of_mean^2 + heterogeneity^2),    the outcome's own unit and sign

    scale : lowest and highest value of the outcome, None where it has none. better : which way is better.
    mean.spread sd : how unsure the average person's effect is; heterogeneity : sd between people.
    statuses : number -> seen, derived or assumed. cited : sources that the file itself brings, key -> words.
    """

    name: str
    title: str
    condition: str
    outcome: str
    treatment: str
    better: str
    scale: tuple[float, float] | None
    mean: Parameter
    heterogeneity: Parameter
    dose: Parameter
    statuses: tuple[tuple[str, str], ...]
    trials: tuple[Trial, ...]
    cited: tuple[tuple[str, str], ...] = ()

    @property
    def sd_of_mean(self) -> float:
        return float(self.mean.spread["sd"])

    @property
    def sd(self) -> float:
        """Of one person's true effect."""
        return math.hypot(self.sd_of_mean, self.heterogeneity.value)

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of all sources, each once."""
        keys = (self.mean.source, self.dose.source, self.heterogeneity.source, *(t.source for t in self.trials))
        return tuple(dict.fromkeys(key for key in keys if key))


def evidence_names() -> tuple[str, ...]:
    """Names of the shipped priors, sorted."""
    return tuple(sorted(name.removesuffix(".toml") for name in data_names(FOLDER) if name.endswith(".toml")))


@cache
def shipped_evidence(name: str) -> EvidencePrior:
    """The shipped prior of that name; raises CallError where there is none."""
    if name not in evidence_names():
        if name in comparisons() or condition_of(name) is not None:
            raise CallError(
                f"There is no prior of '{name}': a prior needs at least two randomised trials with usable numbers in "
                f"the outcome's own unit, and the set has them only for {', '.join(evidence_names())}."
            )
        raise CallError(
            f"There is no evidence '{name}'. Shipped: {', '.join(evidence_names())}. "
            "A file of your own has to end in .toml (docs/evidence-prior.md)."
        )
    return parse_evidence(name, data_text(f"{FOLDER}/{name}.toml"))


def read_evidence(name_or_file: str) -> EvidencePrior:
    """A prior from a file that ends in .toml, or a shipped one by its name.

    Raises InputError where the file cannot be read, CallError where the name is unknown, KnowledgeError where a number
    lacks its unit, its source or its status.
    """
    if name_or_file.casefold().endswith(".toml"):
        return parse_evidence(name_or_file, file_text(name_or_file))
    return shipped_evidence(name_or_file)


def parse_evidence(name: str, text: str) -> EvidencePrior:
    """One TOML text as a prior; raises KnowledgeError on the first broken rule."""

    def complain(what: str) -> KnowledgeError:
        return KnowledgeError(f"evidence '{name}': {what} (docs/evidence-prior.md has the form)")

    try:
        return _prior(name, tomllib.loads(text), complain)
    except tomllib.TOMLDecodeError as error:
        raise complain(f"is not TOML: {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise complain(f"a value is not of the kind it should be: {error}") from error


def _prior(name: str, entries: dict[str, Any], complain: Complain) -> EvidencePrior:
    cited = entries.get("references", {})
    known = reference_keys() | frozenset(cited)
    for key in ("title", "condition", "outcome", "treatment", "better"):
        if not isinstance(entries.get(key), str) or not entries[key]:
            raise complain(f"lacks '{key}'")
    if entries["better"] not in ("lower", "higher"):
        raise complain(f"'better' is '{entries['better']}', not lower or higher")
    numbers, statuses = {}, {}
    for key in ("mean", "heterogeneity", "dose"):
        entry = entries.get(key)
        if not isinstance(entry, dict):
            raise complain(f"lacks the number [{key}]")
        numbers[key], statuses[key] = parameter(key, entry, known), entry.get("status", "")
    trials = tuple(_trial(i, entry, known, complain) for i, entry in enumerate(entries.get("trials", ()), 1))
    statuses |= {trial.name: trial.status for trial in trials}
    for key, status in statuses.items():
        if status not in STATUSES:
            raise complain(f"'{key}' has the status '{status}', not one of {', '.join(STATUSES)}")
    mean, heterogeneity, dose = numbers["mean"], numbers["heterogeneity"], numbers["dose"]
    if mean.spread.get("family") != "normal" or not float(mean.spread.get("sd", 0)) > 0:
        raise complain('[mean] needs spread = { family = "normal", sd = ... } with an sd above 0')
    if heterogeneity.unit != mean.unit:
        raise complain(f"[heterogeneity] is in {heterogeneity.unit}, [mean] in {mean.unit}")
    if not heterogeneity.value >= 0:
        raise complain(f"[heterogeneity] is {heterogeneity.value:g}; an sd is 0 or more")
    if not dose.value > 0:
        raise complain(f"[dose] is {dose.value:g}; the dose of the trials is above 0")
    scale = entries.get("scale")
    if scale is not None and not (len(scale) == 2 and scale[0] < scale[1]):
        raise complain("'scale' is the lowest and the highest value, for example [0, 10]")
    return EvidencePrior(
        name=name,
        title=entries["title"],
        condition=entries["condition"],
        outcome=entries["outcome"],
        treatment=entries["treatment"],
        better=entries["better"],
        scale=None if scale is None else (float(scale[0]), float(scale[1])),
        mean=mean,
        heterogeneity=heterogeneity,
        dose=dose,
        statuses=tuple(statuses.items()),
        trials=trials,
        cited=tuple((key, _cited(entry)) for key, entry in cited.items()),
    )


def _trial(place: int, entry: dict[str, Any], known: frozenset[str], complain: Complain) -> Trial:
    name = str(entry.get("name", f"trial {place}"))
    missing = [key for key in ("effect", "low", "high", "source", "status", "where") if key not in entry]
    if missing:
        raise complain(f"'{name}' lacks {', '.join(missing)}")
    if entry["source"] not in known:
        raise complain(f"'{name}': source '{entry['source']}' is not in references.bib nor under [references]")
    effect, low, high = (float(entry[key]) for key in ("effect", "low", "high"))
    if not low < effect < high:
        raise complain(f"'{name}': {effect:g} does not lie inside its interval {low:g} to {high:g}")
    return Trial(name, effect, low, high, int(entry.get("people", 0)), entry["source"], entry["status"], entry["where"])


def _cited(entry: dict[str, Any]) -> str:
    """One line of text for a source that the file itself brings."""
    parts = [str(entry[key]) for key in ("author", "year", "title", "journal", "url") if key in entry]
    return ". ".join(parts)
