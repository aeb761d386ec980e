"""`analyse DIARY_FILE`: the kept diary says what it asks; what is claimed against it is refused; looks are counted."""

import datetime
import json
import random
from pathlib import Path

import pytest
from tests.keeping.people import locked_trial, new_diary, sealed_trial

from nightdose.cli import main
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.keeping import documents, sealing
from nightdose.keeping.documents import LOOK
from nightdose.keeping.table import table_of
from nightdose.protocol.trial import blocks

NOW = datetime.date.today()


def kept_days(store, days=80, start=None, doses=True):
    """SYNTHETIC: pain about 5, 1.5 lower in every second stretch of 20 days, with LDN 1.5 mg under two names."""
    rng = random.Random(1)
    first = start or NOW - datetime.timedelta(days=days)
    entries = []
    for i in range(days):
        day, on = first + datetime.timedelta(days=i), (i // 20) % 2
        entries.append(Entry(day, "score", "pain", float(min(10, max(0, round(5 - 1.5 * on + rng.gauss(0, 1)))))))
        taken = Entry(day, "dose", "LDN" if i % 2 else "naltrexone", 1.5, "mg", "taken")
        if doses:
            entries.append(taken if on else Entry(day, "dose", "naltrexone", status="missed"))
    store.add(*entries)


@pytest.fixture
def diary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with new_diary(Path("diary.db")) as store:
        kept_days(store)
    return "diary.db"


def answered(capsys, *words):
    assert main(["analyse", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_diary_says_outcome_scale_direction_and_treatment(diary, capsys):
    found = answered(capsys, diary)
    asked = {name: found[name] for name in ("outcome", "treatment", "scale", "better")}
    assert asked == {"outcome": "pain", "treatment": "naltrexone", "scale": "rating", "better": "lower"}
    assert found["design"]["days_on"] == 40  # LDN and naltrexone are one medicine


def test_the_default_diary_is_ones_own(diary, capsys, monkeypatch):
    monkeypatch.setenv("NIGHTDOSE_DIARY", diary)
    assert answered(capsys)["outcome"] == "pain"


@pytest.mark.parametrize(
    "claim",
    [
        ["--better", "higher"], ["--scale", "binary"], ["--range", "0", "100"], ["--randomised", "blocks"],
        ["--blinded"], ["--looks", "7"], ["--treatment", "topiramate"], ["--outcome", "sleep"], ["--person", "Kim"],
        ["--protocol", "p.json"], ["--unit", ""],
    ],
)  # fmt: skip
def test_what_is_claimed_against_the_diary_is_refused(claim, diary, capsys):
    assert main(["analyse", diary, *claim, "--no-report"]) == 2
    assert claim[0] in capsys.readouterr().err


@pytest.mark.parametrize("claim", [["--better", "lower"], ["--treatment", "LDN"], ["--scale", "rating"]])
def test_what_the_diary_says_too_may_be_said(claim, diary, capsys):
    answered(capsys, diary, *claim)


def test_every_day_on_which_the_answer_was_read_is_a_look(diary, capsys):
    with Store(Path(diary), None) as store:
        for back in (1, 2):
            documents.keep(store, LOOK, documents.Look("pain", NOW - datetime.timedelta(days=back)))
    for _ in range(2):
        assert answered(capsys, diary)["looks"]["counted"] == 3


def test_while_the_order_is_sealed_nothing_is_compared(tmp_path, capsys):
    path = tmp_path / "diary.db"
    with new_diary(path, answered=NOW) as store:
        sealed_trial(store, today=NOW, start=NOW)
        kept_days(store)
    assert main(["analyse", str(path), "--json"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["refused"] == "sealed"
    assert "still sealed" in err


@pytest.mark.long
def test_a_trial_that_runs_is_looked_at_only_on_purpose(tmp_path, capsys):
    path = tmp_path / "diary.db"
    with new_diary(path, answered=NOW) as store:
        locked_trial(store, start=NOW, today=NOW, blinded=False, kind="alternating")
        kept_days(store)
    assert main(["analyse", str(path), "--json"]) == 3
    assert "planned for" in capsys.readouterr().err
    assert answered(capsys, str(path), "--look-early")["looks"]["counted"] == 1
    answered(capsys, str(path))  # the look of today was counted already


@pytest.mark.parametrize(("boxes", "left_out", "words"), [
    ([3], 46, "all others stayed blinded"),
    ([3, 5], 0, "analysed as an open one"),
])  # fmt: skip
@pytest.mark.long
def test_the_days_of_an_opened_pair_are_open_and_most_pairs_opened_make_an_open_trial(
    boxes, left_out, words, tmp_path, capsys, monkeypatch
):
    """SYNTHETIC: six boxes of 28 days, all over; one pair of three, or two, opened on day 80, in box 3."""
    monkeypatch.chdir(tmp_path)
    start = NOW - datetime.timedelta(days=14 + 6 * 28)
    with new_diary(Path("diary.db"), answered=start) as store:
        content, identity = sealed_trial(store, today=start, start=start)
        allocation = sealing.open_sealed(content, identity)
        for block in blocks(allocation.design):
            for at in range(block.days):
                day, on = block.first_day + datetime.timedelta(days=at), allocation.arms[block.number - 1] == "on"
                pain = 5 - 2 * on + (at % 3) - 1
                store.add(Entry(day, "score", "pain", float(pain)), Entry(day, "dose", "capsule", status="taken"))
        sealing.unblind(store, boxes, "car accident", start + datetime.timedelta(days=80), emergency=True)
        sealing.reveal(store, allocation.to_bytes(), NOW)
    assert main(["analyse", "diary.db", "--report", "r.html"]) == 0
    capsys.readouterr()
    page = " ".join(Path("r.html").read_text().replace("\u00a0", " ").split())
    assert f"Box {', '.join(map(str, boxes))} was opened on" in page
    assert "car accident" in page
    assert f"It tells what is in box {', '.join(str(box + 1) for box in boxes)} too" in page
    assert words in page
    found = answered(capsys, "diary.db")
    assert (found["design"]["randomised"], found["design"]["blinded"]) == ("blocks", left_out > 0)
    with Store(Path("diary.db"), None) as store:
        days = [day for day, cells in table_of(store).table.rows if cells.get("not_judged") == "the box was open"]
    whole = [start + datetime.timedelta(days=number) for number in range(80, 14 + 4 * 28)]
    assert days == whole[:left_out]


def test_an_encrypted_diary_is_answered_with_its_passphrase(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("pass").write_text("four small green words\n")
    words = ["--passphrase-file", "pass"]
    main(["log", "--start", "--diary", "e.db", "--outcome", "pain:0-10", *words])
    from nightdose.keeping.opening import open_diary

    with open_diary(Path("e.db"), passphrase="four small green words") as store:
        kept_days(store)
    capsys.readouterr()
    assert answered(capsys, "e.db", *words)["outcome"] == "pain"


def test_a_table_needs_its_outcome_named(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("date,pain,naltrexone_mg\n2026-01-01,3,0\n")
    assert main(["analyse", str(tmp_path / "t.csv")]) == 2
    assert "--outcome" in capsys.readouterr().err
