"""A table in pieces holds the diaries that the whole table holds, whatever is in it; no piece needs another one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightdose.diary.table import pieces
from nightdose.diary.table.pieces import KnownPeople, TextPeople, open_people
from nightdose.diary.table.table import read_cohort
from nightdose.errors import InputError

HEAD = "person,day,pain,naltrexone_mg,note\n"


def lines(person, days=3, note=""):
    return "".join(f"{person},{t + 1},{t % 5}.5,{4.5 * (t % 2):g},{note}\n" for t in range(days))


def table(tmp_path, text, name="people.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def same_people(path, per_piece=2):
    """Everybody's diary from pieces, beside the one from the whole file."""
    whole = read_cohort(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PEOPLE_IN_PIECE", per_piece)
        people = open_people(path)
        found = {}
        for piece in people.pieces():
            assert len(piece.persons) <= per_piece
            found |= piece.diaries()
    assert people.count == len(whole)
    assert list(found) == list(whole)
    for name, diary in whole.items():
        assert found[name].first_day == diary.first_day
        for column, values in diary.columns.items():
            np.testing.assert_array_equal(found[name].column(column), values)
        assert np.array_equal(found[name].lines, diary.lines), "lines are those of the file"
    return people


def test_five_people_two_at_a_time(tmp_path):
    path = table(tmp_path, HEAD + "".join(lines(p) for p in "abcde"))
    assert isinstance(same_people(path), TextPeople)


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n\n" + HEAD.replace(",", ";") + "".join(lines(p).replace(",", ";") for p in "abc"),
        HEAD + lines("a", note='"two\nlines, and a ""word"""') + lines("b") + lines("c", note="plain"),
        HEAD + lines('"Ann, B."') + lines("Bo") + lines(" Cy "),
        HEAD.replace("\n", "\r\n") + "".join(lines(p) for p in "abc").replace("\n", "\r\n"),
        HEAD + lines("a") + "\n,,,,\n" + lines("b") + "\n" + lines("c"),
        HEAD + "".join(lines(p) for p in ("Zoë", "Ömer", "李")),
        "\ufeff" + HEAD + "".join(lines(p) for p in "abc"),
        HEAD + lines("a") + lines("b") + lines("c").rstrip("\n"),
    ],
    ids=["semicolons", "notes of lines", "quoted names", "windows", "blank rows", "letters", "mark", "no last newline"],
)
@pytest.mark.parametrize("block", [1, 45, 1_000_000])
def test_whatever_is_in_the_table(tmp_path, monkeypatch, text, block):
    """However much of it is looked through at a time."""
    monkeypatch.setattr(pieces, "BLOCK_BYTES", block)
    assert isinstance(same_people(table(tmp_path, text)), TextPeople)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + lines("a") + lines("b") + lines("a", days=5)[-40:],
        HEAD.replace(",", ";") + "".join(lines(p).replace(",", ";").replace(".5", ",5") for p in "abc"),
        (HEAD + "".join(lines(p) for p in "abc")).replace("\n", "\r"),
        HEAD + lines("a", note='5" tall') + lines("b"),
    ],
    ids=["rows that stand apart", "decimal commas", "old line ends", "a mark inside a cell"],
)
def test_what_cannot_be_cut_is_read_as_a_whole(tmp_path, text):
    assert isinstance(same_people(table(tmp_path, text)), KnownPeople)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "Zoë", '"x, y"', "c c"]), st.integers(1, 9)), max_size=6))
def test_any_order_of_any_people(tmp_path_factory, runs):
    text = HEAD + "".join(lines(person, days) for person, days in runs)
    path = table(tmp_path_factory.mktemp("t"), text)
    if runs:
        same_people(path)
    else:
        with pytest.raises(InputError, match="no row to use"):
            open_people(path)


def test_a_diary_of_one_person_is_said_to_be_one(tmp_path):
    with pytest.raises(InputError, match="names no persons"):
        open_people(table(tmp_path, "day,pain\n1,3\n"))


def test_a_file_too_large_for_memory_says_what_would_let_it_be_cut(tmp_path, monkeypatch):
    path = table(tmp_path, HEAD + lines("a") + lines("b") + lines("a"))
    monkeypatch.setattr(pieces, "MAX_BYTES", 50)
    with pytest.raises(InputError, match="let each person’s rows stand together"):
        open_people(path)


def test_parquet_in_one_file_and_in_a_folder(tmp_path):
    """Row groups that end within a person, people in either file."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")

    def written(path, names):
        n = 5
        columns = {
            "person": np.repeat(names, n).tolist(),
            "day": list(range(1, n + 1)) * len(names),
            "pain": np.arange(n * len(names), dtype=float).tolist(),
            "naltrexone_mg": [0.0, 4.5, 4.5, 0.0, None] * len(names),
        }
        pq.write_table(pa.table(columns), path, row_group_size=7)

    written(tmp_path / "one.parquet", ["a", "b", "c", "d"])
    same_people(tmp_path / "one.parquet")
    folder = tmp_path / "parts"
    (folder / "year=2026").mkdir(parents=True)
    written(folder / "year=2026" / "0.parquet", ["a", "b", "c"])
    written(folder / "1.parquet", ["d", "e"])
    people = open_people(folder)
    found = [diary for piece in people.pieces() for diary in piece.diaries().values()]
    assert people.count == 5
    assert sorted(d.name for d in found) == ["a", "b", "c", "d", "e"]
    assert all(d.days == 5 for d in found)


def test_a_folder_named_for_the_person_is_the_persons(tmp_path):
    """As Hive, Spark and Arrow partition: the file itself has no such column; rows of nobody have a folder too."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    days = {"day": [1, 2, 3], "pain": [4.0, 5.0, 6.0], "naltrexone_mg": [0.0, 1.5, 1.5]}
    whole = tmp_path / "whole"
    for folder in ("person=Ann%2FB/year=2026", "person=Zo\u00eb", "person=__HIVE_DEFAULT_PARTITION__"):
        (whole / folder).mkdir(parents=True)
        parquet.write_table(pa.table(days), whole / folder / "part-0.parquet")
    people = open_people(whole)
    found = {name: diary for piece in people.pieces() for name, diary in piece.diaries().items()}
    assert people.count == 2
    assert list(found) == ["Ann/B", "Zo\u00eb"]
    assert found["Ann/B"].column("pain").tolist() == [4.0, 5.0, 6.0]


def test_a_folder_in_which_a_person_comes_twice_is_refused(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    for name in ("0.parquet", "1.parquet"):
        pq.write_table(pa.table({"person": ["a"], "day": [1], "pain": [1.0]}), tmp_path / name)
    with pytest.raises(InputError, match="stand together"):
        open_people(tmp_path)


def test_an_empty_folder_is_a_sentence(tmp_path):
    with pytest.raises(InputError, match="a folder without a Parquet file"):
        open_people(tmp_path)
