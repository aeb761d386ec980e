"""What a person sends to a pool: an answer, a registration, a withdrawal; signed with a key for this alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary.kept.files import write_new
from nightdose.errors import CallError
from nightdose.keeping.letter_files import data_folder
from nightdose.language.catalogue import say
from nightdose.letter.signing import OwnKey, own_key
from nightdose.pooling.contribution import Content, Withdrawal
from nightdose.pooling.making import Person, answered, registration
from nightdose.pooling.reading import Received, read_line
from nightdose.pooling.shown import Lines, shown
from nightdose.pooling.signed import signed_line
from nightdose.protocol.locked import Locked
from nightdose.verdict.analysis import Analysis

KEY_FILE = "contributing.pem"


@dataclass(frozen=True, slots=True)
class Ready:
    """A contribution that is not written yet. lines : all that it says; line : the bytes that would be written."""

    content: Content
    lines: Lines
    line: str


def contribution_key() -> OwnKey:
    """The key of this person's contributions, made at first use.

    Another one than that of letters: a letter may carry a name, and one key for both would put it on every answer.
    Raises CallError where the package for signing is missing.
    """
    return own_key(data_folder() / KEY_FILE)


def ready_answer(analysis: Analysis, person: Person, key: OwnKey) -> Ready:
    """The answer of an analysed diary; its trial is the locked protocol beside it. Raises CallError."""
    return _ready(answered(analysis, person, analysis.protocol, key), key)


def ready_registration(protocol: Sequence[Locked], person: Person, key: OwnKey) -> Ready:
    """The registration of a locked trial. Raises CallError where none is locked."""
    return _ready(registration(protocol, person, key), key)


def ready_withdrawal(line: str, key: OwnKey) -> Ready:
    """What takes back an earlier line. Raises CallError where it is not a contribution, or another key signed it."""
    read = read_line("", line.strip())
    if not isinstance(read, Received):
        raise CallError(say("This is not a contribution that could be taken back. {why}", why=read.why))
    made = _ready(Withdrawal(read.sha256), key)
    again = read_line("", made.line)
    if not isinstance(again, Received) or again.key != read.key:
        raise CallError(say("Another key signed this contribution; only that one can take it back."))
    return made


def write(ready: Ready, path: Path) -> None:
    """The line as a new file of its own. Raises InputError where one is there or it cannot be written."""
    write_new(path, ready.line.encode() + b"\n")


def _ready(content: Content, key: OwnKey) -> Ready:
    return Ready(content, shown(content), signed_line(content, key))
