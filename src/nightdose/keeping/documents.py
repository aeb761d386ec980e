"""The pages of a diary that are not a day's entry. Each kind is a typed value; nothing else writes a document.

A page that says the same thing anew is appended under the same title; the older ones stay as its history.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from nightdose.diary.day import DEFAULT_START, DayRule, clock_time
from nightdose.diary.entry import Outcome
from nightdose.diary.importers.columns import Mapped, mapping_from
from nightdose.diary.importers.doubled import StoodFor
from nightdose.diary.kept.store import DiaryError, Document, Store
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.letter.background import Background, Tried
from nightdose.protocol.interview import Answers, Instruction, TakenBack, answers_from_record
from nightdose.protocol.locked import SHORTEST_REASON, Locked
from nightdose.protocol.sealing import Unblinding, unblinding_from_record

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a generic frozen value with them
class Kind(Generic[T]):
    """How one kind of page is written down and read again.

    name        : of the kind, in the diary file.
    title       : under which name a value is kept.
    record      : the value as plain JSON values.
    from_record : (title, record) -> the value.
    """

    name: str
    title: Callable[[T], str]
    record: Callable[[T], Json]
    from_record: Callable[[str, Json], T]


def keep(store: Store, kind: Kind[T], value: T) -> int:
    """Append the value to the diary; its number. When this returns it is on the disk."""
    return store.put(kind.name, kind.title(value), kind.record(value))


Keeping = tuple[Kind[Any], Any]  # a kind of page and a value of it


def keep_all(store: Store, *pages: Keeping | None) -> None:
    """Append several pages, all or none; None is left out."""
    store.put_all([(kind.name, kind.title(value), kind.record(value)) for kind, value in filter(None, pages)])


def every(store: Store, kind: Kind[T]) -> tuple[T, ...]:
    """Every page of this kind in the order of writing. DiaryError where one cannot be read."""
    return tuple(_read(kind, page) for page in store.documents(kind.name))


def current(store: Store, kind: Kind[T]) -> dict[str, T]:
    """Title -> the newest page of that title, in the order in which the titles first came."""
    newest = {page.name: page for page in store.documents(kind.name)}
    return {title: _read(kind, page) for title, page in newest.items()}


def newest(store: Store, kind: Kind[T], title: str) -> T | None:
    """The newest page of that title, or None."""
    found = store.documents(kind.name, title)
    return _read(kind, found[-1]) if found else None


def _read(kind: Kind[T], page: Document) -> T:
    try:
        return kind.from_record(page.name, page.body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DiaryError(
            say(
                "A page of the diary ({name} '{page_name}', number {number}) cannot be read. A "
                "newer nightdose wrote it, or the diary was changed by another program.",
                name=kind.name,
                page_name=page.name[:60],
                number=page.number,
            )
        ) from error


@dataclass(frozen=True, slots=True)
class KeptDrug:
    """The drug file that a diary is about, whole, so that the diary can be opened where the file is not.

    Raises ValueError where the text is not the one that the fingerprint was made of.
    """

    name: str
    text: str
    sha256: str

    def __post_init__(self) -> None:
        if hashlib.sha256(self.text.encode()).hexdigest() != self.sha256:
            raise ValueError("the drug file does not have its fingerprint")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """That the lock of a protocol was undone before its first day."""

    sha256: str
    day: datetime.date
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < SHORTEST_REASON:
            raise CallError(say("Say in a sentence why the lock is undone; it is recorded."), field="reason")


@dataclass(frozen=True, slots=True)
class TrialStopped:
    """That a locked trial was stopped: from that day on it asks for nothing. What was written stays."""

    sha256: str
    day: datetime.date
    reason: str


@dataclass(frozen=True, slots=True)
class TitrationEnded:
    """That from a day on none of the first `plans` titrations of the diary holds."""

    day: datetime.date
    plans: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the diary keeps of a sealed order: the hash it can be checked against, and to whom it was sealed.

    file : the sealed file itself, base64, so that it can be given again; only the helper's key opens it. "" where the
    order was sealed before the diary kept it.
    """

    sha256: str
    protocol: str  # hash of the locked protocol
    sealed_to: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class RevealedOrder:
    """The order after the reveal: what each box held, and the seed and salt that prove it."""

    arms: tuple[str, ...]  # 'on' | 'off', box 1 first
    seed: int
    salt: str
    protocol: str = ""  # hash of the locked protocol; "" = revealed before a diary could hold another trial


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written, wherever it is now."""

    path: str
    entries: int

    @property
    def title(self) -> str:
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Look:
    """That the answer about one outcome was read on a day; looks are counted, because looking often finds by luck."""

    outcome: str
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Absorbed:
    """Rows of files of one format that were not added, for a dose of the diary stood for them."""

    format: str
    rows: tuple[StoodFor, ...]


@dataclass(frozen=True, slots=True)
class NamedMapping:
    """What the columns of one's own table mean, under a name."""

    name: str
    mapped: Mapped


