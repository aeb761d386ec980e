"""An error in the language of the command line: which option it is about, which command helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nightdose.errors import NightdoseError
from nightdose.language.catalogue import mark, say

# an argument of the library -> the option that gives it, where it is not simply --argument
OPTION_OF = {
    "limits": "--range",
    "files": "FILE|FOLDER",
    "bad_line": "--bad-day",
    "covariates": "--with",
    "worth": "--meaningful",
    "recipient": "--to",
    "mg_per_unit": "--mg-per-unit NAME=MG",
    "mood": "--mood WORD=NUMBER",
}
# what happened -> what helps: a sentence, and the command that is its {command}, as it can be typed
HELPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "no_diary": ((mark("Start one: {command}"), "log --start --outcome pain:0-10"),),
    "needs_secure": ((mark("A plain one is made with: {command}"), "log --start --plain"),),
    "damaged": ((mark("A backup's diary is put at a new place with: {command}"), "backup restore FILE --as NEW.db"),),
    "list": ((mark("They are shown by: {command}"), "log --list"),),
    "log": ((mark("For example: {command}"), "log pain=4 --dose naltrexone=4.5mg"),),
    "gates": (
        (mark("What is not answered yet is asked by: {command}"), "safety ask"),
        (
            mark("What a prescriber says about the rest is recorded with: {command}"),
            "safety instruct GATE --prescriber NAME --words WORDS",
        ),
    ),
    "answer": ((mark("It is asked by: {command}"), "safety ask"),),
    "dose": ((mark("What was prescribed all the same is said again with --dose-is-right MG."), ""),),
    "second_dose": ((mark("Say --instead, or --second-dose."), ""),),
    "no_protocol": ((mark("One is locked with: {command}"), "plan trial --outcome NAME --meaningful SMALLEST --lock"),),
    "locked": (
        (mark("A change is appended with: {command}"), "plan amend --change FIELD=VALUE --reason WORDS"),
        (mark("Before its first day the lock is undone with: {command}"), "plan unlock --reason WORDS"),
    ),
    "two_plans": (
        (mark("A titration is ended with: {command}"), "plan end"),
        (mark("A trial is stopped with: {command}"), "plan stop --reason WORDS"),
    ),
    "running": ((mark("To look all the same, which is recorded: --look-early"), ""),),
    "no_outcome": ((mark("Choose one with: {command}"), "log --outcome pain:0-10"),),
    "helper_key": ((mark("The helper makes one with: {command}"), "plan helper-key -o helper.key"),),
    "drug_version": ((mark("Yours takes its place with: {command}"), "safety file FILE.toml"),),
    "several_persons": (
        (mark("All at once: {command}"), "cohort FILE --outcome NAME --treatment NAME --out FILE.csv"),
    ),
    "one_person": ((mark("One diary: {command}"), "analyse FILE --outcome NAME --treatment NAME"),),
}
REFUSED = ("gates", "dose", "sealed", "running", "two_plans")  # exit code 3 instead of 2


def option(field: str) -> str:
    """`day_start` is given as `--day-start`."""
    return OPTION_OF.get(field, "--" + field.replace("_", "-"))


def phrased(error: NightdoseError) -> str:
    """The sentence, with its option in front and the command that helps behind it."""
    before = f"{option(error.field)}: " if error.field else ""
    helps = HELPS.get(error.code, ())
    after = "".join(f"\n{say(words, command=f'nightdose {command}')}" for words, command in helps)
    return f"{before}{error}{after}"


def refusal_object(error: NightdoseError) -> dict[str, Any] | None:
    """For a program, where something was refused rather than called wrongly: a gate, a dose in doubt. Else None."""
    if error.code not in REFUSED:
        return None
    body: dict[str, Any] = {"schema": "nightdose.refused/1", "refused": error.code, "sentence": str(error)}
    judgement, check = getattr(error, "judgement", None), getattr(error, "check", None)
    if judgement is not None:
        body |= {"gates": [gate.record for gate in judgement.refusing], **judgement.record}
    if check is not None:
        body["dose"] = {"mg": check.mg, "state": check.state, "gate": check.key}
    return body
