"""What the columns of a diary table are, from their names; and which column a person means by a name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nightdose.diary.records import (
    DOSE_SUFFIX,
    GUESS_SUFFIX,
    NOT_JUDGED,
    TIME_SUFFIX,
    Diary,
)
from nightdose.diary.table.problems import ProblemLog, listed, quoted
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

Role = Literal["date", "day", "person", "note", "clock", "dose", "guess", "reason", "number", "ignored"]

VALUE_ROLES: tuple[Role, ...] = ("clock", "dose", "guess", "reason", "number")
EXACT_NAMES: dict[str, Role] = {
    "date": "date",
    "day": "day",
    "person": "person",
    "note": "note",
    "notes": "note",
    NOT_JUDGED: "reason",
}
SUFFIXES: dict[str, Role] = {
    TIME_SUFFIX: "clock",
    DOSE_SUFFIX: "dose",
    GUESS_SUFFIX: "guess",
    "_note": "note",
    "_notes": "note",
}
SAFE_SPELLINGS = frozenset({"Date", "DATE", "Day", "DAY"})  # read as date or day without a word
DAY_WORDS = frozenset({"date", "day", "datum", "timestamp"})  # a hint in a sentence, never a reading
MAX_COLUMNS = 2_000
SEPARATORS = re.compile(r"[\s_\-]+")


@lru_cache(maxsize=1024)  # a diary says the same few names thousands of times
def fold(name: str) -> str:
    """A name without the differences that people do not mean: case, spaces, hyphens, underscores."""
    return SEPARATORS.sub("_", name.strip().casefold()).strip("_")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table in file order: what each is called in the diary and what it is."""

    names: tuple[str, ...]
    roles: tuple[Role, ...]

    def position(self, role: Role) -> int | None:
        """Where the column of that role stands."""
        return self.roles.index(role) if role in self.roles else None

    @property
    def day_position(self) -> int:
        """Where the day stands: `date` before `day`."""
        at = self.position("date")
        return at if at is not None else self.roles.index("day")

    @property
    def values(self) -> tuple[int, ...]:
        """Positions of the columns that hold numbers."""
        return tuple(i for i, role in enumerate(self.roles) if role in VALUE_ROLES)

    @property
    def trailing_notes(self) -> int:
        """How many of the last columns are notes: a row may end before them."""
        count = 0
        while self.roles[-1 - count] == "note":
            count += 1
        return count


def role_of(name: str) -> Role:
    """What a folded name says its column is."""
    if name in EXACT_NAMES:
        return EXACT_NAMES[name]
    return next((role for suffix, role in SUFFIXES.items() if name.endswith(suffix) and name != suffix), "number")


def read_header(file: str, written: tuple[str, ...], log: ProblemLog) -> Header:
    """The columns that the first line names; what was read as something else is said in the log.

    file : name of the file, for sentences.
    Raises InputError without a `date` or `day`, or with more than 2,000 columns.
    """
    if len(written) > MAX_COLUMNS:
        raise InputError(
            say(
                "{file} has {n} columns; a diary has at most {max_columns}. Keep one row a day "
                "and one column for each thing recorded.",
                file=file,
                n=whole(len(written)),
                max_columns=whole(MAX_COLUMNS),
            )
        )
    names, roles = [], []
    for name in written:
        role = role_of(fold(name))
        names.append(" ".join(name.split()) if role == "number" else fold(name))
        roles.append(role)
    respelled(written, names, log)
    leave_out_repeats(written, names, roles, log)
    if "date" in roles and "day" in roles:
        roles[roles.index("day")] = "number"
    if "date" not in roles and "day" not in roles:
        raise InputError(no_day(file, written))
    return Header(tuple(names), tuple(roles))


