"""Ordinary causes in words: what would explain the change as well as the medicine, and what is taken into account."""

from __future__ import annotations

from nightdose.diary.records import Diary
from nightdose.fit.causes import Cause
from nightdose.language.catalogue import say
from nightdose.language.number import days, percent
from nightdose.question.reason import Reason


def reasons(diary: Diary, causes: tuple[Cause, ...]) -> tuple[Reason, ...]:
    """One for each cause that would explain the change as well, then one for each that is in the model."""
    instead = [_reason("cause_explains_as_well", diary, c, as_well(diary, c)) for c in causes if c.as_well]
    inside = [_reason("cause_taken_into_account", diary, c, taken_into_account(diary, c)) for c in causes if c.adopted]
    return (*instead, *inside)


def sentence(diary: Diary, cause: Cause) -> str:
    """The cause with how likely it is, and what follows from it."""
    likely = say("{cause}: probability {p}.", cause=name(diary, cause), p=percent(cause.share))
    further = (
        as_well(diary, cause) if cause.as_well else "",
        taken_into_account(diary, cause) if cause.adopted else "",
    )
    return " ".join(part for part in (likely, *further) if part)


def name(diary: Diary, cause: Cause) -> str:
    """The cause by itself, with the day, period or time constant of its likeliest form."""
    return {
        "weekday": say("Days of the week that differ"),
        "cycle": say("A rhythm, likeliest of about {days}", days=_days(cause.at)),
        "jump": say("A lasting change of life, likeliest around {day}", day=_day(diary, cause.at)),
        "practice": say(
            "Getting used to the scale or recovering from a bad start, within about {days}", days=_days(cause.at)
        ),
        "season": say("The season"),
    }[cause.family]


def as_well(diary: Diary, cause: Cause) -> str:
    """That this would have done the same without the medicine."""
    at = cause.at if cause.instead is None else cause.instead
    return {
        "weekday": say("Days of the week that differ would explain this as well."),
        "cycle": say("A rhythm of about {days} would explain this as well.", days=_days(at)),
        "jump": say("A change of life around {day} would explain this as well.", day=_day(diary, at)),
        "practice": say(
            "Getting used to the scale, or recovering by itself from a bad start, would explain this as well."
        ),
        "season": say("The season would explain this as well."),
    }[cause.family]


def taken_into_account(diary: Diary, cause: Cause) -> str:
    """That the diary shows this by itself, whatever the medicine does."""
    return {
        "weekday": say("Days of the week differ in this diary. That is taken into account."),
        "cycle": say("A rhythm of about {days} shows in this diary. That is taken into account.", days=_days(cause.at)),
        "jump": say(
            "Around {day} something changed and stayed so. That is taken into account.", day=_day(diary, cause.at)
        ),
        "practice": say(
            "In the first {days} or so it changed by itself, as when one gets used to a scale or recovers. That is "
            "taken into account.",
            days=_days(cause.at),
        ),
        "season": say("The season shows in this diary. That is taken into account."),
    }[cause.family]


def at(diary: Diary, cause: Cause) -> float | str:
    """Period or time constant in days; the day itself of a lasting change."""
    return _day(diary, cause.at) if cause.family == "jump" else cause.at


def _reason(code: str, diary: Diary, cause: Cause, words: str) -> Reason:
    return Reason(code, words, {"cause": cause.family, "share": cause.share, "at": at(diary, cause)})


def _day(diary: Diary, at: float) -> str:
    return diary.day_label(round(at))


def _days(at: float) -> str:
    return days(round(at))
