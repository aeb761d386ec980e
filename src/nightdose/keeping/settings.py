"""What holds for every day: when the day starts, the time zone, the outcomes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from nightdose.diary.day import DayRule, zone_named
from nightdose.diary.entry import SCALES, Outcome, ScaleName
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents
from nightdose.keeping.documents import DAY, HISTORY_HIDDEN, OUTCOME
from nightdose.keeping.said import read_number
from nightdose.language.catalogue import say

DAYS_28 = 28.0  # a yes-or-no outcome is asked about in days of 28


def day_rule(store: Store) -> DayRule:
    """When the person's day starts, and their zone; 04:00 and the computer's clock until they say otherwise."""
    return documents.newest(store, DAY, "day") or DayRule()


def set_day(store: Store, *, start: datetime.time | None = None, zone: str | None = None) -> DayRule:
    """Keep another start of the day or another zone; what is None stays. CallError for a zone nobody knows."""
    before = day_rule(store)
    rule = DayRule(before.start if start is None else start, zone or before.zone)
    if rule.zone:
        zone_named(rule.zone)
    documents.keep(store, DAY, rule)
    return rule


def today(store: Store, now: datetime.datetime) -> datetime.date:
    """The date on the person's own wall clock at the aware moment `now`: what plans and gates count from."""
    return day_rule(store).localise(now).date()


def tonight(store: Store, now: datetime.datetime) -> datetime.date:
    """The diary day at `now`, which an entry belongs to: at 00:40 it is still the evening before."""
    rule = day_rule(store)
    return rule.day_of(rule.localise(now))


def history_hidden(store: Store) -> bool:
    """True where the evening's page shows nothing of earlier evenings; for whom they are a weight."""
    return documents.newest(store, HISTORY_HIDDEN, "tonight") or False


def hide_history(store: Store, hidden: bool) -> None:
    """Show, or do not show, earlier evenings on the evening's page."""
    if hidden != history_hidden(store):
        documents.keep(store, HISTORY_HIDDEN, hidden)


def outcomes(store: Store) -> Mapping[str, Outcome]:
    """Name -> outcome, each as it was last described, the first chosen one first; those that were put down too."""
    return documents.current(store, OUTCOME)


def asked_outcomes(store: Store) -> Mapping[str, Outcome]:
    """As `outcomes`, without those that were put down: what an evening asks for."""
    return {name: outcome for name, outcome in outcomes(store).items() if outcome.asked}


def worth_on_the_scale(scale: ScaleName, worth: float, unit: float = 1.0) -> float:
    """The difference worth having, where it is smaller than the scale is wide; else CallError (field: worth).

    unit : one of the scale's own steps in the unit of `worth`; 28 where a yes or no is counted in days of 28.
    """
    low, high = SCALES[scale].ends
    width = (high - low) * unit
    if worth >= width:
        raise CallError(
            say(
                "The smallest difference worth having cannot be {worth}: the whole scale is {width} wide. Give a "
                "smaller number, for example {example}.",
                worth=f"{worth:g}",
                width=f"{width:g}",
                example=f"{width / 10:.2g}",
            ),
            field="worth",
        )
    return worth


def worth_typed(scale: ScaleName, typed: str) -> float:
    """The difference worth having in the outcome's own unit; of a yes or no it is typed in days of 28.

    CallError where it is not a number, or as wide as the scale.
    """
    unit = DAYS_28 if scale == "yes/no" else 1.0
    return worth_on_the_scale(scale, read_number(typed), unit) / unit


def worth_to_type(scale: str, worth: float | None) -> str:
    """The same as it is typed; "" = not said."""
    if worth is None:
        return ""
    return f"{worth * DAYS_28:.3g}" if scale == "yes/no" else f"{worth:g}"


def choose_outcome(store: Store, outcome: Outcome) -> None:
    """Score this outcome every day from now on; the same name again replaces its scale and direction."""
    if outcome.worth is not None:
        worth_on_the_scale(outcome.scale, outcome.worth)
    documents.keep(store, OUTCOME, outcome)
