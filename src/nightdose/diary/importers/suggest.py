"""A first guess at what the columns of a table mean, from their names and cells, for the person to look over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from nightdose.diary.importers.calendar_words import plain, words
from nightdose.diary.importers.columns import ColumnKind, ColumnMeaning, Mapped
from nightdose.diary.importers.medicine_name import MASSES, STATUS_WORDS, split_unit
from nightdose.diary.importers.moments import read_clock, read_count, read_moment
from nightdose.diary.importers.numbers import Numbers, is_unknown, numbers_of
from nightdose.diary.importers.text_table import NOTE_WORDS, TextTable
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say

SAMPLE = 2_000  # rows looked at
MOST_OF = 0.6  # of the filled cells have to be moments for a column to be the date
# what forms and spreadsheets call the date; Google Forms writes its own word for it in each language
DATE_NAMES = words("""
    timestamp date day datum datetime date/time fecha data dato tag zeitstempel horodateur tidsstempel tidspunkt
    tijdstempel full_date reminded scheduled when
""") | {"marca temporal", "informazioni cronologiche", "carimbo de data/hora", "date and time", "entry date"}
CLOCK_NAMES = words("time clock uhrzeit zeit heure hora ora tid klokkeslett tijd kl hour") | {"time of day"}
MEDICINE_NAMES = words("""
    medicine medication drug med medikament medicament medisin legemiddel lakemedel medicijn medicamento supplement
    pill tablet meds
""")
SYMPTOM_NAMES = words("symptom item question metric measure variable parameter category name what symptoms")
AMOUNT_NAMES = words("""
    value severity score rating intensity level amount quantity dose dosage dosis menge wert strength answer result
    number staerke starke
