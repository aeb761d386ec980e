"""One thing a person recorded: a score, a dose, a rescue tablet, a lab value, an event, a guess, a note."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say

EntryKind = Literal[
    "score",  # an outcome the person chose
    "dose",  # the treatment or another preventive medicine: amount and clock time
    "rescue",  # taken against an attack; never mixed with preventive doses
    "medicine",  # another medicine or supplement over a time: start, stop, taper
    "side_effect",
    "lab",
    "event",  # infection, steroid burst, operation, journey
    "guess",  # probability that today's capsule was active
    "measure",  # what a device counted: sleep, heart rate, weight
    "note",
]
DoseStatus = Literal["taken", "missed", "late", "unknown"]
MedicineStatus = Literal["start", "stop", "taper"]

KINDS: tuple[str, ...] = get_args(EntryKind)
STATUS_OF: Mapping[str, tuple[str, ...]] = {
    "dose": get_args(DoseStatus),
    "rescue": ("taken", "none"),  # none: asked, and no rescue medicine was taken
    "medicine": get_args(MedicineStatus),
}
# as a reader sees them; what is stored stays English
STATUS_WORDS = (
    mark("taken"), mark("missed"), mark("late"), mark("unknown"), mark("none"),
    mark("start"), mark("stop"), mark("taper"),
)  # fmt: skip
LONGEST_NAME, LONGEST_TEXT = 200, 20_000
UNTIL = "until"  # in `Entry.extra` of an event: its last day

Extra = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded thing; what was not said is None or empty, never zero.

    day    : the person's own day, fixed when written and never worked out again.
    value  : the number, in `unit` as it was given. A missed dose has none, nor one of unknown amount.
    at     : the moment it happened, with its offset, where a clock time was given.
    extra  : what only some kinds have (reference range of a lab, reason of a stop).
    source : who wrote it: 'typed', or the importer. `source_key` makes a second import find the first.
    """

    day: datetime.date
    kind: EntryKind
    item: str
    value: float | None = None
    unit: str = ""
    status: str = ""
    text: str = ""
    at: datetime.datetime | None = None
    extra: Extra = field(default_factory=dict)
    source: str = "typed"
    source_key: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise CallError(
                say("'{kind}' is not a kind of entry. Known kinds: {kinds}.", kind=self.kind, kinds=", ".join(KINDS))
            )
        if not self.item.strip() or len(self.item) > LONGEST_NAME or not self.item.isprintable():
            raise CallError(
                say(
                    "An entry needs a name of 1 to {longest_name} letters; this has {item}.",
                    longest_name=LONGEST_NAME,
                    item=f"{self.item[:40]!r}",
                )
            )
        if len(self.text) > LONGEST_TEXT:
            raise CallError(
                say(
                    "This note has {n} characters; at most {longest_text} are kept.",
                    n=len(self.text),
                    longest_text=LONGEST_TEXT,
                )
            )
        if any(not _is_text(words) for words in (self.text, self.unit, self.status, *map(str, self.extra.values()))):
            raise CallError(
                say("{item}: this holds halves of letters that are not text in UTF-8. Type it again.", item=self.item)
            )
        if self.value is not None and not math.isfinite(self.value):
            raise CallError(
                say(
                    "{item}: {value} is not a number to keep. Leave it out when it is not known.",
                    item=self.item,
                    value=self.value,
                )
            )
        if self.at is not None and self.at.tzinfo is None:
            raise CallError(say("{item}: a clock time needs its time zone.", item=self.item))
        allowed = STATUS_OF.get(self.kind)
        if allowed and self.status not in allowed:
            raise CallError(
                say(
                    "{item}: say one of {allowed}; this says '{status}'.",
                    item=self.item,
                    allowed=", ".join(allowed),
                    status=self.status,
                )
            )
        _check_value(self)

    @property
    def last_day(self) -> datetime.date:
        """The day of the entry, or the last one of an event that lasts."""
        try:
            return max(self.day, datetime.date.fromisoformat(str(self.extra.get(UNTIL, ""))))
        except ValueError:
            return self.day


