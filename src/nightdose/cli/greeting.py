"""`nightdose` alone: what this is, what there is, what comes next."""

from __future__ import annotations

import argparse

from nightdose.cli import diary_file
from nightdose.cli.next_words import in_words
from nightdose.diary.kept.store import Store
from nightdose.errors import NightdoseError
from nightdose.keeping import opening
from nightdose.keeping.what_next import what_next
from nightdose.language.calendar import dated
from nightdose.language.catalogue import mark, say

HELLO = mark("""nightdose keeps a diary of a medicine, on this computer only, and turns it into one honest answer:
does it help you, by how much, and how sure can that be? "Not yet known" is a good answer.""")

COMMANDS_IN_SHORT = mark("""
  nightdose log        tonight, in twenty seconds           nightdose import    a diary you already keep
  nightdose safety     questions before a plan              nightdose plan      steps, a trial, what it can find
  nightdose analyse    the answer                           nightdose simulate  what a dose does in the body
  nightdose backup     a checked copy                       nightdose --help    everything

A diary and analysis aid for decisions made with your prescriber. Not medical advice.""")


def greet() -> int:
    """Greet; exit code 0, whatever state the diary is in."""
    print(say(HELLO))
    path = diary_file.diary_path(argparse.Namespace(diary=None))
    if not path.is_file():
        print("\n" + say("There is no diary at {path} yet. Start one:", path=path))
        print("  nightdose log --start --outcome pain:0-10")
    else:
        try:
            if opening.needs_key(path):
                print("\n" + say("Your diary is {path}; it is encrypted. Tonight: nightdose log", path=path))
            else:
                with Store(path, None) as store:
                    print("\n" + "\n".join(_what_there_is(store)))
        except NightdoseError as error:
            print(f"\n{error}")
    print(say(COMMANDS_IN_SHORT))
    return 0


def _what_there_is(store: Store) -> list[str]:
    days = {row.entry.day for row in store.entries()}
    waiting = what_next(store, diary_file.today(store), diary_file.tonight(store))
    line = say("Your diary is {path}, and nothing is in it yet.", path=store.path)
    if days:
        line = say("Your diary is {path}: {n} days since {day}.", path=store.path, n=len(days), day=dated(min(days)))
    return [line, *(say("Next: {waits}", waits=in_words(each, store)) for each in waiting[:3])]