@dataclass(frozen=True, slots=True)
class KeptStep:
    """One step of a kept titration: what to take each evening of it."""

    first_day: datetime.date
    last_day: datetime.date
    dose_mg: float
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptTitration:
    """A titration as it was planned.

    medicine : what is titrated. clock : the evening hour; None = not said (plans from before it was kept).
    supply, opened_by, reminders : as they were printed with the plan.
    """

    steps: tuple[KeptStep, ...]
    supply: tuple[Json, ...] = ()
    opened_by: tuple[Json, ...] = ()
    reminders: tuple[str, ...] = ()
    medicine: str = "naltrexone"
    clock: datetime.time | None = None

    @property
    def first_day(self) -> datetime.date:
        return self.steps[0].first_day

    @property
    def last_day(self) -> datetime.date:
        return self.steps[-1].last_day

    def step_on(self, day: datetime.date) -> KeptStep | None:
        """The step that holds on that day."""
        return next((step for step in self.steps if step.first_day <= day <= step.last_day), None)

    @property
    def record(self) -> dict[str, Any]:
        """As the diary keeps it and programs read it."""
        return {
            "steps": [
                {
                    "first_day": each.first_day.isoformat(), "last_day": each.last_day.isoformat(),
                    "days": (each.last_day - each.first_day).days + 1,
                    "dose_mg": each.dose_mg, "pieces": list(each.pieces),
                }
                for each in self.steps
            ],
            "supply": [dict(each) for each in self.supply],
            "opened_by": [dict(each) for each in self.opened_by],
            "reminders": list(self.reminders),
            "medicine": self.medicine,
            "clock": f"{self.clock:%H:%M}" if self.clock else None,
        }  # fmt: skip


def _titration(_: str, body: Json) -> KeptTitration:
    steps = tuple(
        KeptStep(_day(each["first_day"]), _day(each["last_day"]), float(each["dose_mg"]), tuple(each["pieces"]))
        for each in body["steps"]
    )
    clock = clock_time(body["clock"]) if body.get("clock") else None
    return KeptTitration(
        steps, tuple(body["supply"]), tuple(body["opened_by"]), tuple(body["reminders"]),
        body.get("medicine", "naltrexone"), clock,
    )  # fmt: skip


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


DAY = Kind[DayRule](
    "setting",
    lambda rule: "day",
    lambda rule: {"start": f"{rule.start:%H:%M}", "zone": rule.zone},
    lambda _, body: DayRule(clock_time(body["start"]) if "start" in body else DEFAULT_START, body.get("zone")),
)
DRUG = Kind[KeptDrug](
    "drug",
    lambda kept: kept.name,
    lambda kept: {"text": kept.text, "sha256": kept.sha256},
    lambda name, body: KeptDrug(name, body["text"], body["sha256"]),
)
HISTORY_HIDDEN = Kind[bool](
    "view", lambda _: "tonight", lambda hidden: {"hidden": hidden}, lambda _, body: bool(body.get("hidden"))
)
OUTCOME = Kind[Outcome](
    "outcome",
    lambda outcome: outcome.name,
    lambda outcome: {
        "name": outcome.name, "scale": outcome.scale, "better": outcome.better,
        **({"unit": outcome.unit} if outcome.unit else {}),
        **({"worth": outcome.worth} if outcome.worth is not None else {}),
        **({} if outcome.asked else {"asked": False}),
    },
    lambda _, body: Outcome(**body),
)  # fmt: skip
ANSWERS = Kind[Answers](
    "safety", lambda answers: "answers", lambda answers: answers.record, lambda _, body: answers_from_record(body)
)
INSTRUCTION = Kind[Instruction](
    "instruction",
    lambda word: word.gate,
    lambda word: {name: text for name, text in word.record.items() if name != "gate"},
    lambda gate, body: Instruction(gate, body["prescriber"], body["words"], _day(body["given"])),
)
TITRATION = Kind[KeptTitration]("titration", lambda plan: plan.steps[0].first_day.isoformat(),
                                lambda plan: plan.record, _titration)  # fmt: skip
