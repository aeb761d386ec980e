"""From a fit and a design to one of five answers, each with its reasons, its ceiling and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nightdose.fit.case import Case
from nightdose.fit.fitted import Fitted
from nightdose.question.reason import Reason
from nightdose.verdict import causes, reasons, words
from nightdose.verdict.answer import Ceiling, Checks, Verdict
from nightdose.verdict.rule import answer_of, ceiling, imitated, not_confirmed, withheld

ONLY_SAID = "draw_only_said"  # why the ceiling is low; it stands first


def decide(case: Case, fitted: Fitted | None, checks: Checks) -> Verdict:
    """The verdict. A decisive weakness, a missing fit or an unhealthy one never ends in a judgement; nor does a
    difference that something else would imitate.

    checks : the fit's own gate the answer; guesses and a rhythm may withhold a word (`rule.py`), a re-randomisation
    test that does not confirm it lowers the ceiling; the others stand beside the answer and never change it.
    """
    question, design, test = case.question, case.design, None if case.claimed else checks.randomisation_test
    weaknesses = reasons.without_echoes(case.weaknesses)
    top = ceiling(design, checks.guess)
    decisive = [reason for reason in weaknesses if reason.decisive]
    if decisive:  # what the model would say rests on its priors
        return _cannot(top, decisive, weaknesses)
    if checks.failed or fitted is None:
        why = (reasons.unhealthy(checks.failed), *weaknesses)
        return Verdict("not_yet_known", top, words.sentence_refused(), why, words.change_refused(), None, None)
    e, settled = fitted.estimate, fitted.settled
    found = answer_of(e, settled, fitted.small_by_data, case.sure)
    imitating = [reason for reason in weaknesses if reason.imitates]
    if imitating and answer_of(e, settled, fitted.small_by_data) in ("helps", "harms"):  # more days would not help
        return replace(_cannot(top, imitating, weaknesses), estimate=e, settled=settled)
    steady = imitated(found, case.plan.draws if case.plan else (), test, checks.rhythm, case.sure)
    answer = withheld(steady, design, checks.guess, case.sure)
    against = not_confirmed(answer, test)
    top = ceiling(design, checks.guess, against)
    why = (
        reasons.posterior(question, e, settled),
        *(reason for reason in weaknesses if reason.code == ONLY_SAID),
        *causes.reasons(case.diary, fitted.causes),
        *(reasons.hope(question, checks.guess) if answer != steady else ()),
        *reasons.disagreement(found, test),
        *reasons.no_test(case.plan, design),
        *reasons.looks(case.looks, case.sure, case.sure_once, e, settled),
        *reasons.missing_days(answer, checks.missing_bad, question),
        *reasons.odd_dose(question, found, checks.doses),
        *reasons.blinding(design, checks.guess),
        *reasons.far_days(case, fitted.far_days),
        *(reason for reason in weaknesses if reason.code != ONLY_SAID),
    )
    said = words.Said(top, question, design, e, settled, test if against else None)
    if steady != found:
        sentence, change = words.sentence_rhythm(found, said, checks.rhythm), words.change_rhythm(checks.rhythm)
        return Verdict(answer, top, sentence, why, change, e, settled)
    if answer != found:
        return Verdict(answer, top, words.sentence_hope(said), why, words.change_hope(), e, settled)
    sentence, change = words.sentence(answer, said), words.change(answer, top, design, question)
    return Verdict(answer, top, sentence, why, change, e, settled, words.since(design))


def _cannot(top: Ceiling, because: Sequence[Reason], weaknesses: tuple[Reason, ...]) -> Verdict:
    """Said without a number, which would be read as an answer."""
    sentence, change = words.sentence_cannot(because), words.change_cannot(because)
    return Verdict("cannot_be_known", top, sentence, weaknesses, change, None, None)
