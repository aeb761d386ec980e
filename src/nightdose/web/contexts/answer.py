"""What is known."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.web.contexts.parts import Choice, Picture


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons under one heading, numbered from `start`."""

    heading: str
    sentences: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Part:
    """A foldable part of the answer: paragraphs, rows of a table, pictures."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[Picture, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What is known about one outcome.

    sufficiency : how much was recorded, before anything else. word, sentence : the answer; number, range : the settled
    effect and its 95 % interval in large type, "" where no number may stand. fifty : the fifty dots. averages : plain
    means by arm. how_long : until it is known. reasons, change : why, and what would change it. asked : which dose;
    hope : what the guesses say. parts : everything else, folded. waiting : a running trial opens on that day; looked :
    how often the answer was read. outcomes : the other ones to look at. job : a running certificate, "" = none;
    can_certify : one can be started.
    """

    outcomes: tuple[Choice, ...]
    outcome: str
    deciding: bool
    sufficiency: str
    word: str
    sentence: str
    number: str
    range: str
    number_words: str
    fifty: Picture | None
    gauge: str
    ceiling: str
    averages: tuple[tuple[str, str, str], ...]
    complete: str
    reasons: tuple[Reasons, ...]
    change: str
    days: Picture | None
    parts: tuple[Part, ...]
    looked: str
    waiting: str = ""
    job: str = ""
    progress: tuple[int, int] = (0, 0)
    can_certify: bool = False
    red_flags: str = ""
    how_long: tuple[str, ...] = ()
    asked: tuple[Part, ...] = ()
    hope: Part | None = None


@dataclass(frozen=True, slots=True)
class NoAnswerPage:
    """Why there is no answer to show yet, and what to do."""

    sentence: str
    path: str
    words: str
    look: bool = False  # looking earlier than planned is possible, and recorded
