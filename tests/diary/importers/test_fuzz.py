"""Whatever is in a file, an importer gives entries and problems or one sentence; never another error."""

import contextlib
import io
import sqlite3
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightdose.diary.importers import READERS, detect, generic, health_connect
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.suggest import suggest
from nightdose.errors import NightdoseError

from . import (
    test_apple_health,
    test_bearable,
    test_daylio,
    test_health_auto_export,
    test_loop_habit,
    test_migraine_buddy,
)

SEEDS = {
    "bearable": (test_bearable.OLD + test_bearable.NEW).encode(),
    "daylio": test_daylio.TEXT.encode(),
    "migraine-buddy": test_migraine_buddy.PAGE.format(date="22/12/18", gap="").encode(),
    "health-auto-export": str({"data": {"medications": [test_health_auto_export.record("Taken")]}})
    .replace("'", '"')
    .encode(),
    "table": b"date,pain,ldn_mg\n2026-11-20,4,1.5\n21/11/2026,5,0\n",
}
XML = test_apple_health.xml(*test_apple_health.NIGHT).encode()
MOST_TIME = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def mutated(draw, seed):
    """The seed with pieces cut out, doubled, and replaced by other bytes."""
    content = bytearray(seed)
    for _ in range(draw(st.integers(0, 6))):
        if not content:
            break
        at = draw(st.integers(0, len(content) - 1))
        end = min(len(content), at + draw(st.integers(0, 30)))
        content[at:end] = draw(
            st.sampled_from(
                [
                    b"",
                    bytes(content[at:end]) * 2,
                    b"\x00",
                    b"\xff\xfe",
                    b'"',
                    b",",
                    b"\n",
                    b"9" * 40,
                    b"-1",
                    b"nan",
                ]
            )
            | st.binary(max_size=20)
        )
    return bytes(content)


def read_whatever(name, path):
    choices = Choices(date_order="dmy")
    with contextlib.suppress(NightdoseError):
        detect(path)
    try:
        if name == "table":
            table = generic.open_table(path)
            imported = generic.read(table, choices, suggest(table))
        else:
            imported = READERS[name](path, choices)
    except NightdoseError:
        return  # a sentence; anything else fails the test
    assert all(entry.value is None or abs(entry.value) < 1e16 for entry in imported.entries)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_mutated_files(name, tmp_path):
    @MOST_TIME
    @given(mutated(SEEDS[name]) | st.binary(max_size=300))
    def check(content):
        path = tmp_path / "x"
        path.write_bytes(content)
        read_whatever(name, path)

    check()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "zip"])
def test_bytes_under_a_spreadsheets_name(kind, tmp_path):
    @MOST_TIME
    @given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest))
    def check(content):
        path = tmp_path / f"x.{kind}"
        path.write_bytes(content)
        read_whatever("table", path)

    check()


@MOST_TIME
@given(content=mutated(XML))
def test_mutated_apple_exports(content, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("apple_health_export/export.xml", content)
    read_whatever("apple-health", path)


@MOST_TIME
@given(habits=mutated(test_loop_habit.HABITS.encode()), marks=mutated(test_loop_habit.OWN.encode()))
def test_mutated_loop_exports(habits, marks, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Habits.csv", habits)
        archive.writestr("Checkmarks.csv", b"Date,LDN,\n")
        archive.writestr("001 LDN/Checkmarks.csv", marks)
    read_whatever("loop", path)


def whole_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", XML)
    return out.getvalue()


ZIP = whole_zip()


@MOST_TIME
@given(content=mutated(ZIP))
def test_mutated_zips(content, tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    read_whatever("apple-health", path)


def test_mutated_databases(health_connect_db, tmp_path):
    from .test_health_connect import ROWS

    whole = health_connect_db(ROWS).read_bytes()

    @MOST_TIME
    @given(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.binary(min_size=1, max_size=8)), max_size=8))
    def check(scribbles):
        content = bytearray(whole)
        for at, bytes_ in scribbles:
            content[at : at + len(bytes_)] = bytes_
        path = tmp_path / "x.db"
        path.write_bytes(content)
        with contextlib.suppress(NightdoseError):
            health_connect.read_database(path, Choices())

    check()


@MOST_TIME
@given(
    cells=st.lists(
        st.one_of(st.none(), st.integers(-(2**62), 2**62), st.floats(), st.text(max_size=10), st.binary(max_size=10)),
        min_size=3, max_size=3,
    )
)  # fmt: skip
def test_any_value_in_any_column_of_a_database(cells, tmp_path):
    path = tmp_path / "x.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("CREATE TABLE weight_record_table (time, zone_offset, weight)")
    connection.execute("INSERT INTO weight_record_table VALUES (?, ?, ?)", cells)
    connection.commit()
    connection.close()
    health_connect.read_database(path, Choices())