def _is_text(words: str) -> bool:
    """Whether a text can be written down: bytes that were not UTF-8 arrive as halves of letters."""
    return words.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in words)


def _check_value(entry: Entry) -> None:
    value = entry.value
    if entry.kind in ("score", "measure", "lab") and value is None:
        raise CallError(
            say("{item}: the number is missing. A day without a number is simply not recorded.", item=entry.item)
        )
    if entry.kind == "lab" and not entry.unit:
        raise CallError(say("{item}: a laboratory value needs its unit, for example mU/L.", item=entry.item))
    if entry.kind == "guess" and (value is None or not 0 <= value <= 1):
        raise CallError(say("A guess is the probability that the capsule was active, from 0 to 1."))
    if entry.kind in ("dose", "rescue") and value is not None and value < 0:
        raise CallError(say("{item}: {value} is not an amount to take.", item=entry.item, value=f"{value:g}"))
    if entry.kind == "dose" and entry.status == "missed" and value:
        raise CallError(
            say("{item}: a missed dose has no amount. Say 'taken' or leave the amount out.", item=entry.item)
        )
    if entry.kind == "dose" and entry.status in ("taken", "late") and value == 0:
        raise CallError(say("{item}: a dose of 0 that was taken is a missed one. Say 'missed'.", item=entry.item))


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as the diary keeps it: its number, when it was written, and which older row it corrects."""

    number: int
    written: datetime.datetime
    entry: Entry
    corrects: int | None = None
    withdrawn: bool = False  # a row that only says: the older one no longer holds
    reason: str = ""


ScaleName = Literal["0-10", "0-3", "yes/no", "count", "number"]


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """How an outcome is written down every day: its words for people, lowest and highest value, whole numbers only."""

    says: str
    ends: tuple[float, float]
    whole: bool = False


SCALES: Mapping[ScaleName, ScoreScale] = {
    "0-10": ScoreScale(mark("0 to 10"), (0, 10)),
    "0-3": ScoreScale(mark("0 to 3"), (0, 3), whole=True),
    "yes/no": ScoreScale(mark("yes or no"), (0, 1), whole=True),
    "count": ScoreScale(mark("a count each day"), (0, math.inf), whole=True),
    "number": ScoreScale(mark("any number"), (-math.inf, math.inf)),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome the person chose to score every day.

    worth : the smallest difference worth having, in the outcome's own unit; None = not said.
    asked : False once it was put down: no evening asks for it any more, and its history stays.
    """

    name: str
    scale: ScaleName
    better: Literal["lower", "higher"] = "lower"
    unit: str = ""
    worth: float | None = None
    asked: bool = True

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise CallError(
                say(
                    "'{scale}' is not a scale. Choose one of {scale_range}.",
                    scale=self.scale,
                    scale_range=", ".join(SCALES),
                )
            )
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise CallError(say("An outcome needs a name, for example pain."))
        if self.worth is not None and not 0 < self.worth < math.inf:
            raise CallError(
                say("A difference of {worth} is not one worth having. Give a number above 0.", worth=f"{self.worth:g}"),
                field="worth",
            )

    def read(self, text: str) -> float:
        """The score that was typed, checked against the scale."""
        word = text.strip().lower()
        if self.scale == "yes/no" and word in _YES_NO:
            return _YES_NO[word]
        try:
            value = float(word.replace(",", "."))
        except ValueError:
            raise CallError(
                say(
                    "{name}: '{text}' is not an answer on the scale {scale}.",
                    name=self.name,
                    text=text,
                    scale=self.scale,
                )
            ) from None
        low, high = SCALES[self.scale].ends
        fits = math.isfinite(value) and low <= value <= high
        if not fits or (SCALES[self.scale].whole and value != int(value)):
            raise CallError(
                say("{name}: {text} is outside the scale {scale}.", name=self.name, text=text, scale=self.scale)
            )
        return value


_YES_NO = {"yes": 1.0, "y": 1.0, "no": 0.0, "n": 0.0}
