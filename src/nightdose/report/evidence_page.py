"""What is known as one self-contained page: to print, to send, to give to whoever prescribes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdose.knowledge.claims import Claim
from nightdose.knowledge.common_questions import CommonQuestion
from nightdose.knowledge.comparisons import Condition, data_set
from nightdose.language.catalogue import language, say
from nightdose.report.page import environment
from nightdose.report.published import ClaimPart, ConditionPart, QuestionPart, claim_part, condition_part, question_part
from nightdose.report.words.published import not_for_doses, set_words
from nightdose.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Everything on the page. made : release and date of the set; how : what was searched."""

    language: str
    made: str
    warning: str
    how: str
    questions: tuple[QuestionPart, ...]
    conditions: tuple[ConditionPart, ...]
    claims: tuple[ClaimPart, ...]
    would_change: tuple[str, ...]


def evidence_page(
    chosen: Sequence[Condition], about: Sequence[Claim], asked: Sequence[CommonQuestion] = ()
) -> EvidencePage:
    """The page of these conditions, claims and questions as a value."""
    found = data_set()
    return EvidencePage(
        language().code,
        set_words(),
        not_for_doses(),
        say(found.how),
        tuple(question_part(q) for q in asked),
        tuple(condition_part(c) for c in chosen),
        tuple(claim_part(c) for c in about),
        tuple(say(line) for line in found.would_change),
    )


def evidence_html(chosen: Sequence[Condition], about: Sequence[Claim], asked: Sequence[CommonQuestion] = ()) -> str:
    """The page as HTML; the same set gives the same bytes."""
    return environment().get_template("evidence.html").render(page=evidence_page(chosen, about, asked))


def write_evidence(
    path: Path, chosen: Sequence[Condition], about: Sequence[Claim], asked: Sequence[CommonQuestion]
) -> None:
    """The page as a UTF-8 file."""
    write_whole(path, evidence_html(chosen, about, asked))
