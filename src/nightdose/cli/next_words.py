"""What comes next, with the command that does it, as it can be typed; in capitals what the person has to choose."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from nightdose.cli import diary_file
from nightdose.cli.shown import clean
from nightdose.diary.kept.store import Store
from nightdose.keeping import settings
from nightdose.keeping.what_next import Next, what_next
from nightdose.language.catalogue import say

# codes of what waits whose command is the same for everybody; `{diary}` is the diary's path
COMMAND_FOR = {
    "outcome": ("log --outcome pain:0-10",),
    "gates": ("safety",),
    "seal": ("plan seal --to HELPER_KEY -o sealed.age",),
    "kit": ("plan kit sealed.age --identity KEYFILE --active WORDS --dummy WORDS -o FOLDER",),
    "stop": ("plan stop --reason WORDS",),
    "reveal": ("plan reveal allocation.json",),
    "answer": ("analyse {diary}",),
    "backup": ("backup --to FOLDER",),
}
ON_ANOTHER_COMPUTER = ("kit",)  # there no diary lies


def commands_for(found: Next, store: Store) -> tuple[str, ...]:
    """The commands that do it, one of which is typed; none where there is none."""
    diary = shlex.quote(str(store.path))
    lines = [line.format(diary=diary) for line in COMMAND_FOR.get(found.code, ())] or _of_this_diary(found, store)
    here = found.code in ON_ANOTHER_COMPUTER or diary_file.diary_path(argparse.Namespace(diary=None)) == store.path
    return tuple(line if here or diary in line else f"{line} --diary {diary}" for line in lines)


def _of_this_diary(found: Next, store: Store) -> Sequence[str]:
    """What depends on the diary's outcomes, and on whether somebody is there to be asked."""
    outcomes, asked = settings.asked_outcomes(store), sys.stdin.isatty()
    scores = "" if asked else "".join(" " + shlex.quote(f"{name}=SCORE") for name in outcomes)
    if found.code == "tonight":
        return (f"log{scores}",)
    if found.code == "unwritten":
        return (f"log{scores} --day {found.day}",)
    if found.code == "safety":
        return ("safety ask" if asked else "safety ask --answer QUESTION=ANSWER",)
    if found.code == "plan" and outcomes:
        first = next(iter(outcomes.values()))
        worth = "SMALLEST" if first.worth is None else f"{first.worth:g}"
        trial = f"plan trial --outcome {shlex.quote(first.name)} --meaningful {worth}"
        return ("plan titration --step MGxDAYS --first-evening DATE", trial)
    return ()


def in_words(found: Next, store: Store) -> str:
    """The sentence, and its commands where there are some."""
    commands = [f"nightdose {line}" for line in commands_for(found, store)]
    then = f" ({say(', or ').join(commands)})" if commands else ""
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
    return "\n".join(say("Next: {waits}", waits=in_words(each, store)) for each in shown)
