"""What there is in the bench: scenarios, designs, outcomes, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass

EFFECT = -0.8  # of the full dose at steady state, in latent units (1 is about one within-person sd); lower is better
OUTCOMES = ("continuous", "rating", "ordinal", "binary", "count")
EVERY_DESIGN = ("switch", "titration", "alternating", "blocks", "blocks14")
OPEN_START = frozenset({"switch", "titration"})  # one start, known to the person, no way back
RANDOMISED = frozenset({"blocks", "blocks14", "dose_blocks"})  # and blinded
PLANNED = frozenset({"alternating", *RANDOMISED})  # and written down as asked for
SWITCHING = ("alternating", "blocks", "blocks14")
FEW = ("switch", "blocks", "blocks14")
HABITS = (
    "weekend_off", "chosen_weekdays", "after_weeks_without", "cycle", "half_of_a_cycle", "shifts", "month_end",
    "holidays", "as_needed_same_day", "as_needed_next_day", "on_good_days", "flares", "stopped_when_well",
    "by_severity", "skipped_when_well",
)  # fmt: skip
NULL, BOTH, TREATED = (0.0,), (0.0, EFFECT), (EFFECT,)


@dataclass(frozen=True)
class Scenario:
    """One thing that happens to people. effects : with and without a drug that works; why : for the README;
    outcomes : in which it can happen."""

    effects: tuple[float, ...]
    designs: tuple[str, ...]
    why: str
    outcomes: tuple[str, ...] = OUTCOMES


SCENARIOS = {
    "null": Scenario(NULL, EVERY_DESIGN, "good and bad spells, weekends, a drug that does nothing"),
    "responder": Scenario(TREATED, EVERY_DESIGN, "the same with a drug that works within 4 to 25 days"),
    "slow_responder": Scenario(TREATED, EVERY_DESIGN, "a drug that needs 25 to 45 days"),
    "placebo_responder": Scenario(BOTH, EVERY_DESIGN, "hope moves the score from the first day on, dummy or not"),
    "inverted_u": Scenario(TREATED, ("titration", "dose_blocks"), "the middle dose works best, the full dose hardly"),
    "worst_start": Scenario(BOTH, EVERY_DESIGN, "diary and drug begin in the worst days; slow natural improvement"),
    "drift": Scenario(BOTH, EVERY_DESIGN, "the illness itself wanders and slowly improves"),
    "seasonal": Scenario(BOTH, EVERY_DESIGN, "a yearly wave"),
    "spells": Scenario(BOTH, EVERY_DESIGN, "two states, good weeks and bad weeks"),
    "heavy_tails": Scenario(BOTH, EVERY_DESIGN, "days far out of the ordinary (Student t, 3 degrees of freedom)"),
    "bad_days_missing": Scenario(BOTH, EVERY_DESIGN, "the worse the day, the less is written"),
    "taper": Scenario(BOTH, EVERY_DESIGN, "another medicine is tapered, and being rid of it helps"),
    "blind_breaker": Scenario(BOTH, ("blocks", "blocks14"), "side effects give the drug away, and belief moves scores"),
    "felt_benefit": Scenario(
        BOTH, ("blocks", "blocks14"), "every guess follows from how the last week felt, dummy or not"
    ),
    "irregular": Scenario(BOTH, EVERY_DESIGN, "doses missed, weeks left out, doses not written down"),
    "no_days_before": Scenario(BOTH, ("switch",), "diary and drug begin on the same day"),
    "habit": Scenario(NULL, HABITS, "doses follow the weekday, a rhythm, the month, the scores; so does life"),
    "rhythm": Scenario(BOTH, SWITCHING, "a cycle of 20 to 40 days of the person's own"),
    "jump": Scenario(BOTH, EVERY_DESIGN, "a lasting step up or down on one day"),
    "practice": Scenario(BOTH, EVERY_DESIGN, "scores get better by themselves from the first day on"),
    "slip": Scenario(BOTH, EVERY_DESIGN, "one score and one dose written ten times too large"),
    "attacks": Scenario(BOTH, FEW, "attacks of one to three days; half prevented", ("binary", "count")),
    "looks": Scenario(NULL, FEW, "one diary read after 84 days and every 28 days since", ("continuous", "rating")),
}


@dataclass(frozen=True)
class Cell:
    """One kind of patient: everything but the seed."""

    outcome: str
    design: str
    scenario: str
    effect: float

    @property
    def name(self) -> str:
        """Part of every file name."""
        return f"{self.outcome}-{self.design}-{self.scenario}-{'treated' if self.effect else 'null'}"

    @property
    def can_answer(self) -> bool:
        """Could anyone tell the drug from what else happened, given this diary?"""
        if self.scenario in ("no_days_before", "habit"):
            return False
        return not (self.design in OPEN_START and self.scenario in ("placebo_responder", "taper"))


def cells(outcomes: tuple[str, ...] = OUTCOMES) -> list[Cell]:
    """Every cell of the bench, in a fixed order."""
    return [
        Cell(outcome, design, name, effect)
        for outcome in outcomes
        for name, scenario in SCENARIOS.items()
        if outcome in scenario.outcomes
        for design in scenario.designs
        for effect in scenario.effects
    ]