def respelled(written: tuple[str, ...], names: list[str], log: ProblemLog) -> None:
    """Say which names were read as another spelling."""
    pairs = [(was, now) for was, now in zip(written, names, strict=True) if was != now and now]
    said = [
        say("{quoted} as {quoted_2}", quoted=quoted(was), quoted_2=quoted(now))
        for was, now in pairs
        if was not in SAFE_SPELLINGS
    ]
    if said:
        more = "" if len(said) <= 10 else say(" and {n} more", n=whole(len(said) - 10))
        log.file(
            say("Column names were read as: {said}{more}.", said=", ".join(said[:10]), more=more),
            say("Write them so in the first line."),
        )


def leave_out_repeats(written: tuple[str, ...], names: list[str], roles: list[Role], log: ProblemLog) -> None:
    """Of columns that fold to one name keep the exact one, else the first; leave out a nameless one."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        groups.setdefault(fold(name), []).append(at)
    for folded, places in groups.items():
        if not folded:
            for at in places:
                roles[at] = "ignored"
            which = ", ".join(str(at + 1) for at in places[:10])
            log.file(
                say("Column {which} has no name and is left out.", which=which),
                say("Give it a name in the first line."),
            )
            continue
        kept = next((at for at in places if written[at] == folded), places[0])
        for at in places:
            if at != kept and roles[at] != "note":
                roles[at] = "ignored"
                log.file(
                    say(
                        "Column {at} {quoted} has the name of column {kept} {quoted_2} and is left out.",
                        at=at + 1,
                        quoted=quoted(written[at]),
                        kept=kept + 1,
                        quoted_2=quoted(written[kept]),
                    ),
                    say("Give every column a name of its own."),
                )


def no_day(file: str, written: tuple[str, ...]) -> str:
    """The sentence for a table without a day."""
    if any(re.fullmatch(r"\s*\d{4}-\d\d-\d\d\s*", name) for name in written):
        return say(
            "{file} begins with a day's values, not with names. Put the column names in the "
            "first line, for example: date,pain,naltrexone_mg",
            file=file,
        )
    candidates = [name for name in written if DAY_WORDS & set(fold(name).split("_"))]
    which = (
        say("If {quoted} is the day, name it", quoted=quoted(candidates[0]))
        if candidates
        else say("Name the column of the day")
    )
    return say(
        "{file} has no column 'date' or 'day'. Its columns: {listed}. {which} 'date' (written "
        "2025-04-03) or 'day' (a whole number), and separate columns by comma, semicolon or "
        "tab.",
        file=file,
        listed=listed(written),
        which=which,
    )


def refuse_without_numbers(diary: Diary, wanted: str) -> None:
    """CallError where the column is in the file and no single number stands in it."""
    for name, first in diary.without_numbers.items():
        if fold(name) == fold(wanted):
            what = say(
                "Column {quoted} is there and holds no number. Write numbers in it, for example 1 for yes and 0 "
                "for no.",
                quoted=quoted(name),
            )
            raise CallError(say("{what} The first: {first}", what=what, first=first) if first else what)


def resolve_column(among: Diary | Iterable[str], wanted: str) -> str:
    """The column that a person means: the exact name, else the one that differs only in case, space, - or _.

    Raises CallError with the nearest names when there is none, when two fit, and when it is there without a number.
    """
    if isinstance(among, Diary):
        refuse_without_numbers(among, wanted)
    names = list(among.columns if isinstance(among, Diary) else among)
    if wanted in names:
        return wanted
    folded = [name for name in names if fold(name) == fold(wanted)]
    if len(folded) == 1:
        return folded[0]
    if folded:
        raise CallError(
            say(
                "Column {quoted} can be {listed}. Write the name exactly.", quoted=quoted(wanted), listed=listed(folded)
            )
        )
    near = [n for n in names if fold(n) in difflib.get_close_matches(fold(wanted), map(fold, names), n=3)]
    hint = say(" Did you mean {quoted}?", quoted=" or ".join(quoted(name) for name in near)) if near else ""
    there = (
        say(" Columns: {listed}.", listed=listed(names, most=20))
        if names
        else say(" There are no columns to choose from.")
    )
    raise CallError(say("There is no column {quoted}.{hint}{there}", quoted=quoted(wanted), hint=hint, there=there))
