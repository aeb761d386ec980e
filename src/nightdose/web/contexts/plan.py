"""What is planned, and the forms that plan it."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import Blank, GateWords, KeptField, Pick, Picture, StepShown


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page that is one form and what came of it.

    fields : the questions in order; action, button : where it is sent and its words. done : paragraphs of what was
    made; rows : a table of it; files : (address, words) to keep. gates : what stands in the way; doubt : a dose to be
    said again, in mg. hidden : fields that go with it unseen. also : (word of `act`, words) of further buttons.
    """

    title: str
    lead: str
    fields: tuple[Pick | Blank, ...]
    action: str
    button: str
    steps: tuple[StepShown, ...] = ()
    done: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    gates: tuple[GateWords, ...] = ()
    doubt: str = ""
    doubt_mg: str = ""
    errors: tuple[str, ...] = ()
    hidden: tuple[KeptField, ...] = ()
    job: tuple[int, int] | None = None
    next_path: str = "/plan"
    next_words: str = ""
    multipart: bool = False
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanCard:
    """One thing that can be planned: its words, what it is for, its address."""

    words: str
    what: str
    path: str


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One block of a trial: its number, its days in words, whether it is running."""

    number: str
    words: str
    now: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What is planned: tonight, the safety gates, a titration, a trial.

    tonight : in words; may_plan : no gate is in the way; blocks : of a locked trial; hash_words : the protocol's hash
    as words to compare; can_seal, can_unlock, can_stop, sealed, revealed : what can be done with the trial now;
    can_end : the titration; opened : unblindings.
    amendments : what was changed since, with why; amend : the form for one more; doubt : a dose to be said again.
    file : address of the sealed order that was just made.
    """

    tonight: str
    may_plan: bool
    gates: tuple[GateWords, ...]
    unanswered: int
    cards: tuple[PlanCard, ...]
    trial: tuple[tuple[str, str], ...] = ()
    blocks: tuple[BlockLine, ...] = ()
    titration: tuple[BlockLine, ...] = ()
    can_seal: bool = False
    can_unlock: bool = False
    can_stop: bool = False
    can_end: bool = False
    sealed: bool = False
    revealed: bool = False
    opened: tuple[str, ...] = ()
    saved: str = ""
    errors: tuple[str, ...] = ()
    amendments: tuple[str, ...] = ()
    amend: tuple[Blank, ...] = ()
    file: str = ""
    doubt: str = ""
    doubt_mg: str = ""


@dataclass(frozen=True, slots=True)
class PowerPage:
    """What a planned trial would find. working : it is being simulated, progress of so many.

    picture : of 100 trials, three truths; shortest : the shortest design in words; tried : (weeks, pairs, of 100 that
    would say `helps`); basis : where the numbers come from.
    """

    working: bool = False
    progress: tuple[int, int] = (0, 0)
    picture: Picture | None = None
    shortest: str = ""
    tried: tuple[tuple[str, str, str], ...] = ()
    basis: str = ""
