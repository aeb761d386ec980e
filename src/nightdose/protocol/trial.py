"""The plan of a trial in one person: run-in, then blocks on and off treatment, in an order drawn or alternating."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.question.question import Schedule

Arm = Literal["on", "off"]
TrialKind = Literal["open_titration", "alternating", "randomised_blocks"]

SETTLED_SHARE = 0.8  # of the full effect, from which a block's days are counted as settled
LONGEST_TRIAL_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TrialDesign:
    """What is fixed before day 1, without the order.

    run_in_days : days of diary before anything changes.
    pairs       : each pair is one block on and one block off, of `block_days` each.
    washout_days: days without treatment between blocks; the analysis models the carry-over, so 0 is usual.
    """

    kind: TrialKind
    start: datetime.date
    run_in_days: int
    pairs: int
    block_days: int
    washout_days: int = 0
    blinded: bool = False

    def __post_init__(self) -> None:
        if min(self.run_in_days, self.washout_days) < 0 or self.block_days < 1 or self.pairs < 1:
            raise CallError(say("Days and numbers of blocks are counted from 1; run-in and washout from 0."))
        if self.days > LONGEST_TRIAL_DAYS:
            raise CallError(say("This trial would take {days} days. Make blocks shorter or fewer.", days=self.days))
        if self.blinded and self.kind != "randomised_blocks":
            raise CallError(say("Only an order that was drawn can be blinded. Choose randomised blocks."))

    @property
    def blocks(self) -> int:
        return 1 if self.kind == "open_titration" else 2 * self.pairs

    @property
    def days(self) -> int:
        return self.run_in_days + self.blocks * self.block_days + (self.blocks - 1) * self.washout_days

    @property
    def first_dose(self) -> datetime.date:
        """The earliest day on which a capsule may be active."""
        return self.start + datetime.timedelta(days=self.run_in_days)

    @property
    def record(self) -> dict[str, str | int | bool]:
        """As the protocol and the sealed file keep it."""
        return {
            "kind": self.kind, "start": self.start.isoformat(), "run_in_days": self.run_in_days, "pairs": self.pairs,
            "block_days": self.block_days, "washout_days": self.washout_days, "blinded": self.blinded,
        }  # fmt: skip


def design_from_record(record: Mapping[str, Any]) -> TrialDesign:
    """The design that `TrialDesign.record` wrote down."""
    return TrialDesign(
        kind=record["kind"],
        start=datetime.date.fromisoformat(record["start"]),
        run_in_days=int(record["run_in_days"]),
        pairs=int(record["pairs"]),
        block_days=int(record["block_days"]),
        washout_days=int(record["washout_days"]),
        blinded=bool(record["blinded"]),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """One block with its dates; what is in it is not said here."""

    number: int
    first_day: datetime.date
    days: int

    @property
    def last_day(self) -> datetime.date:
        return self.first_day + datetime.timedelta(days=self.days - 1)


def blocks(design: TrialDesign) -> tuple[Block, ...]:
    """The blocks in the order of time."""
    stride = design.block_days + design.washout_days
    return tuple(
        Block(number + 1, design.first_dose + datetime.timedelta(days=number * stride), design.block_days)
        for number in range(design.blocks)
    )


def schedule_of(design: TrialDesign, locked: datetime.date, stopped: datetime.date | None = None) -> Schedule | None:
    """Where the design laid its blocks, for the analysis; None for a titration, which has none.

    stopped : the last day on which a trial that was stopped held.
    """
    if design.kind == "open_titration":
        return None
    return Schedule(
        first_day=design.start.toordinal(),
        block_begins=tuple(block.first_day.toordinal() for block in blocks(design)),
        block_days=design.block_days,
        drawn=design.kind == "randomised_blocks",
        locked_day=locked.toordinal(),
        last_day=None if stopped is None else stopped.toordinal(),
    )


def draw_order(design: TrialDesign, rng: np.random.Generator) -> tuple[Arm, ...]:
    """Arms of the blocks. Randomised: within each pair on-off or off-on by the toss of a coin, so every order has
    at least one switch a pair and the same chance, 2^-pairs. Alternating: off first, no draw."""
    if design.kind == "open_titration":
        return ("on",)
    if design.kind == "alternating":
        return ("off", "on") * design.pairs
    order: list[Arm] = []
    for heads in rng.integers(0, 2, size=design.pairs):
        order += ["on", "off"] if heads else ["off", "on"]
    return tuple(order)


def open_order(design: TrialDesign, protocol: str) -> tuple[Arm, ...]:
    """Arms of a trial that is not blinded: the coin is the hash of its locked protocol, so that nobody chooses the
    order and everybody can draw it again. protocol : SHA-256 in hex."""
    return draw_order(design, np.random.default_rng(int(protocol, 16)))


def switches(order: Sequence[Arm]) -> int:
    """Changes between on and off."""
    return sum(1 for before, after in itertools.pairwise(order) if before != after)


def fewest_switches(design: TrialDesign) -> int:
    """Switches that every possible order of the design has at least; the start after the run-in does not count."""
    if design.kind == "open_titration":
        return 0
    return 2 * design.pairs - 1 if design.kind == "alternating" else design.pairs


def settling_days(tau_d: float) -> int:
    """Days after a switch until 80 % of the new steady state: tau ln(1 / (1 - 0.8)), rounded up.

    tau_d : time constant of the effect compartment (prior median of the drug's file), days; 0 = same day.
    """
    return math.ceil(tau_d * math.log(1 / (1 - SETTLED_SHARE)))


def daily_on(design: TrialDesign, order: Sequence[Arm]) -> tuple[bool, ...]:
    """For each day of the trial: is the day's capsule active?"""
    days = [False] * design.run_in_days
    for number, arm in enumerate(order):
        days += [False] * (design.washout_days if number else 0) + [arm == "on"] * design.block_days
    return tuple(days)
