"""One fit of one outcome as a value: what was observed, the posterior, and the estimate it gives."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.inference.marginal import Kernel, Paths
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior
from nightdose.verdict.answer import Estimate


@dataclass(frozen=True, slots=True)
class Fitted:
    """A posterior with the observation it was made from and the estimate it gives."""

    observation: Observation
    posterior: Posterior
    estimate: Estimate
    small_by_data: float  # P(no meaningful difference) had the prior of the effect been flat
    made_paths: Paths | None

    def paths(self) -> Paths:
        """The smoothed path at every hyper-parameter point."""
        return self.made_paths or Kernel(self.posterior.series).paths(self.posterior.z)
