"""How the days lie in what the other days predict: shares inside, days far out, a weekly rhythm left over."""

from __future__ import annotations

import math

from nightdose.language.catalogue import say, say_count
from nightdose.language.number import FINE, number, percent, whole
from nightdose.report.words.diary import day_words
from nightdose.verdict.analysis import Analysis, DayFit

MOST_FAR_OUT = 6  # named, the rest counted


def day_fit_words(analysis: Analysis) -> list[str]:
    """Paragraphs, the first one always; none where no fit was made."""
    fit = analysis.day_fit
    if fit is None:
        return []
    said = [
        say(
            "Each of the {n} recorded days was predicted from all the others: {half} lie in the middle half of their "
            "prediction, {most} in the middle nine tenths.",
            n=whole(fit.days),
            half=percent(fit.inside50),
            most=percent(fit.inside90),
        )
    ]
    if fit.loose:
        said.append(_loose(fit))
    if fit.far_out:
        named = ", ".join(day_words(analysis.diary, day) for day in fit.far_out[:MOST_FAR_OUT])
        more = len(fit.far_out) - MOST_FAR_OUT
        if more > 0:
            named = say_count("{named} and {n} more", "{named} and {n} more", more, named=named)
        said.append(
            say(
                "Far from what was predicted (less than 1 chance in 2,000): {named}. A slip of the pen? Correct it if "
                "it is one; a true day stays.",
                named=named,
            )
        )
    if math.isfinite(fit.week) and abs(fit.week) > 3 / fit.days**0.5:
        said.append(
            say(
                "Days a week apart are alike in what was not predicted (correlation {r}): a weekly rhythm may be left "
                "over. Ask with the day of the week taken into account.",
                r=number(fit.week, FINE),
            )
        )
    return said


def _loose(fit: DayFit) -> str:
    if fit.inside90 > 0.9:
        return say(
            "That is more than chance allows: the model's picture of these ups and downs is too wide, and the answer "
            "may be more careful than it should be."
        )
    return say(
        "That is fewer than chance allows: the model's picture of these ups and downs is too narrow, and the answer "
        "may be surer than it should be."
    )
