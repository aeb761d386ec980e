"""What each page shows, one documented value a page; a template gets its page and the frame, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. icon : a name in templates/icons.html; short : its words under the thumb."""

    path: str
    words: str
    short: str
    icon: str


PLACES = (
    Place("/", "Tonight", "Tonight", "moon"),
    Place("/timeline", "Timeline", "Timeline", "days"),
    Place("/answer", "Answer", "Answer", "dots"),
    Place("/plan", "Plan", "Plan", "list"),
    Place("/dose", "What a dose does", "Dose", "curve"),
    Place("/data", "Data", "Data", "box"),
    Place("/help", "Help", "Help", "question"),
)
UNDER_THE_THUMB = 4  # of them; the rest stand behind "More"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    here : path of the place that is marked; label : words on every page of an example or synthetic diary, "" else;
    diary : the diary's name, "" before there is one; can_lock : the diary has a passphrase and is open.
    """

    title: str
    here: str = ""
    label: str = ""
    diary: str = ""
    can_lock: bool = False
    visiting: bool = False  # the example is looked at; a button leads back
    places: tuple[Place, ...] = PLACES

    @property
    def near(self) -> tuple[Place, ...]:
        return self.places[:UNDER_THE_THUMB]

    @property
    def far(self) -> tuple[Place, ...]:
        return self.places[UNDER_THE_THUMB:]


def ident_of(key: str) -> str:
    """A field's name as an HTML id."""
    return re.sub(r"\W+", "-", key)


@dataclass(frozen=True, slots=True)
class Choice:
    """One target of a question. small : a second line under the words; name : read aloud instead of the words."""

    value: str
    words: str
    small: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A question answered by one tap. key : the form's field; chosen : the value picked, "" = none yet.

    ends : words at both ends of a scale; keys : digits choose and go on.
    """

    key: str
    words: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    hint: str = ""
    ends: tuple[str, str] = ("", "")
    error: str = ""
    keys: bool = False

    @property
    def ident(self) -> str:
        return ident_of(self.key)


@dataclass(frozen=True, slots=True)
class Blank:
    """A question answered by typing. kind : the input's type; options : words offered, never forced."""

    key: str
    words: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    error: str = ""
    options: tuple[str, ...] = ()
    mode: str = ""  # inputmode, for a phone's keyboard

    @property
    def ident(self) -> str:
        return ident_of(self.key)


@dataclass(frozen=True, slots=True)
class DoseField:
    """One planned dose of the evening: taken, not taken, or not known yet; another amount or time opens below."""

    pick: Pick
    amount: Blank
    clock: Blank


@dataclass(frozen=True, slots=True)
class SavedLine:
    """One thing that was kept: what, and the entry's number, by which it can be taken back."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class MissedEvening:
    """An evening without an entry. day : ISO date; words : "Wednesday"."""

    day: str
    words: str


@dataclass(frozen=True, slots=True)
class GateWords:
    """One safety gate: its state in words, what it says, whom to ask, what clears it."""

    state: str
    sentence: str
    call: str
    clears: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class TonightPage:
    """The evening's one screen.

    once : the form's own number: the same form sent twice is kept once. late : this evening is written down later.
    gates : what stands in the way of tonight's capsule. warnings : what a logged medicine makes urgent.
    second : a dose is there already: is this one instead of it, or a second one? doubt : a dose that was asked about.
    """

    day: str
    day_words: str
    once: str
    scores: tuple[Pick | Blank, ...]
    doses: tuple[DoseField, ...] = ()
    guess: Pick | None = None
    side_effects: tuple[Blank, ...] = ()
    same_as_last: str = ""  # side effects of the evening before, as words; one tick repeats them
    rescue: tuple[Blank, ...] = ()
    note: Blank = field(default_factory=lambda: Blank("note", "Note", kind="textarea"))
    missed: tuple[MissedEvening, ...] = ()
    late: bool = False
    saved: tuple[SavedLine, ...] = ()
    taken_back: bool = False
    gates: tuple[GateWords, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    second: str = ""
    doubt: str = ""
    doubt_mg: str = ""
    next_words: str = ""  # what comes next for this person
    next_path: str = ""
    more_open: bool = False


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """Something could not be done: one sentence, and where to go from here."""

    sentence: str
    path: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of a form that waits behind a locked diary."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class UnlockPage:
    """The diary is locked. path : where the person was going; kept : what they had already written there."""

    path: str
    kept: tuple[KeptField, ...] = ()
    error: str = ""
    recovery: bool = False


@dataclass(frozen=True, slots=True)
class MorePage:
    """The places that do not fit under the thumb."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure twice, for a desk and for a phone, with its sentence; of a curve also its numbers as a table."""

    wide: str
    narrow: str
    sentence: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """One claimed link of the mechanism: whether it is on, and what stands behind it.

    evidence : its sentence; against : what speaks against it, "" = nothing found; grade : kind of evidence in words.
    """

    key: str
    words: str
    says: str
    grade: str
    evidence: str
    on: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One number in large type with the words under it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class DosePage:
    """What a dose does: a regimen, the curves, what one changed night does, and every link with its evidence.

    mg, clock, missed : the form; other : the regimen beside it as words, "" = none; own : the diary's last doses can
    be shown; facts : of the last day; limits : what the model cannot say.
    """

    mg: Blank
    clock: Blank
    regimen: Blank
    other: Blank
    missed: bool
    from_diary: bool
    own: bool
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]
    switches: tuple[Switch, ...]
    limits: str
    title: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that many ask. open : what nobody knows; sources : (words, address) of each."""

    ask: str
    known: str
    open: str
    place: str
    here: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """Questions and answers, words, keys."""

    answers: tuple[Answer, ...]
    words: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the first run; done : it or a later one is reached."""

    words: str
    done: bool


