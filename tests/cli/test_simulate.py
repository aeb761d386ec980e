"""`nightdose simulate` as a person calls it."""

import json

import numpy as np
import pytest

from nightdose.cli import main
from nightdose.diary.table.table import read_cohort
from nightdose.export.tidy import write_tidy
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study, chunks
from nightdose.mechanism.regimen import PRESETS


def called(capsys, *words):
    code = main(["simulate", *words])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_words_say_what_is_blocked_and_what_is_not_known(capsys):
    code, out, _ = called(capsys, "4.5mg", "--people", "20")
    assert code == 0
    assert "Receptors. On the last day" in out
    assert "measured in mice only" in out
    assert "Relative error achieved" in out


def test_json_carries_every_hypothesis_with_its_grade(capsys):
    code, out, _ = called(capsys, "ldn", "--people", "5", "--days", "3", "--json", "--hypothesis", "ogf_axis=0.5")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "nightdose.simulation/1"
    assert found["hypotheses"]["ogf_axis"]["strength"] == 0.5
    assert found["hypotheses"]["ogf_axis"]["grade"] == "animal"
    assert found["error_achieved"] <= found["error_asked"]


def test_same_seed_same_words(capsys):
    words = ("full-50", "--people", "4", "--days", "3", "--seed", "9")
    assert called(capsys, *words)[1] == called(capsys, *words)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("450mg",), "Did you mean 4.5 mg"),
        (("4.5mg", "--days", "0"), "--days 0"),
        (("4.5mg", "--people", "0"), "--people 0"),
        (("4.5mg", "--hypothesis", "magic=1"), "no hypothesis 'magic'"),
        (("4.5mg", "--hypothesis", "rebound"), "NAME=VALUE"),
        (("4.5mg", "--hypothesis", "rebound=lots"), "not a number"),
        (("4.5mg", "--stop-day", "0"), "not after the start"),
        (("4.5mg", "--miss", "x"), "is not a day"),
        (("4.5mg", "--columns", "soul"), "no 'soul'"),
        (("4.5mg", "--weight", "3"), "weight of 3 kg"),
        (("4.5mg", "--reading", "clearance=wrong"), "no reading"),
        (("nowhere.csv",), "is not there"),
        (("4.5mg", "--error", "1"), "relative error of 1"),
        (("4.5mg", "--every", "0"), "not a spacing"),
        (("4.5mg", "--plot", "no/such/folder/a.svg"), "folder no/such/folder is not there"),
    ],
)
def test_a_wrong_call_gets_a_sentence_and_exit_2(capsys, words, sentence):
    code, _, err = called(capsys, *words)
    assert code == 2
    assert sentence in err


def test_tables_are_tidy_and_agree(capsys, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in ("a.csv", "a.parquet"):
        words = ("ldn", "--people", "7", "--days", "5", "--columns", "occupancy_mu,gut", "--every", "12")
        assert called(capsys, *words, "--out", str(tmp_path / name))[0] == 0
    table = parquet.read_table(tmp_path / "a.parquet")
    rows = np.genfromtxt(tmp_path / "a.csv", delimiter=",", names=True)
    assert table.column_names == ["person", "time_h", "occupancy_mu", "gut"] == list(rows.dtype.names)
    assert len(rows) == 7 * 11
    assert np.allclose(table["occupancy_mu"].to_numpy(), rows["occupancy_mu"], rtol=1e-6, atol=1e-7)
    assert b"nightdose.seed" in table.schema.metadata


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_run_that_was_stopped_leaves_no_table_that_looks_whole(name, tmp_path):
    """The second piece is interrupted; an earlier table stays as it was."""
    pytest.importorskip("pyarrow")
    study = Study(PRESETS["ldn"], 2, 2, Body(), ("gut",))

    def stopped():
        yield next(chunks(study))
        raise KeyboardInterrupt

    (tmp_path / name).write_text("earlier")
    with pytest.raises(KeyboardInterrupt):
        write_tidy(tmp_path / name, stopped(), {})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "earlier"}


def test_the_picture_the_model_and_the_doses_are_written(capsys, tmp_path):
    words = ("4.5mg", "--people", "5", "--days", "4", "--miss", "1")
    for option, name, start in (
        ("--plot", "p.svg", "<svg"), ("--export", "m.xml", "<?xml"), ("--export", "m.ant", "// nightdose"),
        ("--export", "d.csv", "ID,TIME,AMT"),
    ):  # fmt: skip
        assert called(capsys, *words, option, str(tmp_path / name))[0] == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    doses = (tmp_path / "d.csv").read_text(encoding="utf-8").splitlines()
    assert len(doses) == 1 + 3


def test_a_written_event_table_gives_the_same_numbers(capsys, tmp_path):
    words = ("--people", "3", "--days", "4", "--json")
    _, first, _ = called(capsys, "4.5mg", *words, "--export", str(tmp_path / "d.csv"))
    _, second, _ = called(capsys, str(tmp_path / "d.csv"), *words)
    a, b = json.loads(first)["last_day"], json.loads(second)["last_day"]
    assert all(a[name]["median"] == pytest.approx(b[name]["median"], rel=1e-6) for name in a)


def test_a_diary_is_a_dose_log(capsys, tmp_path):
    diary = tmp_path / "kim.csv"
    diary.write_text("day,naltrexone_mg,naltrexone_time\n0,1.5,22:00\n1,0,\n2,1.5,23:30\n", encoding="utf-8")
    assert called(capsys, str(diary), "--people", "2", "--days", "4")[0] == 0
    diary.write_text("day,naltrexone_mg\n0,1.5\n1,\n", encoding="utf-8")
    code, _, err = called(capsys, str(diary), "--people", "2")
    assert code == 2
    assert "the dose is unknown on 1 of 2 days" in err


def test_diaries_of_virtual_people_are_a_cohort_that_reads_back(capsys, tmp_path):
    path = tmp_path / "cohort.csv"
    assert called(capsys, "ldn", "--people", "3", "--days", "20", "--diaries", str(path))[0] == 0
    cohort = read_cohort(path)
    assert list(cohort) == ["0", "1", "2"]
    assert all(diary.days == 20 and not diary.problems for diary in cohort.values())


def test_a_claim_is_told_in_words_and_json(capsys, tmp_path):
    code, out, _ = called(capsys, "--claim", "fading-side-effects", "--plot", str(tmp_path / "c.svg"))
    assert code == 0
    assert "What must be assumed:" in out
    code, out, _ = called(capsys, "--claim", "fading-side-effects", "--json")
    assert json.loads(out)["links"][0]["grade"] == "human_trial"


def test_one_person_is_the_typical_person_whatever_the_seed(capsys):
    words = ("ldn", "--people", "1", "--days", "3", "--json")
    first, second = (json.loads(called(capsys, *words, "--seed", seed)[1])["last_day"] for seed in ("1", "2"))
    assert first == second


def test_a_table_is_simulated_whole_or_refused_never_cut(capsys, tmp_path):
    rows = [f"2026-01-{day:02d},{1.5 if day % 2 else 0}" for day in range(1, 31)]
    (tmp_path / "t.csv").write_text("\n".join(["date,naltrexone_mg", *rows, ""]))
    words = (str(tmp_path / "t.csv"), "--people", "1", "--json")
    code, out, _ = called(capsys, *words)
    assert (code, json.loads(out)["days"]) == (0, 30)
    code, _, err = called(capsys, *words, "--days", "28")
    assert code == 2
    assert "1 of its doses come after the 28 days" in err
    assert called(capsys, *words, "--days", "29")[0] == 0  # day 30 has no dose
