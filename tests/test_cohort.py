"""A cohort: a row for everyone, the same rows whatever the workers, nobody's diary stops the others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.cohort import analyse_cohort
from nightdose.errors import CallError
from nightdose.export.cohort_file import write_rows

QUESTION = ask(randomised="blocks")


def people(n=6, days=112):
    """Each with another noise; every second one a point better on the medicine."""
    dose = blocks(days)
    return {f"p{i}": diary(wobbling(days, i) - (i % 2) * dose / 4.5, naltrexone_mg=dose) for i in range(n)}


def same(a, b):
    return all(x == y or (isinstance(x, float) and math.isnan(x) and math.isnan(y)) for x, y in zip(a, b, strict=True))


def test_a_row_is_the_persons_own_analysis():
    diaries = people(2)
    rows = analyse_cohort(diaries, QUESTION)
    e = analyse(diaries["p1"], QUESTION, curves=False).verdict.estimate
    assert [row["person"] for row in rows] == ["p0", "p1"]
    assert rows[1]["improvement_mean"] == e.mean
    assert (rows[1]["improvement_lo95"], rows[1]["improvement_hi95"]) == e.interval95
    assert rows[1]["p_better"] == e.better
    assert rows[1]["verdict"] == analyse(diaries["p1"], QUESTION).verdict.answer


def test_the_rows_do_not_depend_on_the_number_of_workers():
    diaries = people(7)
    one, two = (analyse_cohort(diaries, QUESTION, workers=n) for n in (1, 2))
    assert all(same(a.values(), b.values()) for a, b in zip(one, two, strict=True))


def test_nobody_stops_the_others():
    """p0 has no dose column, p1 never varies, p2 is whole."""
    days = 112
    diaries = people(3, days)
    diaries["p0"] = diary(wobbling(days))
    diaries["p1"] = diary(np.full(days, 3.0), naltrexone_mg=blocks(days))
    rows = analyse_cohort(diaries, QUESTION)
    assert "no dose column" in rows[0]["failed"]
    assert rows[0]["verdict"] == ""
    assert rows[1]["verdict"] == "cannot_be_known"
    assert math.isnan(rows[1]["improvement_mean"])
    assert rows[2]["failed"] == ""


def test_a_fault_of_ours_is_a_row_too(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("0 / 0")

    monkeypatch.setattr("nightdose.cohort.people.judged", broken)
    (row,) = analyse_cohort(people(1), QUESTION)
    assert "ZeroDivisionError" in row["failed"]
    assert "fault of nightdose" in row["failed"]


def test_progress_counts_to_the_end():
    seen = []
    analyse_cohort(people(3), QUESTION, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("workers", [0, "two"])
def test_no_workers_is_a_wrong_call(workers):
    with pytest.raises(CallError, match=f"{workers} is not a number of processes"):
        analyse_cohort(people(1), QUESTION, workers=workers)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_written_rows_read_back_as_they_were(tmp_path, ending):
    rows = analyse_cohort({**people(2), "none": diary(np.full(112, 3.0), naltrexone_mg=blocks(112))}, QUESTION)
    path = tmp_path / f"results{ending}"
    write_rows(rows, path)
    if ending == ".csv":
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("person,verdict,ceiling,improvement_mean,improvement_sd,improvement_lo95")
        assert float(lines[1].split(",")[3]) == rows[0]["improvement_mean"]
        assert lines[3].split(",")[3] == ""
    else:
        table = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
        assert table[0] == rows[0]
        assert table[2]["improvement_mean"] is None


def test_another_ending_is_a_sentence(tmp_path):
    with pytest.raises(CallError, match=r"\.csv nor \.parquet"):
        write_rows([], tmp_path / "results.xlsx")


def test_dask_gives_the_same_rows():
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        diaries = people(3)
        there = analyse_cohort(diaries, QUESTION, dask=cluster.scheduler_address)
    here = analyse_cohort(diaries, QUESTION)
    assert all(same(a.values(), b.values()) for a, b in zip(here, there, strict=True))
