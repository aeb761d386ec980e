"""`nightdose` alone: what this is, what there is, what comes next."""

from __future__ import annotations

import argparse

from nightdose.cli import diary_file
from nightdose.cli.next_words import in_words
from nightdose.diary.kept.store import Store
from nightdose.errors import NightdoseError
from nightdose.keeping import opening
from nightdose.keeping.what_next import what_next

HELLO = """nightdose keeps a diary of a medicine, on this computer only, and turns it into one honest answer:
does it help you, by how much, and how sure can that be? "Not yet known" is a good answer."""

COMMANDS_IN_SHORT = """
  nightdose log        tonight, in twenty seconds           nightdose import    a diary you already keep
  nightdose safety     questions before a plan              nightdose plan      steps, a trial, what it can find
  nightdose analyse    the answer                           nightdose simulate  what a dose does in the body
  nightdose backup     a checked copy                       nightdose --help    everything

A diary and analysis aid for decisions made with your prescriber. Not medical advice."""


def greet() -> int:
    """Greet; exit code 0, whatever state the diary is in."""
    print(HELLO)
    path = diary_file.diary_path(argparse.Namespace(diary=None))
    if not path.is_file():
        print(f"\nThere is no diary at {path} yet. Start one:\n  nightdose log --start --outcome pain:0-10")
    else:
        try:
            if opening.needs_key(path):
                print(f"\nYour diary is {path}; it is encrypted. Tonight: nightdose log")
            else:
                with Store(path, None) as store:
                    print("\n" + "\n".join(_what_there_is(store)))
        except NightdoseError as error:
            print(f"\n{error}")
    print(COMMANDS_IN_SHORT)
    return 0


def _what_there_is(store: Store) -> list[str]:
    days = {row.entry.day for row in store.entries()}
    since = f": {len(days)} days since {min(days):%d %B %Y}" if days else ", and nothing is in it yet"
    waiting = what_next(store, diary_file.today(store), diary_file.tonight(store))
    lines = [f"Your diary is {store.path}{since}."]
    return lines + [f"Next: {in_words(each, store.path)}" for each in waiting[:3]]
