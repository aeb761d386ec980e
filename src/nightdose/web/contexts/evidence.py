"""What trials and claims say: the list, one condition, the claims."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.report.published import ClaimPart, ConditionPart, QuestionPart


@dataclass(frozen=True, slots=True)
class ConditionLink:
    """A condition in the list, and its state in one sentence."""

    path: str
    words: str
    summary: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The list. made : release and date; how : what was searched; asked : the question typed; answers : the common
    questions that it meets; found : its claims.
    """

    warning: str
    made: str
    how: str
    asked: str
    answers: tuple[QuestionPart, ...]
    found: tuple[ClaimPart, ...]
    nothing: str
    conditions: tuple[ConditionLink, ...]
    claims: str
    would_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """One condition with everything published; see, save : addresses of the page to print and to keep."""

    warning: str
    made: str
    part: ConditionPart
    see: str
    save: str


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    """Every claim."""

    warning: str
    made: str
    claims: tuple[ClaimPart, ...]
