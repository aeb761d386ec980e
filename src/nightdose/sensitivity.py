"""Would the answer be another one had the starting assumptions been others? The same fit under changed priors."""

from __future__ import annotations

from dataclasses import replace

from nightdose.analyse import answered, health_checks, judge, open_case
from nightdose.inference.components import Series
from nightdose.inference.reprior import NormalPrior, PriorChange, under
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.beside import PriorVariant

LESS, MORE = 0.5, 2.0
LESS_DRIFT = (
    0.4  # 0.05 -> 0.02 a day: the smallest scale that untreated series do not speak against (docs/inference.md)
)
NO_TREND_SD = 1e-3  # of the outcome's sd over the whole diary


def with_sensitivity(analysis: Analysis, *, threads: int = 1) -> Analysis:
    """The analysis with the improvement and the verdict under each of up to seven changed priors beside it.

    Drift scale x 0.4 and x 2, prior sd of the effect x 0.5 and x 2, prior median of the onset x 0.5 and x 2, no linear
    trend. Each is the posterior of the same diary under that prior (`inference/reprior.py`), judged by the same rule.
    Nothing is added where the analysis has no number, and no onset variants where the effect is same-day.
    """
    fitted = analysis.fitted
    if fitted is None or analysis.verdict.estimate is None:
        return analysis
    case = open_case(analysis.diary, analysis.question)
    found = []
    for code, words, change in changes(fitted.posterior.series, analysis.question.treatment):
        posterior = under(fitted.posterior, change, threads=threads)
        paths = fitted.made_paths if posterior.hyper is fitted.posterior.hyper else None
        variant = answered(case, fitted.observation, posterior, paths, threads)
        verdict = judge(case, variant, analysis.guess, health_checks(posterior))
        if verdict.estimate is not None:
            found.append(PriorVariant(code, words, verdict.estimate, verdict.answer))
    return replace(analysis, prior_variants=tuple(found))


def changes(series: Series, treatment: str) -> list[tuple[str, str, PriorChange]]:
    """(code, words for people, change) of each variant that this series can have."""
    k = series.names.index(treatment)
    mean, sd = float(series.border_mean[k]), float(series.border_sd[k])

    def effect(factor: float) -> PriorChange:
        return PriorChange(coefficients=(NormalPrior(treatment, mean, factor * sd),))

    found = [
        ("drift_less", "less slow drift", PriorChange(drift=LESS_DRIFT)),
        ("drift_more", "more slow drift", PriorChange(drift=MORE)),
        ("effect_smaller", "smaller effects expected", effect(LESS)),
        ("effect_larger", "larger effects expected", effect(MORE)),
    ]
    if any(column.name == treatment and column.tau_median > 0 for column in series.lagged):
        found += [
            ("onset_shorter", "effect comes twice as fast", PriorChange(onset=(treatment, LESS))),
            ("onset_longer", "effect comes half as fast", PriorChange(onset=(treatment, MORE))),
        ]
    trend = PriorChange(coefficients=(NormalPrior("trend", 0.0, NO_TREND_SD),))
    return [*found, ("no_trend", "no steady trend", trend)]
