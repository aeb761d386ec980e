"""What the dose log says about the design: days on and off, switches, what moved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nightdose.protocol.question import Randomised

DesignKind = Literal["randomised_days", "randomised_blocks", "alternating", "before_after", "always_on", "never_on"]


@dataclass(frozen=True, slots=True)
class Design:
    """Facts of one design, counted from what was really taken.

    days : length of the daily grid; days_on/days_off : days with a known dose above 0 / of 0;
    recorded_on/recorded_off : those with a recorded outcome; missing : days without an outcome;
    switches : changes between on and off, unknown days skipped; dose_levels : distinct doses above 0.
    """

    kind: DesignKind
    days: int
    days_on: int
    days_off: int
    dose_unknown: int
    recorded: int
    recorded_on: int
    recorded_off: int
    missing: int
    switches: int
    first_on: int | None  # index of the first day on treatment
    dose_levels: tuple[float, ...]
    randomised: Randomised
    blinded: bool
