"""Answers of many people as one: the mean, how far people differ, what a new person may expect, who stayed silent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nightdose.errors import CallError
from nightdose.evidence.anytime import Anytime, anytime
from nightdose.evidence.groups import Group, Mean, difference, discounted, groups
from nightdose.evidence.people import PeoplePool, people_pool
from nightdose.evidence.profile import Profile
from nightdose.knowledge.pooled import Band, doubt
from nightdose.language.catalogue import say
from nightdose.pooling.cells import FEWEST, cells, published
from nightdose.pooling.contribution import ANSWERS, PLANNED, Answered
from nightdose.pooling.reading import Inbox, Refused
from nightdose.question.kind import FREE_STEPS
from nightdose.statistics import Z95

BETWEEN = 0.5  # scale of the half-normal prior of the sd between people, in sd of a person's own days
MOST_REASONS = 3  # why lines do not count, where none does
GROUPS_APART = 0.25  # likewise between conditions, doses ...
BET = 0.5  # sd of the means that the bet of `anytime` is placed on, likewise


@dataclass(frozen=True, slots=True)
class Sent:
    """One person's answer in a part; registered : by the same key, for this outcome, before."""

    key: str
    answer: Answered
    registered: bool

    @property
    def common(self) -> Profile:
        """The likelihood in sd of the person's own days; only asked of answers with numbers."""
        found = self.answer.common
        assert found is not None, "an answer without numbers is in no pool"
        return found


@dataclass(frozen=True, slots=True)
class Together:
    """Answers pooled on one scale. unit : "sd" of a person's own days, or "" = the outcome's own, with its ends.

    meaningful : the middle of what these people called worth having.
    """

    unit: str
    ends: Band | None
    pool: PeoplePool
    meaningful: float


@dataclass(frozen=True, slots=True)
class Moderator:
    """People in groups by one thing that differs between them. apart : first minus second where there are two."""

    name: str
    groups: tuple[Group, ...]
    apart: Mean | None


@dataclass(frozen=True, slots=True)
class Silence:
    """Trials registered for this question and how many of them have an answer.

    answered : with or without a number; numbers : with one, in a planned trial. mean : of those, None below ten.
    """

    registered: int
    answered: int
    numbers: int
    mean: Mean | None

    @property
    def share(self) -> float:
        """Trials that gave a number of trials registered: an answer without one says as little of the mean as none."""
        return self.numbers / self.registered if self.registered else 0.0

    @property
    def if_silent_had_none(self) -> float | None:
        """The mean over all registered people had those without a number had no effect at all."""
        return None if self.mean is None or self._tells_of_few else self.mean.mean * self.share

    @property
    def tips_at(self) -> float | None:
        """The mean effect of those without a number at which the mean over all registered people is 0."""
        silent = self.registered - self.numbers
        return (
            None if self.mean is None or not silent or self._tells_of_few else -self.mean.mean * self.numbers / silent
        )

    @property
    def _tells_of_few(self) -> bool:
        """Would it give away how many answered without a number, where they are fewer than ten?"""
        return 0 < self.answered - self.numbers < FEWEST


@dataclass(frozen=True, slots=True)
class Part:
    """Everything of one medicine and one outcome.

    people : who answered; counts : answers in words -> people, None = fewer than ten or hidden. planned : people whose
    trial was planned (ceiling moderate or high) and gives a number, unknowing of them did not know what they took
    (blinded, and guessed no better than chance); common : their pool, None below ten; points :
    the same in the outcome's own unit, of those on the commonest scale. unplanned : mean of the others.
    without_farthest : mean without the one planned person farthest from it; between_without : how far the others
    differ. doubted : all, each ceiling with its own doubt. settled : of the planned ones. rows : (low, middle, high)
    of each planned person.
    """

    drug: str
    outcome: str
    better: str
    people: int
    counts: Mapping[str, int | None]
    planned: int
    unknowing: int
    common: Together | None
    points: Together | None
    unplanned: Mean | None
    doubted: Mean | None
    settled: Anytime | None
    moderators: tuple[Moderator, ...]
    silence: Silence
    dose: Band | None
    conditions: tuple[str, ...]
    without_farthest: Mean | None
    between_without: float | None
    rows: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """All parts with ten people or more, most people first. waiting : people in smaller ones; made_of : hash of the
    lines that count. trials : names of all registered ones, to be published. ordered : an earlier pool has shown which
    were registered before.
    """

    parts: tuple[Part, ...]
    waiting: int
    answers: int
    registered: int
    withdrawn: int
    refused: tuple[Refused, ...]
    made_of: str
    trials: tuple[str, ...]
    ordered: bool


