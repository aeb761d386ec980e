"""Hand-made files that follow the documented formats."""

import sqlite3
import zipfile

import pytest

from nightdose.diary.day import DayRule
from nightdose.diary.importers.imported import Choices

HEALTH_CONNECT_TABLES = """
CREATE TABLE resting_heart_rate_record_table (
  row_id INTEGER PRIMARY KEY, uuid BLOB, zone_offset INTEGER, time INTEGER, local_date INTEGER,
  beats_per_minute INTEGER);
CREATE TABLE weight_record_table (
  row_id INTEGER PRIMARY KEY, time INTEGER, zone_offset INTEGER, weight REAL);
CREATE TABLE sleep_session_record_table (
  row_id INTEGER PRIMARY KEY, start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER,
  end_zone_offset INTEGER, notes TEXT, title TEXT);
CREATE TABLE sleep_stages_table (
  parent_key INTEGER, stage_start_time INTEGER, stage_end_time INTEGER, stage_type INTEGER);
"""


@pytest.fixture
def choices():
    return Choices(day=DayRule(zone="Europe/Oslo"))


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def archive(tmp_path):
    def write(name, members):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for member, content in members.items():
                out.writestr(member, content)
        return path

    return write


@pytest.fixture
def health_connect_db(tmp_path):
    """A database with the tables of the Android sources, as far as they are read."""

    def write(script=""):
        path = tmp_path / "health_connect_export.db"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(HEALTH_CONNECT_TABLES + script)
        connection.close()
        return path

    return write
