"""Regimens as prescribed and as really taken: titration, split doses, days between, missed and late doses, stop.

nightly 4.5 mg          4.5mg@22:00
titration               1.5mg x14d, 3mg x14d, 4.5mg
split through the day   25mg@08:00+20:00
every other day         4.5mg/2d
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number
from nightdose.mechanism.compartments import dose_nmol
from nightdose.mechanism.intake import GUT, SUPPRESSANT, Event, Intake

NIGHT = 22.0  # clock hour of a dose when none is given: "once at night"
LABELLED_MAX_MG = 150.0  # largest single dose on the label (alternate-day schedules); trials went to 300 mg a day
DRUGS = ("naltrexone",)
TABLES = (".csv", ".parquet", ".tsv")  # files of doses
MOST_DAYS = 36525


@dataclass(frozen=True, slots=True)
class DoseStep:
    """One dose level for a number of days; None = until the end."""

    dose_mg: float
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Regimen:
    """A plan of doses, and what became of it.

    clock_h   : clock hours of the day at which each dose is taken; several = split, each of them `dose_mg`.
    every     : days between dosing days, 1 = daily.
    start_day : first dosing day; stop_day : first day without (None = never stopped).
    missed    : days without a dose; extra : day -> further doses of the same size at the same time;
    late_h    : day -> hours later than planned (negative = earlier).
    infusions : days on which the comparator is given.
    """

    title: str
    steps: tuple[DoseStep, ...] = ()
    clock_h: tuple[float, ...] = (NIGHT,)
    every: int = 1
    start_day: int = 0
    stop_day: int | None = None
    missed: frozenset[int] = frozenset()
    extra: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    late_h: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    infusion_every: int | None = None
    confirmed: bool = False

    def __post_init__(self) -> None:
        for step in self.steps:
            check_dose(step.dose_mg, confirmed=self.confirmed)
            if step.days is not None and not 1 <= step.days <= MOST_DAYS:
                raise CallError(
                    say(
                        "a step of {days} days cannot be taken. Give whole days, for example 1.5mg x14d.",
                        days=step.days,
                    )
                )
        if any(step.days is None for step in self.steps[:-1]):
            raise CallError(
                say("only the last step may be without a length. Write for example 1.5mg x14d, 3mg x14d, 4.5mg.")
            )
        for hour in self.clock_h:
            if not 0 <= hour < 24:
                raise CallError(say("'{word}' is not a clock time. Write it as 22:00.", word=f"{hour:g}"))
        if len(set(self.clock_h)) != len(self.clock_h):
            raise CallError(say("the same clock time stands twice. For a double dose write twice the milligrams."))
        if not 1 <= self.every <= 365:
            raise CallError(say("a dose every {n} days is not a regimen. Write /2d for every other day.", n=self.every))
        if self.start_day < 0:
            raise CallError(f"day {self.start_day} is before the simulation begins. Days count from 0.")
        if self.stop_day is not None and self.stop_day <= self.start_day:
            raise CallError(
                f"the stop on day {self.stop_day} is not after the start on day {self.start_day}. "
                "Give a later stop, or leave it out."
            )

    def dose_days(self, days: int) -> Iterable[tuple[int, float]]:
        """(day, dose in mg) as planned, before what was missed."""
        day = self.start_day
        end = min(days, self.stop_day if self.stop_day is not None else days)
        for step in self.steps:
            stop = end if step.days is None else min(end, day + step.days)
            yield from ((d, step.dose_mg) for d in range(day, stop) if (d - self.start_day) % self.every == 0)
            day = stop

    def log(self, days: int, salt_fraction: float, molar_mass: float) -> Intake:
        """Events really taken within the first `days` days."""
        events = []
        for day, dose_mg in self.dose_days(days):
            if day in self.missed:
                continue
            amount = dose_nmol(dose_mg, salt_fraction, molar_mass)
            for hour in self.clock_h:
                time = 24.0 * day + hour + self.late_h.get(day, 0.0)
                events += [Event(max(time, 0.0), GUT, amount)] * (1 + self.extra.get(day, 0))
        if self.infusion_every is not None:
            end = min(days, self.stop_day if self.stop_day is not None else days)
            events += [Event(24.0 * d + 9.0, SUPPRESSANT, 1.0) for d in range(self.start_day, end, self.infusion_every)]
        return Intake.of(events)


def check_dose(dose_mg: float, *, confirmed: bool = False) -> None:
    """Raises CallError with a sentence for a dose that nobody can mean, or that must be confirmed."""
    if not math.isfinite(dose_mg):
        raise CallError(say("a dose of {mg} mg is not a dose. Give milligrams, for example 4.5mg.", mg=dose_mg))
    if dose_mg < 0:
        raise CallError(
            say("a dose of {mg} mg is negative. Give milligrams above 0, for example 4.5mg.", mg=f"{dose_mg:g}")
        )
    if dose_mg == 0:
        raise CallError(say("a dose of 0 mg is not a dose. For a body without the drug write: nothing"))
    if dose_mg > LABELLED_MAX_MG and not confirmed:
        meant = dose_mg / 100
        slip = " " + say("Did you mean {mg} mg?", mg=number(meant)) if 1.0 <= meant <= 6.0 else ""
        raise CallError(
            say(
                "{mg} mg is above the labelled range (single doses up to {most} mg).{slip} To simulate it all the "
                "same, confirm the dose.",
                mg=number(dose_mg),
                most=number(LABELLED_MAX_MG),
                slip=slip,
            ),
            field="confirm_dose",
        )


PRESETS: Mapping[str, Regimen] = MappingProxyType(
    {
        "nothing": Regimen("nothing taken"),
        "ldn": Regimen("4.5 mg every night", (DoseStep(4.5),)),
        "ldn-1.5": Regimen("1.5 mg every night", (DoseStep(1.5),)),
        "ldn-3": Regimen("3 mg every night", (DoseStep(3.0),)),
        "ldn-titration": Regimen(
            "1.5, 3, then 4.5 mg every night, two weeks a step", (DoseStep(1.5, 14), DoseStep(3.0, 14), DoseStep(4.5))
        ),
        "full-50": Regimen("50 mg every morning", (DoseStep(50.0),), clock_h=(8.0,)),
        "full-300": Regimen(
            "100 mg three times a day", (DoseStep(100.0),), clock_h=(8.0, 14.0, 20.0), confirmed=True
        ),
        "comparator-cycles": Regimen("immunosuppressant, an infusion every 90 days", infusion_every=90),
        "comparator-continuous": Regimen("immunosuppressant, an infusion every 28 days", infusion_every=28),
    }
)  # fmt: skip

_STEP = re.compile(
    r"""^(?P<dose>[+-]?[\d.]+(?:e[+-]?\d+)?)\s*(?P<unit>mg)?\s*(?P<drug>(?!x\s*\d)[a-z][\w-]*)?
        \s*(?:@\s*(?P<clock>[\d:+\s]+?))?\s*(?:/\s*(?P<every>\d+)\s*d)?\s*(?:x\s*(?P<days>\d+)\s*d)?$""",
    re.VERBOSE,
)
HOW = mark("Write for example 4.5mg@22:00, or 1.5mg x14d, 3mg x14d, 4.5mg")
# 4,5mg: never two steps, because a step before another one needs its length
DECIMAL_COMMA = re.compile(r"((?:^|,)\s*[+-]?\d+),(\d+)(?![\d.])")


def parse_regimen(text: str, *, confirmed: bool = False, drugs: tuple[str, ...] = DRUGS) -> Regimen:
    """A preset by name, or steps written as in the head of this file. drugs : names that may stand behind a dose."""
    name = text.strip().lower()
    if drugs != DRUGS and (name in PRESETS or name.endswith(TABLES)):
        words = say("'{name}' is about naltrexone. Write how much {drug} is taken, for example 2mg@22:00.", name=name,
                    drug=drugs[0])  # fmt: skip
        raise CallError(words)
    if name in PRESETS:
        return PRESETS[name]
    steps, clocks, everies = [], [], []
    for part in DECIMAL_COMMA.sub(r"\1.\2", name).split(","):
        found = _STEP.match(part.strip())
        if found is None:
            raise CallError(_unreadable(text, part, drugs))
        if (drug := found["drug"]) is not None and drug not in drugs:
            raise CallError(
                say("'{drug}' is not a drug this program knows. It knows: {known}.", drug=drug, known=", ".join(drugs))
            )
        try:
            dose = float(found["dose"])
        except ValueError:
            raise CallError(_not_milligrams(found["dose"], drugs)) from None
        steps.append(DoseStep(dose, int(found["days"]) if found["days"] else None))
        clocks += [found["clock"]] if found["clock"] else []
        everies += [int(found["every"])] if found["every"] else []
    if len(set(clocks)) > 1 or len(set(everies)) > 1:
        raise CallError(
            say("one regimen has one set of clock times and one spacing. Write them at the first step only.")
        )
    clock_h = tuple(clock_hour(word) for word in clocks[0].split("+")) if clocks else (NIGHT,)
    regimen = Regimen(text.strip(), tuple(steps), clock_h, everies[0] if everies else 1, confirmed=confirmed)
    return replace(regimen, title=describe(regimen))


def _how(drugs: tuple[str, ...]) -> str:
    if drugs != DRUGS:
        return f"{say(HOW)}."
    return say("{how}, or a preset: {names}.", how=say(HOW), names=", ".join(PRESETS))


def _unreadable(text: str, part: str, drugs: tuple[str, ...]) -> str:
    what = say("the regimen '{text}' cannot be read at '{part}'.", text=text, part=part.strip())
    return f"{what} {_how(drugs)}"


def _not_milligrams(dose: str, drugs: tuple[str, ...]) -> str:
    what = say("'{dose}' is not a number of milligrams.", dose=dose)
    return f"{what} {_how(drugs)}"


def clock_hour(word: str) -> float:
    """Hours since midnight of `HH:MM` or `HH`."""
    found = re.fullmatch(r"\s*(\d{1,2})(?::([0-5]\d))?\s*", word)
    if found is None or int(found[1]) > 23:
        raise CallError(say("'{word}' is not a clock time. Write it as 22:00.", word=word.strip()))
    return int(found[1]) + int(found[2] or 0) / 60


def describe(regimen: Regimen) -> str:
    """The regimen in words."""
    if not regimen.steps:
        return regimen.title
    levels = say(", then ").join(
        say("{mg} mg for {days} days", mg=number(step.dose_mg), days=step.days)
        if step.days
        else say("{mg} mg", mg=number(step.dose_mg))
        for step in regimen.steps
    )
    clock = say(" and ").join(f"{int(h):02d}:{round(h % 1 * 60):02d}" for h in regimen.clock_h)
    if regimen.every == 1:
        return say("{doses}, daily at {clock}", doses=levels, clock=clock)
    if regimen.every == 2:
        return say("{doses}, every other day at {clock}", doses=levels, clock=clock)
    return say("{doses}, every {n} days at {clock}", doses=levels, n=regimen.every, clock=clock)
