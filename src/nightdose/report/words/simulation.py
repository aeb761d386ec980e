"""A simulation in words: who, what became of receptors and endorphin, which claimed links were on."""

from __future__ import annotations

from collections.abc import Iterable

from nightdose.language.catalogue import say
from nightdose.mechanism.overview import Overview, assumptions
from nightdose.mechanism.population import Study
from nightdose.report.figures.mechanism import Words


def study_words(study: Study) -> str:
    """Who was simulated, and for how long."""
    if study.people == 1:
        return say("One typical person, {days} days", days=study.days)
    if len(study.sample) < study.people:
        return say(
            "{people} virtual people, {days} days, seed {seed}; medians and shaded 90% of {n} of them",
            people=study.people,
            days=study.days,
            seed=study.seed,
            n=len(study.sample),
        )
    return say(
        "{people} virtual people, {days} days, seed {seed}; medians, shaded 90% of them",
        people=study.people,
        days=study.days,
        seed=study.seed,
    )


def _share(values: tuple[float, float, float]) -> str:
    low, middle, high = (round(100 * v) for v in values)
    return say("{middle}% ({low} to {high})", middle=middle, low=low, high=high)


def study_paragraphs(study: Study, seen: Overview) -> Iterable[Words]:
    """What the simulation says of receptors and endorphin, and which links it needed."""
    day = seen.last_day
    yield Words(
        "Receptors.",
        say(
            "On the last day {share} of central mu receptors are blocked on average, between "
            "{seen_trough} and {seen_peak}. Under the short-block reading (measured in mice only) "
            "it would be {seen_last_day_short}. Nothing has been measured in people beyond 8 "
            "hours at a low dose.",
            share=_share(day["occupancy_mu"]),
            seen_trough=_share(seen.trough),
            seen_peak=_share(seen.peak),
            seen_last_day_short=_share(seen.last_day_short),
        ),
    )
    low, middle, high = day["endorphin_change"]
    yield Words(
        "Endorphin.",
        say(
            "Beta-endorphin is {middle} times untreated ({low} to {high}); the signal that gets "
            "through the block is {share} of normal. How release answers a low dose is an "
            "interpolation: it was seen at full dose only.",
            middle=f"{middle:.2f}",
            low=f"{low:.2f}",
            high=f"{high:.2f}",
            share=_share(day["opioid_signal"]),
        ),
    )
    yield Words(
        say("Links that are on."), " ".join(assumptions(study.body)) or say("None: what is left is blockade alone.")
    )
