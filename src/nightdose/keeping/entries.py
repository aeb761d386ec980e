"""Writing entries: all or none, never a dose twice by mistake, and what has to be said at once."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nightdose.diary.entry import Entry, Stored
from nightdose.diary.kept.store import Overtaken, Store
from nightdose.errors import CallError
from nightdose.keeping import safety
from nightdose.keeping.medicine_names import is_unknown, same_medicine
from nightdose.keeping.plan_tonight import plan_tonight
from nightdose.knowledge.chosen import treatment as default_treatment
from nightdose.language.catalogue import mark, say
from nightdose.language.number import as_given, multiple
from nightdose.protocol.doses import DoseInDoubt, doubtful_doses
from nightdose.protocol.rescue import rescue_days
from nightdose.protocol.revealed import CAPSULE

Repeat = Literal["ask", "instead", "again"]
SAID_ANEW = "said anew"  # reason of a row that the person wrote over
IN_A_BOX = mark(
    "On {day} your plan had the capsule of a box, and nobody knows its amount. An amount that you write stays as you "
    "wrote it, also when the boxes are revealed. If it was the box's capsule, withdraw this entry and write a dose of "
    "'capsule'."
)
TRIES = 5  # of writing what another window overtook
APART = datetime.timedelta(hours=2)  # two doses of another medicine at least so far apart are two


class SecondDose(CallError):
    """A dose of this medicine is on this day already: is the new one instead of it, or a second one?"""

    def __init__(self, entry: Entry, there: Sequence[Stored]) -> None:
        self.entry, self.there = entry, tuple(there)
        listed = ", ".join(
            say("entry {number}: {in_words}", number=row.number, in_words=in_words(row.entry)) for row in there
        ) or say("in what you say now")
        doubt = ""
        if is_unknown(entry.item):
            doubt = say("We do not know '{item}': it may be another name of the same medicine. ", item=entry.item)
        super().__init__(
            doubt
            + say(
                "There is a dose of {item} on {day} already ({listed}). Is this one instead of it, or a second one?",
                item=there[0].entry.item if there else entry.item,
                day=entry.day,
                listed=listed,
            ),
            code="second_dose",
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, with the numbers of the new rows, and what has to be said at once."""

    numbers: tuple[int, ...]
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...]


