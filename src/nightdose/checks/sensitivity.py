"""Would other starting assumptions change the answer? The same fit under changed priors.

For a rating also without the assumption that its steps are equally wide: every cutpoint is then unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from nightdose.fit.fitted import Fitted, Part
from nightdose.fit.fitting import fit_case
from nightdose.fit.health import health_checks
from nightdose.fit.other_priors import under_other_priors
from nightdose.inference.reprior import NormalPrior, PriorChange
from nightdose.language.catalogue import say
from nightdose.question.kind import FREE_STEPS
from nightdose.verdict.analysis import Analysis, PriorVariant
from nightdose.verdict.rule import answer_of, withheld

LESS, MORE = 0.5, 2.0
LESS_DRIFT = (
    0.4  # 0.05 -> 0.02 a day: the smallest scale that untreated series do not speak against (docs/inference.md)
)
NO_TREND_SD = 1e-3  # of the outcome's sd over the whole diary


def with_sensitivity(analysis: Analysis, *, threads: int = 1) -> Analysis:
    """The analysis with the improvement and the verdict under each of up to eight changed assumptions beside it.

    Drift scale x 0.4 and x 2, prior sd of the effect x 0.5 and x 2, prior median of the onset x 0.5 and x 2, no linear
    trend. Each is the posterior of the same diary under that prior (`inference/reprior.py`), judged by the same rule. A
    rating is also fitted as ordered categories with free cutpoints, its effect still in points.
    Nothing is added where the analysis has no number, and no onset variants where the effect is same-day.
    """
    fitted = analysis.fitted
    if fitted is None or not analysis.verdict.answered:
        return analysis
    case = analysis.case
    variants: dict[str, tuple[str, Fitted | None]] = {}
    for code, (words, change) in changes(fitted.leading).items():
        variants[code] = words, under_other_priors(case, fitted, change, threads=threads)
    if analysis.question.kind.even:
        free = replace(case, question=replace(analysis.question, scale=FREE_STEPS))
        variants["steps_free"] = say("steps of any width"), fit_case(free, case.outcome, threads)
    found = []
    for code, (words, variant) in variants.items():
        if variant is not None and all(check.ok for check in health_checks(variant)):
            answer = answer_of(variant.estimate, variant.settled, variant.small_by_data, case.sure)
            answer = withheld(answer, analysis.design, analysis.guess, case.sure)
            found.append(PriorVariant(code, words, variant.estimate, answer))
    return analysis.with_beside(prior_variants=tuple(found))


Change = Callable[[Part], PriorChange]


def changes(leading: Part) -> Mapping[str, tuple[str, Change]]:
    """code -> (words for people, change of one form) of each variant that this fit can have."""

    def drift(factor: float) -> Change:
        return lambda part: PriorChange(drift=factor)

    def effect(factor: float) -> Change:
        def scaled(part: Part) -> PriorChange:
            series = part.posterior.series
            ks = [series.names.index(name) for name in part.form.names]
            means, sds = series.border_mean[ks].tolist(), series.border_sd[ks].tolist()
            named = zip(part.form.names, means, sds, strict=True)
            return PriorChange(coefficients=tuple(NormalPrior(name, mean, factor * sd) for name, mean, sd in named))

        return scaled

    def onset(factor: float) -> Change:
        return lambda part: PriorChange(onset=(part.form.names, factor))

    def trend(part: Part) -> PriorChange:
        return PriorChange(coefficients=(NormalPrior("trend", 0.0, NO_TREND_SD),))

    found = {
        "drift_less": (say("less slow drift"), drift(LESS_DRIFT)),
        "drift_more": (say("more slow drift"), drift(MORE)),
        "effect_smaller": (say("smaller effects expected"), effect(LESS)),
        "effect_larger": (say("larger effects expected"), effect(MORE)),
    }
    if leading.form.columns[0].tau_median > 0:
        found["onset_shorter"] = (say("effect comes twice as fast"), onset(LESS))
        found["onset_longer"] = (say("effect comes half as fast"), onset(MORE))
    return found | {"no_trend": (say("no steady trend"), trend)}
