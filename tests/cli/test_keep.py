"""The commands of a diary that is being kept, as a person or a program calls them."""

import datetime
import json

import pytest

from nightdose.cli import main
from nightdose.diary.table.table import read_table
from nightdose.knowledge.interactions import questions

TODAY = datetime.date.today()
OLD = """date,weekday,time of day,category,rating/amount,detail,notes
"22nd Sep 2020","Tuesday","pm","Symptom","1","Headache (Mild)",""
"22nd Sep 2020","Tuesday","22:30","Meds/Supplements","4.5","LDN (mg)",""
"""
NO_TO_ALL = [word for question in questions() for word in ("--answer", f"{question.id}=no")]


@pytest.fixture
def night(tmp_path, monkeypatch, capsys):
    """Runs a command on a plain diary: (exit code, standard output, standard error)."""
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "diary.db"))
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    run("log", "--start", "--plain", "--outcome", "pain:0-10")
    return run


def as_json(result):
    _, out, _ = result
    return json.loads(out)


def test_tonight_is_one_line(night):
    code, out, _ = night("log", "pain=4", "--dose", "naltrexone=1.5mg@22:30")
    assert code == 0
    assert "pain 4" in out
    assert "naltrexone 1.5 mg taken at 22:30" in out


def test_what_was_logged_becomes_the_table_that_analyse_reads(night, tmp_path):
    night("log", "pain=4", "--dose", "naltrexone=1.5mg", "--day", "2026-11-20")
    night("log", "pain=5", "--missed", "naltrexone", "--day", "2026-11-21")
    assert as_json(night("log", "--table", "days.csv", "--json"))["days"] == 2
    table = read_table(tmp_path / "days.csv")
    assert table.column("pain").tolist() == [4, 5]
    assert table.dose("naltrexone").tolist() == [1.5, 0]