@dataclass(frozen=True, slots=True)
class WelcomePage:
    """What this is, and the two ways on: an example to look around in, or one's own diary."""

    can_encrypt: bool


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A passphrase for the new diary. missing : how to get encryption where it is not installed, "" else."""

    steps: tuple[Step, ...]
    error: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """The recovery key, shown this once."""

    steps: tuple[Step, ...]
    key: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome to choose. number : of the row, part of its fields' names."""

    number: int
    chosen: bool
    name: str
    scale: str
    better: str
    worth: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """What is scored every evening, and what difference is worth having. scales : (value, words)."""

    steps: tuple[Step, ...]
    conditions: tuple[Choice, ...]
    condition: str
    rows: tuple[OutcomeRow, ...]
    scales: tuple[tuple[str, str], ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MedicineRow:
    """A medicine of the list: its name, and "taken now" or until when."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class GatesPage:
    """The safety questions, the list of medicines, what stands in the way, and a prescriber's word.

    gates : what blocks or has to be asked, the worst first; notes : what is only said; cleared : nothing is in the way.
    first : this is a step of the first run.
    """

    steps: tuple[Step, ...]
    questions: tuple[Pick, ...]
    medicines: tuple[MedicineRow, ...]
    complete: bool
    gates: tuple[GateWords, ...]
    notes: tuple[GateWords, ...]
    cleared: tuple[GateWords, ...]
    may_plan: bool
    saved: bool
    first: bool
    unanswered: int = 0
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a day in words, and its number, by which it is corrected or withdrawn."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class DayLines:
    """One day's entries. short : its scores in a few words."""

    day: str
    words: str
    short: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Everything that was recorded: a year as dots, rows over a stretch of days, and each day's entries.

    span : how many days are drawn; spans : the choices; older, newer : addresses of the stretches beside it, "" = none.
    """

    year: Picture | None
    rows: Picture | None
    span: int
    spans: tuple[Choice, ...]
    older: str
    newer: str
    days: tuple[DayLines, ...]
    empty: bool
    saved: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry where it stands: what it says, what it said before, and how to correct or withdraw it."""

    number: int
    day: str
    words: str
    history: tuple[str, ...]
    value: Blank | None
    clock: Blank | None
    text: Blank | None
    when: Blank
    reason: Blank
    error: str = ""


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

    sufficiency : how much was recorded, before anything else. word, sentence : the answer; number : the settled effect
    with its range, in large type, "" where no number may stand. fifty : the fifty dots. averages : plain means by arm.
    reasons, change : why, and what would change it. parts : everything else, folded. waiting : a running trial opens
    on that day; looked : how often the answer was read. outcomes : the other ones to look at. job : a running
    certificate, "" = none; can_certify : one can be started.
    """

    outcomes: tuple[Choice, ...]
    outcome: str
    deciding: bool
    sufficiency: str
    word: str
    sentence: str
    number: str
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


@dataclass(frozen=True, slots=True)
class NoAnswerPage:
    """Why there is no answer to show yet, and what to do."""

    sentence: str
    path: str
    words: str
    look: bool = False  # looking earlier than planned is possible, and recorded


@dataclass(frozen=True, slots=True)
class DataPage:
    """What is stored where, and its ways in and out.

    path : of the diary's file; backup : its age in words; faults : what a check found, None = not checked now.
    """

    path: str
    encrypted: bool
    entries: int
    backup: str
    backup_old: bool
    faults: tuple[str, ...] | None
    example: bool
    saved: str = ""
    error: str = ""
    sure: str = ""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """What a file would bring; nothing has been written.

    token : of this preview; items : (kind, item, how many); changed : (before, after); doubts : doses to be said again.
    """

    token: str
    name: str
    new: int
    known: int
    span: str
    items: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    problems: tuple[str, ...]
    hazards: tuple[str, ...]
    doubts: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoneByePage:
    """The diary was deleted: what is left and where."""

    removed: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page that is one form and what came of it.

    fields : the questions in order; action, button : where it is sent and its words. done : paragraphs of what was
    made; rows : a table of it; files : (address, words) to keep. gates : what stands in the way; doubt : a dose to be
    said again, in mg. hidden : fields that go with it unseen.
    """

    title: str
    lead: str
    fields: tuple[Pick | Blank, ...]
    action: str
    button: str
    steps: tuple[Step, ...] = ()
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
    next_words: str = "Back to the plan"
    multipart: bool = False


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
    as words to compare; can_seal, can_unlock, sealed, revealed : what can be done with it now; opened : unblindings.
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
    sealed: bool = False
    revealed: bool = False
    opened: tuple[str, ...] = ()
    saved: str = ""
    errors: tuple[str, ...] = ()


PAGES: dict[type, str] = {
    TonightPage: "tonight.html",
    RefusedPage: "refused.html",
    UnlockPage: "unlock.html",
    MorePage: "more.html",
    DosePage: "dose.html",
    HelpPage: "help.html",
    WelcomePage: "welcome.html",
    KeyPage: "key.html",
    RecoveryPage: "recovery.html",
    OutcomesPage: "outcomes.html",
    GatesPage: "gates.html",
    TimelinePage: "timeline.html",
    EntryPage: "entry.html",
    AnswerPage: "answer.html",
    DataPage: "data.html",
    FormPage: "form.html",
    PlanPage: "plan.html",
    ImportPage: "import.html",
    GoneByePage: "deleted.html",
    NoAnswerPage: "no_answer.html",
}
