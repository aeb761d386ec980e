"""Tonight, and what was recorded before."""

from __future__ import annotations

from dataclasses import dataclass, field

from nightdose.web.contexts.parts import Blank, Choice, GateWords, Pick, Picture


@dataclass(frozen=True, slots=True)
class DoseField:
    """One planned dose of the evening: taken, not taken, or not known yet; another amount or time opens below."""

    pick: Pick
    amount: Blank
    clock: Blank


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One thing that was kept: what, and the entry's number, by which it can be taken back."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class MissedEvening:
    """An evening without an entry. day : ISO date; words : "Wednesday"."""

    day: str
    words: str


@dataclass(frozen=True, slots=True)
class TonightPage:
    """The evening's one screen.

    once : the form's own number: the same form sent twice is kept once. late : this evening is written down later.
    gates : what stands in the way of tonight's capsule; unanswered : how many safety questions do too.
    warnings : what a logged medicine makes urgent.
    hidden : nothing of earlier evenings is shown.
    second : a dose is there already: is this one instead of it, or a second one? doubt : a dose that was asked about.
    """

    day: str
    day_words: str
    once: str
    scores: tuple[Pick | Blank, ...]
    doses: tuple[DoseField, ...] = ()
    guess: Pick | None = None
    side_effects: tuple[Blank, ...] = ()
    same_as_last: str = ""  # side effects of the evening before, as words; one tick repeats them
    rescue: tuple[Blank, ...] = ()
    note: Blank = field(default_factory=lambda: Blank("note", "", kind="textarea"))
    missed: tuple[MissedEvening, ...] = ()
    late: bool = False
    saved: tuple[SavedLine, ...] = ()
    taken_back: bool = False
    nothing: bool = False
    gates: tuple[GateWords, ...] = ()
    unanswered: int = 0
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    second: str = ""
    doubt: str = ""
    doubt_mg: str = ""
    next_words: str = ""  # what comes next for this person
    next_path: str = ""
    more_open: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a day in words, and its number, by which it is corrected or withdrawn."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class DayLines:
    """One day's entries. short : its scores in a few words; open : unfolded, as after a correction."""

    day: str
    words: str
    short: str
    entries: tuple[EntryLine, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Everything that was recorded: a year as dots, rows over a stretch of days, and each day's entries.

    span : how many days are drawn; spans : the choices; months : the last day of each month of the year that has
    entries; older, newer : addresses of the stretches beside it, "" = none.
    """

    year: Picture | None
    rows: Picture | None
    span: int
    spans: tuple[Choice, ...]
    older: str
    newer: str
    days: tuple[DayLines, ...]
    empty: bool
    saved: str = ""
    months: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry where it stands: what it says, what it said before, and how to correct or withdraw it."""

    number: int
    day: str
    words: str
    history: tuple[str, ...]
    value: Blank | None
    clock: Blank | None
    text: Blank | None
    when: Blank
    reason: Blank
    error: str = ""
    second: str = ""
    doubt: str = ""
    doubt_mg: str = ""
