"""A cohort of any size: rows are kept as they are made, gone on with, and lost by nobody."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling
from tests.drug_files import glycine

from nightdose.cohort import journal as journals
from nightdose.cohort import stream
from nightdose.cohort.cluster import through_dask
from nightdose.cohort.journal import Journal
from nightdose.cohort.stream import Sharing, rows_of, work_of, write_cohort
from nightdose.diary.table import pieces
from nightdose.diary.table.pieces import KnownPeople, KnownPiece, open_people
from nightdose.errors import CallError
from nightdose.knowledge.chosen import about
from nightdose.processes import in_order

QUESTION = ask(randomised="blocks")


def people(n=5, days=56):
    dose = blocks(days, 14)
    return KnownPeople({f"p{i}": diary(wobbling(days, i), naltrexone_mg=dose) for i in range(n)})


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Some file that the people might have come from; two people a piece."""
    monkeypatch.setattr(pieces, "PEOPLE_IN_PIECE", 2)
    path = tmp_path / "people.csv"
    path.write_text("person,day\n")
    return path


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_an_interrupted_cohort_goes_on_and_comes_to_the_same_file(tmp_path, source):
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    write_cohort(people(), QUESTION, source, whole)

    def stop(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_cohort(people(), QUESTION, source, cut, Sharing(progress=stop))
    assert not cut.exists()
    part = cut.with_name("cut.csv.part")
    assert part.exists()
    with part.open("ab") as file:  # as a kill in the middle of a line leaves it
        file.write(b'[{"person": "p4", "verd')
    seen = []
    made = write_cohort(people(), QUESTION, source, cut, Sharing(progress=lambda done, total: seen.append(done)))
    assert (made.before, seen) == (4, [5])
    assert cut.read_bytes() == whole.read_bytes()
    assert not part.exists()


def test_rows_of_another_question_or_table_are_not_gone_on_with(tmp_path, source):
    out = tmp_path / "out.csv"
    old = Journal(out, "other work")
    old.add([{"person": "stranger"}])
    old.close()
    made = write_cohort(people(2), QUESTION, source, out)
    assert made.before == 0
    assert [row["person"] for row in rows(out)] == ["p0", "p1"]


def test_rows_of_a_drug_file_that_was_changed_are_not_gone_on_with(tmp_path, source):
    """Its onset decides answers, and is neither in the table nor in the question."""
    out, before = tmp_path / "out.csv", []
    for onset in ("days", "weeks", "weeks"):

        def stop(done, total):
            raise KeyboardInterrupt

        with about(glycine(onset)), pytest.raises(KeyboardInterrupt):
            write_cohort(people(), QUESTION, source, out, Sharing(progress=stop))
        with about(glycine(onset)), closing(Journal(out, work_of(source, QUESTION))) as journal:
            before.append(journal.people)
    assert before == [2, 2, 4]


def test_a_full_disk_is_a_sentence_and_keeps_what_there_is(tmp_path, source, monkeypatch):
    out = tmp_path / "out.csv"
    flushed = []

    def full(handle):
        flushed.append(handle)
        if len(flushed) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals.os, "fsync", full)
    with pytest.raises(CallError, match=r"No space left.*goes on from it"):
        write_cohort(people(), QUESTION, source, out)
    monkeypatch.undo()
    assert out.with_name("out.csv.part").exists()


def test_a_disk_that_is_full_from_the_start_keeps_nothing(tmp_path, source, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals.os, "fsync", full)
    with pytest.raises(CallError, match=r"No space left on device\)\. Choose another place"):
        write_cohort(people(2), QUESTION, source, tmp_path / "out.csv")
    assert not list(tmp_path.glob("out.*"))


def test_a_person_without_a_row_that_can_be_used_has_a_row(tmp_path):
    path = tmp_path / "people.csv"
    good = "".join(f"b,{t},{t % 3},{4.5 * (t // 14 % 2):g}\n" for t in range(1, 57))
    path.write_text("person,day,pain,naltrexone_mg\na,someday,3,0\n" + good)
    out = tmp_path / "out.csv"
    made = write_cohort(open_people(path), QUESTION, path, out)
    assert [row["person"] for row in rows(out)] == ["a", "b"]
    assert "No row of this person" in rows(out)[0]["failed"]
    assert made.people == 2
    assert made.answers["failed"] == 1


