"""What a simulated patient is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Patient:
    """name : of its files; columns : of the diary, (days,) each, NaN = empty, the outcome first; question, truth : as
    written to JSON."""

    name: str
    first_day: datetime.date
    columns: dict[str, np.ndarray]
    question: dict[str, Any]
    truth: dict[str, Any]
