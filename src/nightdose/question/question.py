"""The question: which outcome, which treatment, what would be a difference worth having."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from html import escape
from numbers import Real
from types import MappingProxyType
from typing import Literal, get_args

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.language.number import number
from nightdose.question.kind import KINDS, NUMBERS, OutcomeKind, Scale

Better = Literal["lower", "higher"]
OnsetName = Literal["same-day", "days", "weeks"]
Randomised = Literal["blocks", "days", "none"]
CHOICES: Mapping[str, tuple[object, ...]] = MappingProxyType(
    {
        "scale": get_args(Scale),
        "better": get_args(Better),
        "onset": (None, *get_args(OnsetName)),
        "randomised": get_args(Randomised),
        "blinded": (True, False),
    }
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where a locked protocol laid its blocks; days are date ordinals.

    first_day : of the run-in, or of the first block; block_begins : first day of each block in the order of time.
    drawn : lots decided within each pair of blocks which one is on. locked_day : the day the protocol was locked.
    last_day : of a trial that was stopped, the last one on which it held; None = it ran to its end.
    """

    first_day: int
    block_begins: tuple[int, ...]
    block_days: int
    drawn: bool
    locked_day: int
    last_day: int | None = None

    @property
    def first_block_day(self) -> int:
        return self.block_begins[0]


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What is asked of a diary.

    meaningful : smallest difference worth having, in the outcome's own unit (> 0).
    limits     : lowest and highest possible value; the ends of a rating, checked for every scale when given.
    onset      : prior of the onset time constant; None = the drug's file, or `weeks` where there is none.
    unit       : unit of the doses, for people; "" for a treatment coded 0/1.
    weekday, yearly, covariates : further columns without delay (question/calendar.py), such as days of the period.
    against    : another medicine that was taken instead of the treatment: with the one compared with the other.
    schedule   : where a protocol that was locked beforehand laid its blocks; None = there is none.
    """

    outcome: str
    treatment: str
    scale: Scale = NUMBERS
    better: Better = "lower"
    meaningful: float = 1.0
    limits: tuple[float, float] | None = None
    onset: OnsetName | None = None
    adjust: tuple[str, ...] = ()
    randomised: Randomised = "none"
    blinded: bool = False
    unit: str = "mg"
    weekday: bool = False
    yearly: bool = False
    covariates: tuple[str, ...] = ()
    against: str = ""
    schedule: Schedule | None = None

    def __post_init__(self) -> None:
        self._check_kinds()
        for field, choices in CHOICES.items():
            if getattr(self, field) not in choices:
                raise CallError(
                    say(
                        "{field} is one of {choices}, not {value}.",
                        field=field,
                        choices=", ".join(map(str, choices)),
                        value=repr(getattr(self, field)),
                    ),
                    field=field,
                )
        if self.limits is not None and not -math.inf < self.limits[0] < self.limits[1] < math.inf:
            raise CallError(
                say(
                    "From {limits} to {self_limits} is not a range. Give the lowest value first, for example 0 and 10.",
                    limits=_as_given(self.limits[0]),
                    self_limits=_as_given(self.limits[1]),
                ),
                field="limits",
            )
        self._check_worth()
        if self.against and self.against in (self.treatment, *self.adjust):
            raise CallError(
                say(
                    "'{against}' is what {treatment} is compared with; it cannot be adjusted for, "
                    "nor be the treatment as well.",
                    against=self.against,
                    treatment=self.treatment,
                ),
                field="against",
            )
        if self.treatment in self.adjust:
            raise CallError(
                say(
                    "'{treatment}' is both the treatment and among the other medicines. Name it once.",
                    treatment=self.treatment,
                ),
                field="adjust",
            )

    def _check_kinds(self) -> None:
        """CallError where a value from Python is of another kind than its field."""
        for field in ("outcome", "treatment", "against", "unit"):
            if not isinstance(getattr(self, field), str):
                raise CallError(
                    say(
                        "{field} is the name of one column, as text, not {value}.",
                        field=field,
                        value=repr(getattr(self, field)),
                    ),
                    field=field,
                )
        if not _is_number(self.meaningful):
            raise CallError(
                say(
                    "meaningful is a number in the outcome's own unit, for example 1.0, not {value}.",
                    value=repr(self.meaningful),
                ),
                field="meaningful",
            )
        if self.limits is not None and not (
            isinstance(self.limits, tuple | list) and len(self.limits) == 2 and all(map(_is_number, self.limits))
        ):
            raise CallError(
                say("limits are the lowest and the highest value, for example (0, 10), not {value}.",
                    value=repr(self.limits)),
                field="limits",
            )  # fmt: skip
        for field in ("adjust", "covariates"):
            names = getattr(self, field)
            if isinstance(names, str) or not all(isinstance(name, str) for name in names):
                raise CallError(
                    say(
                        '{field} are names of columns, for example ("gabapentin",), not {value}.',
                        field=field,
                        value=repr(names),
                    ),
                    field=field,
                )

    def _check_worth(self) -> None:
        """CallError where no difference is worth having that is as small, or as large."""
        if not math.isfinite(self.meaningful):
            raise CallError(
                say(
                    "The difference worth having is not a number ({meaningful}). Give one above 0 in the outcome's own "
                    "unit, for example 1 point of 10.",
                    meaningful=self.meaningful,
                ),
                field="meaningful",
            )
        if not self.meaningful > 0:
            raise CallError(
                say(
                    "{meaningful} cannot be a difference worth having. Give a number above 0 in "
                    "the outcome's own unit, for example 1 point of 10.",
                    meaningful=number(self.meaningful),
                ),
                field="meaningful",
            )
        if self.ends is not None and not self.kind.two and self.meaningful >= self.ends[1] - self.ends[0]:
            raise CallError(
                say(
                    "The smallest difference worth having cannot be {worth}: the whole scale is {width} wide. Give a "
                    "smaller number, for example {example}.",
                    worth=number(self.meaningful),
                    width=number(self.ends[1] - self.ends[0]),
                    example=number((self.ends[1] - self.ends[0]) / 10),
                ),
                field="meaningful",
            )

    def __repr__(self) -> str:
        """The outcome, the treatment and what is not as it usually is."""
        first = f"Question({self.outcome!r}, {self.treatment!r}"
        return ", ".join([first, *(f"{name}={value!r}" for name, value in self._chosen().items())]) + ")"

    def _repr_html_(self) -> str:
        """What a notebook shows: what is asked, then every choice that was made."""
        asked = say(self.kind.asks[self.better == "higher"], outcome=self.outcome, treatment=self.treatment)
        rows = "".join(
            f"<tr><td>{name}</td><td>{escape(str(value))}</td></tr>"
            for name, value in {"scale": self.scale, "meaningful": self.meaningful, **self._chosen()}.items()
        )
        return f"<p>{escape(asked)}</p><table>{rows}</table>"

    def _chosen(self) -> dict[str, object]:
        """The fields that are not as they usually are, but outcome and treatment."""
        return {
            each.name: getattr(self, each.name) for each in fields(self)[2:] if getattr(self, each.name) != each.default
        }

    @property
    def kind(self) -> OutcomeKind:
        """What is known of an outcome on this scale."""
        return KINDS[self.scale]

    def as_numbers(self) -> Question:
        """The same question of the outcome's plain numbers."""
        return replace(self, scale=NUMBERS)

    @property
    def reading(self) -> tuple[float, str]:
        """What people read: a factor and a unit. A probability or a rate a day becomes days or events in 28 days."""
        return self.kind.reading

    @property
    def direction(self) -> float:
        """+1 when a higher value is better, -1 when a lower one is: improvement = direction * effect."""
        return 1.0 if self.better == "higher" else -1.0

    @property
    def ends(self) -> tuple[float, float] | None:
        """Lowest and highest possible value, the question's own or its kind's; None = any number."""
        return self.limits or self.kind.limits


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _as_given(value: float) -> str:
    """A number as people write it, and what is not a number as it came."""
    return number(value) if math.isfinite(value) else str(value)
