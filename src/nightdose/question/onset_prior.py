"""Which prior of the onset time constant a question uses: its own, the drug's, or all three where nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.knowledge.drugs import drug
from nightdose.knowledge.load import parameters
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.question.question import Question

SAME_DAY = "same-day"
SPEEDS = (SAME_DAY, "days", "weeks")
MIDDLE = "days"  # where one speed has to stand for all three
DEFAULT_BESIDE = "weeks"  # of another medicine that is only adjusted for


@dataclass(frozen=True, slots=True)
class Onset:
    """How fast the treatment may act: one prior, or several that count the same before the diary speaks.

    priors : (median in days, log sd) each; median 0 = no carry-over. sentence : which, and why, for the report.
    """

    priors: tuple[tuple[float, float], ...]
    sentence: str

    @property
    def median_d(self) -> float:
        """The median that stands for all of them, days."""
        return self.priors[len(self.priors) // 2][0]


def onset_of(question: Question) -> Onset:
    """The onset of the treatment: as asked; the same day where days were drawn one by one; its drug's file; or, for a
    medicine that is not on file, all three with equal weight."""
    medicine, known = question.treatment, drug(question.treatment)
    if question.onset is None and question.randomised == "days":
        return Onset(
            ((0.0, 0.0),),
            say(
                "The effect of {treatment} is taken to come and go within the day, because days were drawn one by one.",
                treatment=medicine,
            ),
        )
    if question.onset is None and known is None:
        return Onset(
            tuple(_prior(name) for name in SPEEDS),
            say(
                "How fast {treatment} acts is not on file, so the same day, days ({days}) and weeks ({weeks}) count "
                "the same before the diary speaks. If you know which it is, say so.",
                treatment=medicine,
                days=number(_prior("days")[0]),
                weeks=number(_prior("weeks")[0]),
            ),
        )
    median, sdlog, sentence = onset_prior(question, medicine)
    return Onset(((median, sdlog),), sentence)


def onset_prior(question: Question, medicine: str) -> tuple[float, float, str]:
    """(median in days, log sd, one sentence) of one prior for one medicine; median 0 = no carry-over."""
    known = drug(medicine)
    beside = medicine != question.treatment
    name = question.onset or (known.onset if known else DEFAULT_BESIDE if beside else MIDDLE)
    if name == SAME_DAY or (question.onset is None and not beside and question.randomised == "days"):
        return (
            0.0,
            0.0,
            say("The effect of {medicine} is taken to come and go within the day (same-day).", medicine=medicine),
        )
    prior = parameters("onset")[name]
    origin = say("as asked") if question.onset else say("the drug's file") if known else say("the default")
    return (
        *_prior(name),
        say(
            "Onset of {medicine}: time constant log-normal around {value} days, log sd {spread} "
            "({name}, {origin}; assumed: {why}).",
            medicine=medicine,
            value=number(prior.value),
            spread=number(prior.spread["sdlog"]),
            name=name,
            origin=origin,
            why=prior.why,
        ),
    )


def _prior(name: str) -> tuple[float, float]:
    """(median in days, log sd) of a speed."""
    if name == SAME_DAY:
        return 0.0, 0.0
    prior = parameters("onset")[name]
    return prior.value, float(prior.spread["sdlog"])