PROTOCOL = Kind[Locked](
    "protocol",
    lambda locked: "amendment" if locked.before else "protocol",
    lambda locked: locked.record,
    lambda _, body: Locked(body["body"], body["day"], body["before"], body["reason"], body["sha256"]),
)
UNLOCKED = Kind[Unlocked](
    "unlock",
    lambda undone: "protocol",
    lambda undone: {"sha256": undone.sha256, "day": undone.day.isoformat(), "reason": undone.reason},
    lambda _, body: Unlocked(body["sha256"], _day(body["day"]), body["reason"]),
)
STOPPED = Kind[TrialStopped](
    "stopped",
    lambda made: "protocol",
    lambda made: {"sha256": made.sha256, "day": made.day.isoformat(), "reason": made.reason},
    lambda _, body: TrialStopped(body["sha256"], _day(body["day"]), body["reason"]),
)
TITRATION_ENDED = Kind[TitrationEnded](
    "titration_ended",
    lambda made: "titration",
    lambda made: {"day": made.day.isoformat(), "plans": made.plans},
    lambda _, body: TitrationEnded(_day(body["day"]), int(body["plans"])),
)
COMMITMENT = Kind[Commitment](
    "commitment",
    lambda made: "allocation",
    lambda made: {
        "sha256": made.sha256,
        "protocol": made.protocol,
        "sealed_to": made.sealed_to,
        **({"file": made.file} if made.file else {}),
    },
    lambda _, body: Commitment(body["sha256"], body["protocol"], body["sealed_to"], body.get("file", "")),
)
UNBLINDING = Kind[Unblinding](
    "unblinding", lambda _: "blocks", lambda opened: opened.record, lambda _, body: unblinding_from_record(body)
)
REVEALED = Kind[RevealedOrder](
    "allocation",
    lambda order: "revealed",
    lambda order: {"arms": list(order.arms), "seed": order.seed, "salt": order.salt, "protocol": order.protocol},
    lambda _, body: RevealedOrder(tuple(body["arms"]), int(body["seed"]), body["salt"], body.get("protocol", "")),
)
MAPPING = Kind[NamedMapping](
    "mapping",
    lambda kept: kept.name,
    lambda kept: kept.mapped.record,
    lambda name, body: NamedMapping(name, mapping_from(body)),
)
TAKEN_BACK = Kind[TakenBack](
    "taken_back",
    lambda found: found.day.isoformat(),
    lambda found: {
        "day": found.day.isoformat(), "gates": list(found.gates), "what": found.what, "reason": found.reason,
    },
    lambda _, body: TakenBack(_day(body["day"]), tuple(body["gates"]), body["what"], body["reason"]),
)  # fmt: skip
ABSORBED = Kind[Absorbed](
    "absorbed",
    lambda kept: kept.format,
    lambda kept: {"rows": [[row.place, row.day.isoformat(), row.item] for row in kept.rows]},
    lambda name, body: Absorbed(
        name, tuple(StoodFor(row[0], datetime.date.fromisoformat(row[1]), row[2]) for row in body["rows"])
    ),
)
BACKUP = Kind[BackupMade](
    "backup", lambda made: made.title, asdict, lambda _, b: BackupMade(b["path"], int(b["entries"]))
)

LOOK = Kind[Look](
    "look",
    lambda look: look.outcome,
    lambda look: {"outcome": look.outcome, "day": look.day.isoformat()},
    lambda _, body: Look(body["outcome"], _day(body["day"])),
)

LETTER = Kind[Background]("letter", lambda _: "letter", lambda chosen: _letter_record(chosen), lambda _, b: _letter(b))


def _letter_record(chosen: Background) -> dict[str, Any]:
    record = asdict(chosen)
    del record["made"], record["safety"]  # of the day on which it is written
    return record


def _letter(body: Json) -> Background:
    return Background(**{**body, "tried": tuple(Tried(**each) for each in body["tried"])})


KINDS: tuple[Kind[Any], ...] = (
    DAY, OUTCOME, ANSWERS, INSTRUCTION, TITRATION, PROTOCOL, UNLOCKED, COMMITMENT, UNBLINDING, REVEALED, MAPPING,
    ABSORBED, TAKEN_BACK, STOPPED, TITRATION_ENDED, BACKUP, LOOK, LETTER, HISTORY_HIDDEN,
)  # fmt: skip