def pool(
    inbox: Inbox,
    *,
    drug: str = "",
    outcome: str = "",
    condition: str = "",
    before: Collection[str] | None = None,
) -> Pool:
    """The pool of what was received; drug, outcome, condition : only these, "" = all.

    before : trials whose registration an earlier pool has published; the others do not count as registered, because a
    line has no date and could be made after the answer. None = nobody can tell.
    The same lines give the same pool, whatever the names and order of files. Raises CallError where nothing is left.
    """

    def wanted(found: Answered) -> bool:
        about = found.asked
        return drug in ("", about.drug) and outcome in ("", about.outcome) and condition in ("", about.condition)

    counted = inbox
    if before is not None:
        early = {(key, trial): found for (key, trial), found in inbox.registered.items() if trial in before}
        counted = replace(inbox, registered=early)
    sent = [Sent(key, answer, counted.is_registered(key, answer)) for key, answer in inbox.answers if wanted(answer)]
    if not sent:
        raise CallError(_nothing(inbox))
    by: dict[tuple[str, str, str], list[Sent]] = {}
    for each in sent:
        asked = each.answer.asked
        by.setdefault((asked.drug, asked.outcome, asked.better), []).append(each)
    persons = {name: _one_each(group) for name, group in by.items()}
    kept = sorted((n for n in persons if len(persons[n]) >= FEWEST), key=lambda n: (-len(persons[n]), n))
    return Pool(
        tuple(_part(name, persons[name], counted, condition) for name in kept),
        sum(len(group) for name, group in persons.items() if name not in kept),
        len(sent),
        len(inbox.registered),
        inbox.withdrawn,
        inbox.refused,
        hashlib.sha256("\n".join([f"{s.key} {s.answer!r}" for s in sent]).encode()).hexdigest(),
        tuple(sorted({trial for _, trial in inbox.registered})),
        before is not None,
    )


def _one_each(group: Sequence[Sent]) -> tuple[Sent, ...]:
    """One answer a person: registered before not, with a number before without, then the most precise.

    The choice never looks at what was found.
    """

    def order(each: Sent) -> tuple[bool, bool, float]:
        effect = each.answer.common
        return not each.registered, effect is None, 0.0 if effect is None else effect.sd

    best: dict[str, Sent] = {}
    for each in sorted(group, key=order):
        best.setdefault(each.key, each)
    return tuple(sorted(best.values(), key=lambda each: each.key))


def _nothing(inbox: Inbox) -> str:
    """Why there is no pool: no answer is about what was asked, or the first reasons why none counts."""
    if inbox.answers or not inbox.refused:
        return say("No answer that counts is about that.")
    why = " ".join(f"{each.where}: {each.why}" for each in inbox.refused[:MOST_REASONS])
    more = len(inbox.refused) - MOST_REASONS
    return say("No answer counts. {why}", why=why) + (say(" And {n} more.", n=more) if more > 0 else "")


def _part(name: tuple[str, str, str], people: Sequence[Sent], inbox: Inbox, condition: str) -> Part:
    drug, outcome, better = name
    numbers = [each for each in people if each.answer.effect is not None and each.answer.own_sd > 0]
    planned = [each for each in numbers if each.answer.ceiling in PLANNED]
    others = [each for each in numbers if each.answer.ceiling not in PLANNED]
    enough = len(planned) >= FEWEST
    counted = Counter(each.answer.answer for each in people)
    profiles = [each.common for each in planned]
    others_near = _without_farthest(profiles) if len(profiles) > FEWEST else []
    return Part(
        drug=drug,
        outcome=outcome,
        better=better,
        people=len(people),
        counts={str(a): n for a, n in published({a: counted[a] for a in ANSWERS}).items()},
        planned=len(planned),
        unknowing=sum(each.answer.blinding == "kept" for each in planned),
        common=_together(planned, "sd", None) if enough else None,
        points=_points(planned) if enough else None,
        unplanned=_alone(others),
        doubted=_doubted(numbers),
        settled=anytime(profiles, BETWEEN, BET) if enough else None,
        moderators=_moderators(planned) if enough else (),
        silence=_silence(name, planned, people, inbox, condition),
        dose=_usual_dose(planned) if enough else None,
        conditions=tuple(cells(planned, lambda each: each.answer.asked.condition)) or _only_condition(planned),
        without_farthest=groups({"all": others_near}, BETWEEN, GROUPS_APART)[0].alone if others_near else None,
        between_without=people_pool(others_near, BETWEEN).between if others_near else None,
        rows=_rows(profiles) if enough else (),
    )


