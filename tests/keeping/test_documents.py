"""The diary's pages: each kind comes back as it was kept, and nothing but `keeping/documents.py` writes one."""

from __future__ import annotations

import ast
import datetime
import json
from pathlib import Path

import pytest

import nightdose
from nightdose.diary.day import DayRule
from nightdose.diary.entry import Outcome
from nightdose.diary.importers.columns import ColumnMeaning, Mapped
from nightdose.diary.importers.doubled import StoodFor
from nightdose.diary.kept.store import DiaryError, Store
from nightdose.keeping import documents
from nightdose.keeping.documents import (
    KINDS,
    Absorbed,
    BackupMade,
    Commitment,
    KeptStep,
    KeptTitration,
    Look,
    NamedMapping,
    RevealedOrder,
    TitrationEnded,
    TrialStopped,
    Unlocked,
)
from nightdose.letter.background import Background, Tried
from nightdose.protocol.interview import Answers, Instruction, Medicine, TakenBack
from nightdose.protocol.locked import lock
from nightdose.protocol.sealing import Unblinding

DAY = datetime.date(2026, 11, 22)
STEP = KeptStep(DAY, DAY + datetime.timedelta(days=13), 1.5, ("1 × 1.5 mg capsule",))
VALUES = {
    "setting": DayRule(datetime.time(5, 0), "Europe/Oslo"),
    "outcome": Outcome("sleep", "number", "higher", "hours"),
    "safety": Answers(DAY, (Medicine("Topamax", named=DAY),), {"under_18": False}, True),
    "instruction": Instruction("steroid:prednisone", "Dr Lind", "May be taken together.", DAY),
    "titration": KeptTitration((STEP,), ({"strength_mg": 1.5},), (), ("Thyroid.",), clock=datetime.time(22, 30)),
    "letter": Background(name="Kim", tried=(Tried("topiramate", "100 mg"),), bad_line=7.0, dates=False),
    "protocol": lock({"question": {"outcome": "pain"}, "design": {"pairs": 3}, "stopping_rules": ["harm"]}, DAY),
    "unlock": Unlocked("ab" * 32, DAY, "the capsules were late"),
    "stopped": TrialStopped("ab" * 32, DAY, "the nights were too bad"),
    "titration_ended": TitrationEnded(DAY, 1),
    "commitment": Commitment("cd" * 32, "ab" * 32, "age1xyz"),
    "unblinding": Unblinding(DAY, "hospital asked", True, (1, 2), (2,)),
    "allocation": RevealedOrder(("on", "off"), 12345678901234567890, "salt"),
    "mapping": NamedMapping("mine", Mapped("Tag", {"Schmerz": ColumnMeaning("score", "pain")})),
    "absorbed": Absorbed("table", (StoodFor("@abc", DAY, "LDN"),)),
    "taken_back": TakenBack(DAY, ("opioid:codeine",), "codeine on that day", "was my husband's"),
    "view": True,
    "look": Look("pain", DAY),
    "backup": BackupMade("/media/stick/diary-2026.nightdose-backup", 12),
}

# written by version 0.1.0, before the pages were typed
OLD = [
    ("titration", "2026-11-22", {"steps": [{"first_day": "2026-11-22", "last_day": "2026-12-05", "days": 14,
     "dose_mg": 1.5, "pieces": ["1 × 1.5 mg capsule"]}], "supply": [], "opened_by": [], "reminders": []}),
    ("unblinding", "blocks", {"day": "2026-11-22", "reason": "hospital", "emergency": True, "blocks": [2]}),
    ("unblinding", "reveal", {"day": "2026-11-22", "reason": "end of it", "emergency": False, "blocks": [1, 2]}),
    ("setting", "day", {"start": "04:00", "zone": None}),
    ("outcome", "pain", {"name": "pain", "scale": "0-10", "better": "lower"}),
]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "diary.db", None, create=True) as opened:
        yield opened


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_page_comes_back_as_it_was_kept(kind, store):
    value = VALUES[kind.name]
    documents.keep(store, kind, value)
    assert documents.every(store, kind) == (value,)
    assert documents.newest(store, kind, kind.title(value)) == value


def test_every_kind_of_page_has_its_example():
    assert {kind.name for kind in KINDS} == set(VALUES)


@pytest.mark.parametrize(("name", "title", "body"), OLD, ids=[f"{name}-{title}" for name, title, _ in OLD])
def test_a_page_of_the_first_version_opens(name, title, body, store):
    store.put(name, title, body)
    kind = next(kind for kind in KINDS if kind.name == name)
    assert len(documents.every(store, kind)) == 1


def test_a_page_that_nobody_can_read_is_one_sentence(store):
    store.put("commitment", "allocation", {"nothing": "here"})
    with pytest.raises(DiaryError, match="commitment 'allocation', number 1"):
        documents.every(store, documents.COMMITMENT)


def test_the_newest_page_of_each_title_holds(store):
    for scale in ("0-10", "0-3"):
        documents.keep(store, documents.OUTCOME, Outcome("pain", scale))
    documents.keep(store, documents.OUTCOME, Outcome("sleep", "number"))
    assert [outcome.scale for outcome in documents.current(store, documents.OUTCOME).values()] == ["0-3", "number"]


def test_nothing_but_documents_writes_a_page():
    """A face or an act that called `Store.put` itself would write words that `documents` cannot read again."""
    package = Path(nightdose.__file__).parent
    callers = []
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "kept.store" not in text or path.name == "store.py":
            continue
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        if any(isinstance(call.func, ast.Attribute) and call.func.attr == "put" for call in calls):
            callers.append(str(path.relative_to(package)))
    assert callers == ["keeping/documents.py"]


def test_records_are_plain_json():
    for kind in KINDS:
        json.dumps(kind.record(VALUES[kind.name]))
