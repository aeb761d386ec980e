"""From a fit and a design to one of five answers, each with its reasons, its ceiling and what would change it."""

from __future__ import annotations

from nightdose.fit.case import Case
from nightdose.fit.fitted import Fitted
from nightdose.verdict import reasons, words
from nightdose.verdict.answer import Checks, Verdict
from nightdose.verdict.rule import answer_of, ceiling, withheld


def decide(case: Case, fitted: Fitted | None, checks: Checks) -> Verdict:
    """The verdict. A decisive weakness, a missing fit or an unhealthy one never ends in a judgement.

    checks : the fit's own gate the answer; guesses may withhold a word (`rule.py: withheld`); the others stand beside
    the answer and never change it: where they disagree, they say so.
    """
    question, design, weaknesses = case.question, case.design, case.weaknesses
    top = ceiling(design, checks.guess)
    decisive = [reason for reason in weaknesses if reason.decisive]
    if decisive:
        # no number: what the model would say here rests on its priors, and would be read as an answer
        sentence, change = words.sentence_cannot(decisive), words.change_cannot(decisive)
        return Verdict("cannot_be_known", top, sentence, weaknesses, change, None, None)
    if checks.failed or fitted is None:
        why = (reasons.unhealthy(checks.failed), *weaknesses)
        return Verdict("not_yet_known", top, words.sentence_refused(), why, words.change_refused(), None, None)
    e, settled = fitted.estimate, fitted.settled
    found = answer_of(e, settled, fitted.small_by_data)
    answer = withheld(found, design, checks.guess)
    why = (
        reasons.posterior(question, e, settled),
        *(reasons.hope(question, checks.guess) if answer != found else ()),
        *reasons.disagreement(answer, checks.randomisation_test),
        *reasons.missing_days(answer, checks.missing_bad, question),
        *reasons.odd_dose(question, found, checks.doses),
        *reasons.blinding(design, checks.guess),
        *reasons.far_days(case, fitted.far_days),
        *weaknesses,
    )
    said = words.Said(top, question, design, e, settled)
    if answer != found:
        return Verdict(answer, top, words.sentence_hope(said), why, words.change_hope(), e, settled)
    return Verdict(answer, top, words.sentence(answer, said), why, words.change(answer, top, design), e, settled)
