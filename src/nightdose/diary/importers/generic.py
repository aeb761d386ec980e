"""Any CSV or spreadsheet: one row a day, a dose or a symptom, by a mapping that is asked once and saved."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from nightdose.diary.importers.columns import OF_THE_ROW, ColumnMeaning, Mapped
from nightdose.diary.importers.imported import Choices, Collector, Imported
from nightdose.diary.importers.medicine_name import (
    MISSED,
    STATUS_WORDS,
    TAKEN,
    UNKNOWN,
    Dose,
    add_dose,
    split_strength,
    split_unit,
)
from nightdose.diary.importers.moment_column import MomentColumn, When
from nightdose.diary.importers.moments import read_clock
from nightdose.diary.importers.numbers import is_unknown, numbers_of
from nightdose.diary.importers.spreadsheet import is_spreadsheet, spreadsheet_table
from nightdose.diary.importers.strangers import looks_like_emoods
from nightdose.diary.importers.suggest import YES_NO
from nightdose.diary.importers.text_table import TextTable, table_of
from nightdose.diary.table.problems import listed, quoted
from nightdose.errors import CallError
from nightdose.language.catalogue import say

NAME = "table"


def open_table(path: Path, sheet: str | None = None) -> TextTable:
    """The table of a CSV or a spreadsheet."""
    if is_spreadsheet(path):
        return spreadsheet_table(path, sheet)
    return table_of(path)


def read(table: TextTable, choices: Choices, mapped: Mapped) -> Imported:
    """Entries of a table by its mapping; an empty cell is a thing not recorded."""
    missing = [name for name in (mapped.date_column, *mapped.columns) if name not in table.header]
    if missing:
        raise CallError(
            say(
                "{name} has no column {quoted}. It has: {listed}.",
                name=table.name,
                quoted=quoted(missing[0]),
                listed=listed(table.header, 20),
            ),
            field="column",
        )
    out = Collector(NAME)
    for remark in table.remarks:
        out.problem(None, remark, "")
    if looks_like_emoods(table.header):
        out.problem(
            None,
            say("This looks like an eMoods export. Its format is not described in public, so it is read as any table."),
            say("Look at what each column is read as. On its scale of 1 to 4, 1 means none; Y is yes, N is no."),
        )
    _Reading(table, choices, mapped, out).read()
    return out.done()


# of a column that is not read: cells that say that what its name says was not taken
NOT_TAKEN = frozenset({"0", "no", "n", "none", "false", "never", "nein", "nei", "nej", "non", "nie", "-"})


class _Reading:
    """One table while it is read: how its moments and numbers are written; doses wait for their day to be whole."""

    def __init__(self, table: TextTable, choices: Choices, mapped: Mapped, out: Collector) -> None:
        self.table, self.choices, self.mapped, self.out = table, choices, mapped, out
        self.numbers = numbers_of(self._cells(*mapped.columns), table.delimiter)
        self.dates = self._moments(mapped.date_column)
        self.clock, self.taken = mapped.of_kind("clock"), mapped.of_kind("taken")
        self.taken_at = self._moments(self.taken) if self.taken else None
        used = {mapped.date_column, *(column.time_column for column in mapped.columns.values())}
        used |= {name for name, column in mapped.columns.items() if column.kind != "skip"}
        self.left = [name for name in table.header if name not in used]
        self.heads = {name: names for name in table.header if (names := self._hidden(name))}
        self.of_day: dict[tuple[datetime.date, str], list[tuple[int, When, ColumnMeaning, str]]] = defaultdict(list)

    def _cells(self, *names: str) -> Iterator[str]:
        places = [self.table.header.index(name) for name in names]
        for _, cells in self.table.rows():
            for place in places:
                yield cells[place]

    def _moments(self, name: str) -> MomentColumn:
        return MomentColumn(self._cells(name), self.choices.day, self.choices.date_order, self.table.name)

    def read(self) -> None:
        self._say_what_is_left_out()
        about = self.mapped.of_kind("medicine"), self.mapped.of_kind("symptom")
        for line, cells in self.table.rows(self.out):
            row = dict(zip(self.table.header, cells, strict=True))
            written = row[self.mapped.date_column]
            when = self.dates.when(written, row[self.clock] if self.clock else "")
            if when is None:
                self.out.problem(
                    line, say("{quoted} is not a date.", quoted=quoted(written)), say("The row was left out.")
                )
                continue
            if about[0]:
                self._dose_row(line, when, row, row[about[0]])
            elif about[1]:
                self._symptom_row(line, when, row, row[about[1]])
            for name, column in self.mapped.columns.items():
                if column.kind not in OF_THE_ROW and not is_unknown(row[name]):
                    self._cell(line, when, name, column, row)
            for name in self.left:
                if self._was_taken(row[name]):
                    self.out.unread(line, When(when.day), f"{name}: {row[name]}", self.choices)
            for name, hidden in self.heads.items():
                if self._was_taken(row[name]):
                    self.out.mentioned(line, When(when.day), hidden)
        for (_, name), found in self.of_day.items():
            self._doses_of_a_day(name, found)

    @staticmethod
    def _was_taken(cell: str) -> bool:
        return not is_unknown(cell) and cell.strip().casefold() not in NOT_TAKEN

    def _hidden(self, name: str) -> tuple[str, ...]:
        """Names in the head of a column that its meaning in the diary would hide: left out, or mapped onto another."""
        column = self.mapped.columns.get(name)
        shown = column is not None and column.kind in ("dose", "rescue") and any(self.choices.headed(column.item))
        if shown or name == self.mapped.date_column:
            return ()
        words = set(self.choices.named(name)) if name in self.left else set()  # those are found beside its cells
        return tuple(found for found in self.choices.headed(name) if found not in words)

    def _say_what_is_left_out(self) -> None:
        for name in self.table.repeated:
            what = say("There are several columns named {quoted}; the first of them was read.", quoted=quoted(name))
            self.out.problem(None, what, say("Give every column a name of its own if another one was meant."))
        left = [name for name in self.left if name.rpartition(" (")[0] not in self.table.repeated]
        if left:
            what = say("Columns that were not read: {listed}.", listed=listed(left, 12))
            self.out.problem(
                None, what, say("Nothing to do, unless one belongs in the diary: then say what it is."), "column"
            )
        if self.numbers.sign == "," and not self.numbers.thousands_unclear:
            self.out.problem(
                None, say("The decimal sign of this file is a comma; points in numbers are thousands."), ""
            )

    def _cell(self, line: int, when: When, name: str, column: ColumnMeaning, row: Mapping[str, str]) -> None:
        text = row[name]
        clock = read_clock(row[column.time_column]) if column.time_column else None
        if clock is not None:  # a table of days: half past midnight is still that evening
            day = self.dates.written(row[self.mapped.date_column])
            date = day.date if day else when.day
            when = When(date, self.choices.day.moment(date, clock))
        if column.kind == "note":
            self.out.add(line, when, name, kind="note", item="note", text=text[:20_000])
        elif column.kind in ("dose", "rescue"):
            if when.at is None or clock is not None:
                self.of_day[when.day, name].append((line, when, column, text))
            else:
                self._dose(line, when, name, column, text)
        else:
            self._number(line, when, name, column, text)

    def _number(self, line: int, when: When, name: str, column: ColumnMeaning, text: str) -> None:
        value = YES_NO.get(text.strip().casefold())
        measured = (value, "") if value is not None else self.numbers.measured(text)
        if measured is None:
            self._not_a_number(line, when, name, text)
            return
        unit = measured[1] or column.unit
        if column.kind == "score" and measured[1] and column.unit and measured[1].casefold() != column.unit.casefold():
            self.out.problem(
                line,
                say("{quoted}: {quoted_2} is in another unit.", quoted=quoted(name), quoted_2=quoted(text)),
                say("The cell was left out."),
            )
            return
        self.out.add(line, when, name, kind=column.kind, item=column.item, value=measured[0], unit=unit)

    def _not_a_number(self, line: int, when: When, name: str, text: str) -> None:
        """A cell that is left out; a medicine that it names has to be known all the same."""
        why = self.numbers.why_not(text)
        self.out.problem(line, f"{quoted(name)}: {quoted(text)} {why}.", say("The cell was left out."))
        self.out.unread(line, When(when.day), text, self.choices)

    def _doses_of_a_day(self, name: str, found: list[tuple[int, When, ColumnMeaning, str]]) -> None:
        """A table of days has one dose a day: rows that agree are one, rows that differ leave the day unknown."""
        line, when, column, text = found[0]
        said = {self._amount(column, text) for _, _, column, text in found}
        if len(said) == 1:
            self._dose(line, when, name, column, text)
            if len(found) > 1:
                self.out.leave_out(say("second row of a day with the same dose"), len(found) - 1)
            return
        lines = ", ".join(str(each[0]) for each in found[:5])
        what = say(
            "{day} has {n} rows (lines {lines}) with different doses in {quoted}.",
            day=when.day,
            n=len(found),
            lines=lines,
            quoted=quoted(name),
        )
        self.out.problem(found[1][0], what, say("The dose of that day is kept as unknown. Keep the right row."))
        self.out.add(line, When(when.day), name, kind="dose", item=column.item, status=UNKNOWN)

    def _amount(self, column: ColumnMeaning, text: str) -> object:
        measured = self.numbers.measured(text)
        return (measured[0], measured[1] or column.unit) if measured else text.strip().casefold()

    def _dose(self, line: int, when: When, name: str, column: ColumnMeaning, text: str) -> None:
        status = STATUS_WORDS.get(text.strip().casefold()) if not text.strip().isdigit() else None
        measured = self.numbers.measured(text)
        choices = self.choices if column.kind == "dose" else _as_rescue(self.choices, column.item)
        if status == TAKEN:
            unit = add_dose(self.out, line, when, Dose(column.item, 1.0, "piece"), choices)
            if unit != "mg" and column.kind == "dose":
                words = say(
                    "mg of '{name}' ('{text}' says that it was taken, not how much; say how many mg one is)",
                    name=name[:60], text=text.strip()[:20],
                )  # fmt: skip
                self.out.leave_out(words)
        elif status is not None:
            self.out.add(line, when, column.item, kind="dose", status=status)
        elif measured is None:
            self._not_a_number(line, when, name, text)
        else:
            add_dose(self.out, line, when, Dose(column.item, measured[0], measured[1] or column.unit), choices)

    def _dose_row(self, line: int, scheduled: When, row: Mapping[str, str], written: str) -> None:
        """One row about one medicine: its amount, whether it was taken, and when it really was."""
        if is_unknown(written):
            self.out.problem(line, say("The row names no medicine."), say("It was left out."))
            return
        name, strength, strength_unit = split_strength(split_unit(written)[0])
        status, when = self._status(line, scheduled, row, name)
        if status is None:
            return
        value, unit = self._row_amount(row, written)
        if value is None and strength is not None:
            value, unit = strength, strength_unit
        if status in (MISSED, UNKNOWN):
            self.out.add(line, When(scheduled.day), name, place=scheduled.place, kind="dose", status=status)
            return
        before = when.at if when.at is not None else scheduled.at
        dose = Dose(name, value, unit, status)
        add_dose(self.out, line, When(when.day, before), dose, self.choices, scheduled.place)

    def _row_amount(self, row: Mapping[str, str], medicine: str) -> tuple[float | None, str]:
        amount, unit_column = self.mapped.of_kind("amount"), self.mapped.of_kind("unit")
        measured = self.numbers.measured(row[amount]) if amount and not is_unknown(row[amount]) else None
        unit = row[unit_column] if unit_column else ""
        if measured is None:
            return None, unit
        header_unit = self.mapped.columns[amount].unit if amount else ""
        return measured[0], measured[1] or unit or header_unit or split_unit(medicine)[1] or "piece"

    def _status(self, line: int, scheduled: When, row: Mapping[str, str], name: str) -> tuple[str | None, When]:
        """(what became of the dose, when it was taken); None for a word that nobody knows."""
        column = self.mapped.of_kind("status")
        word = row[column].strip().casefold() if column else ""
        taken = row[self.taken].strip() if self.taken else ""
        when = self._really(taken, scheduled)
        if word:
            if word not in STATUS_WORDS:
                what = say("{quoted}: the status {quoted_2} is not known.", quoted=quoted(name), quoted_2=quoted(word))
                self.out.problem(line, what, say("The row was left out; it was not counted as taken."))
                self.out.unread(line, When(scheduled.day), f"{name}: {word}", self.choices)
                return None, when
            return STATUS_WORDS[word], when
        if taken or not (column or self.taken):
            return TAKEN, when
        self.out.leave_out(say("doses without a word on whether they were taken"))
        return None, when

    def _really(self, taken: str, scheduled: When) -> When:
        """When a dose was really taken: a moment of its own, or a time of day on the planned date."""
        if not taken or self.taken_at is None:
            return scheduled
        if (moment := self.taken_at.when(taken)) is not None:
            return moment
        clock = read_clock(taken)
        if clock is None:
            return scheduled
        return When(scheduled.day, self.choices.day.moment(scheduled.day, clock))

    def _symptom_row(self, line: int, when: When, row: Mapping[str, str], name: str) -> None:
        """One row about one thing that is scored."""
        amount = self.mapped.of_kind("amount") or ""
        text = row.get(amount, "")
        if is_unknown(name) or is_unknown(text):
            self.out.leave_out(say("row without a name or without a value"))
            return
        unit_column = self.mapped.of_kind("unit")
        unit = row[unit_column] if unit_column else self.mapped.columns[amount].unit
        value = YES_NO.get(text.strip().casefold())
        measured = (value, "") if value is not None else self.numbers.measured(text)
        if measured is None:
            self._not_a_number(line, when, name, text)
            return
        self.out.add(line, when, name, kind="score", item=name, value=measured[0], unit=(measured[1] or unit)[:40])


def _as_rescue(choices: Choices, item: str) -> Choices:
    return Choices(choices.day, choices.mg_per_unit, choices.rescue | {item})
