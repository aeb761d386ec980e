"""The evening questions at a terminal: one after another, a wrong key asks again, whoever stops keeps what was said."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import cast

from nightdose.cli.shown import clean
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import entries, tonight
from nightdose.keeping.entries import Repeat, SecondDose, Written
from nightdose.keeping.tonight import Ask, Evening
from nightdose.language.calendar import brief_weekday, weekday_day
from nightdose.language.catalogue import say, say_form
from nightdose.protocol.doses import DoseInDoubt, doubtful_doses
from nightdose.protocol.refusal import refusal


def ask(store: Store, day: datetime.date, today: datetime.date) -> list[Entry]:
    """One question after another; an empty answer means not recorded. Ctrl-D or Ctrl-C ends the questions."""
    asked = tonight.evening(store, day, today)
    print(say("Diary of {day}. Press Enter where you have nothing to say.", day=weekday_day(day)))
    if asked.unwritten:
        named = ", ".join(map(brief_weekday, asked.unwritten))
        one = f"nightdose log --day {asked.unwritten[0]}"
        print(say("  Not written yet: {named}. One of them: {one}", named=named, one=one))
    if asked.hindered:
        print(clean(asked.hindered))
    if asked.refusing is not None:
        print(clean(refusal(asked.refusing)))
    said: list[Entry] = []
    for each in asked.asks:
        try:
            said += answer(asked, each)
        except (EOFError, KeyboardInterrupt):
            print(
                "\n  "
                + (say("Stopped here; what you answered is kept.") if said else say("Stopped; nothing was entered."))
            )
            break
    return said


def answer(asked: Evening, each: Ask) -> tuple[Entry, ...]:
    """Ask until the answer can be read."""
    now = say(" [now {now}; Enter keeps it]", now=each.now) if each.now else ""
    while True:
        try:
            return tonight.read_answer(asked, each, input(f"  {clean(each.text)} ({clean(each.hint)}){clean(now)}: "))
        except CallError as error:
            print(f"    {clean(str(error))}")


def keep(store: Store, said: list[Entry], today: datetime.date, repeat: Repeat, again: Sequence[float]) -> Written:
    """Write the evening; where a dose is in question that is asked, and nothing else that was typed is lost.

    repeat, again : what the options of the command said of a second dose and of doses outside the range.
    """
    said, again = list(said), list(again)
    while True:
        try:
            return entries.write(store, said, today, repeat=repeat, said_again_mg=again, answers=True)
        except SecondDose as error:
            print(f"  {clean(str(error))}")
            word = _one_of(
                say("instead, second, or Enter to leave it as it was"),
                {"instead": "instead", "second": "again", say_form("typed", "instead"): "instead",
                 say_form("typed", "second"): "again"},
            )  # fmt: skip
            if word is None:
                said = [entry for entry in said if entry != error.entry]
            else:
                repeat = cast(Repeat, word)
        except DoseInDoubt as error:
            print(f"  {clean(str(error))}")
            word = _one_of(
                say("{mg} if it is right, or Enter to leave the dose out", mg=f"{error.check.mg:g}"),
                {f"{error.check.mg:g}": "y"},
            )
            if word is None:
                doubtful = {id(entry) for entry, _ in doubtful_doses(said)}
                said = [entry for entry in said if id(entry) not in doubtful]
            else:
                again.append(error.check.mg)


def _one_of(question: str, words: Mapping[str, str]) -> str | None:
    """What one of the words stands for; None for Enter, and where nobody answers any more."""
    while True:
        try:
            typed = input(f"    {question}: ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            print()
            return None
        found = [meaning for word, meaning in words.items() if typed and word.startswith(typed)]
        if not typed:
            return None
        if found:
            return found[0]
