"""Several outcomes of one diary: one primary that is judged, the others exploratory and shrunk together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.errors import CallError
from nightdose.fit.estimand import straight
from nightdose.inference.shrinkage import nearest_correlation, shrink
from nightdose.language.catalogue import mark, say
from nightdose.question.question import Question
from nightdose.verdict.analysis import Analysis, Exploratory

EXPLORATORY = mark(
    "Exploratory: one of several outcomes looked at, shrunk towards what they have in common, and not judged."
)


def analyse_outcomes(
    diary: Diary, question: Question, *, also: Sequence[Question], certificate: int = 0, seed: int = 0, threads: int = 1
) -> Analysis:
    """The analysis of the primary question with other outcomes beside it: `analyse`, then `with_exploratory`."""
    check_distinct(question, also)
    analysis = analyse(diary, question, certificate=certificate, seed=seed, threads=threads)
    return with_exploratory(analysis, also, threads=threads)


def with_exploratory(analysis: Analysis, also: Sequence[Question], *, threads: int = 1) -> Analysis:
    """The analysis with other outcomes of the same diary beside it, exploratory; the verdict is the primary's alone.

    also : questions about the same treatment, each with its own outcome, scale and direction. Each is fitted alone as
    the primary is; the prior of its effect is taken out again (normal approximation), what is left is divided by the
    outcome's sd and shrunk together (`inference/shrinkage.py`), errors correlated as the outcomes are on their days.
    Raises CallError where an outcome is named twice or another treatment is asked about.
    """
    check_distinct(analysis.question, also)
    found = [analyse(analysis.diary, question, threads=threads, curves=False) for question in also]
    return analysis.with_beside(exploratory=together(found))


def check_distinct(question: Question, also: Sequence[Question]) -> None:
    """Raises CallError where two questions are about one outcome, or about two treatments."""
    names = [q.outcome.casefold() for q in (question, *also)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CallError(
            say(
                "The outcome '{twice}' is asked about twice. Name each once, the primary not among the others.",
                twice=twice[0],
            ),
            field="also",
        )
    others = [q.treatment for q in also if q.treatment.casefold() != question.treatment.casefold()]
    if others:
        raise CallError(
            say(
                "All outcomes are asked about {treatment}; one is about {others}.",
                treatment=question.treatment,
                others=others[0],
            )
        )


def together(found: Sequence[Analysis]) -> tuple[Exploratory, ...]:
    """Analyses of the other outcomes, shrunk; one without a number stays without, and says why."""
    standardised = [_standardised(analysis) for analysis in found]
    at = [i for i, s in enumerate(standardised) if s is not None]
    shrunk = None
    if at:
        effect, error, unit = np.array([s for s in standardised if s is not None]).T
        signed = np.column_stack([found[i].question.direction * found[i].outcome for i in at])
        cov = nearest_correlation(signed) * error[:, None] * error
        shrunk = shrink(effect, cov)
    out = []
    for i, analysis in enumerate(found):
        place = at.index(i) if i in at else None
        if shrunk is None or place is None:
            out.append(Exploratory(analysis.question, analysis.verdict.estimate, None, analysis.verdict.sentence))
            continue
        scale = float(unit[place])
        low, high = scale * shrunk.interval95[place]
        estimate = (scale * float(shrunk.mean[place]), scale * float(shrunk.sd[place]), (float(low), float(high)))
        out.append(Exploratory(analysis.question, analysis.verdict.estimate, estimate, say(EXPLORATORY)))
    return tuple(out)


def _standardised(analysis: Analysis) -> tuple[float, float, float] | None:
    """(improvement, its standard error, sd of the outcome): by the data alone, in sd; None where the data add nothing.

    The prior of the effect is taken out as in `small_by_data_alone`: with left = 1 - sd^2 / prior sd^2 on the latent
    scale of the leading dose-response form, mean / left and sd / left^(1/2).
    """
    fitted, e = analysis.fitted, analysis.verdict.estimate
    if fitted is None or e is None:
        return None
    part = fitted.leading
    p, name = part.posterior, part.form.names[0]
    k = p.coefficient(name)
    prior = float(p.series.border_sd[k] * (p.weights @ p.exposure[:, k - len(p.series.fixed_names)]))
    left = 1 - (straight(p, (name,)).moments()[1] / prior) ** 2 if prior > 0 else 0.0
    unit = float(np.std(analysis.outcome[fitted.observation.seen]))
    if left <= 0 or not unit > 0 or not e.sd > 0:
        return None
    return e.mean / left / unit, e.sd / left**0.5 / unit, unit
