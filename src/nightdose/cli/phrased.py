"""An error in the language of the command line: which option it is about, which command helps."""

from __future__ import annotations

from nightdose.errors import NightdoseError

# an argument of the library -> the option that gives it, where it is not simply --argument
OPTION_OF = {
    "limits": "--range",
    "covariates": "--with",
    "recipient": "--to",
    "mg_per_unit": "--mg-per-unit NAME=MG",
    "mood": "--mood WORD=NUMBER",
}
# what happened -> the command that helps
HELPS = {
    "no_diary": "Start one: nightdose log --start --outcome pain:0-10",
    "needs_secure": "A plain one is made with: nightdose log --start --plain",
    "damaged": "nightdose backup restore FILE --as NEW.db puts a backup's diary at a new place.",
    "list": "nightdose log --list shows them.",
    "gates": (
        "nightdose safety ask asks what is not answered yet; "
        "nightdose safety instruct records what a prescriber says about the rest."
    ),
    "helper_key": "The helper makes one with: nightdose plan helper-key",
    "several_persons": "All at once: nightdose cohort",
    "one_person": "One diary: nightdose analyse",
}


def option(field: str) -> str:
    """`day_start` is given as `--day-start`."""
    return OPTION_OF.get(field, "--" + field.replace("_", "-"))


def phrased(error: NightdoseError) -> str:
    """The sentence, with its option in front and the command that helps behind it."""
    before = f"{option(error.field)}: " if error.field else ""
    after = f"\n{HELPS[error.code]}" if error.code in HELPS else ""
    return f"{before}{error}{after}"
