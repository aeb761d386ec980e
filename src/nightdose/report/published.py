"""What is known of a condition or a claim as values that a page, a terminal and a program show alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nightdose.evidence.body import Body, body
from nightdose.knowledge.cells import weakest
from nightdose.knowledge.claims import Claim
from nightdose.knowledge.common_questions import CommonQuestion
from nightdose.knowledge.comparisons import Condition, Use, biases, comparisons_of, overall, registered
from nightdose.knowledge.trial_results import Result, results
from nightdose.knowledge.trials import Study
from nightdose.language.catalogue import mark, say
from nightdose.language.number import as_given, whole
from nightdose.report.figures.svg import NARROW, WIDE, Figure
from nightdose.report.figures.trials import trials_figure
from nightdose.report.words.published import (
    BIAS,
    CERTAINTY,
    body_sentences,
    derivation,
    missing_words,
    people_of,
    status_words,
    switched_words,
    trial_name,
    trial_numbers,
    without_words,
)

STEPS = (mark("not lowered"), mark("lowered by one step"), mark("lowered by two steps"))
STRENGTHS = {"very low": mark("very low"), "low": mark("low"), "moderate": mark("moderate"), "high": mark("high")}
VERDICTS = {
    "supported": mark("supported"),
    "partly": mark("partly"),
    "unsupported": mark("no evidence worth the name either way"),
    "contradicted": mark("contradicted"),
    "untested": mark("never tested"),
}
DESIGNS = {
    "randomised parallel": mark("randomised"),
    "randomised crossover": mark("randomised crossover"),
    "fixed-order crossover": mark("crossover in a fixed order"),
    "dose finding": mark("dose finding without a dummy"),
    "open": mark("before and after, no comparison"),
    "register": mark("prescription register"),
    "records": mark("patient records"),
    "cases": mark("single cases"),
    "laboratory": mark("laboratory"),
    "animal": mark("animals"),
    "registered": mark("registered, no result found"),
    "pool": mark("pool of others"),
    "review": mark("review"),
}


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One trial of a comparison. id : of the published row; how : derivation; mark : of a number that was not seen."""

    id: str
    name: str
    people: str
    dose: str
    effect: str
    interval: str
    how: str
    mark: str
    bias: str
    address: str


