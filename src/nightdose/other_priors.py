"""One fit of a case had its priors been others: every dose-response form anew, then averaged as before."""

from __future__ import annotations

from collections.abc import Callable

from nightdose.case import Case
from nightdose.fitting import averaged
from nightdose.inference.marginal import Paths
from nightdose.inference.posterior import Posterior
from nightdose.inference.reprior import PriorChange, under
from nightdose.verdict.fitted import Fitted, Form, Part


def under_other_priors(
    case: Case, fitted: Fitted, change: Callable[[Part], PriorChange | None], *, threads: int = 1
) -> Fitted | None:
    """The fit under changed priors; change : what changes for one form, None leaves the form out.

    Forms that the diary has already found unlikely stay out. None where no form is left. The shares of the forms move
    with their evidence under the new priors.
    """
    fits: list[tuple[Form, Posterior]] = []
    paths: dict[int, Paths] = {}
    for part in fitted.parts:
        asked = change(part)
        if asked is None:
            continue
        posterior = under(part.posterior, asked, threads=threads)
        if part.made_paths is not None and posterior.hyper is part.posterior.hyper:  # the same points
            paths[len(fits)] = part.made_paths
        fits.append((part.form, posterior))
    return averaged(case, fitted.observation, fits, known_paths=paths, threads=threads) if fits else None
