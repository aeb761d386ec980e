"""Evidence: what trials and claims say; the same values as on paper and in the terminal. Needs no diary."""

from __future__ import annotations

from urllib.parse import quote

from nightdose.errors import CallError
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.claims import claims
from nightdose.knowledge.comparisons import Condition, conditions, data_set
from nightdose.knowledge.finding import claims_about, questions_about
from nightdose.language.catalogue import say
from nightdose.report.evidence_page import evidence_html
from nightdose.report.published import claim_part, condition_part, question_part, summary
from nightdose.report.words.published import not_for_doses, set_is_about_naltrexone, set_words
from nightdose.web.asked import Answered, Asked, Given, Shown
from nightdose.web.contexts.evidence import ClaimsPage, ConditionLink, ConditionPage, EvidencePage
from nightdose.web.desk import Desk
from nightdose.web.views.answer import REPORT_POLICY
from nightdose.web.views.frame import around

HERE = "/evidence"
NAME = "evidence.html"
KIND = "text/html; charset=utf-8"


def page(desk: Desk, asked: Asked) -> Answered:
    """The list of conditions and the answer to a question, or one condition."""
    chosen = _condition(asked)
    if chosen is not None:
        address = f"?condition={quote(chosen.id)}"
        shown = ConditionPage(
            not_for_doses(), set_words(), condition_part(chosen), f"{HERE}/page{address}", f"{HERE}/save{address}"
        )
        return Shown(around(desk, shown.part.words, HERE), shown)
    words = asked.query.get("question", "").strip()
    answers = tuple(question_part(q) for q in questions_about(words))
    found = tuple(claim_part(c) for c in claims_about(words))
    nothing = words and not answers and not found
    return Shown(
        around(desk, say("Evidence"), HERE),
        EvidencePage(
            warning=f"{_about_another()} {not_for_doses()}".strip(),
            made=set_words(),
            how=say(data_set().how),
            asked=words,
            answers=answers,
            found=found,
            nothing=say("Nothing in the set speaks of that. Ask with other words.") if nothing else "",
            conditions=tuple(
                ConditionLink(f"{HERE}?condition={quote(c.id)}", say(c.words), summary(c)) for c in _listed()
            ),
            claims=say("{n} claims, each with a verdict and its sources", n=len(claims())),
            would_change=tuple(say(line) for line in data_set().would_change),
        ),
    )


def claims_page(desk: Desk, asked: Asked) -> Answered:
    """Every claim, one by one to open."""
    shown = ClaimsPage(not_for_doses(), set_words(), tuple(claim_part(c) for c in claims().values()))
    return Shown(around(desk, say("Claims"), HERE), shown)


def see(desk: Desk, asked: Asked) -> Answered:
    """The page to print."""
    return Given(NAME, KIND, _html(asked), shown=True, policy=REPORT_POLICY)


def save(desk: Desk, asked: Asked) -> Answered:
    """The page to keep or to send."""
    return Given(NAME, KIND, _html(asked))


def _html(asked: Asked) -> bytes:
    chosen = _condition(asked)
    if chosen is None:
        return evidence_html(_listed(), list(claims().values())).encode("utf-8")
    return evidence_html([chosen], []).encode("utf-8")


def _condition(asked: Asked) -> Condition | None:
    """The condition of the address, None where none is asked for."""
    key = asked.query.get("condition", "")
    if not key:
        return None
    if key not in conditions():
        raise CallError(say("There is no such condition here. Go back to Evidence and choose one."))
    return conditions()[key]


def _about_another() -> str:
    """That the set is about naltrexone, where the diary is not."""
    file = chosen()
    return "" if file is None else set_is_about_naltrexone(file.title)


def _listed() -> list[Condition]:
    return [c for c in conditions().values() if c.names]
