"""What a planned trial would say: verdicts of simulated diaries, counted; made by `planning`, drawn by `report`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.knowledge.ups_and_downs import UpsAndDowns
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.statistics import wilson
from nightdose.verdict.answer import Answer

ENOUGH_POWER = 0.80  # share told `helps` when there is the effect that is hoped for
USUALLY_HOPED = 2.0  # times the smallest difference worth having, where nobody said what is hoped for


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the analysis said to n simulated diaries with one true settled improvement.

    power : share told `helps`. Where the truth is exactly the smallest difference worth having, half of all honest
    estimates lie below it, so that no length of trial brings it much above one half; plan on what is hoped for.
    """

    improvement: float
    n: int
    answers: Mapping[Answer, int]

    @property
    def power(self) -> float:
        return self.share("helps")

    @property
    def power_interval95(self) -> tuple[float, float]:
        return wilson(self.answers.get("helps", 0), self.n)

    def share(self, answer: Answer) -> float:
        return self.answers.get(answer, 0) / self.n

    @property
    def wrong_if_nothing(self) -> float:
        """Share called helps or harms; wrong when the true improvement is 0."""
        return self.share("helps") + self.share("harms")


@dataclass(frozen=True, slots=True)
class Forecast:
    """What this design would say if the drug does nothing, has the smallest effect worth having, or the hoped one."""

    design: TrialDesign
    ups: UpsAndDowns
    question: Question
    seed: int
    nothing: Verdicts
    meaningful: Verdicts
    hoped: Verdicts

    @property
    def weeks(self) -> int:
        """Length of the trial in whole weeks."""
        return -(-self.design.days // 7)

    @property
    def last_day(self) -> datetime.date:
        """The last day of the trial."""
        return self.design.start + datetime.timedelta(days=self.design.days - 1)