def write(
    store: Store,
    entries: Sequence[Entry],
    today: datetime.date,
    *,
    repeat: Repeat = "ask",
    said_again_mg: Collection[float] = (),
    answers: bool = False,
) -> Written:
    """Write entries of one or several days, all or none, in one transaction.

    repeat : what a dose is whose medicine was taken that day already, as the diary or an earlier one of `entries` says:
    ask = raise SecondDose, instead = it replaces what is there, again = a second dose.
    said_again_mg : doses of the treatment outside its low-dose range that the person said twice.
    answers : these are the answers to an evening's questions: what the day says already in the same words is left
    alone, and another score or guess corrects the one that is there. Otherwise each is one more of that day.
    Raises CallError for a day to come, DoseInDoubt for a dose that does not look as meant.
    """
    for entry in entries:
        not_to_come(entry.day, today)
    for _, check in doubtful_doses(entries):
        if not any(abs(check.mg - said) < 1e-9 for said in said_again_mg):
            raise DoseInDoubt(check)
    for tries_left in reversed(range(TRIES)):
        last = store.mark()[0]
        found = _planned(store, entries, repeat, answers)
        _refuse_to_open_a_gate(store, found, today)
        try:
            numbers = store.write_all(found.fresh, found.corrections, found.withdrawals, after=last)
        except Overtaken:  # another window wrote meanwhile: looked at anew, so that no dose is there twice unseen
            if not tries_left:
                raise
            continue
        break
    written = (*found.fresh, *found.anew.values())
    said = (*_scored_twice(store, found.fresh), *warnings(store, written, today))
    return Written(numbers[: len(written)], written, said)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to be written: new entries, number -> what it says now, numbers that no longer hold."""

    fresh: list[Entry]
    anew: dict[int, Entry]
    gone: list[int]

    @property
    def corrections(self) -> list[tuple[int, Entry, str]]:
        return [(number, entry, SAID_ANEW) for number, entry in self.anew.items()]

    @property
    def withdrawals(self) -> list[tuple[int, str]]:
        return [(number, SAID_ANEW) for number in self.gone]


def _refuse_to_open_a_gate(store: Store, found: _Planned, today: datetime.date) -> None:
    """CallError where a dose said anew took the place of what stands in the way of a plan: that needs a reason."""
    numbers = {*found.anew, *found.gone}
    rows = store.entries() if numbers else ()
    replaced = [row.entry for row in rows if row.number in numbers and row.entry.kind not in ("score", "guess")]
    if replaced:
        after = [*(row.entry for row in rows if row.number not in numbers), *found.fresh, *found.anew.values()]
        safety.taken_back(store, today, in_words(replaced[0]), "", after)


def _planned(store: Store, entries: Sequence[Entry], repeat: Repeat, answers: bool) -> _Planned:
    """Each entry against what its day says already. Raises SecondDose where that has to be asked."""
    found = _Planned([], {}, [])
    for entry in entries:
        there = _answered(store, entry) if answers else ()
        if any(_alike(row.entry, entry) for row in there):
            continue
        if there and entry.kind in ("score", "guess"):
            found.anew[there[-1].number] = entry
            continue
        doses = () if repeat == "again" else doses_there(store, entry)
        said = (*found.fresh, *found.anew.values())
        twice = repeat != "again" and any(
            is_second_dose(other, entry) or unknown_beside_treatment(store, other, entry) for other in said
        )
        if (doses and repeat == "ask") or twice:
            raise SecondDose(entry, doses)
        if doses:
            found.anew[doses[-1].number] = entry
            found.gone.extend(row.number for row in doses[:-1])
        else:
            found.fresh.append(entry)
    return found


def _scored_twice(store: Store, written: Sequence[Entry]) -> Iterator[str]:
    """What has to be said of a day that has several scores of one thing now."""
    for entry in written:
        there = _answered(store, entry) if entry.kind == "score" else ()
        if len(there) > 1:
            listed = ", ".join(
                say("{value} (entry {number})", value=f"{row.entry.value:g}", number=row.number)
                for row in there
                if row.entry.value is not None
            )
            yield say(
                "{item} has {n} scores on {day} now: {listed}. The last of them counts.",
                item=entry.item,
                n=len(there),
                day=entry.day,
                listed=listed,
            )


def _answered(store: Store, entry: Entry) -> tuple[Stored, ...]:
    """What the entry's day says of its thing already."""
    return tuple(
        row
        for row in store.entries(kind=entry.kind, day=entry.day)
        if row.entry.item.casefold() == entry.item.casefold()
    )


def _alike(one: Entry, other: Entry) -> bool:
    return (one.value, one.unit, one.status, one.text, one.at) == (
        other.value, other.unit, other.status, other.text, other.at,
    )  # fmt: skip


def warnings(store: Store, written: Sequence[Entry], today: datetime.date) -> tuple[str, ...]:
    """What has to be said after these entries: hard stops they are about, hard stops of the list of medicines where the
    treatment was taken beside them, and too many days with rescue medicines.
    """
    named = {
        entry.day for entry in written if entry.kind == "dose" and entry.value and _may_be_one(entry.item, CAPSULE)
    }
    boxed = [day for day in sorted(named) if plan_tonight(store, day).blinded]
    counted = rescue_days((row.entry for row in store.entries(kind="rescue")), today)
    return (
        *(say(IN_A_BOX, day=day) for day in boxed),
        *(found.sentence for found in counted if found.reached),
        *dict.fromkeys((*safety.hazards(written), *_taken_beside(store, written, today))),
    )


