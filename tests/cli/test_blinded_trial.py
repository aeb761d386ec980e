"""A blinded trial from lock to reveal; until then the order is nowhere the person could meet it."""

import base64
import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nightdose.cli import main
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.knowledge.interactions import questions
from nightdose.protocol.sealing import helper_keys, read_allocation, unseal
from nightdose.protocol.trial import daily_on

NO_TO_ALL = [word for question in questions() for word in ("--answer", f"{question.id}=no")]

CRASHES = """
import sys
from nightdose.cli import main
from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store
from nightdose.protocol import sealing as blinding
def broken(*words):
    raise RuntimeError("the disk caught fire")
setattr(sys.modules[{module!r}], {name!r}, broken)
sys.exit(main({words!r}))
"""


class Trial:
    """The person's folder, everything that was printed there, and the helper's keys."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys, self.printed = folder, capsys, ""
        self.identity, self.recipient = helper_keys()

    def run(self, *words):
        code = main([*map(str, words), "--diary", str(self.folder / "diary.db")])
        said = self.capsys.readouterr()
        self.printed += said.out + said.err
        return code

    def allocation(self):
        return unseal((self.folder / "sealed.age").read_bytes(), self.identity)


@pytest.fixture
def trial(tmp_path, capsys):
    mine = tmp_path / "mine"
    mine.mkdir()
    found = Trial(mine, capsys)
    found.run("log", "--start", "--plain", "--outcome", "pain:0-10")
    found.run("safety", "ask", *NO_TO_ALL, "--complete")
    found.run("plan", "trial", "--blinded", "--pairs", 8, "--outcome", "pain", "--meaningful", 1, "--supplied", 999,
              "--dose", 4.5, "--run-in", 7, "--start", datetime.date.today(), "--lock",
              "--ics", found.folder / "trial.ics")  # fmt: skip
    shutil.copy(mine / "diary.db", tmp_path / "locked.db")
    found.run("plan", "seal", "--to", found.recipient, "-o", found.folder / "sealed.age")
    return found


def secrets_of(allocation):
    """The order as anybody might write it, the seed, the salt."""
    arms = allocation.arms
    letters = ["".join(pair[arm == "off"] for arm in arms) for pair in ("AB", "ba", "10", "01", "+-", "TC", "AP", "np")]
    words = [separator.join(arms) for separator in (",", ", ", " ", "-", "','", "', '", '","', '", "', "\n", "|")]
    mine = [allocation.salt, str(allocation.seed), f"{allocation.seed:x}", *letters, *words]
    bits = sum(1 << place for place, arm in enumerate(arms) if arm == "on")
    mine += [base64.b64encode(allocation.to_bytes()).decode(), f"{bits:016b}"]
    return [text.encode() for text in mine]


def leaks(trial, *more):
    found = []
    contents = {str(path): path.read_bytes() for path in Path(trial.folder).rglob("*") if path.is_file()}
    contents["what was printed"] = (trial.printed + "".join(more)).encode()
    for secret in secrets_of(trial.allocation()):
        for text in (secret, secret.decode().encode("utf-16-le"), secret.hex().encode()):
            found += [(place, secret) for place, content in contents.items() if text in content]
    return found


@pytest.mark.long
def test_the_search_would_find_a_leak(trial):
    (trial.folder / "oops.txt").write_text("order: " + ", ".join(trial.allocation().arms))
    assert leaks(trial)


def test_the_order_is_in_no_file_no_export_no_backup_and_no_output(trial):
    for day in range(3):
        when = datetime.date.today() - datetime.timedelta(days=day)
        trial.run("log", "pain=4", "--dose", "capsule@22:30", "--guess", "60%", "--day", when)
    (trial.folder / "out").mkdir()
    assert trial.run("backup", "export", trial.folder / "out") == 0
    assert trial.run("backup", "--to", trial.folder) == 0
    assert trial.run("log", "--table", trial.folder / "days.csv") == 0
    assert trial.run("plan", "show", "--json") == 0
    assert trial.run("plan", "show", "-o", trial.folder / "protocol.html") == 0
    assert "one holds the medicine and one does not" in (trial.folder / "protocol.html").read_text()
    assert trial.run("plan", "unblind", "--block", 2, "--reason", "hospital asked", "--emergency") == 0
    again, other = trial.folder / "again.age", helper_keys()[1]
    assert trial.run("plan", "seal", "--to", trial.recipient, "-o", again) == 0
    assert again.read_bytes() == (trial.folder / "sealed.age").read_bytes()
    assert trial.run("plan", "seal", "--to", other, "-o", trial.folder / "other.age") == 2
    assert leaks(trial) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("nightdose.cli.plan_seal", "write_whole"),
        ("nightdose.diary.kept.store", "_link"),
        ("nightdose.protocol.sealing", "_pyrage"),
        ("nightdose.protocol.sealing", "commitment"),
    ],
)
def test_a_crash_while_sealing_shows_nothing(trial, module, name):
    """The seed is fixed, so that the order the crashed run drew is known to the test."""
    sealed = trial.folder / "second.age"
    words = ["plan", "seal", "--to", trial.recipient, "-o", str(sealed), "--diary", str(trial.folder / "again.db")]
    backup = next(iter(trial.folder.glob("*backup")), None)
    assert backup is None
    code = CRASHES.format(module=module, name=name, words=words)
    prepare = (
        "import secrets, shutil\n"
        f"drawn = {trial.allocation().seed}\n"
        "secrets.randbits = lambda bits: drawn\n"
        f"secrets.token_hex = lambda n: {trial.allocation().salt!r}\n"
        "import nightdose.cli.plan_seal, nightdose.diary.kept.store\n"
        f"shutil.copy({str(trial.folder.parent / 'locked.db')!r}, {str(trial.folder / 'again.db')!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-X", "faulthandler", "-c", prepare + code],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.returncode != 0
    assert "caught fire" in done.stderr
    sealed.unlink(missing_ok=True)
    assert leaks(trial, done.stdout, done.stderr) == []


def test_the_helper_packs_and_the_reveal_verifies(trial, tmp_path):
    (tmp_path / "key").write_text(trial.identity)
    kit = ["plan", "kit", trial.folder / "sealed.age", "--identity", tmp_path / "key", "-o", tmp_path / "helper",
           "--active", "3 capsules of 1.5 mg", "--dummy", "3 look-alikes"]  # fmt: skip
    assert main([str(word) for word in kit]) == 0
    sheet = (tmp_path / "helper" / "kit-sheet.html").read_text()
    assert sheet.count("Box ") >= 16
    assert trial.run("plan", "reveal", tmp_path / "helper" / "allocation.json") == 2  # the trial has not ended
    assert trial.run("plan", "reveal", tmp_path / "helper" / "allocation.json", "--early", "I want to stop") == 0
    assert "committed to before day 1" in trial.printed


def test_a_reveal_with_another_order_is_refused(trial, tmp_path):
    body = json.loads(trial.allocation().to_bytes())
    body["arms"] = ["off" if arm == "on" else "on" for arm in body["arms"]]
    (tmp_path / "forged.json").write_text(json.dumps(body, sort_keys=True, separators=(",", ":")))
    assert read_allocation((tmp_path / "forged.json").read_bytes())
    assert trial.run("plan", "reveal", tmp_path / "forged.json", "--early", "I want to stop") == 2
    assert "hashes differ" in trial.printed


def test_an_early_reveal_and_an_emergency_are_on_record(trial):
    trial.run("plan", "unblind", "--block", 2, "--reason", "hospital asked", "--emergency")
    trial.run("backup", "export", trial.folder)
    documents = json.loads((trial.folder / "diary.json").read_text())["documents"]
    (opened,) = [document["body"] for document in documents if document["kind"] == "unblinding"]
    assert (opened["opened"], opened["emergency"], opened["reason"]) == ([2], True, "hospital asked")
    assert opened["blocks"] == [1, 2]  # of a pair one holds the medicine: an opened box tells the other


def test_from_the_lock_to_the_answer(trial, tmp_path):
    """Sixteen blocks of 28 days; the capsules of active boxes lower pain by 2; each eighth day nothing was written."""
    allocation = trial.allocation()
    entries = []
    for number, on in enumerate(daily_on(allocation.design, allocation.arms)):
        day = allocation.design.start + datetime.timedelta(days=number)
        if number % 8:
            entries.append(Entry(day, "score", "pain", 5 + (number * 7919) % 3 - 2.0 * on))
            entries.append(Entry(day, "dose", "capsule", status="taken"))
    with Store(trial.folder / "diary.db", None) as store:
        store.add(*entries)
    (tmp_path / "allocation.json").write_bytes(allocation.to_bytes())
    trial.run("plan", "reveal", tmp_path / "allocation.json", "--early", "a story told in one second")
    trial.run("log", "--table", tmp_path / "days.csv")
    words = ["analyse", tmp_path / "days.csv", "--outcome", "pain", "--treatment", "naltrexone", "--json",
             "--randomised", "blocks", "--blinded", "--scale", "continuous"]  # fmt: skip
    trial.capsys.readouterr()
    assert main([str(word) for word in words]) == 0
    verdict = json.loads(trial.capsys.readouterr().out)["verdict"]
    assert (verdict["answer"], verdict["ceiling"]) == ("helps", "high")
