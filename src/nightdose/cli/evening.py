"""The evening questions at a terminal: one after another, a wrong key asks again, whoever stops keeps what was said."""

from __future__ import annotations

import datetime

from nightdose.cli.shown import clean
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import tonight
from nightdose.keeping.tonight import Ask, Evening
from nightdose.protocol.gates import refusal


def ask(store: Store, day: datetime.date, today: datetime.date) -> list[Entry]:
    """One question after another; an empty answer means not recorded. Ctrl-D or Ctrl-C ends the questions."""
    asked = tonight.evening(store, day, today)
    print(f"Diary of {day:%A %d %B}. Press Enter where you have nothing to say.")
    if asked.unwritten:
        named = ", ".join(f"{each:%a %d %b}" for each in asked.unwritten)
        print(f"  Not written yet: {named}. One of them: nightdose log --day {asked.unwritten[0]}")
    if asked.refusing is not None:
        print(clean(refusal(asked.refusing)))
    entries: list[Entry] = []
    for each in asked.asks:
        try:
            entries += answer(asked, each)
        except (EOFError, KeyboardInterrupt):
            print("\n  Stopped here; what you answered is kept." if entries else "\n  Stopped; nothing was entered.")
            break
    return entries


def answer(asked: Evening, each: Ask) -> tuple[Entry, ...]:
    """Ask until the answer can be read."""
    now = f" [now {each.now}; Enter keeps it]" if each.now else ""
    while True:
        try:
            return tonight.read_answer(asked, each, input(f"  {clean(each.text)} ({clean(each.hint)}){clean(now)}: "))
        except CallError as error:
            print(f"    {clean(str(error))}")
