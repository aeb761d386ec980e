"""An error in the language of the command line: which option it is about, which command helps."""

from __future__ import annotations

from typing import Any

from nightdose.errors import NightdoseError
from nightdose.language.catalogue import mark, say

# an argument of the library -> the option that gives it, where it is not simply --argument
OPTION_OF = {
    "limits": "--range",
    "bad_line": "--bad-day",
    "covariates": "--with",
    "recipient": "--to",
    "mg_per_unit": "--mg-per-unit NAME=MG",
    "mood": "--mood WORD=NUMBER",
}
# what happened -> the command that helps
HELPS = {
    "no_diary": mark("Start one: nightdose log --start --outcome pain:0-10"),
    "needs_secure": mark("A plain one is made with: nightdose log --start --plain"),
    "damaged": mark("nightdose backup restore FILE --as NEW.db puts a backup's diary at a new place."),
    "list": mark("nightdose log --list shows them."),
    "gates": mark(
        "nightdose safety ask asks what is not answered yet; "
        "nightdose safety instruct records what a prescriber says about the rest."
    ),
    "answer": "nightdose safety ask",
    "dose": mark("What was prescribed all the same is said again with --dose-is-right MG."),
    "second_dose": mark("Say --instead, or --second-dose."),
    "no_protocol": mark("nightdose plan trial ... --lock locks one."),
    "locked": "nightdose plan amend; nightdose plan unlock.",
    "running": mark("To look all the same, which is recorded: --look-early"),
    "no_outcome": mark("Choose one with: nightdose log --outcome pain:0-10"),
    "helper_key": mark("The helper makes one with: nightdose plan helper-key"),
    "several_persons": mark("All at once: nightdose cohort"),
    "drug_version": mark("nightdose safety file FILE.toml puts yours in its place."),
    "one_person": mark("One diary: nightdose analyse"),
}
REFUSED = ("gates", "dose", "sealed", "running")  # exit code 3 instead of 2


def option(field: str) -> str:
    """`day_start` is given as `--day-start`."""
    return OPTION_OF.get(field, "--" + field.replace("_", "-"))


def phrased(error: NightdoseError) -> str:
    """The sentence, with its option in front and the command that helps behind it."""
    before = f"{option(error.field)}: " if error.field else ""
    after = f"\n{say(HELPS[error.code])}" if error.code in HELPS else ""
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
