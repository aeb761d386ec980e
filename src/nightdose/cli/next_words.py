"""What comes next, with the command that does it."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from nightdose.cli import diary_file
from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.keeping.what_next import Next, what_next
from nightdose.language.catalogue import mark, say

COMMAND_FOR = {
    "outcome": "log --outcome pain:0-10",
    "tonight": "log",
    "unwritten": "log --day yesterday",
    "gates": "safety",
    "safety": "safety ask",
    "plan": "plan titration ..., plan trial ...",
    "seal": "plan seal --to age1... -o sealed.age",
    "kit": mark("plan kit sealed.age ... (on your helper's computer)"),
    "reveal": "plan reveal allocation.json",
    "answer": "analyse {diary}",
    "backup": "backup --to FOLDER",
}


def in_words(found: Next, diary: Path) -> str:
    """The sentence, and the command where there is one."""
    command = COMMAND_FOR.get(found.code)
    then = f" (nightdose {say(command).format(diary=shlex.quote(str(diary)))})" if command else ""
    return clean(f"{found.sentence}{then}")


def then(store: Store, arguments: argparse.Namespace, code: int) -> int:
    """The exit code of an act of planning; for a person, what comes next after it, evenings last."""
    if code == 0 and not arguments.json:
        show_next(store, but=("tonight", "unwritten"))
    return code


def show_next(store: Store, most: int = 1, but: tuple[str, ...] = ()) -> None:
    """The most pressing things that wait. but : codes that this act has just said itself."""
    print(next_lines(store, most, but))


def next_lines(store: Store, most: int = 1, but: tuple[str, ...] = ()) -> str:
    """The same as lines, for what is printed after the diary was closed."""
    waiting = what_next(store, diary_file.today(store), diary_file.tonight(store))
    shown = ([found for found in waiting if found.code not in but] or waiting)[:most]
    if not shown:
        return say("Next: nothing waits; tomorrow evening is the next one.")
    return "\n".join(say("Next: {waits}", waits=in_words(each, store.path)) for each in shown)
