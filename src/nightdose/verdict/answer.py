"""What an answer is made of; an answer without its uncertainty cannot be constructed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nightdose.fit.estimate import Estimate
from nightdose.fit.health import HealthCheck
from nightdose.question.reason import Reason

Answer = Literal["helps", "harms", "no_meaningful_difference", "not_yet_known", "cannot_be_known"]
Ceiling = Literal["high", "moderate", "low"]
Since = Literal["since", "while"]
UNUSUAL = 0.05  # p of the re-randomisation test
SURE = 20.0  # an e-value from which the null is given up: reached by luck alone, ever, at most 1 time in 20


@dataclass(frozen=True, slots=True)
class DoseEffect:
    """Steady-state improvement under one dose, had it been taken long enough."""

    dose: float
    days: int  # days on which this dose was taken
    improvement: Estimate
    p_best: float  # better than every other dose taken, and than none
    p_better_than_lower: float  # by at least the meaningful difference, than the next lower dose (or none)
    regret: float  # expected loss of staying with this dose instead of the best one, outcome's unit


@dataclass(frozen=True, slots=True)
class BlindingIndex:
    """A published index of how well the capsules kept their secret, with its 95 % interval, from `guesses` days."""

    value: float
    interval95: tuple[float, float]
    guesses: int


@dataclass(frozen=True, slots=True)
class GuessCheck:
    """Did the person know? Nightly guesses against the truth, and the effect adjusted for the guess.

    correct : guesses on the right side of 0.5; guesses of exactly 0.5 (does not know) count only in the indices.
    bang_active, bang_inactive : 1 = always known, 0 = as good as a coin, -1 = always the opposite.
    james : 1 = nobody claims to know, 0.5 = guessed by coin, 0 = always known.
    given_away : z of the guesses following the capsule beyond what the scores explain (`checks/guesses.py`), None
    where there are too few periods; adjusted : the effect with the guess as a further column; a lower bound where the
    guess follows a felt effect.
    """

    days: int
    correct: int
    counted: int
    rate: float
    interval95: tuple[float, float]
    better_than_chance: bool
    bang_active: BlindingIndex | None
    bang_inactive: BlindingIndex | None
    james: BlindingIndex | None
    given_away: float | None
    adjusted: Estimate | None
    adjusted_settled: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Shifted:
    """The answer had each missing day been worse than expected by `shift_sd` sd, which is `shift` in the unit."""

    shift_sd: float
    shift: float
    estimate: Estimate
    answer: Answer


@dataclass(frozen=True, slots=True)
class MissingBad:
    """Missing because it was a bad day? The answer over a band of assumptions about the days without an entry.

    days_on, days_off : missing days with a known dose above 0 / of 0; shifts : mildest assumption first.
    """

    days_on: int
    days_off: int
    shifts: tuple[Shifted, ...]

    def first_change(self, answer: Answer) -> Shifted | None:
        """The mildest assumption under which the answer would be another one."""
        return next((s for s in self.shifts if s.answer != answer), None)


@dataclass(frozen=True, slots=True)
class RandomisationTest:
    """The test's result.

    p : two-sided; schedules : orders compared, the real one included; exact : all there are, else a sample of them.
    smallest : the smallest p that this design could have given; log10_space : how many orders there are.
    difference : outcome with minus without in the outcome's own unit, by least squares on exposure and a line.
    statistic, space : in words, what was computed and from what orders the lots are taken to have chosen.
    """

    p: float
    schedules: int
    exact: bool
    smallest: float
    log10_space: float
    difference: float
    statistic: str
    space: str

    @property
    def unusual(self) -> bool:
        return self.p <= UNUSUAL


@dataclass(frozen=True, slots=True)
class EValue:
    """The bets of one diary.

    path : E after every pair that is over; last_days : index of each pair's last day. differences : each pair's own
    estimate of the effect, outcome with minus without in the outcome's own unit; 0 where nothing was bet.
    """

    path: tuple[float, ...]
    last_days: tuple[int, ...]
    differences: tuple[float, ...]

    @property
    def value(self) -> float:
        """E after the last pair, 1 before any."""
        return self.path[-1] if self.path else 1.0

    @property
    def highest(self) -> float:
        """The highest E so far: what Ville's inequality speaks of."""
        return max((1.0, *self.path))

    @property
    def reached(self) -> bool:
        """True from the first pair on after which E was 20."""
        return self.highest >= SURE


@dataclass(frozen=True, slots=True)
class BesideRhythm:
    """The effect of blocks in fixed turns beside a wave of `period_d` days that fits the turns; None = no such fit."""

    period_d: int
    estimate: Estimate | None
    settled: Estimate | None


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found before the verdict: the fit's own checks, and what its reasons speak of.

    health : empty where no fit was made. randomisation_test, e_value, missing_bad, rhythm : None where there is nothing
    to test.
    """

    health: tuple[HealthCheck, ...] = ()
    doses: tuple[DoseEffect, ...] = ()
    guess: GuessCheck | None = None
    randomisation_test: RandomisationTest | None = None
    e_value: EValue | None = None
    missing_bad: MissingBad | None = None
    rhythm: BesideRhythm | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """Sentences of the fit's own checks that failed; no verdict rests on such a fit."""
        return tuple(check.sentence for check in self.health if not check.ok)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of five answers with everything that has to stand beside it.

    sentence    : the answer in plain words, always with probability, comparator and ceiling.
    reasons     : why, most important first; `what_would_change` : what to do to learn more.
    estimate    : of the doses as they were taken; it carries the sign. settled : of the same doses had each settled; it
    carries the size. None where no number may be given; where something else would imitate a difference, they are its
    measured size, whatever caused it, and stand in no sentence.
    since       : what a judgement at ceiling low speaks of: the time since it was started, or while it was taken.
    """

    answer: Answer
    ceiling: Ceiling
    sentence: str
    reasons: tuple[Reason, ...]
    what_would_change: str
    estimate: Estimate | None
    settled: Estimate | None
    since: Since = "since"

    @property
    def answered(self) -> bool:
        """True where the estimate may be read as part of an answer."""
        return self.estimate is not None and self.answer != "cannot_be_known"

    def __post_init__(self) -> None:
        judged = self.answer in ("helps", "harms", "no_meaningful_difference")
        assert not judged or (self.estimate and self.settled), "a judgement needs its uncertainty"
        assert self.reasons, "a verdict carries its reasons"
