"""An app around a plain diary in a temporary folder, and a browser that has entered it."""

import datetime

import pytest
from tests.web.browser import Browser

from nightdose.diary.kept.store import Store
from nightdose.web.app import create_app
from nightdose.web.desk import Desk
from nightdose.web.security import Doors, Place

NOW = datetime.datetime(2026, 11, 27, 22, 30, tzinfo=datetime.UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def doors():
    return Doors()


@pytest.fixture
def desk(tmp_path, clock):
    """A plain, empty diary."""
    path = tmp_path / "diary.db"
    Store(path, None, create=True).close()
    made = Desk(path, clock=clock)
    yield made
    made.close()


@pytest.fixture
def app(desk, doors):
    return create_app(desk, Place.loopback(8765), doors)


@pytest.fixture
def browser(app, doors):
    return Browser(app, doors.new_token())


@pytest.fixture
def store(desk):
    """The same diary, open, with three outcomes chosen."""
    from nightdose.diary.entry import Outcome
    from nightdose.keeping import settings

    for name in ("Pain", "Fatigue", "Sleep"):
        settings.choose_outcome(desk.store(), Outcome(name, "0-10", "lower"))
    return desk.store()