def test_a_piece_that_nobody_can_read_is_a_row_for_each(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("person,day,pain\na,x,3\nb,y,3\n")
    (piece,) = open_people(path).pieces()
    assert [row["person"] for row in rows_of(piece, QUESTION)] == ["a", "b"]
    assert all("no row that can be used" in row["failed"] for row in rows_of(piece, QUESTION))


def _ends_at_two(x):
    if x == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return x * x


def test_a_killed_process_costs_the_work_that_kills_it_and_nothing_else():
    found = list(in_order(_ends_at_two, iter(range(7)), 2, lost=lambda x: -x))
    assert found == [0, 1, -2, 9, 16, 25, 36]


def _once(path):
    """Ends its process the first time, as too little memory would."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def test_work_is_done_again_where_its_process_ended_once(tmp_path):
    assert list(in_order(_once, iter([str(tmp_path / "seen")]), 2, lost=lambda x: "lost")) == ["done"]


def test_the_rows_are_the_same_whoever_works(tmp_path, source):
    for workers in (1, 2):
        write_cohort(people(), QUESTION, source, tmp_path / f"{workers}.csv", Sharing(workers))
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_nobody_analysed_for_one_reason_leaves_no_file(tmp_path, source):
    without = KnownPeople({"a": diary(wobbling(56)), "b": diary(wobbling(56))})
    with pytest.raises(CallError, match="No diary could be analysed"):
        write_cohort(without, QUESTION, source, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]


def test_a_number_that_does_not_exist_survives_the_journal(tmp_path, source):
    """NaN, True, a whole float and text come back as they were."""
    kept = Journal(tmp_path / "out.csv", "w")
    kept.add([{"a": float("nan"), "b": True, "c": 1.0, "d": "x\ny", "e": 3}])
    kept.close()
    (row,) = kept.rows()
    assert np.isnan(row["a"])
    assert (row["b"], row["c"], row["d"], row["e"]) == (True, 1.0, "x\ny", 3)
    assert isinstance(row["c"], float)


def test_interrupted_with_processes_it_ends_at_once_and_tells_no_traceback(tmp_path):
    path = tmp_path / "people.csv"
    head = "person,day,pain,naltrexone_mg\n"
    path.write_text(head + "".join(f"p{i},{t},{(t * 7 + i) % 10},{4.5 * (t // 14 % 2):g}\n"
                                   for i in range(600) for t in range(1, 113)))  # fmt: skip
    command = [sys.executable, "-m", "nightdose", "cohort", str(path), "--outcome", "pain", "--treatment", "naltrexone",
               "--out", str(tmp_path / "out.csv"), "--workers", "2", "--scale", "rating"]  # fmt: skip
    # the processes that share out tests ignore Ctrl-C, and what they start would inherit that
    work = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    part = tmp_path / "out.csv.part"
    while not part.exists() and work.poll() is None:
        time.sleep(0.05)
    os.killpg(work.pid, signal.SIGINT)  # as a terminal does: the processes that help are told too
    try:
        said = work.communicate(timeout=60)
    finally:
        work.kill()
    assert work.returncode == 130, said
    assert "Traceback" not in said[0] + said[1]
    assert json.loads(part.read_text().splitlines()[0])["work"]


def table_of_two(path):
    rows = "".join(f"{p},{t},{t % 7},{4.5 * (t // 14 % 2):g}\n" for p in "ab" for t in range(1, 57))
    path.write_text("person,day,pain,naltrexone_mg\n" + rows)
    return path


@pytest.mark.parametrize("how", ["itself", "symbolic link", "hard link"])
def test_rows_never_take_the_place_of_their_table(tmp_path, how):
    table = table_of_two(tmp_path / "people.csv")
    out = table if how == "itself" else tmp_path / "out.csv"
    if how == "symbolic link":
        out.symlink_to(table)
    elif how == "hard link":
        os.link(table, out)
    before = table.read_bytes()
    with pytest.raises(CallError, match="nothing is written over it"):
        write_cohort(open_people(table), QUESTION, table, out)
    assert table.read_bytes() == before


def test_rows_are_not_written_among_the_tables_of_a_folder(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    with pytest.raises(CallError, match="in the folder that is read"):
        write_cohort(people(), QUESTION, folder, folder / "more" / "results.parquet")


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_foreign_file_stays_and_an_earlier_result_is_replaced(tmp_path, source, name):
    out = tmp_path / name
    out.write_text("my thesis")
    with pytest.raises(CallError, match="not an earlier result"):
        write_cohort(people(2), QUESTION, source, out)
    assert out.read_text() == "my thesis"
    out.unlink()
    for n in (2, 3):
        write_cohort(people(n), QUESTION, source, out)
    if name.endswith(".csv"):
        assert len(rows(out)) == 3


@pytest.mark.parametrize("kind", ["notes", "link", "pipe", "folder"])
def test_a_part_that_is_not_ours_is_left_alone(tmp_path, source, kind):
    part, victim = tmp_path / "out.csv.part", tmp_path / "victim"
    victim.write_text('{"work": "' + "not mine")
    if kind == "notes":
        part.write_text("my notes")
    elif kind == "link":
        part.symlink_to(victim)
    elif kind == "pipe":
        os.mkfifo(part)
    else:
        part.mkdir()
    with pytest.raises(CallError, match="was not left by this command"):
        write_cohort(people(2), QUESTION, source, tmp_path / "out.csv")
    assert victim.read_text() == '{"work": "not mine'
    assert kind != "notes" or part.read_text() == "my notes"


def test_dask_is_given_paths_and_gives_the_same_rows(tmp_path, source):
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        write_cohort(people(), QUESTION, source, tmp_path / "dask.csv", Sharing(dask=cluster.scheduler_address))
    write_cohort(people(), QUESTION, source, tmp_path / "here.csv")
    assert (tmp_path / "dask.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_a_worker_of_a_dask_cluster_killed_in_mid_run_changes_no_row(tmp_path, source, monkeypatch):
    """Two worker processes; one is killed when the first rows are there, while it has work; Dask starts another."""
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    monkeypatch.setattr(stream, "through_dask", partial(through_dask, together=1))
    many = people(12)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        running = {name: worker.process.pid for name, worker in cluster.workers.items()}

        def kill_one(done, total):
            if done == 2:
                os.kill(running[0], signal.SIGKILL)

        sharing = Sharing(dask=cluster.scheduler_address, progress=kill_one)
        write_cohort(many, QUESTION, source, tmp_path / "dask.csv", sharing)
        assert cluster.workers[0].process.pid != running[0]
    write_cohort(many, QUESTION, source, tmp_path / "here.csv")
    assert (tmp_path / "dask.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_known_people_come_in_pieces_of_the_usual_size():
    assert [len(piece.persons) for piece in people(66, 14).pieces()] == [32, 32, 2]
    assert all(isinstance(piece, KnownPiece) for piece in people(3, 14).pieces())


def lines_of(person, days=40):
    return [f"{person},{day},{(day * 7) % 5},{4.5 * (day // 10 % 2)}" for day in range(days)]


def test_rows_that_stand_twice_and_rows_of_nobody_are_named(tmp_path):
    """Anna's first three days stand again at the end of hers; two rows between Bob's name nobody."""
    twice, bob = lines_of("anna")[:3], lines_of("bob")
    nobody = ["," + row.split(",", 1)[1] for row in lines_of("cid")[:2]]
    rows = [*lines_of("anna"), *twice, *bob[:20], *nobody, *bob[20:]]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["person,day,pain,naltrexone_mg", *rows]) + "\n")
    made = write_cohort(open_people(path), QUESTION, path, tmp_path / "rows.csv")
    told = {said: list(persons) for said, persons in made.not_used.items()}
    (anna,) = [said for said, persons in told.items() if persons == ["anna"]]
    assert "line 42" in anna
    assert "the last is 44" in anna
    assert any("line 65" in said and "names no person" in said for said in told)
    with open(tmp_path / "rows.csv", newline="") as file:
        assert {row["person"]: "line 42" in row["not_used"] for row in csv.DictReader(file)} == {
            "anna": True, "bob": False
        }  # fmt: skip


def test_a_line_of_the_part_that_was_changed_is_done_again(tmp_path):
    kept = Journal(tmp_path / "rows.csv", "work")
    for i in range(3):
        kept.add([{"person": f"p{i}", "improvement_mean": 1.5}])
    kept.close()
    path = kept.path
    content = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*content[:2], content[2].replace("1.5", "9.5"), content[3]]))
    again = Journal(tmp_path / "rows.csv", "work")
    assert (again.done, again.people) == (1, 1)
    again.close()


def test_a_folder_whose_file_was_changed_begins_anew(tmp_path):
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(b"1")
    before = list(stream._files(folder))
    (folder / "a.parquet").write_bytes(b"22")
    assert list(stream._files(folder)) != before


def test_a_person_whose_name_is_not_utf8_keeps_their_rows(tmp_path):
    """Windows-1252, as a spreadsheet saves it: the name is read so, and the line that should be mended is said."""
    rows = [row for person in ("José", "Ana") for row in lines_of(person)]
    path = tmp_path / "people.csv"
    path.write_bytes("\n".join(["person,day,pain,naltrexone_mg", *rows, ""]).encode("cp1252"))
    made = write_cohort(open_people(path), QUESTION, path, tmp_path / "rows.csv")
    assert "failed" not in made.answers
    with open(tmp_path / "rows.csv", newline="", encoding="utf-8") as file:
        assert [row["person"] for row in csv.DictReader(file)] == ["José", "Ana"]
