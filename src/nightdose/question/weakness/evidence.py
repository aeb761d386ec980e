"""What the check-list looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nightdose.arrays import Bools, Floats
from nightdose.diary.records import Diary
from nightdose.question.design import Design
from nightdose.question.instead import Instead
from nightdose.question.plan import Planned
from nightdose.question.question import Question
from nightdose.question.runs import Run


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the check-list looks at; exposures at the prior median of the onset.

    planned : the plan that was found, or why there is none; runs : settled runs on and off.
    dose, known : (days,) as taken and whether it is known or safely assumed; exposure : (days,) of the treatment.
    co_doses : name -> (days,) dose of every other medicine in the diary, without unknowns.
    usable : (days,) days whose outcome enters the fit; in_turns : (days,) days that can compare the treatment with
    another medicine, all where it is compared with none; instead : the other medicine that was taken on days without
    rather than with it, None where there is no other; onset_d : prior median of the onset, days.
    """

    diary: Diary
    question: Question
    planned: Planned
    runs: tuple[Run, ...]
    design: Design
    outcome: Floats
    dose: Floats
    known: Bools
    exposure: Floats
    co_doses: Mapping[str, Floats]
    co_exposures: Mapping[str, Floats]
    usable: Bools
    in_turns: Bools
    instead: Instead | None
    onset_d: float