def _together(people: Sequence[Sent], unit: str, ends: Band | None) -> Together:
    scales = [each.answer.own_sd if unit == "sd" else 1.0 for each in people]
    profiles = [each.answer.effect.scaled(1 / s) for each, s in zip(people, scales, strict=True) if each.answer.effect]
    own = float(np.median([each.answer.own_sd for each in people]))
    worth = float(np.median([each.answer.meaningful / s for each, s in zip(people, scales, strict=True)]))
    return Together(unit, ends, people_pool(profiles, BETWEEN * (1.0 if unit == "sd" else own)), worth)


def _points(people: Sequence[Sent]) -> Together | None:
    """Those on the commonest scale with ends, in its own unit; None below ten."""
    scales = Counter(each.answer.asked.ends for each in people if each.answer.asked.ends is not None)
    if not scales:
        return None
    ends = min(scales, key=lambda e: (-scales[e], e))
    chosen = [each for each in people if each.answer.asked.ends == ends and each.answer.asked.scale != FREE_STEPS]
    return _together(chosen, "", ends) if len(chosen) >= FEWEST else None


def _alone(people: Sequence[Sent]) -> Mean | None:
    if len(people) < FEWEST:
        return None
    return groups({"all": [each.common for each in people]}, BETWEEN, GROUPS_APART)[0].alone


def _doubted(people: Sequence[Sent]) -> Mean | None:
    """All answers, each ceiling with its own doubt; None unless two ceilings have ten people each."""
    by = cells(people, lambda each: each.answer.ceiling)
    if not by or any(name not in doubt() for name in by):
        return None
    return discounted({name: [each.common for each in group] for name, group in by.items()}, doubt(), BETWEEN)


def _band_words(band: Band | None) -> str:
    return "" if band is None else f"{band[0]:g}-{band[1]:g}"


MODERATORS: Mapping[str, Callable[[Sent], str]] = {
    "condition": lambda each: each.answer.asked.condition,
    "dose": lambda each: _band_words(each.answer.dose),
    "blinding": lambda each: each.answer.blinding,
    "ceiling": lambda each: each.answer.ceiling,
    "registered": lambda each: "registered" if each.registered else "not registered",
    "engine": lambda each: each.answer.engine,
}


def _moderators(people: Sequence[Sent]) -> tuple[Moderator, ...]:
    out = []
    for name, label in MODERATORS.items():
        by = {group: [each.common for each in found] for group, found in cells(people, label).items()}
        if by:
            first, second, *more = by.values()
            apart = None if more else difference(first, second, BETWEEN)
            out.append(Moderator(name, groups(by, BETWEEN, GROUPS_APART), apart))
    return tuple(out)


def _silence(
    name: tuple[str, str, str], planned: Sequence[Sent], people: Sequence[Sent], inbox: Inbox, condition: str
) -> Silence:
    asked = [found.asked for found in inbox.registered.values()]
    meant = [a for a in asked if (a.drug, a.outcome, a.better) == name and condition in ("", a.condition)]
    return Silence(
        len(meant),
        sum(each.registered for each in people),
        sum(each.registered for each in planned),
        _alone([each for each in planned if each.registered]),
    )


def _usual_dose(people: Sequence[Sent]) -> Band | None:
    found = Counter(each.answer.dose for each in people if each.answer.dose is not None)
    return min(found, key=lambda band: (-found[band], band)) if found else None


def _only_condition(people: Sequence[Sent]) -> tuple[str, ...]:
    """The condition that all share, where ten and all of them do."""
    found = {each.answer.asked.condition for each in people}
    return tuple(found) if len(found) == 1 and len(people) >= FEWEST else ()


def _without_farthest(profiles: Sequence[Profile]) -> list[Profile]:
    """All but the one person who lies farthest from the middle: does the answer hang on a single file?"""
    middle = float(np.median([p.mean for p in profiles]))
    return sorted(profiles, key=lambda p: abs(p.mean - middle))[:-1]


def _rows(profiles: Sequence[Profile]) -> tuple[tuple[float, float, float], ...]:
    """(low, middle, high) of each, 95 % by a normal likelihood, best last."""
    rows = [(p.mean - Z95 * p.sd, p.mean, p.mean + Z95 * p.sd) for p in profiles]
    return tuple(sorted(rows, key=lambda row: row[1]))
