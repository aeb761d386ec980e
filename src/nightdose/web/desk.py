"""What stands behind the pages: one diary, open, locked or not there yet, and what is worth keeping between pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, cast

from nightdose.diary.kept.backup import is_encrypted
from nightdose.diary.kept.database import DiaryError
from nightdose.diary.kept.files import key_file
from nightdose.diary.kept.remembering import RememberingStore
from nightdose.diary.kept.store import Clock, Store, utc_now
from nightdose.diary.kept.vault import secret_from_recovery_key, unlock
from nightdose.keeping import own_drug
from nightdose.keeping.jobs import Jobs
from nightdose.knowledge.drug_file import DrugFile
from nightdose.language.catalogue import language, say

IDLE = datetime.timedelta(minutes=15)  # after which an encrypted diary locks itself

State = Literal["absent", "locked", "open"]
T = TypeVar("T")


class DiaryLocked(Exception):
    """The diary has to be opened first."""


class Absent(Exception):
    """There is no diary yet."""


@dataclass(slots=True, weakref_slot=True)
class Desk:
    """One diary and its pages' memory.

    path : where the diary lies or will lie; label : printed on every page of an example; clock : the time, in UTC.
    dummies : at most so many dummy diaries in a certificate, where a machine is slow; None = as many as usual.
    where : how the place is called, in English, where a path says nothing to a person; else "".
    kept : answers that hold until the diary changes, by name, each with the diary's state that it was made from.
    """

    path: Path
    clock: Clock = utc_now
    label: str = ""
    where: str = ""
    idle: datetime.timedelta = IDLE
    dummies: int | None = None
    kept: dict[str, tuple[object, object]] = field(default_factory=dict)
    jobs: Jobs = field(default_factory=Jobs)
    _store: Store | None = None
    _encrypted: bool = False
    _key: bytes | None = None
    _touched: datetime.datetime | None = None
    _home: Path | None = None  # of one's own diary, while the example is looked at
    _guest: Desk | None = None  # the example's own desk, which removes its folder when it goes

    @property
    def state(self) -> State:
        if self._store is not None and self._encrypted and self._waited():
            self.lock()
        if self._store is not None:
            return "open"
        if not self.path.is_file() or self.path.stat().st_size == 0:
            return "absent"
        if is_encrypted(self.path):
            return "locked"
        self._open(None, encrypted=False)
        return "open"

    @property
    def can_lock(self) -> bool:
        return self._store is not None and self._encrypted

    def store(self) -> Store:
        """The open diary; raises DiaryLocked or Absent, which the app turns into the page for it."""
        state = self.state
        if state == "absent":
            raise Absent
        if state == "locked":
            raise DiaryLocked
        self._touched = self.clock()
        assert self._store is not None, "an open diary has its store"
        return self._store

    def medicine(self) -> DrugFile | None:
        """The file of the medicine that the open diary is about; None = naltrexone, or no open diary."""
        return own_drug.of_diary(self._store) if self.state == "open" and self._store is not None else None

    def unlock(self, words: str, *, recovery: bool = False) -> None:
        """Open with the passphrase or the recovery key; DiaryError with a sentence where it is the wrong one."""
        if recovery:
            secret = secret_from_recovery_key(words)
        else:
            beside = key_file(self.path)
            if not beside.exists():
                raise DiaryError(say("The key file beside the diary is missing. Open the diary with the recovery key."))
            secret = unlock(beside.read_text(encoding="utf-8"), words)
        self._open(secret.file_key, encrypted=True)

    @property
    def key(self) -> bytes | None:
        """The open diary's own key, for a backup of it; None for a plain one."""
        return self._key

    def forget(self) -> None:
        """The diary was removed: nothing of it stays here."""
        self._store, self._key = None, None
        self.kept.clear()

    def mark(self, beside: str = "") -> object:
        """Which state of which diary this is; another one after anything is written, but for documents `beside` it."""
        store = self.store()
        entries, pages = store.mark()
        if beside:
            pages = max((page.number for page in store.documents() if page.kind != beside), default=0)
        return (str(self.path), (entries, pages))

    def visit(self, other: Desk) -> None:
        """Show another diary, such as the example, until `come_home`."""
        if self._home is None:
            self._home = self.path
        self.lock()
        self.path, self.label, self._guest = other.path, other.label, other

    def come_home(self) -> None:
        """Back to one's own diary, closed as it was left."""
        if self._home is not None:
            self.lock()
            self.path, self.label, self._home, self._guest = self._home, "", None, None

    @property
    def visiting(self) -> bool:
        return self._home is not None

    def lock(self) -> None:
        """Close the diary and forget what was read from it."""
        if self._store is not None:
            self._store.close()
        self._store, self._key = None, None
        self.kept.clear()
        self.jobs.stop_all()

    def close(self) -> None:
        """The program ends: lock, and wait until running work has noticed."""
        self.lock()
        self.jobs.close()

    def remembered(self, name: str, make: Callable[[Store], T], beside: str = "") -> T:
        """What was made of this diary before, else made now; an entry, a setting or another language makes it stale.

        beside : a kind of document that makes no difference to it.
        """
        store, mark, name = self.store(), self.mark(beside), f"{name} in {language().code}"
        if name not in self.kept or self.kept[name][0] != mark:
            self.kept[name] = (mark, make(store))
        return cast(T, self.kept[name][1])

    def _waited(self) -> bool:
        return self._touched is not None and self.clock() - self._touched > self.idle

    def _open(self, key: bytes | None, *, encrypted: bool) -> None:
        self._store = RememberingStore(self.path, key, clock=self.clock)
        self._encrypted, self._key = encrypted, key
        self._touched = self.clock()