def test_a_correction_and_its_history(night):
    night("log", "pain=4")
    night("log", "--correct", "1", "pain=6", "--reason", "typo")
    listed = as_json(night("log", "--list", "--json"))["entries"]
    assert [(row["number"], row["value"]) for row in listed] == [(2, 6.0)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pain=11"], "outside the scale"),
        (["fatigue=3"], "is not an outcome"),
        (["--dose", "naltrexone=lots"], "write it as"),
        (["--lab", "TSH=2"], "laboratory value"),
        (["--guess", "maybe"], "how sure"),
        (["--correct", "9", "pain=3"], "no current entry"),
        (["--day", "soon", "pain=3"], "is not a date"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_two(night, words, sentence):
    code, out, err = night("log", *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_logging_an_opioid_is_answered_at_once(night):
    assert "opioid" in night("log", "--rescue", "codeine=30mg")[1]


def test_an_encrypted_diary_opens_with_passphrase_or_recovery_key(tmp_path, capsys):
    words = ["--diary", str(tmp_path / "secret.db")]
    (tmp_path / "pass").write_text("four small green words\n")
    (tmp_path / "wrong").write_text("four small green worms\n")
    assert main(["log", "--start", "--json", *words, "--passphrase-file", str(tmp_path / "pass")]) == 0
    (tmp_path / "paper").write_text(json.loads(capsys.readouterr().out)["recovery_key"].lower())
    assert main(["log", "--list", *words, "--recovery-key-file", str(tmp_path / "paper")]) == 0
    assert main(["log", "--list", *words, "--passphrase-file", str(tmp_path / "wrong")]) == 2
    assert "does not open the diary" in capsys.readouterr().err
    (tmp_path / "secret.db.key").unlink()
    assert main(["log", "--list", *words, "--recovery-key-file", str(tmp_path / "paper")]) == 0


def test_an_import_is_looked_at_before_it_is_written(night, tmp_path):
    (tmp_path / "bearable.csv").write_text(OLD)
    seen = as_json(night("import", "bearable.csv", "--json"))
    assert (seen["format"], seen["new"], seen["written"]) == ("bearable", 2, 0)
    assert as_json(night("import", "bearable.csv", "--write", "--json"))["written"] == 2
    again = as_json(night("import", "bearable.csv", "--write", "--json"))
    assert (again["new"], again["known"], again["written"]) == (0, 2, 0)


def test_a_tables_meaning_is_kept_under_a_name(night, tmp_path):
    (tmp_path / "mine.csv").write_text("Tag,Schmerz\n2026-11-20,4\n")
    words = ["--date-column", "Tag", "--column", "Schmerz=score:pain", "--mapping", "mine"]
    assert "Next: " in night("import", "mine.csv", *words, "--write")[1]
    (tmp_path / "mine.csv").write_text("Tag,Schmerz\n2026-11-20,4\n2026-11-21,5\n")
    seen = as_json(night("import", "mine.csv", "--mapping", "mine", "--json"))
    assert (seen["new"], seen["known"]) == (1, 1)


def titrate(night, *more):
    return night("plan", "titration", "--step", "1.5x14", "--step", "3x14", "--step", "4.5x28", "--capsule", "1.5:200",
                 "--first-evening", TODAY, *more)  # fmt: skip


def test_no_titration_while_a_gate_is_open_and_one_when_all_are_closed(night, tmp_path):
    code, out, err = titrate(night, "--ics", "t.ics")
    assert (code, out) == (3, "")
    assert "No schedule is made" in err
    assert not (tmp_path / "t.ics").exists()
    night("safety", "ask", *NO_TO_ALL, "--complete")
    plan = as_json(titrate(night, "--ics", "t.ics", "--json"))
    assert [step["pieces"] for step in plan["steps"]] == [[f"{n} × 1.5 mg capsule"] for n in (1, 2, 3)]
    assert (tmp_path / "t.ics").exists()


def test_only_a_recorded_instruction_opens_a_gate_and_the_plan_prints_it(night):
    night("safety", "ask", *NO_TO_ALL, "--complete")
    assert night("safety", "medicine", "prednison")[0] == 3
    assert titrate(night)[0] == 3
    night("safety", "instruct", "steroid:prednison", "--prescriber", "Dr Lind", "--words", "May go together, she said.")
    night("safety", "medicine", "magnesium")
    code, out, _ = titrate(night)
    assert code == 0
    assert "Cleared by Dr Lind" in out


def test_a_trial_is_not_even_shown_while_a_gate_is_open(night, tmp_path):
    words = ["plan", "trial", "--outcome", "pain", "--meaningful", "1", "--supplied", "200", "--ics", "t.ics"]
    code, out, _ = night(*words)
    assert (code, out) == (3, "")
    assert not (tmp_path / "t.ics").exists()


def test_a_design_that_cannot_answer_is_exit_code_three(night):
    code, out, _ = night("plan", "trial", "--pairs", "2", "--outcome", "pain", "--meaningful", "1")
    assert code == 3
    assert "REFUSED" in out


def test_a_liquid_is_worked_out_with_units(night):
    assert night("plan", "dilution", "--dose", "1.5", "--label", "50 mg / 50 ml")[0] != 0
    night("safety", "ask", *NO_TO_ALL, "--complete")
    assert as_json(night("plan", "dilution", "--dose", "1.5", "--label", "50 mg / 50 ml", "--json"))["ml"] == "1.5"
    assert night("plan", "dilution", "--dose", "1.5", "--label", "50 in 50")[0] == 2


def test_the_power_of_a_design_is_told_without_a_diary(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["plan", "--power", "--outcome", "pain", "--diaries", "2", "--scale", "continuous", "--noise", "calm"]
    assert main([*words, "--json", "--picture", "p.svg"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["nothing"]["n"] == 2
    assert (tmp_path / "p.svg").read_text().startswith("<svg")


def test_a_backup_is_made_verified_and_restored(night, tmp_path):
    night("log", "pain=4")
    made = as_json(night("backup", "--json"))
    assert as_json(night("backup", "verify", made["backup"], "--json"))["whole"]
    assert as_json(night("backup", "restore", made["backup"], "--as", "again.db", "--json"))["entries"] == 1
    assert as_json(night("backup", "verify", "--diary", "again.db", "--json"))["entries"] == 1


def test_everything_can_be_taken_out_and_everything_deleted(night, tmp_path):
    night("log", "pain=4", "--note", "=cmd()")
    (tmp_path / "out").mkdir()
    night("backup", "export", "out")
    assert json.loads((tmp_path / "out" / "diary.json").read_text())["entries"][0]["value"] == 4
    assert "'=cmd()" in (tmp_path / "out" / "entries.csv").read_text()
    assert night("backup", "delete")[0] == 2
    assert night("backup", "delete", "--sure", "delete everything")[0] == 0
    assert not list(tmp_path.glob("diary.db*"))


def test_every_command_shows_its_help_without_a_diary(capsys):
    for command in ("log", "import", "safety", "plan", "backup"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
    assert "Not medical" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["pain", "pain:rating", "pain:0-10:sideways"])
def test_an_outcome_that_cannot_be_read_leaves_no_diary_behind(words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NIGHTDOSE_DIARY", str(tmp_path / "new.db"))
    assert main(["log", "--start", "--plain", "--outcome", words]) == 2
    assert words.split(":")[-1] in capsys.readouterr().err
    assert not (tmp_path / "new.db").exists()


def test_the_first_evening_without_a_capsule_is_a_date_that_a_program_reads(night):
    """60 capsules: 14 evenings of one, 14 of two, 6 of three; the 35th evening has none."""
    night("safety", "ask", "--complete", *NO_TO_ALL)
    first = TODAY + datetime.timedelta(days=5)
    steps = ("--step", "1.5x14", "--step", "3x14", "--step", "4.5x28", "--first-evening", first)
    _, said, _ = night("plan", "titration", *steps, "--capsule", "1.5:60")
    assert f"126 needed, 60 at hand: none left on the evening of {first + datetime.timedelta(days=34)}" in said


def test_a_shorter_plan_cancels_the_alarms_of_a_longer_one(night, tmp_path):
    night("safety", "ask", "--complete", *NO_TO_ALL)
    plan = ["plan", "titration", "--capsule", "1.5:20", "--first-evening", TODAY, "--ics", "p.ics"]
    night(*plan, "--step", "1.5x14", "--step", "3x14", "--step", "4.5x14")
    assert "CANCELLED" not in (tmp_path / "p.ics").read_text()
    night(*plan, "--step", "1.5x14")
    assert (tmp_path / "p.ics").read_text().count("STATUS:CANCELLED") == 3  # and the day to order


def test_a_start_makes_an_encrypted_diary_unless_plain_was_asked_for(tmp_path, capsys):
    (tmp_path / "pw").write_text("four unrelated words here\n")
    words = ["log", "--start", "--outcome", "pain:0-10", "--passphrase-file", str(tmp_path / "pw"), "--diary"]
    main([*words, str(tmp_path / "a.db")])
    main([*words, str(tmp_path / "b.db"), "--plain"])
    capsys.readouterr()
    assert not (tmp_path / "a.db").read_bytes().startswith(b"SQLite format 3")
    assert (tmp_path / "b.db").read_bytes().startswith(b"SQLite format 3")


def test_every_act_of_planning_ends_with_what_comes_next(night, tmp_path):
    """From the gates to the sealed order: each answer for a person names the next step and its command."""
    _, cleared, _ = night("safety", "ask", "--complete", *NO_TO_ALL)
    assert "Next: Plan what your prescriber set" in cleared
    trial = ["plan", "trial", "--outcome", "pain", "--meaningful", "1", "--pairs", "6", "--dose", "4.5", "--blinded"]
    assert "Next: The protocol is locked; seal its order" in night(*trial, "--lock")[1]
    key = as_json(night("plan", "helper-key", "-o", "k", "--json"))["public_key"]
    assert "Next: Your helper packs the boxes" in night("plan", "seal", "--to", key, "-o", "s.age")[1]
    assert "Next:" not in night("plan", "show", "--json")[1]
    packed = night("plan", "kit", "s.age", "--identity", "k", "-o", "box", "--active", "a", "--dummy", "b")[1]
    assert "must not be the person in the trial" in packed  # their diary lies here


@pytest.mark.parametrize("amount", ["50e0mg", "1e-400mg", "4.5 mg2"])
def test_digits_in_a_unit_are_not_an_amount_that_no_gate_reads(night, amount):
    code, _, err = night("log", "--dose", f"naltrexone={amount}")
    assert code == 2
    assert "write it as naltrexone=1.5mg" in err


@pytest.mark.parametrize("words", ["4.25", "4,5 mg", "50mcg@22:30"])
@pytest.mark.parametrize("option", ["--dose", "--late", "--rescue", "--medicine-start"])
def test_an_amount_alone_is_not_a_medicine(night, option, words):
    """It was kept as one with the name 4.25, and the dose was lost."""
    code, _, err = night("log", option, words)
    assert code == 2
    assert "write it as naltrexone=1.5mg" in err
    assert "4.25" not in night("log", "--list", "5")[1]
