"""`nightdose cohort`: a file of many people in, a file of rows out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from nightdose.cli import main

ASK = ["--outcome", "pain", "--treatment", "naltrexone", "--randomised", "blocks"]


@pytest.fixture(autouse=True)
def three_people(tmp_path, monkeypatch):
    """Ann and Bo in blocks, Cy always on."""
    monkeypatch.chdir(tmp_path)
    rng, rows = np.random.default_rng(5), ["person,day,pain,naltrexone_mg"]
    for person in ("Ann", "Bo", "Cy"):
        for day in range(84):
            dose = 4.5 if person == "Cy" or (day // 14) % 2 else 0
            rows.append(f"{person},{day + 1},{5 - 0.3 * dose + rng.standard_normal():.3f},{dose}")
    Path("people.csv").write_text("\n".join(rows))


def test_one_row_a_person_and_a_count_of_answers(capsys):
    assert main(["cohort", "people.csv", *ASK, "--out", "results.csv", "--workers", "1"]) == 0
    rows = list(csv.DictReader(Path("results.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["person"] for row in rows] == ["Ann", "Bo", "Cy"]
    assert rows[2]["verdict"] == "cannot_be_known"
    assert float(rows[0]["improvement_mean"]) > 0
    assert "cannot_be_known" in capsys.readouterr().out


def test_json_has_the_counts(capsys):
    assert main(["cohort", "people.csv", *ASK, "--out", "results.parquet", "--workers", "1", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["persons"] == 3
    assert sum(record["answers"].values()) == 3
    assert Path("results.parquet").stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["cohort", "people.csv", *ASK, "--out", "results.xlsx"], ".parquet"),
        (["cohort", "people.csv", *ASK, "--out", "no/such/folder.csv", "--workers", "1"], "--out"),
        (["cohort", "people.csv", *ASK, "--out", "results.csv", "--workers", "0"], "--workers"),
        (["cohort", "nobody.csv", *ASK, "--out", "results.csv"], "nobody.csv"),
        (["cohort", "people.csv", "--outcome", "pian", "--treatment", "ldn", "--out", "r.csv"], "pain"),
        (
            ["cohort", "people.csv", "--outcome", "pain", "--treatment", "tea", "--out", "r.csv", "--workers", "1"],
            "tea",
        ),
    ],
)
def test_a_wrong_call_is_one_sentence(words, sentence, capsys):
    assert main(words) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
