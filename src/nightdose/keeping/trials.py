"""The trials of a diary, one after the other: each locked protocol with what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from itertools import pairwise

from nightdose.diary.kept.store import Store
from nightdose.keeping import documents
from nightdose.keeping.documents import COMMITMENT, PROTOCOL, REVEALED, STOPPED, UNLOCKED, Commitment, RevealedOrder
from nightdose.protocol.locked import Locked, read_history
from nightdose.protocol.trial import Arm, TrialDesign, blocks, design_from_record, open_order

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """One locked protocol.

    history  : the protocol and its amendments, hashes checked.
    sealed   : what is kept of its order where that was sealed to a helper; None = it was not.
    revealed : the sealed order, once the helper's file was read again.
    stopped  : the day from which on it asks for nothing; None = it runs to its end. why : as it was told.
    """

    history: tuple[Locked, ...]
    sealed: Commitment | None = None
    revealed: RevealedOrder | None = None
    stopped: datetime.date | None = None
    why: str = ""

    @property
    def design(self) -> TrialDesign:
        return design_from_record(self.history[0].body["design"])

    @property
    def treatment(self) -> str:
        return str(self.history[0].body["question"]["treatment"])

    @property
    def locked_day(self) -> datetime.date:
        return datetime.date.fromisoformat(self.history[0].day)

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it holds: of its last block, or before the stop; before `design.start` = never."""
        planned = blocks(self.design)[-1].last_day
        return planned if self.stopped is None else min(planned, self.stopped - ONE_DAY)

    @property
    def cut_short(self) -> bool:
        return self.last_day < blocks(self.design)[-1].last_day

    @property
    def days(self) -> tuple[datetime.date, datetime.date] | None:
        """First and last day on which it holds, the days before anything changes included; None = on none."""
        return (self.design.start, self.last_day) if self.design.start <= self.last_day else None

    @property
    def order(self) -> tuple[Arm, ...] | None:
        """What each block holds, as far as the person may know it: all of an open trial, else what was revealed."""
        if not self.design.blinded:
            return open_order(self.design, self.history[0].sha256)
        return None if self.revealed is None else tuple("on" if arm == "on" else "off" for arm in self.revealed.arms)

    def over(self, today: datetime.date) -> bool:
        """True from the day after its last one."""
        return self.last_day < today


def trials(store: Store) -> tuple[KeptTrial, ...]:
    """Every trial whose lock was not undone, in the order of locking. InputError where a protocol was changed."""
    kept = documents.every(store, PROTOCOL)
    begins = [at for at, locked in enumerate(kept) if not locked.before]
    undone = {each.sha256 for each in documents.every(store, UNLOCKED)}
    stops = {each.sha256: each for each in reversed(documents.every(store, STOPPED))}
    sealed = {each.protocol: each for each in documents.every(store, COMMITMENT)}
    shown = documents.every(store, REVEALED)
    found = []
    for begin, end in pairwise([*begins, len(kept)]):
        sha256 = kept[begin].sha256
        if sha256 in undone:
            continue
        history = read_history([locked.record for locked in kept[begin:end]])
        stop = stops.get(sha256)
        trial = KeptTrial(history, sealed.get(sha256), _revealed(shown, sha256, sealed))
        found.append(trial if stop is None else replace(trial, stopped=stop.day, why=stop.reason))
    return tuple(found)


def newest_trial(store: Store) -> KeptTrial | None:
    """The trial that was locked last; None where none is, or its lock was undone with none before it."""
    return next(iter(reversed(trials(store))), None)


def _revealed(shown: tuple[RevealedOrder, ...], sha256: str, sealed: dict[str, Commitment]) -> RevealedOrder | None:
    """The order of that protocol. One that does not say its protocol is from when a diary held one sealed order."""
    first = next(iter(sealed), "")
    return next((each for each in reversed(shown) if (each.protocol or first) == sha256), None)
