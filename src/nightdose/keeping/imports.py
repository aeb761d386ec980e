"""A diary kept elsewhere: what a file would bring, looked over first, then taken in."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nightdose.diary.entry import Entry
from nightdose.diary.importers import GENERIC, READERS, detect, generic, importing
from nightdose.diary.importers.columns import ColumnMeaning, Mapped
from nightdose.diary.importers.doubled import StoodFor
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.importing import Preview
from nightdose.diary.importers.suggest import suggest
from nightdose.diary.kept.store import Store
from nightdose.diary.records import Problem
from nightdose.errors import CallError
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import ABSORBED, MAPPING, Absorbed, NamedMapping
from nightdose.keeping.medicine_names import substance
from nightdose.knowledge.in_words import named_in
from nightdose.knowledge.listed_names import what_counts_in_words
from nightdose.knowledge.medicines import COLLECTIVE, recognise
from nightdose.language.catalogue import say
from nightdose.protocol.doses import DoseCheck, DoseInDoubt, doubtful_days, doubtful_doses
from nightdose.protocol.exposures import exposures_from

DOSED = ("dose", "rescue")
# substances of the list of names that people also eat, drink or have measured: a column of them is a score
EATEN = COLLECTIVE | {
    "caffeine", "alcohol", "ethanol", "magnesium", "iron", "calcium", "zinc", "potassium", "selenium", "iodine",
    "vitamin d", "vitamin c", "vitamin b", "vitamin b12", "folic acid", "glucose", "insulin", "oxygen", "cannabis",
    "nicotine", "ginger", "turmeric", "creatine", "electrolytes", "testosterone", "estradiol", "progesterone",
    "thyroid", "cortisol",
}  # fmt: skip
MOST_DAYS_SAID = 5  # of days to come, one by one


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file would bring; nothing has been written.

    preview  : new, known, changed and gone entries, problems, what was left out.
    mapped   : what the columns of a plain table were taken for; None for an app's own format.
    hazards  : what has to be said at once about a medicine in it.
    doubtful : doses that do not look as meant, each with its question.
    without_unit : columns of doses whose unit has to be said before anything is written.
    """

    preview: Preview
    mapped: Mapped | None
    hazards: tuple[str, ...]
    doubtful: tuple[tuple[Entry, DoseCheck], ...]
    without_unit: tuple[str, ...] = ()


def look(
    store: Store,
    path: Path,
    choices: Choices,
    *,
    format: str | None = None,
    mapped: Mapped | None = None,
) -> Seen:
    """Read a file and compare it with the diary.

    format : one of READERS or GENERIC; None = told by the contents. mapped : meaning of a table's columns; None = a
    first guess from their names, to be looked over.
    Raises InputError where the file cannot be read or can be read in two ways, CallError for a column it does not have.
    """
    choices = replace(choices, named=_that_block, headed=_heads_that_block)
    name = format or detect(path)
    if name == GENERIC:
        table = generic.open_table(path, choices.sheet)
        meaning = mapped or suggest(table, is_medicine=_is_a_medicine)
        imported = generic.read(table, choices, meaning)
    else:
        meaning = None
        imported = READERS[name](path, choices)
    imported = _without_days_to_come(imported, settings.today(store, store.now()))
    preview = importing.preview(store, imported, substance, _stood_for(store, imported.format))
    preview = _what_stands_in_the_way_stays(store, preview)
    doubtful = (*doubtful_doses(preview.taken), *doubtful_days(preview.taken))
    unclear = _without_unit(preview.imported, meaning)
    asked = tuple(
        Problem(
            None, say("Column '{name}' holds amounts without a unit.", name=name), _how_to_say_a_unit(), "mg_per_unit"
        )
        for name in unclear
    )
    preview = replace(preview, imported=replace(preview.imported, problems=(*asked, *preview.imported.problems)))
    return Seen(preview, meaning, safety.hazards(preview.taken), doubtful, unclear)


def _without_days_to_come(found: Imported, today: datetime.date) -> Imported:
    """What has happened. A day to come is a slip of the date, or planned: nothing can be judged while it is kept."""
    to_come: dict[datetime.date, list[str]] = {}
    happened = []
    for entry in found.entries:
        day = entry.day if entry.kind == "event" else entry.last_day  # an event may last until a day to come
        if day > today:
            to_come.setdefault(day, []).append(entry.item)
        else:
            happened.append(entry)
    if not to_come:
        return found
    remedy = say("Correct the date in the file and import it again, or wait for the day.")
    problems = [
        Problem(None, say("{day} has not come yet (today is {today}): {what} left out.", day=day, today=today,
                          what=", ".join(dict.fromkeys(items))), remedy)
        for day, items in sorted(to_come.items())[:MOST_DAYS_SAID]
    ]  # fmt: skip
    if len(to_come) > MOST_DAYS_SAID:
        what = say("{n} more days that have not come yet, the last one {day}, were left out.",
                   n=len(to_come) - MOST_DAYS_SAID, day=max(to_come))  # fmt: skip
        problems.append(Problem(None, what, remedy))
    return replace(found, entries=tuple(happened), problems=(*problems, *found.problems))


