"""A fresh diary, plain and encrypted."""

import datetime

import pytest

from nightdose.diary.kept.store import Store

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
KEY = bytes(range(32))


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def key(request):
    return request.param


@pytest.fixture
def path(tmp_path):
    return tmp_path / "diary.db"


@pytest.fixture
def store(path, key):
    with Store(path, key, create=True, clock=lambda: NOON) as opened:
        yield opened
