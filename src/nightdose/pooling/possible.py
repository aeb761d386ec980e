"""Can a diary have said that? What no diary can give is refused, whoever signed it."""

from __future__ import annotations

import math

import numpy as np

from nightdose.evidence.profile import GRID, Profile
from nightdose.knowledge.pooled import drug_codes
from nightdose.language.catalogue import say
from nightdose.pooling.contribution import Answered, Asked, Registration
from nightdose.question.kind import RATING

# of the sd that independent days would give: where the model takes slow drift out, a likelihood is narrower than that,
# down to 0.17 for a pure random walk (tests/pooling/test_reading.py)
NARROWEST = 0.1
LARGEST_OWN = 20.0  # own sd: no improvement is larger
FARTHEST_SD = 4.0  # a likelihood may reach beyond the scale; all of it may not
MOMENTS_OFF = 0.15  # sd that the mean of what lies within four sd may be away from the mean of all
# sd of what lies within four sd, of the sd of all: where a cause that competes may have done it the tails are long, and
# real diaries go down to 0.83 (tests/pooling/test_reading.py)
WITHIN = (0.6, 1.15)


def impossible(found: Answered | Registration) -> str:
    """A sentence on what cannot be, "" where everything can."""
    wrong = _impossible_question(found.asked)
    return wrong or (_impossible_answer(found) if isinstance(found, Answered) else "")


def _impossible_question(asked: Asked) -> str:
    if asked.drug not in drug_codes():
        return say("Its medicine is not in the list.")
    if asked.ends is not None and not asked.ends[0] < asked.ends[1]:
        return say("Its range does not go upwards.")
    if asked.ends is None and asked.scale == RATING:
        return say("A rating has two ends, and it names none.")
    return ""


def _impossible_answer(found: Answered) -> str:
    judged = found.answer in ("helps", "harms", "no_meaningful_difference")
    if (judged and found.effect is None) or (found.answer == "cannot_be_known" and found.effect is not None):
        return say("Its answer and its numbers do not fit: one of them is missing.")
    if found.recorded > found.days:
        return say("It has more recorded days than days.")
    planned = found.randomised or found.design == "alternating"
    if (found.ceiling == "moderate" and not planned) or (
        found.ceiling == "high" and not (found.randomised and found.blinding != "open")
    ):
        return say("Its ceiling is higher than its design allows.")
    if found.blinding == "no guesses" and found.guessed is not None:
        return say("It says that nobody guessed, and how often the guesses were right.")
    return "" if found.effect is None else _impossible_effect(found, found.effect)


def _impossible_effect(found: Answered, effect: Profile) -> str:
    if found.design in ("always_on", "never_on"):
        return say("Without days of both kinds there is no difference, and it has one.")
    width = math.inf if found.asked.ends is None else found.asked.ends[1] - found.asked.ends[0]
    if found.own_sd == 0 or found.own_sd > 0.6 * width or abs(effect.mean) - FARTHEST_SD * effect.sd > width:
        return say("Its numbers do not fit on its scale.")
    if abs(effect.mean) - FARTHEST_SD * effect.sd > LARGEST_OWN * found.own_sd:
        return say("Its improvement is larger than days that vary so little can show.")
    if effect.sd < NARROWEST * found.own_sd * 2 / math.sqrt(found.recorded):
        return say("Its likelihood is narrower than {n} days can make it.", n=found.recorded)
    if (found.answer == "helps" and effect.mean <= 0) or (found.answer == "harms" and effect.mean >= 0):
        return say("Its answer and the sign of its number do not fit.")
    if effect.log_likelihood is not None:
        density = np.exp(effect.log_likelihood)
        density /= density.sum()
        middle = float(density @ GRID)
        wide = float(np.sqrt(density @ np.square(GRID - middle)))
        if effect.log_likelihood.max() != 0 or abs(middle) > MOMENTS_OFF or not WITHIN[0] <= wide <= WITHIN[1]:
            return say("Its likelihood is not the one of its mean and sd.")
    return ""
