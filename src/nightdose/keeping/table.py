"""The kept diary as the table that is analysed: names joined, doses of revealed boxes in, days that are not judged."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.diary.entry import Entry
from nightdose.diary.kept.daily import Combine, DailyTable, daily_table
from nightdose.diary.kept.export import daily_csv
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.keeping.medicine_names import joined, names_of, substance
from nightdose.keeping.not_judged import not_judged
from nightdose.keeping.protocol import history
from nightdose.keeping.sealing import known_days, revealed_order
from nightdose.protocol.locked import dose_on
from nightdose.protocol.revealed import assigned_mg, revealed
from nightdose.protocol.trial import design_from_record

OPEN = "the box was open"  # why a day is left out of the judgement
UNSAID_DOSE_MG = 1.0  # a protocol without a dose: a box with medicine counts as one


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One row a day, and as CSV."""

    table: DailyTable

    @property
    def csv(self) -> str:
        return daily_csv(self.table)


def table_of(store: Store, combine: Combine = "last") -> KeptTable:
    """The diary table of a kept diary. combine : what becomes of several scores of one day.

    Raises DiaryError where a row was changed or is missing: no answer is made from such a diary.
    """
    store.refuse_if_damaged()
    entries, assigned = known_doses(store)
    start = settings.day_rule(store).start
    left_out = {**not_judged(entries), **dict.fromkeys(known_days(store), OPEN)}
    return KeptTable(daily_table(entries, combine, assigned, start, left_out))


def known_doses(store: Store) -> tuple[tuple[Entry, ...], dict[str, Mapping[datetime.date, float]]]:
    """The entries with what the boxes held, once that was revealed; treatment -> the doses the schedule asked for."""
    entries = tuple(row.entry for row in store.entries())
    order, found = revealed_order(store), history(store)
    if order is None or not found:
        return joined(entries), {}
    body = found[0].body
    treatment = body["question"]["treatment"]
    assigned = assigned_mg(
        design_from_record(body["design"]),
        [("on" if arm == "on" else "off") for arm in order.arms],
        lambda day: dose_on(found, day) or UNSAID_DOSE_MG,
    )
    told = revealed(entries, assigned, treatment)
    return joined(told), {names_of(told).get(substance(treatment), treatment): assigned}