def _what_stands_in_the_way_stays(store: Store, found: Preview) -> Preview:
    """The preview without corrections and withdrawals that would take a gate away: that needs a person's reason."""
    gone = {row.number for row in found.gone if safety.stands_in_the_way(row.entry)}
    changed = {change.number for change in found.changed if safety.stands_in_the_way(change.before)}
    if not gone | changed:
        return found
    touched = {row.number for row in found.gone} | {change.number for change in found.changed}
    rest = [row.entry for row in store.entries() if row.number not in touched]
    after = exposures_from([*rest, *found.taken])
    gates = safety.gates_gone(store, settings.today(store, store.now()), after)
    if not gates:
        return found
    what = say("The file no longer says the same of {n} entries that stand in the way of a plan ({gates}).",
               n=len(gone | changed), gates=", ".join(gates))  # fmt: skip
    problem = Problem(None, what, say("They stay as they are. Correct or withdraw them yourself, with a reason."))
    return replace(
        found,
        imported=replace(found.imported, problems=(*found.imported.problems, problem)),
        gone=tuple(row for row in found.gone if row.number not in gone),
        changed=tuple(change for change in found.changed if change.number not in changed),
    )


def _stood_for(store: Store, format: str) -> tuple[StoodFor, ...]:
    kept = (each.rows for each in documents.every(store, ABSORBED) if each.format == format)
    return tuple(dict.fromkeys(row for rows in kept for row in rows))


def _that_block(text: str) -> Iterator[str]:
    """Names of medicines that block, in words of a file that are left out otherwise."""
    return (found.written for found in named_in(text, what_counts_in_words()))


def _heads_that_block(head: str) -> Iterator[str]:
    """The same of a column's head, where 'co_codamol' is two words."""
    yield from _that_block(head.replace("_", " "))


def format_of(path: Path) -> str:
    """Name of the format that made a file, told by its contents; GENERIC for a plain table."""
    return detect(path)


def suggested(path: Path, sheet: str | None = None, date_column: str | None = None) -> Mapped:
    """A first guess at the meaning of a table's columns, from their names and cells."""
    return suggest(generic.open_table(path, sheet), date_column, _is_a_medicine)


def _is_a_medicine(head: str) -> bool:
    """Whether a column's name is surely that of a medicine whose amounts are doses; not of what one eats or drinks."""
    found = recognise(head)
    return all(each.certainty == "known" and each.substance not in EATEN for each in found)


def _how_to_say_a_unit() -> str:
    return say(
        "Write the unit into its head, like naltrexone_mg, or say how many mg one of it holds (1 for mg itself)."
    )


def _without_unit(found: Imported, mapped: Mapped | None) -> tuple[str, ...]:
    """Columns of doses that are numbers of nobody knows what."""
    amounts = {each.item for each in found.entries if each.kind in DOSED and each.value and not each.unit}
    columns = mapped.columns.items() if mapped else ()
    return tuple(name for name, column in columns if column.kind in DOSED and column.item in amounts)


def kept_mapping(store: Store, name: str) -> Mapped | None:
    """The meaning that was kept under this name, or None."""
    kept = documents.newest(store, MAPPING, name)
    return kept.mapped if kept else None


def mapping(base: Mapped, columns: Mapping[str, ColumnMeaning] | None = None, date_column: str | None = None) -> Mapped:
    """`base` with its columns replaced where some are given, and another date column where one is."""
    return Mapped(date_column or base.date_column, dict(columns) if columns else dict(base.columns))


def take_in(store: Store, seen: Seen, *, mapping_name: str | None = None, said_again_mg: Collection[float] = ()) -> int:
    """Write what was looked over; how many entries were added, corrected or withdrawn.

    mapping_name : keep the columns' meaning under this name. said_again_mg : doubtful doses that were meant.
    Raises DoseInDoubt for a dose that has to be said again first, CallError where the unit of a dose is not known.
    """
    if seen.without_unit:
        named = ", ".join(seen.without_unit)
        what = say("What is 1 in the column '{name}'? It names a medicine and no unit.", name=named)
        raise CallError(f"{what} {_how_to_say_a_unit()}", field="mg_per_unit")
    for _, check in seen.doubtful:
        if not any(abs(check.mg - said) < 1e-9 for said in said_again_mg):
            raise DoseInDoubt(check)
    written = importing.write(store, seen.preview)
    found, known = seen.preview, set(_stood_for(store, seen.preview.imported.format))
    if not known.issuperset(found.stood_for):
        documents.keep(store, ABSORBED, Absorbed(found.imported.format, tuple(found.stood_for)))
    if mapping_name and seen.mapped is not None:
        documents.keep(store, MAPPING, NamedMapping(mapping_name, seen.mapped))
    return written
