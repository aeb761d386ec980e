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
from nightdose.keeping.sealing import known_days
from nightdose.keeping.trials import KeptTrial, trials
from nightdose.protocol.locked import dose_on
from nightdose.protocol.revealed import assigned_mg, is_capsule, revealed

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


def known_doses(store: Store) -> tuple[tuple[Entry, ...], dict[str, dict[datetime.date, float]]]:
    """The entries with what the boxes held, once that was revealed; treatment -> the doses the schedules asked for."""
    entries = tuple(row.entry for row in store.entries())
    found = trials(store)
    orders = [(trial.treatment, trial.design.blinded, _asked_for(trial)) for trial in found]
    for treatment, blinded, days in orders:
        entries = revealed(entries, days, treatment) if blinded else entries
    if any(trial.revealed for trial in found) and all(trial.order for trial in found):
        entries = tuple(entry for entry in entries if not is_capsule(entry))  # of no box of any trial
    names, asked = names_of(entries), dict[str, dict[datetime.date, float]]()
    for treatment, _, days in orders:
        if days:
            asked.setdefault(names.get(substance(treatment), treatment), {}).update(days)
    return joined(entries), asked


def _asked_for(trial: KeptTrial) -> Mapping[datetime.date, float]:
    """Day -> mg, up to the trial's last day; {} while its order is not known."""
    order = trial.order
    if order is None:
        return {}
    days = assigned_mg(trial.design, order, lambda day: dose_on(trial.history, day) or UNSAID_DOSE_MG)
    return {day: mg for day, mg in days.items() if day <= trial.last_day}
