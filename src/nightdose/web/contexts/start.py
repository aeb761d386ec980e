"""The first run: passphrase, what is scored, the safety questions."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import Choice, GateWords, Pick, StepShown


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """What this is, and the two ways on: an example to look around in, or one's own diary."""

    can_encrypt: bool


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A passphrase for the new diary. missing : how to get encryption where it is not installed, "" else."""

    steps: tuple[StepShown, ...]
    error: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """The recovery key. steps : of the beginning, () where it is shown again; next : the page after it."""

    steps: tuple[StepShown, ...]
    key: str
    next: str = "/start/outcomes"


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome to choose. number : of the row, part of its fields' names; was : its name in the diary."""

    number: int
    chosen: bool
    name: str
    scale: str
    better: str
    worth: str
    error: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """What is scored every evening, and what difference is worth having. scales : (value, words)."""

    steps: tuple[StepShown, ...]
    conditions: tuple[Choice, ...]
    condition: str
    rows: tuple[OutcomeRow, ...]
    scales: tuple[tuple[str, str], ...]
    errors: tuple[str, ...] = ()
    saved: str = ""


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """A medicine of the list: its name, and "taken now" or until when."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class GatesPage:
    """The safety questions, the list of medicines, what stands in the way, and a prescriber's word.

    gates : what blocks or has to be asked, the worst first; notes : what is only said; cleared : nothing is in the way.
    first : this is a step of the first run. yes_stands : an answer is yes, and a reason is asked where it changes.
    medicine : of the diary where it is not naltrexone.
    """

    steps: tuple[StepShown, ...]
    questions: tuple[Pick, ...]
    medicines: tuple[MedicineRow, ...]
    complete: bool
    yes_stands: bool
    gates: tuple[GateWords, ...]
    notes: tuple[GateWords, ...]
    cleared: tuple[GateWords, ...]
    may_plan: bool
    saved: bool
    first: bool
    unanswered: int = 0
    errors: tuple[str, ...] = ()
    medicine: str = ""