def _taken_beside(store: Store, written: Sequence[Entry], today: datetime.date) -> tuple[str, ...]:
    """The hard stops that stand today where the treatment, or a box's capsule, was taken yesterday or today."""
    taken = (
        entry.kind == "dose" and entry.status in ("taken", "late") and entry.value != 0
        and (today - entry.day).days <= 1 and _may_be_one(entry.item, default_treatment())
        for entry in written
    )  # fmt: skip
    if not any(taken):
        return ()
    try:
        found = safety.judgement(store, today)
    except CallError as error:
        return (str(error),)
    stops = (gate for gate in found.refusing if gate.rule.action == "stop")
    return tuple(f"{gate.sentence} {gate.call}" for gate in stops)


def not_to_come(day: datetime.date, today: datetime.date) -> None:
    """CallError for a day that has not come yet."""
    if day > today:
        raise CallError(
            say("{day} has not come yet; today is {today}. Write it when it is there.", day=day, today=today),
            field="day",
        )


def doses_there(store: Store, entry: Entry) -> tuple[Stored, ...]:
    """Doses of the same medicine on the entry's day that a second one would silently add to."""
    if entry.kind not in ("dose", "rescue"):
        return ()
    there = store.entries(kind=entry.kind, day=entry.day)
    return tuple(
        row for row in there if is_second_dose(row.entry, entry) or unknown_beside_treatment(store, row.entry, entry)
    )


def unknown_beside_treatment(store: Store, one: Entry, other: Entry) -> bool:
    """True where a dose of the treatment meets one of a name that nobody knows, which may be another name for it.

    Asked until both stand on one evening: then the person has said that the two are two.
    """
    if one.kind != "dose" or other.kind != "dose" or one.day != other.day:
        return False
    names = [name for name in (one.item, other.item) if not same_medicine(name, default_treatment())]
    if len(names) != 1 or names[0].casefold() == CAPSULE or not is_unknown(names[0]):
        return False
    doses = [row.entry for row in store.entries(kind="dose")]
    evenings = {entry.day for entry in doses if same_medicine(entry.item, default_treatment())}
    return not any(entry.day in evenings for entry in doses if entry.item.casefold() == names[0].casefold())


def is_second_dose(one: Entry, other: Entry) -> bool:
    """True where both say that one medicine was taken (or missed) on one day, and may be the same intake."""
    if one.kind != other.kind or one.day != other.day or not _may_be_one(one.item, other.item):
        return False
    if one.kind == "rescue":
        return _equal(one, other)
    return one.kind == "dose" and not _far_apart(one, other)


def _may_be_one(one: str, other: str) -> bool:
    """True for names of one medicine, and for the capsule of a box beside the treatment under its own name."""
    boxed = {name.casefold() for name in (one, other)}
    if CAPSULE in boxed and len(boxed) == 2:
        return same_medicine((boxed - {CAPSULE}).pop(), default_treatment())
    return same_medicine(one, other)


def _equal(one: Entry, other: Entry) -> bool:
    """The same tablet written twice: same amount at the same minute."""
    return other.at is not None and (one.value, one.unit, one.at) == (other.value, other.unit, other.at)


def _far_apart(one: Entry, other: Entry) -> bool:
    return one.at is not None and other.at is not None and abs(one.at - other.at) >= APART


def in_words(entry: Entry) -> str:
    """One entry in a few words: 'pain 4', 'naltrexone 1.5 mg taken at 22:30'."""
    if entry.kind == "guess" and entry.value is not None:
        return say("guess: {share} that it was {medicine}", share=multiple(entry.value), medicine=entry.item)
    value = "" if entry.value is None else f" {as_given(entry.value)}"
    clock = say(" at {at}", at=f"{entry.at:%H:%M}") if entry.at else ""
    unit = f" {entry.unit}" if entry.unit else ""
    status = f" {say(entry.status)}" if entry.status else ""
    return f"{entry.item}{value}{unit}{status}{clock}"


def since(store: Store, today: datetime.date, days: int) -> tuple[Stored, ...]:
    """The current entries of the last `days` days and today."""
    first = datetime.date.fromordinal(max(1, today.toordinal() - max(0, days)))
    return tuple(row for row in store.entries() if row.entry.day >= first)