@dataclass(frozen=True, slots=True)
class BiasRow:
    """One domain of one trial."""

    trial: str
    domain: str
    judgement: str
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """One comparison. pictures : wide and narrow; switched, without, published, reasons : table rows.

    published : (name, what was found, mark, address of the source) of each pool of others.
    """

    id: str
    title: str
    certainty: str
    sentences: tuple[str, ...]
    wide: Figure
    narrow: Figure
    trials: tuple[TrialRow, ...]
    switched: tuple[tuple[str, str, str], ...]
    without: tuple[tuple[str, str], ...]
    published: tuple[tuple[str, str, str, str], ...]
    reasons: tuple[tuple[str, str, str], ...]
    biases: tuple[BiasRow, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One published result as it stands in the set."""

    id: str
    study: str
    design: str
    measure: str
    found: str
    mark: str
    note: str
    citation: str
    address: str


@dataclass(frozen=True, slots=True)
class ConditionPart:
    """Everything of one condition: its comparisons, every published result, what would change the picture."""

    id: str
    words: str
    summary: str
    sections: tuple[Section, ...]
    rows: tuple[ResultRow, ...]
    registered: tuple[str, ...]
    would_change: str


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """One claim as it is shown. sources : (words, address)."""

    id: str
    quote: str
    who: str
    verdict: str
    strength: str
    evidence: str
    mark: str
    mechanism: str
    diary: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One common question. open : what nobody knows, or ""; sources : (words, address), "" = none."""

    ask: str
    known: str
    open: str
    sources: tuple[tuple[str, str], ...]


def condition_part(condition: Condition) -> ConditionPart:
    """One condition, worked out."""
    bodies = [body(c.name) for c in comparisons_of(condition)]
    rows = [r for r in results().values() if r.study.condition == condition.id]
    awaited = tuple(f"{r.study.name} ({r.study.citation})" for r in registered(condition))
    names = tuple(r.study.name for r in registered(condition))
    return ConditionPart(
        condition.id,
        say(condition.words),
        summary(condition),
        tuple(section(found, names, "" if found.pooled else _unusable(condition, bodies)) for found in bodies),
        tuple(_result_row(r) for r in rows),
        awaited,
        say(condition.would_change),
    )


def summary(condition: Condition) -> str:
    """The state of a condition in one sentence."""
    bodies = [body(c.name) for c in comparisons_of(condition)]
    if bodies:
        more = _unusable(condition, bodies) if bodies[0].pooled is None else ""
        return f"{say(bodies[0].comparison.title)}: {body_sentences(bodies[0])[0]}{more}"
    studies = {r.study.id: r.study for r in results().values() if r.study.condition == condition.id}
    if any(s.is_randomised for s in studies.values()):
        return say("A randomised trial was made; it gives no difference from a dummy that could be used.")
    if not studies:
        return say("No study was found.")
    pools = {r.study.name for r in results().values() if r.study.id in studies and _is_pool_of_trials(r)}
    if pools:
        return say("In the set only as pools of others: {names}.", names=", ".join(sorted(pools)))
    return say(
        "No randomised trial with a result was found: before-and-after reports cannot tell the medicine from time."
    )


def _is_pool_of_trials(result: Result) -> bool:
    """Somebody pooled trials with a comparison, not reports of before and after."""
    return result.study.design == "pool" and result.kind != "before and after"


def _unusable(condition: Condition, bodies: list[Body]) -> str:
    """Randomised trials that found something but gave no number to compare, by name."""
    used = {study.id for found in bodies for t in found.trials for study in (t.use.bias, t.use.result.study)}
    others = {
        r.study.name: r.finding if r.kind == "words" else say("no number against a dummy on this scale")
        for r in reversed(list(results().values()))
        if r.study.condition == condition.id and r.study.is_randomised and r.study.id not in used
    }
    said = "; ".join(f"{name}: {found}" for name, found in reversed(others.items()))
    return " " + say("Randomised too: {names}.", names=said) if others else ""


def section(found: Body, awaited: tuple[str, ...], beside: str) -> Section:
    """One comparison as it is shown. beside : randomised trials that gave it no number, behind its first sentence."""
    first, *rest = body_sentences(found)
    comparison = found.comparison
    ident = comparison.name
    return Section(
        id=ident,
        title=say(comparison.title),
        certainty=say(CERTAINTY[comparison.certainty]),
        sentences=(first + beside, *rest),
        wide=trials_figure(found, width=WIDE, ident=f"{ident}-wide"),
        narrow=trials_figure(found, width=NARROW, ident=f"{ident}-narrow"),
        trials=tuple(
            TrialRow(
                t.use.result.id,
                trial_name(t.use),
                whole(people_of((t,))),
                _dose(t.use.result.study),
                *trial_numbers(t, comparison),
                derivation(t),
                status_words(t.status),
                say(BIAS[overall(t.use.bias.id)]),
                t.use.result.study.address,
            )
            for t in found.trials
        ),
        switched=switched_words(found),
        without=without_words(found),
        published=tuple(
            (r.study.name, found_words(r), status_words(r.status()), r.study.address) for r in comparison.published
        ),
        reasons=tuple((say(r.reason), say(STEPS[r.down]), say(r.why)) for r in comparison.reasons),
        biases=tuple(row for t in found.trials for row in _bias_rows(t.use)),
        missing=missing_words(found, awaited),
    )


def _dose(study: Study) -> str:
    """The dose with its unit, where it begins with a plain number of mg; one from memory says so."""
    dose = re.sub(r"^([\d.]+)(?=$| \()", r"\1 mg", study.dose)
    return say("{dose} (from memory)", dose=dose) if dose and weakest(study.statuses, ["dose"]) == "recalled" else dose


def _bias_rows(use: Use) -> tuple[BiasRow, ...]:
    return tuple(
        BiasRow(use.bias.name, say(b.domain), say(BIAS[b.judgement]), say(b.why)) for b in biases()[use.bias.id]
    )


def _result_row(result: Result) -> ResultRow:
    study = result.study
    return ResultRow(
        result.id, study.name, say(DESIGNS[study.design]), result.measure, found_words(result),
        status_words(result.status()), result.note, study.citation, study.address,
    )  # fmt: skip


def found_words(result: Result) -> str:
    """A published result as it was published, digit by digit: number, interval, p; or its words."""
    n = result.numbers
    if "effect" not in n:
        return result.finding
    said = say("{kind} {effect}", kind=say(result.kind), effect=as_given(n["effect"]))
    if "low" in n:
        said += f" ({as_given(n['low'])} {say('to')} {as_given(n['high'])})"
    if "p" in n:
        said += f", p {'<' if result.p_below else '='} {as_given(n['p'])}"
    return said + (f"; {result.finding}" if result.finding else "")


def question_part(question: CommonQuestion) -> QuestionPart:
    """One common question as it is shown."""
    return QuestionPart(
        say(question.ask), say(question.known), say(question.open) if question.open else "", question.sources
    )


def claim_part(claim: Claim) -> ClaimPart:
    """One claim as it is shown."""
    verdict = say(VERDICTS[claim.verdict]) + (f", {say(claim.but)}" if claim.but else "")
    quote = f"“{claim.quote}”" + (f" ({say(claim.context)})" if claim.context else "")
    link = claim.link
    mechanism = (
        say(
            "“{title}”, {grade}: {evidence}",
            title=say(link.title),
            grade=say(link.grade_words),
            evidence=say(link.evidence),
        )
        if link
        else say("The model of the body has no part in this claim.")
    )
    marks = {
        "recalled": say("not checked: written from memory, the source was not read again"),
        "part recalled": say("partly from memory, not read again"),
    }
    sure = say("{strength} certainty", strength=say(STRENGTHS[claim.strength])) if claim.strength else ""
    return ClaimPart(
        claim.id, quote, say(claim.who), verdict,
        sure or say("no evidence to grade"),
        say(claim.evidence), marks.get(claim.status, ""), mechanism,
        say(claim.diary) or say("Nothing of this can be tested by one person’s diary."),
        (*((_study_words(s), s.address) for s in claim.studies), *claim.sources),
    )  # fmt: skip


def _study_words(study: Study) -> str:
    return f"{study.name} ({study.citation})"
