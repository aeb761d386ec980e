"""Published results of a comparison as effects with their variance; each way is one function of `effect_size`."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.evidence import effect_size as es
from nightdose.knowledge.cells import Status
from nightdose.knowledge.comparisons import Comparison, Use
from nightdose.statistics import Z95

# which published columns a way reads; the weakest status among them is that of the effect
READS = {
    "interval": ("effect", "low", "high"),
    "p": ("effect", "p"),
    "counts": ("treated_events", "treated_n", "control_events", "control_n"),
    "arms": ("treated_mean", "treated_sd", "treated_n", "control_mean", "control_sd", "control_n"),
    "as reported": ("standardised", "treated_n", "control_n"),
    "crossover p": ("effect", "p"),
    "crossover arms": ("treated_mean", "treated_sd", "treated_n", "control_mean", "control_sd", "control_n"),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """One trial's effect in a comparison: on the comparison's scale and sign (a ratio: its logarithm).

    status : the weakest of the published numbers that it was made from; the interval is always our arithmetic unless
    `how` is "interval".
    """

    use: Use
    effect: es.Effect
    status: Status

    @property
    def interval95(self) -> tuple[float, float]:
        """Normal 95 % interval."""
        return self.effect.value - Z95 * self.effect.error, self.effect.value + Z95 * self.effect.error


def derive(use: Use, comparison: Comparison) -> Derived:
    """The effect of one trial; raises CallError where the published numbers give no variance."""
    n = use.result.numbers
    if use.how == "interval":
        effect = es.from_interval(n["effect"], n["low"], n["high"])
    elif use.how == "p":
        effect = es.from_p(n["effect"], n["p"])
    elif use.how == "counts":
        effect = es.log_risk_ratio(*(int(n[c]) for c in READS["counts"]))
    elif use.how == "arms":
        effect = es.standardised_difference(*_arms(use))
    elif use.how == "as reported":
        effect = es.standardised_given(n["standardised"], int(n["treated_n"]), int(n["control_n"]))
    elif use.how == "crossover p":
        people = use.result.study.people
        assert people is not None, "a crossover in a comparison says how many people it had"
        effect = es.crossover_standardised_from_p(n["effect"], n["p"], people, use.correlation)
    else:
        effect = es.crossover_difference(*_arms(use), use.correlation)
    if use.result.better != comparison.better:
        effect = es.Effect(-effect.value, effect.variance, effect.derived)
    return Derived(use, effect, use.result.status(*READS[use.how]))


def _arms(use: Use) -> tuple[es.Arm, es.Arm]:
    n = use.result.numbers
    return (
        es.Arm(n["treated_mean"], n["treated_sd"], int(n["treated_n"])),
        es.Arm(n["control_mean"], n["control_sd"], int(n["control_n"])),
    )
