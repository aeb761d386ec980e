"""How a person's score moves without any treatment: one passport, for planned trials and for virtual people alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from nightdose.arrays import Floats
from nightdose.knowledge.load import parameters
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number
from nightdose.statistics import spells

WIDTH = 10.0  # points of the scale that the published values are of
NoiseLevel = Literal["calm", "usual", "stormy"]
LEVEL_WORDS: dict[NoiseLevel, str] = {"calm": mark("calm"), "usual": mark("usual"), "stormy": mark("stormy")}


@dataclass(frozen=True, slots=True)
class UpsAndDowns:
    """How a score moves without any treatment, in the outcome's own unit.

    spell_sd, phi : AR(1) spells that fade; noise_sd : day-to-day noise; drift_sd_90d : wandering of the level.
    missing : share of days without a score; origin : one sentence, where the numbers come from.
    """

    level: float
    spell_sd: float
    phi: float
    noise_sd: float
    drift_sd_90d: float
    missing: float
    origin: str

    @property
    def daily_sd(self) -> float:
        """Within-person sd of a few weeks of scores."""
        return float(np.hypot(self.spell_sd, self.noise_sd))

    def with_sd(self, sd: float, share: float) -> UpsAndDowns:
        """The same with that within-person sd; share : of its variance in spells that last."""
        return replace(self, spell_sd=sd * float(np.sqrt(share)), noise_sd=sd * float(np.sqrt(1 - share)))

    def scaled(self, factor: float) -> UpsAndDowns:
        """The same on a scale that is so many times as wide; the level is not touched."""
        return replace(
            self,
            spell_sd=factor * self.spell_sd,
            noise_sd=factor * self.noise_sd,
            drift_sd_90d=factor * self.drift_sd_90d,
        )

    def course(self, shape: int | tuple[int, ...], rng: np.random.Generator) -> Floats:
        """What is added to the level, day by day along the first axis; shape : days, or days and how many persons."""
        drift = np.cumsum(self.drift_sd_90d / np.sqrt(90) * rng.standard_normal(shape), axis=0)
        return np.asarray(
            drift + spells(self.spell_sd, self.phi, shape, rng) + self.noise_sd * rng.standard_normal(shape)
        )


def published(level: NoiseLevel) -> UpsAndDowns:
    """Ups and downs of a calm, usual or stormy person from the published values."""
    known = parameters("ups_and_downs")
    sd = known[f"{level}_sd"].value
    base = UpsAndDowns(
        level=known["level"].value,
        spell_sd=0.0,
        phi=known["spell_phi"].value,
        noise_sd=0.0,
        drift_sd_90d=known["drift_90d"].value,
        missing=known["missing"].value,
        origin=say(
            "Published values, a {level} person: daily scores with a within-person sd of {sd} points.",
            level=say(LEVEL_WORDS[level]),
            sd=number(sd),
        ),
    )
    return base.with_sd(sd, known["spell_share"].value)


def of_a_scale(low: float, high: float) -> UpsAndDowns:
    """A usual person's on a scale between two ends: the published ones are of 0 to 10."""
    known = parameters("ups_and_downs")
    usual, share = published("usual"), (high - low) / WIDTH
    return replace(usual.scaled(share), level=low + share * known["level"].value)


def of_events(two: bool) -> UpsAndDowns:
    """A usual person's of what happens or does not, or several times a day: as many as is assumed, moving like a score.

    two : yes or no, at most one a day.
    """
    usual, rate = published("usual"), parameters("ups_and_downs")["events"].value
    sd = float(np.sqrt(rate * (1 - rate) if two else rate))
    origin = say(
        "Assumed, as too little is recorded yet: {n} in 28 days without the medicine. Fourteen recorded days of "
        "your own say it better.",
        n=number(28 * rate),
    )
    return replace(usual.scaled(sd / usual.daily_sd), level=rate, origin=origin)


def of_somebody(rng: np.random.Generator) -> UpsAndDowns:
    """Ups and downs of a person drawn from the published spread between persons, within its published range."""
    usual = parameters("ups_and_downs")["usual_sd"]
    drawn = usual.value + usual.spread["sd"] * rng.standard_normal()
    sd = float(np.clip(drawn, usual.spread["low"], usual.spread["high"]))
    return published("usual").with_sd(sd, parameters("ups_and_downs")["spell_share"].value)
