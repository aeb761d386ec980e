"""One fit of one outcome as a value: a part for every dose-response form, and the estimate averaged over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nightdose.fit.causes import Cause
from nightdose.fit.contrast import Contrast
from nightdose.fit.estimand import Measured
from nightdose.fit.estimate import Estimate
from nightdose.inference.components import LaggedColumn
from nightdose.inference.observation import Observation
from nightdose.inference.posterior import Posterior

HARDLY_COUNTS = 10.0  # factor on the noise variance of a day from which it is named


@dataclass(frozen=True, slots=True)
class Form:
    """One dose-response form of the treatment: its columns, and the steady response to every dose taken.

    prior : its share before the diary speaks; forms of one family share theirs.
    """

    family: str
    columns: tuple[LaggedColumn, ...]
    steady: Mapping[float, tuple[float, ...]]
    prior: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Part:
    """The fit under one dose-response form; share : its posterior probability, prior : the one before the diary.

    adopted : ordinary causes with columns of their own.
    measured : where it was looked at how the scale bends an effect, None where it is straight.
    settled : the effect of the doses taken, each had it settled, over the days on treatment.
    """

    form: Form
    share: float
    prior: float
    adopted: tuple[str, ...]
    posterior: Posterior
    measured: Measured | None
    settled: Contrast


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fit of one outcome: a part for every dose-response form, and the estimate averaged over them.

    estimate : over the days on treatment, as the doses were taken, onset and fading included; it carries the sign.
    settled : the same had every dose settled; it carries the size. small_by_data : P(no meaningful difference) had the
    prior of the effect been flat. effect, settled_effect : the contrasts that these summarise, in the outcome's own
    sign, points in the order of the parts, then components beside ordinary causes. causes : all that compete, likeliest
    first.
    """

    observation: Observation
    parts: tuple[Part, ...]
    estimate: Estimate
    settled: Estimate
    small_by_data: float
    effect: Contrast
    settled_effect: Contrast
    causes: tuple[Cause, ...] = ()

    @property
    def leading(self) -> Part:
        """The likeliest part with one column for the treatment; simulated diaries are drawn from it."""
        return max((part for part in self.parts if len(part.form.columns) == 1), key=lambda part: part.share)

    @property
    def far_days(self) -> tuple[int, ...]:
        """Indices of days so far from all others that they count for a tenth of a day or less."""
        spread = self.leading.posterior.series.spread if self.parts else None
        return () if spread is None else tuple(np.flatnonzero(spread > HARDLY_COUNTS).tolist())
