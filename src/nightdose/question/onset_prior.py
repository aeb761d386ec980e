"""Which prior of the onset time constant a question uses: its own, the drug's, or `weeks`."""

from __future__ import annotations

from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import parameters
from nightdose.question.question import Question

DEFAULT_ONSET = "weeks"


def onset_prior(question: Question, medicine: str) -> tuple[float, float, str]:
    """(median in days, log sd, one sentence) of the prior for one medicine; median 0 = no carry-over."""
    known = drug(medicine)
    name = question.onset or (known.onset if known else DEFAULT_ONSET)
    if name == "same-day":
        return 0.0, 0.0, f"The effect of {medicine} is taken to come and go within the day (same-day)."
    prior = parameters("onset")[name]
    origin = "as asked" if question.onset else "the drug's file" if known else "the default"
    return (
        prior.value,
        float(prior.spread["sdlog"]),
        f"Onset of {medicine}: time constant log-normal around {prior.value:g} days, log sd "
        f"{prior.spread['sdlog']:g} ({name}, {origin}; assumed: {prior.why}).",
    )
