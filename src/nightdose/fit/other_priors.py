"""A fit under other priors: each dose-response form refitted, then averaged."""

from __future__ import annotations

from collections.abc import Callable

from nightdose.fit.averaging import Averaging, Fit
from nightdose.fit.case import Case
from nightdose.fit.estimand import measured_under
from nightdose.fit.fitted import Fitted, Part
from nightdose.fit.fitting import competitors
from nightdose.inference.reprior import PriorChange, under

EXCLUDED = 0.001  # share of a cause below which it is not looked for again: ten years of a cycle are 200 candidates


def under_other_priors(
    case: Case, fitted: Fitted, change: Callable[[Part], PriorChange | None], *, threads: int = 1
) -> Fitted | None:
    """The fit under changed priors; change : what changes for one form, None leaves the form out.

    Forms that the diary has already found unlikely stay out, and ordinary causes that it has all but excluded, whole
    families and single members. None where no form is left. The shares of the forms move with their evidence under the
    new priors.
    """
    fits = []
    for part in fitted.parts:
        asked = change(part)
        if asked is not None:
            posterior = under(part.posterior, asked, threads=threads)
            measured = None
            if part.measured is not None and posterior.hyper is part.posterior.hyper:  # the same points, no new fit
                measured = measured_under(part.measured, posterior)
            fits.append(Fit(part.form, part.prior, posterior, part.adopted, measured=measured))
    excluded = [cause.family for cause in fitted.causes if cause.share < EXCLUDED]
    shapes = competitors(case, fitted.observation).without(excluded).among(fitted.causes)
    return Averaging(case, fitted.observation, fits, shapes, threads=threads).fitted() if fits else None
