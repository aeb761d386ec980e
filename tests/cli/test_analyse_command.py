"""The command line: exit codes, JSON, sentences instead of tracebacks."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from nightdose.checks.certificate import Tally
from nightdose.cli import main
from nightdose.keeping.remembered import TallyFolder
from nightdose.protocol.locked import Amendment, amend, lock
from nightdose.statistics import wilson

ROOT = Path(__file__).parents[2]
CAFFEINE = str(ROOT / "examples" / "caffeine.csv")
KIM = str(ROOT / "examples" / "kim-synthetic.csv")
ASK_CAFFEINE = ["--outcome", "absorption", "--treatment", "caffeine", "--better", "higher", "--onset", "same-day"]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_json_is_one_object_of_the_published_schema(capsys):
    assert main(["analyse", CAFFEINE, *ASK_CAFFEINE, "--randomised", "days", "--blinded", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    jsonschema.validate(record, json.loads((ROOT / "docs" / "schema" / "analysis.json").read_text()))
    assert record["schema"] == "nightdose.analysis/1"
    assert record["design"]["guess"]["counted"] == 45
    assert not list(Path.cwd().iterdir())  # asked for JSON: no file is written


def test_a_person_gets_the_sentence_a_picture_and_the_report(capsys):
    assert (
        main(["analyse", KIM, "--outcome", "migraine_severity", "--treatment", "naltrexone", "--range", "0", "3"]) == 0
    )
    out = capsys.readouterr().out
    assert "Cannot be known" in out.replace("CANNOT BE KNOWN", "Cannot be known")
    assert "Report: kim-synthetic-migraine_severity.html" in out
    assert "<svg" in Path("kim-synthetic-migraine_severity.html").read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.csv", *ASK_CAFFEINE], "nowhere.csv"),
        ([CAFFEINE, "--outcome", "absorbtion", "--treatment", "caffeine"], "Did you mean 'absorption'?"),
        ([CAFFEINE, "--outcome", "absorption", "--treatment", "tea"], "tea"),
        ([CAFFEINE, *ASK_CAFFEINE, "--meaningful", "-1"], "--meaningful"),
        ([CAFFEINE, *ASK_CAFFEINE, "--range", "5", "0"], "--range"),
        ([CAFFEINE, *ASK_CAFFEINE, "--certificate", "-3"], "--certificate"),
        ([CAFFEINE, *ASK_CAFFEINE, "--adjust", "caffeine"], "--adjust"),
        ([CAFFEINE, *ASK_CAFFEINE, "--report", "no/such/folder/x.html"], "--report"),
        ([str(ROOT / "LICENSE"), *ASK_CAFFEINE], "LICENSE"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_code_2(words, sentence, capsys):
    assert main(["analyse", *words]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_bad_rows_are_problems_and_the_rest_is_analysed(capsys):
    lines = Path(CAFFEINE).read_text().splitlines()
    lines[10] = "2023-13-45" + lines[10][10:]
    Path("bad.csv").write_text("\n".join(lines))
    assert main(["analyse", "bad.csv", *ASK_CAFFEINE, "--json"]) == 0
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["line"] == 11
    assert problem["what"]
    assert problem["remedy"]


def test_a_certificate_is_printed_when_asked_for(capsys):
    words = ["analyse", CAFFEINE, *ASK_CAFFEINE, "--randomised", "days", "--blinded", "--certificate", "10", "--json"]
    assert main(words) == 0
    certificate = json.loads(capsys.readouterr().out)["certificate"]
    assert certificate["n"] == 10
    alarms = 10 * certificate["false_alarm"]
    assert alarms == int(alarms) <= 4  # 5 % are called when all is well; more than 4 of 10 happen in 1 of 15,000 runs
    assert certificate["false_alarm_interval95"] == pytest.approx(wilson(int(alarms), 10))


def test_a_certificate_is_kept_as_counts_only_and_found_again(tmp_path, capsys, monkeypatch):
    words = ["analyse", CAFFEINE, *ASK_CAFFEINE, "--randomised", "days", "--certificate", "8", "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)["certificate"]
    (kept,) = (tmp_path / "cache" / "nightdose" / "certificates").rglob("*.json")
    counts = json.loads(kept.read_text())
    assert sum(counts["null"].values()) == 8
    assert set(counts) == {"null", "found", "worlds", "looks", "ever"}
    assert all(drawn == 1 for _, drawn in counts["worlds"].values())
    monkeypatch.setattr("nightdose.checks.certificate._judged", None)  # a second simulation would stop here
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["certificate"] == first


def test_a_spoilt_cache_is_computed_again(tmp_path):
    folder = TallyFolder(tmp_path)
    tally = Tally({"helps": 2}, 1, {"cycle": (1, 4)}, 7, (0, 2))
    folder.put("key", tally)
    assert folder.get("key") == tally
    (file,) = tmp_path.rglob("key.json")
    file.write_text('{"null": 3}')
    assert folder.get("key") is None
    TallyFolder(Path("/proc/nowhere")).put("key", Tally({}, 0))  # a folder that cannot be written is not an error


def test_the_same_call_prints_the_same_report_byte_for_byte(capsys):
    for name in ("one.html", "two.html"):
        main(["analyse", CAFFEINE, *ASK_CAFFEINE, "--report", name])
    assert Path("one.html").read_bytes() == Path("two.html").read_bytes()


def test_python_dash_m_is_the_command():
    done = subprocess.run([sys.executable, "-m", "nightdose", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "analyse" in done.stdout
    assert "Not medical advice" in " ".join(done.stdout.split())


def test_the_first_answer_does_not_wait_for_what_it_does_not_need():
    """Cold start is the peers' weakness; heavy packages must stay out of the common path."""
    code = "import sys, nightdose.cli.analyse; print([m for m in ('pyarrow', 'scipy', 'jinja2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def synthetic(days=168):
    """A diary of blocks with pain, fatigue and sleep."""
    rng = np.random.default_rng(2)
    dose = 4.5 * ((np.arange(days) // 28) % 2)
    pain = np.clip(np.round(6 - 0.2 * dose + rng.standard_normal(days)), 0, 10)
    rows = [f"{t + 1},{pain[t]:g},{rng.integers(2, 9)},{6 + rng.random():.2f},{dose[t]:g}" for t in range(days)]
    Path("synthetic.csv").write_text("\n".join(["day,pain,fatigue,sleep,naltrexone_mg", *rows]))
    return ["analyse", "synthetic.csv", "--outcome", "pain", "--treatment", "naltrexone", "--range", "0", "10"]


def test_evidence_other_outcomes_and_other_priors_are_in_the_json_when_asked_for(capsys):
    words = synthetic()
    assert main([*words, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["with_evidence"], plain["exploratory"], plain["sensitivity"]["priors"]) == (None, [], None)
    asked = ["--evidence", "fibromyalgia-pain", "--also", "fatigue, sleep:higher", "--sensitivity"]
    assert main([*words, *asked, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    jsonschema.validate(record, json.loads((ROOT / "docs" / "schema" / "analysis.json").read_text()))
    assert record["verdict"] == plain["verdict"]
    assert record["improvement"] == plain["improvement"]
    assert record["with_evidence"]["prior"]["sources"] == ["bruun2024final", "rodriguezfreire2026innova"]
    assert [x["outcome"] for x in record["exploratory"]] == ["fatigue", "sleep"]
    assert [x["better"] for x in record["exploratory"]] == ["lower", "higher"]
    assert len(record["sensitivity"]["priors"]) == 8


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--evidence", "migraine"], "fibromyalgia-pain"),
        (["--evidence", "none.toml"], "none.toml"),
        (["--evidence", "fibromyalgia-pain", "--better", "higher"], "does not fit"),
        (["--also", "fatigues"], "Did you mean 'fatigue'?"),
        (["--also", "pain"], "twice"),
        (["--also", "sleep:more"], "sleep:higher"),
    ],
)
def test_a_wrong_second_question_is_one_sentence(asked, sentence, capsys):
    assert main([*synthetic(), *asked]) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def locked_protocol(path: Path) -> None:
    """A protocol whose prescriber opened a gate, and one amendment, as `plan show --json` prints them."""
    body = {
        "question": {"outcome": "absorption", "treatment": "caffeine", "better": "higher", "meaningful": 0.5},
        "design": {"kind": "randomised_days"},
        "stopping_rules": ["Stop whenever you want to."],
        "opened_by": [
            {"gate": "steroids", "prescriber": "Dr Example", "given": "2023-03-01", "words": "A short course is fine."}
        ],
    }
    history = [lock(body, datetime.date(2023, 3, 30))]
    changed = Amendment(dose_mg=200.0, dose_from=datetime.date(2023, 4, 2))
    history.append(amend(history, changed, "The capsules hold 200 mg.", datetime.date(2023, 4, 2)))
    path.write_text(json.dumps({"history": [dict(entry.record) for entry in history]}))


def test_the_report_prints_the_locked_protocol_its_changes_and_who_opened_a_gate():
    locked_protocol(Path("protocol.json"))
    assert main(["analyse", CAFFEINE, *ASK_CAFFEINE, "--protocol", "protocol.json", "--report", "r.html"]) == 0
    page = " ".join(Path("r.html").read_text().replace("\u00a0", " ").split())
    assert "Locked on 2023-03-30" in page
    assert "Amendment 1 of 2023-04-02" in page
    assert "Dr Example" in page
    assert "A short course is fine." in page
    assert "meaningful was 0.5, here it is 1.0" in page


def test_a_protocol_whose_words_were_changed_is_refused(capsys):
    locked_protocol(Path("protocol.json"))
    Path("protocol.json").write_text(Path("protocol.json").read_text().replace("0.5", "0.1"))
    assert main(["analyse", CAFFEINE, *ASK_CAFFEINE, "--protocol", "protocol.json"]) == 2
    assert "not what was locked" in capsys.readouterr().err


def test_a_file_that_is_no_protocol_is_one_sentence(capsys):
    Path("x.json").write_text("[]")
    assert main(["analyse", CAFFEINE, *ASK_CAFFEINE, "--protocol", "x.json"]) == 2
    assert "nightdose plan show --json" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads where Linux lists them")
def test_a_command_takes_one_thread_of_the_machine():
    """The matrices of a year are small: threads of the linear algebra would only wait for each other."""
    big = "import numpy as np; a = np.ones((900, 900)); a @ a; print(len(os.listdir('/proc/self/task')))"
    code = f"import os; from nightdose.cli import main; main([]); {big}"
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=free)
    assert done.stdout.split()[-1] == "1"


def test_severities_of_attacks_are_told_how_to_be_asked(tmp_path, capsys):
    """Refused as a rating; what comes next is the command that judges attack days, with the draw that was stated."""
    rows = ["date,headache,ldn_mg"]
    start = datetime.date(2025, 1, 6)
    for t in range(168):
        day = (start + datetime.timedelta(days=t)).isoformat()
        rows.append(f"{day},{7 if t % 8 == 3 else 0},{4.5 if (t // 28) % 2 else 0}")
    table = tmp_path / "attacks.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = ["analyse", str(table), "--outcome", "headache", "--treatment", "ldn", "--scale", "rating", "--no-report"]
    assert main([*asked, "--randomised", "blocks"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.endswith("--outcome headache --treatment ldn --scale binary --randomised blocks)")