""")
STATUS_NAMES = words("status state taken taken? skipped action adherence genommen outcome")
TAKEN_NAMES = words("taken logged genommen") | {"taken at", "time taken", "taken on", "actual time", "taken time"}
UNIT_NAMES = words("unit units einheit enhet")
STARTS = words("start started begin began from since beginn seit von debut debut inicio") | {
    "start date",
    "date started",
}
STOPS = words("stop stopped end ended until to ende bis fin slut") | {"stop date", "end date", "date stopped"}
_SCALE = re.compile(r"\d+\s*(?:-|–|to|bis)\s*\d+")
_MASS_WORD = re.compile(r"(?:^|[\s_(])(mg|mcg|µg|ug|g)(?=$|[\s_)])", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:taken|dose|dosage|amount|today|tonight|of|the|in|how many|how much)\b", re.IGNORECASE)


@dataclass(slots=True)
class _Look:
    """What the cells of one column look like."""

    filled: int = 0
    moments: int = 0
    clocks: int = 0
    numbers: int = 0
    yes_no: int = 0
    statuses: int = 0
    longest: int = 0
    distinct: set[str] = field(default_factory=set)

    def most(self, count: int, share: float = MOST_OF) -> bool:
        return self.filled > 0 and count >= share * self.filled


def suggest(
    table: TextTable, date_column: str | None = None, is_medicine: Callable[[str], bool] = lambda name: False
) -> Mapped:
    """The meaning of a table's columns: the date, NAME_mg doses, rows about a medicine or symptom, the rest scores.

    date_column : where the person says which one is the date. is_medicine : of a column's name; its numbers are doses,
    whose unit has to be asked where none is written.

    Raises InputError where no column holds dates, CallError where the named one is not there.
    """
    if date_column is not None and date_column not in table.header:
        raise CallError(
            say("{name} has no column '{date_column}'.", name=table.name, date_column=date_column[:60]),
            field="date_column",
        )
    _refuse_a_list(table)
    rows = [cells for _, cells in islice(table.rows(), SAMPLE)]
    numbers = numbers_of((cell for cells in rows for cell in cells), table.delimiter)
    looks = {name: _look((cells[at] for cells in rows), numbers) for at, name in enumerate(table.header)}
    date = date_column or _date_column(table, looks)
    columns = _of_the_rows(table.header, looks, date) or {}
    described = bool(columns)
    for name in table.header:
        if name == date or name in columns:
            continue
        column = _one(name, looks[name], table, described=described)
        if column is not None and column.kind == "score" and is_medicine(column.item):
            column = ColumnMeaning("dose", column.item, column.unit)
        if column is not None:
            columns[name] = column
    return Mapped(date, columns)


def _refuse_a_list(table: TextTable) -> None:
    """A list of medicines has no days: a start that stands for the last dose would open a gate that is closed."""
    heads = {plain(name) for name in table.header}
    spans = bool(heads & STARTS) and bool(heads & STOPS)
    if heads & (MEDICINE_NAMES | {"name", "what"}) and (spans or not heads & DATE_NAMES) and not _has_days(table):
        raise InputError(
            say(
                "{name} looks like a list of medicines, not like days. Name each of them where the medicines are asked "
                "for, before any capsule: there it is also checked what they hold.",
                name=table.name,
            )
        )


def _has_days(table: TextTable) -> bool:
    """Whether some column that is neither a start nor a stop holds moments."""
    rows = [cells for _, cells in islice(table.rows(), SAMPLE)]
    others = [at for at, name in enumerate(table.header) if plain(name) not in STARTS | STOPS]
    looks = (_look((cells[at] for cells in rows), numbers_of((), table.delimiter)) for at in others)
    return any(look.most(look.moments) for look in looks)


def _look(cells: Iterable[str], numbers: Numbers) -> _Look:
    look = _Look()
    for cell in cells:
        if is_unknown(cell):
            continue
        look.filled += 1
        word = cell.strip().casefold()
        look.numbers += numbers.measured(cell) is not None
        look.moments += read_moment(cell, "dmy") is not None or read_moment(cell, "mdy") is not None
        look.clocks += read_clock(cell) is not None
        look.yes_no += word in YES_NO
        look.statuses += word in STATUS_WORDS
        look.longest = max(look.longest, len(cell))
        if len(look.distinct) < 500:
            look.distinct.add(word)
    return look


YES_NO = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0, "ja": 1.0, "nein": 0.0, "nei": 0.0, "oui": 1.0, "non": 0.0,
          "si": 1.0, "sí": 1.0, "y": 1.0, "n": 0.0}  # fmt: skip


def _date_column(table: TextTable, looks: dict[str, _Look]) -> str:
    named = [name for name in table.header if plain(name) in DATE_NAMES]
    dated = [name for name in table.header if looks[name].most(looks[name].moments)]
    counted = [name for name in named if looks[name].filled and _all_counts(looks[name])]
    for name in (*(name for name in named if name in dated), *counted, *dated, *named):
        return name
    if not any(look.filled for look in looks.values()):
        return table.header[0]
    raise InputError(
        say(
            "{name} has no column of dates. Its columns: {header}. Say which one is the date, or "
            "write the dates as 2026-11-20.",
            name=table.name,
            header=", ".join(table.header)[:300],
        ),
        field="date_column",
    )


def _all_counts(look: _Look) -> bool:
    return all(read_count(word) for word in look.distinct)


def _of_the_rows(header: Sequence[str], looks: dict[str, _Look], date: str) -> dict[str, ColumnMeaning] | None:
    """Columns that describe a row about one medicine or one symptom; None for a table with a column for each thing."""
    about = next((name for name in header if plain(name) in MEDICINE_NAMES and _is_name(looks[name])), None)
    kind: ColumnKind = "medicine"
    if about is None:
        kind = "symptom"
        about = next((name for name in header if plain(name) in SYMPTOM_NAMES and _is_name(looks[name])), None)
    if about is None or about == date:
        return None
    found = {about: ColumnMeaning(kind)}
    taken = {
        "amount": AMOUNT_NAMES,
        "unit": UNIT_NAMES,
        "taken": TAKEN_NAMES,
        "status": STATUS_NAMES,
        "clock": CLOCK_NAMES,
    }
    for role, names in taken.items():
        name = next(
            (n for n in header if n not in found and n != date and _named(n, names) and _fits(role, looks[n])), None
        )
        if name is not None:
            unit = split_unit(name)[1] if role == "amount" else ""
            found[name] = ColumnMeaning(role, unit=unit if not _SCALE.fullmatch(unit) else "")  # type: ignore[arg-type]
    has_amount = any(column.kind == "amount" for column in found.values())
    return found if has_amount or kind == "medicine" else None


def _named(name: str, names: frozenset[str]) -> bool:
    return plain(split_unit(name)[0]) in names


def _fits(role: str, look: _Look) -> bool:
    if not look.filled:
        return role != "amount"
    wanted = {
        "amount": look.numbers,
        "taken": max(look.moments, look.clocks),
        "status": look.statuses,
        "clock": look.clocks,
    }
    return role not in wanted or look.most(wanted[role])


def _is_name(look: _Look) -> bool:
    return look.most(look.filled - look.numbers - look.moments - look.yes_no) and look.longest <= 200


def _one(name: str, look: _Look, table: TextTable, *, described: bool) -> ColumnMeaning | None:
    """The meaning of a column that holds one thing; None where it is left out."""
    folded = plain(name).replace(" ", "_")
    if folded in NOTE_WORDS or folded.endswith(("_note", "_notes")):
        return ColumnMeaning("note", "note")
    if name.rpartition(" (")[0] in table.repeated or folded.endswith("_assigned_mg") or folded == "not_judged":
        return ColumnMeaning("skip")
    if described or not look.filled:
        return (
            None
            if described or not folded.endswith("_mg")
            else ColumnMeaning("dose", name[:-3], "mg", _time_of(name, table))
        )
    if folded.endswith("_time") and look.most(look.clocks):
        return None
    if folded.startswith("rescue_"):
        item, unit = (name[7:-3], "mg") if folded.endswith("_mg") else (name[7:], "piece")
        return ColumnMeaning("rescue", item.strip(), unit)
    if folded.endswith("_mg"):
        return ColumnMeaning("dose", name[:-3].strip(), "mg", _time_of(name, table))
    if folded.endswith("_guess"):
        return ColumnMeaning("guess", name[:-6].strip())
    if folded in CLOCK_NAMES and look.most(look.clocks):
        return ColumnMeaning("clock")
    return _by_cells(name, look)


def _by_cells(name: str, look: _Look) -> ColumnMeaning | None:
    item, unit = split_unit(name)
    if not (look.most(look.numbers) or look.most(look.yes_no + look.numbers) or look.numbers > 0):
        return None
    if look.most(look.moments) or (look.most(look.clocks) and look.numbers < look.filled):
        return None
    if unit.casefold() in MASSES:
        return ColumnMeaning("dose", item, unit)
    if (found := _MASS_WORD.search(name)) and (rest := _medicine_in(name)):
        return ColumnMeaning("dose", rest, found[1])
    return ColumnMeaning("score", item, "" if _SCALE.fullmatch(unit) else unit)


def _medicine_in(name: str) -> str:
    """'LDN mg taken' is about 'LDN'."""
    return " ".join(re.sub(r"[()_]", " ", _FILLER.sub(" ", _MASS_WORD.sub(" ", name))).split())


def _time_of(name: str, table: TextTable) -> str:
    return next((other for other in table.header if plain(other) == plain(name)[:-3] + "_time"), "")
