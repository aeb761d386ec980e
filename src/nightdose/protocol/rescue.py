"""Days with headache medicines, counted over a month: too many of them can keep headaches going."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.knowledge.interactions import Rule, rules
from nightdose.knowledge.medicines import recognise
from nightdose.language.catalogue import say

MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class RescueDays:
    """Days of the last 30 on which a kind of rescue medicine was recorded."""

    rule: Rule
    days: int
    limit: int
    names: tuple[str, ...]

    @property
    def reached(self) -> bool:
        return self.days >= self.limit

    @property
    def sentence(self) -> str:
        named = ", ".join(self.names)
        base = say(
            "{named}: {days} of the last {month_days} days; the line is at {limit}.",
            named=named,
            days=self.days,
            month_days=MONTH_DAYS,
            limit=self.limit,
        )
        return f"{base} {say(self.rule.call)}" if self.reached else base


def rescue_days(entries: Iterable[Entry], today: datetime.date) -> tuple[RescueDays, ...]:
    """Counts for each rule with a line (`days_a_month`), over the 30 days up to and including `today`."""
    first = today - datetime.timedelta(days=MONTH_DAYS - 1)
    days: dict[str, set[datetime.date]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    counted = [found for found in rules() if found.days_a_month is not None]
    for entry in entries:
        if entry.kind != "rescue" or not first <= entry.day <= today:
            continue
        groups = {recognised.group for recognised in recognise(entry.item)}
        for found in counted:
            if groups & found.classes:
                days[found.id].add(entry.day)
                named[found.id].add(entry.item)
    return tuple(
        RescueDays(found, len(days[found.id]), found.days_a_month or 0, tuple(sorted(named[found.id])))
        for found in counted
        if days[found.id]
    )
