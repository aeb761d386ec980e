"""Health Connect: somebody else's SQLite, read by column names and trusted with nothing."""

import sqlite3

import pytest

from nightdose.diary.importers import detect, health_connect
from nightdose.diary.importers.health_connect import read, read_database
from nightdose.errors import InputError

HOUR = 3_600_000
EVENING = 1_795_212_000_000  # 2026-11-20 22:00 UTC, 23:00 in Oslo

ROWS = f"""
INSERT INTO resting_heart_rate_record_table (time, zone_offset, beats_per_minute) VALUES ({EVENING}, 3600, 60);
INSERT INTO weight_record_table (time, zone_offset, weight)
  VALUES ({EVENING}, 3600, 71500.0), ({EVENING}, 3600, 5e-324);
INSERT INTO sleep_session_record_table (row_id, start_time, start_zone_offset, end_time, end_zone_offset)
  VALUES (1, {EVENING}, 3600, {EVENING + 8 * HOUR}, 3600),
    (2, {EVENING + 24 * HOUR}, 3600, {EVENING + 30 * HOUR}, 3600);
INSERT INTO sleep_stages_table
  VALUES (1, {EVENING}, {EVENING + 7 * HOUR}, 4), (1, {EVENING + 7 * HOUR}, {EVENING + 8 * HOUR}, 1);
"""


def items(imported):
    return {(e.item, e.day.isoformat()): (e.value, e.unit) for e in imported.entries}


def test_values_come_out_with_their_stored_units(archive, health_connect_db, choices):
    path = archive("hc.zip", {health_connect.DATABASE: health_connect_db(ROWS).read_bytes()})
    assert detect(path) == "health-connect"
    imported = read(path, choices)
    assert items(imported) == {
        ("resting heart rate", "2026-11-20"): (60, "beats/min"),
        ("weight", "2026-11-20"): (71500, "g"),
        ("sleep", "2026-11-21"): (7, "h"),
        ("sleep", "2026-11-22"): (6, "h"),  # no stages: the whole session, and that is said
    }
    assert any("no sleep stages" in problem.what for problem in imported.problems)


def test_a_view_in_the_place_of_a_table_is_not_read(health_connect_db, choices):
    endless = """
    DROP TABLE weight_record_table;
    CREATE VIEW weight_record_table AS WITH RECURSIVE n(weight) AS (SELECT 1 UNION ALL SELECT weight + 1 FROM n)
      SELECT weight, 1795125600000 AS time, 0 AS zone_offset FROM n;
    """
    assert items(read_database(health_connect_db(endless), choices)) == {}


def test_the_guard_allows_nothing_but_reading(health_connect_db):
    path = health_connect_db(ROWS)
    with sqlite3.connect(path) as connection:
        health_connect._guard(connection)
        for sql in (
            "DELETE FROM weight_record_table",
            "ATTACH 'x.db' AS x",
            "SELECT load_extension('x')",
            "PRAGMA query_only=OFF",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                connection.execute(sql)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_cut_or_scribbled_database_is_a_sentence(health_connect_db, choices, share):
    path = health_connect_db(ROWS)
    content = bytearray(path.read_bytes())
    content[int(len(content) * share) : int(len(content) * share) + 400] = b"\xff" * 400
    path.write_bytes(content[: int(len(content) * 0.95)])
    with pytest.raises(InputError):
        read_database(path, choices)


def test_another_database_is_said_to_be_another(tmp_path, choices):
    sqlite3.connect(tmp_path / "o.db").executescript("CREATE TABLE t (x);")
    with pytest.raises(InputError, match="none of Health Connect's tables"):
        read_database(tmp_path / "o.db", choices)
