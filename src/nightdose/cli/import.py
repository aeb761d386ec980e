"""`nightdose import FILE`: shows what a file would bring; writes only with --write, and nothing twice."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import cast

from nightdose.cli import diary_file
from nightdose.diary.importers import GENERIC, READERS, detect, generic, importing
from nightdose.diary.importers.columns import COLUMN_KINDS, Column, ColumnKind, Mapped, mapping_from
from nightdose.diary.importers.imported import Choices, Imported
from nightdose.diary.importers.importing import said
from nightdose.diary.importers.suggest import suggest
from nightdose.diary.importers.text_table import TextTable
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError

COLUMN = re.compile(rf"(?P<name>.+)=(?P<kind>{'|'.join(COLUMN_KINDS)})(?::(?P<item>[^:]*)(?::(?P<unit>.*))?)?")


def configure(parser: argparse.ArgumentParser) -> None:
    """The file, and what only the person can say about it."""
    diary_file.add_options(parser)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=[*READERS, GENERIC], help="default: told by the contents")
    parser.add_argument("--write", action="store_true", help="write it; without this you only see what would be")
    parser.add_argument(
        "--mg-per-unit", action="append", default=[], metavar="NAME=MG", help="mg in one capsule or tablet"
    )
    parser.add_argument(
        "--rescue", action="append", default=[], metavar="NAME", help="a medicine taken against attacks"
    )
    parser.add_argument("--mood", action="append", default=[], metavar="WORD=NUMBER", help="number of a mood")
    parser.add_argument("--no-means-no", action="store_true", help="a 'no' in the habit app was your answer")
    parser.add_argument("--dates", choices=["dmy", "mdy"], help="how to read 03/04/2026")
    parser.add_argument("--date-column", metavar="NAME", help="of a table")
    parser.add_argument("--column", action="append", default=[], metavar="NAME=KIND[:ITEM[:UNIT]]",
                        help=f"meaning of a table's column; kinds {', '.join(COLUMN_KINDS)}")  # fmt: skip
    parser.add_argument("--sheet", metavar="NAME", help="of a spreadsheet with several")
    parser.add_argument("--mapping", metavar="NAME", help="use (and keep) this table's meaning under a name")


def run(arguments: argparse.Namespace) -> int:
    """Read, compare with the diary, show; write where asked."""
    with diary_file.open_diary(arguments) as store:
        imported, mapped = read(store, arguments)
        found = importing.preview(store, imported)
        written = 0
        if arguments.write:
            written = importing.write(store, found)
            if mapped is not None and arguments.mapping:
                store.put("mapping", arguments.mapping, mapped.record)
        (show_json if arguments.json else show)(arguments, found, mapped, written)
    return 0


def read(store: Store, arguments: argparse.Namespace) -> tuple[Imported, Mapped | None]:
    """The file by its format; the mapping where it is a table."""
    choices = Choices(
        day=diary_file.day_rule(store),
        mg_per_unit=pairs(arguments.mg_per_unit, "--mg-per-unit"),
        rescue=frozenset(arguments.rescue),
        moods=pairs(arguments.mood, "--mood"),
        no_means_no=arguments.no_means_no,
        date_order=arguments.dates,
        sheet=arguments.sheet,
    )
    name = arguments.format or detect(arguments.file)
    if name != GENERIC:
        return READERS[name](arguments.file, choices), None
    table = generic.open_table(arguments.file, choices.sheet)
    mapped = mapping(store, arguments, table)
    return generic.read(table, choices, mapped), mapped


def mapping(store: Store, arguments: argparse.Namespace, table: TextTable) -> Mapped:
    """What the columns mean: as given here, else as kept, else a first guess."""
    kept = store.newest("mapping", arguments.mapping) if arguments.mapping else None
    if arguments.column and arguments.date_column:
        base = Mapped(arguments.date_column)
    else:
        base = mapping_from(kept) if kept else suggest(table, arguments.date_column)
    columns = dict(base.columns) if not arguments.column else {}
    for words in arguments.column:
        found = COLUMN.fullmatch(words)
        if found is None:
            raise CallError(f"--column '{words}': write it as 'Pain=score:pain:points' or 'Drug=medicine'.")
        columns[found["name"]] = Column(cast(ColumnKind, found["kind"]), found["item"] or "", found["unit"] or "")
    return Mapped(arguments.date_column or base.date_column, columns)


def pairs(words: list[str], option: str) -> dict[str, float]:
    """NAME=NUMBER options as a table."""
    found = {}
    for word in words:
        name, _, value = word.rpartition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise CallError(f"{option} '{word}': write NAME=NUMBER.") from None
        if not name.strip() or not 0 <= found[name.strip()] < 1e6:
            raise CallError(f"{option} '{word}': write NAME=NUMBER.")
    return found


def show_json(arguments: argparse.Namespace, found: importing.Preview, mapped: Mapped | None, written: int) -> None:
    """The preview for a program."""
    diary_file.show_json(
        {
            "schema": "nightdose.import/1",
            "file": str(arguments.file),
            "format": found.imported.format,
            "new": len(found.new),
            "known": found.known,
            "changed": len(found.changed),
            "gone": len(found.gone),
            "changes": [
                {
                    "number": c.number,
                    "day": c.after.day,
                    "item": c.after.item,
                    "was": said(c.before),
                    "is": said(c.after),
                }
                for c in found.changed
            ],
            "goes": [
                {"number": row.number, "day": row.entry.day, "item": row.entry.item, "was": said(row.entry)}
                for row in found.gone
            ],
            "written": written,
            "first_day": found.first_day,
            "last_day": found.last_day,
            "items": [{"kind": kind, "item": item, "entries": n} for (kind, item), n in found.items.items()],
            "left_out": dict(found.imported.left_out),
            "problems": [{"line": p.line, "what": p.what, "remedy": p.remedy} for p in found.imported.problems],
            "mapping": mapped.record if mapped else None,
        }
    )


def show(arguments: argparse.Namespace, found: importing.Preview, mapped: Mapped | None, written: int) -> None:
    """The preview for a person."""
    counts = [f"{len(found.new)} new entries"]
    counts += [f"{found.known} known already"] if found.known else []
    counts += [f"{len(found.changed)} changed"] if found.changed else []
    counts += [f"{len(found.gone)} gone from the file"] if found.gone else []
    days = f"; {found.first_day} to {found.last_day}" if found.new else ""
    print(f"{arguments.file.name}: {found.imported.format}. {', '.join(counts)}{days}.")
    for (kind, item), count in sorted(found.items.items(), key=lambda pair: -pair[1])[:25]:
        print(f"  {count:>6}  {kind:<12} {item}")
    for change in found.changed[:10]:
        print(f"  changed: {change.after.day} {change.after.item}: {said(change.before)} -> {said(change.after)}")
    for row in found.gone[:10]:
        print(
            f"  gone: {row.entry.day} {row.entry.item}: {said(row.entry)} (withdrawn on writing, kept in the history)"
        )
    if (more := max(0, len(found.changed) - 10) + max(0, len(found.gone) - 10)) > 0:
        print(f"  and {more} more of these (--json lists them)")
    for what, count in found.imported.left_out.items():
        print(f"  left out: {count} x {what}")
    for problem in found.imported.problems[:8]:
        print(f"  ! {problem}", file=sys.stderr)
    if len(found.imported.problems) > 8:
        print(f"  ! and {len(found.imported.problems) - 8} more (--json lists them)", file=sys.stderr)
    if mapped:
        print(
            "  columns read as: "
            + ", ".join(f"{name} = {c.kind}{':' * bool(c.item)}{c.item}" for name, c in mapped.columns.items())
        )
    print(f"{written} entries written." if written else "Nothing was written. Add --write when this looks right.")
