"""`nightdose import FILE`: shows what a file would bring; writes only with --write, and nothing twice."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import cast

from nightdose.cli import diary_file
from nightdose.cli.next_words import show_next
from nightdose.cli.phrased import option
from nightdose.cli.shown import clean
from nightdose.diary.entry import Entry
from nightdose.diary.importers import GENERIC, READERS
from nightdose.diary.importers.columns import COLUMN_KINDS, ColumnKind, ColumnMeaning, Mapped
from nightdose.diary.importers.doubled import said
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.importing import Preview
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import imports as keeping
from nightdose.keeping import settings
from nightdose.keeping.imports import Seen
from nightdose.language.catalogue import say
from nightdose.protocol.doses import DoseCheck, read_dose

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
    kinds = ", ".join(COLUMN_KINDS)
    parser.add_argument("--column", action="append", default=[], metavar="NAME=KIND[:ITEM[:UNIT]]",
                        help=say("meaning of a table's column; kinds {kinds}", kinds=kinds))  # fmt: skip
    parser.add_argument("--sheet", metavar="NAME", help="of a spreadsheet with several")
    parser.add_argument("--mapping", metavar="NAME", help="use (and keep) this table's meaning under a name")
    parser.add_argument("--dose-is-right", action="append", default=[], metavar="MG",
                        help="this dose outside the low-dose range was really taken")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Read, compare with the diary, show; write where asked."""
    with diary_file.open_diary(arguments) as store:
        seen = look(store, arguments)
        written = 0
        if arguments.write:
            again = [read_dose(words) for words in arguments.dose_is_right]
            written = keeping.take_in(store, seen, mapping_name=arguments.mapping, said_again_mg=again)
        (show_json if arguments.json else show)(arguments, seen, written)
        if written and not arguments.json:
            show_next(store)
    return 0


def look(store: Store, arguments: argparse.Namespace) -> Seen:
    """The file by its format, with the meaning of its columns where it is a table."""
    choices = Choices(
        day=settings.day_rule(store),
        mg_per_unit=pairs(arguments.mg_per_unit, "--mg-per-unit"),
        rescue=frozenset(arguments.rescue),
        moods=pairs(arguments.mood, "--mood"),
        no_means_no=arguments.no_means_no,
        date_order=arguments.dates,
        sheet=arguments.sheet,
    )
    asked = bool(arguments.column or arguments.date_column or arguments.mapping)
    format = arguments.format or (keeping.format_of(arguments.file) if asked else None)
    meaning = mapping(store, arguments) if format == GENERIC and asked else None
    return keeping.look(store, arguments.file, choices, format=format, mapped=meaning)


def mapping(store: Store, arguments: argparse.Namespace) -> Mapped:
    """What the columns mean: as given here, else as kept, else a first guess."""
    kept = keeping.kept_mapping(store, arguments.mapping) if arguments.mapping else None
    if arguments.column and arguments.date_column:
        base = Mapped(arguments.date_column)
    else:
        base = kept or keeping.suggested(arguments.file, arguments.sheet, arguments.date_column)
    columns = {}
    for words in arguments.column:
        found = COLUMN.fullmatch(words)
        if found is None:
            raise CallError(
                say("'{words}': write it as 'Pain=score:pain:points' or 'Drug=medicine'.", words=words), field="column"
            )
        columns[found["name"]] = ColumnMeaning(
            cast(ColumnKind, found["kind"]), found["item"] or "", found["unit"] or ""
        )
    return keeping.mapping(base, columns, arguments.date_column)


def pairs(words: list[str], option: str) -> dict[str, float]:
    """NAME=NUMBER options as a table."""
    found = {}
    for word in words:
        name, _, value = word.rpartition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise CallError(say("{option} '{word}': write NAME=NUMBER.", option=option, word=word)) from None
        if not name.strip() or not 0 <= found[name.strip()] < 1e6:
            raise CallError(say("{option} '{word}': write NAME=NUMBER.", option=option, word=word))
    return found


def show_json(arguments: argparse.Namespace, seen: Seen, written: int) -> None:
    """The preview for a program."""
    found = seen.preview
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
            "mapping": seen.mapped.record if seen.mapped else None,
            "warnings": list(seen.hazards),
            "doubtful_doses": [doubt(entry, check) for entry, check in seen.doubtful],
        }
    )


def doubt(entry: Entry, check: DoseCheck) -> dict[str, object]:
    """A dose that does not look as meant."""
    return {"day": entry.day, "item": entry.item, "mg": check.mg, "sentence": check.sentence}


def show_changes(found: Preview) -> None:
    """What the file corrects and what it no longer has."""
    for change in found.changed[:10]:
        was, now = clean(said(change.before)), clean(said(change.after))
        print(
            "  "
            + say(
                "changed: {day} {item}: {was} -> {now}",
                day=change.after.day,
                item=clean(change.after.item),
                was=was,
                now=now,
            )
        )
    for row in found.gone[:10]:
        what = f"{row.entry.day} {clean(row.entry.item)}: {clean(said(row.entry))}"
        print("  " + say("gone: {what} (withdrawn when written; the history keeps it)", what=what))
    if (more := max(0, len(found.changed) - 10) + max(0, len(found.gone) - 10)) > 0:
        print("  " + say("and {more} more of these (--json lists them)", more=more))


def show(arguments: argparse.Namespace, seen: Seen, written: int) -> None:
    """The preview for a person."""
    found = seen.preview
    counts = [say("{new} new entries", new=len(found.new))]
    counts += [say("{known} known already", known=found.known)] if found.known else []
    counts += [say("{changed} changed", changed=len(found.changed))] if found.changed else []
    counts += [say("{gone} gone from the file", gone=len(found.gone))] if found.gone else []
    days = say("; {first_day} to {last_day}", first_day=found.first_day, last_day=found.last_day) if found.new else ""
    print(f"{clean(arguments.file.name)}: {found.imported.format}. {', '.join(counts)}{days}.")
    for (kind, item), count in sorted(found.items.items(), key=lambda pair: -pair[1])[:25]:
        print(f"  {count:>6}  {kind:<12} {clean(item)}")
    show_changes(found)
    for what, count in found.imported.left_out.items():
        print("  " + say("left out: {count} x {what}", count=count, what=clean(what)))
    for problem in found.imported.problems[:8]:
        helps = f" ({option(problem.field)})" if problem.field else ""
        print(f"  ! {clean(str(problem))}{helps}", file=sys.stderr)
    if len(found.imported.problems) > 8:
        print(
            "  " + say("! and {problems} more (--json lists them)", problems=len(found.imported.problems) - 8),
            file=sys.stderr,
        )
    for warning in seen.hazards:
        print(f"  ! {clean(warning)}")
    for entry, check in seen.doubtful[:8]:
        print(
            "  "
            + say(
                "? {day} {item}: {sentence} (--dose-is-right MG)",
                day=entry.day,
                item=clean(entry.item),
                sentence=clean(check.sentence),
            )
        )
    if seen.mapped:
        columns = ", ".join(f"{name} = {c.kind}{c.item and ':' + c.item}" for name, c in seen.mapped.columns.items())
        print("  " + say("columns read as: {columns}", columns=clean(columns)))
    print(
        say("{written} entries written.", written=written)
        if written
        else say("Nothing was written. Add --write when this looks right.")
    )
