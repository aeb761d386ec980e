"""A pool for programs: one object of plain values, and the prior that one person's answer can take."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from nightdose.errors import CallError
from nightdose.evidence.groups import Mean
from nightdose.knowledge.pooled import condition_codes, outcome_codes
from nightdose.language.catalogue import say
from nightdose.pooling.pool import Moderator, Part, Pool, Together
from nightdose.pooling.words import ENOUGH_ANSWERED, answered_enough, word

SCHEMA = "nightdose.pool/1"
Record = dict[str, Any]


def pool_record(pool: Pool) -> Record:
    """The pool as plain JSON values; effects are improvements, positive = better. null = fewer than ten, or hidden."""
    return {
        "schema": SCHEMA,
        "engine": version("nightdose"),
        "made_of": pool.made_of,
        "answers": pool.answers,
        "registered": pool.registered,
        "withdrawn": pool.withdrawn,
        "waiting": pool.waiting,
        "trials": list(pool.trials),
        "parts": [_part(part) for part in pool.parts],
        "refused": [{"where": each.where, "why": each.why} for each in pool.refused],
    }


def _part(part: Part) -> Record:
    silence, settled = part.silence, part.settled
    return {
        "drug": part.drug,
        "outcome": part.outcome,
        "better": part.better,
        "word": word(part),
        "people": part.people,
        "planned": part.planned,
        "answers": dict(part.counts),
        "common": _together(part.common),
        "points": _together(part.points),
        "unplanned": _mean(part.unplanned),
        "doubted": _mean(part.doubted),
        "without_farthest": _mean(part.without_farthest),
        "between_without_farthest": part.between_without,
        "settled": None
        if settled is None
        else {"e_value": min(settled.value, 1e12), "interval95": list(settled.interval95), "settled": settled.settled},
        "moderators": [_moderator(moderator) for moderator in part.moderators],
        "registration": {
            "registered": silence.registered,
            "answered": silence.answered,
            "mean": _mean(silence.mean),
            "if_silent_had_none": silence.if_silent_had_none,
            "tips_at": silence.tips_at,
        },
    }


def _together(found: Together | None) -> Record | None:
    if found is None:
        return None
    pool = found.pool
    return {
        "unit": found.unit or "point",
        "range": None if found.ends is None else list(found.ends),
        "people": pool.people,
        "meaningful": found.meaningful,
        "mean": {
            "mean": pool.mean,
            "sd": pool.sd,
            "interval95": list(pool.interval95()),
            "better": 1 - pool.below(0.0),
        },
        "between": {"sd": pool.between, "interval95": list(pool.between95)},
        "new_person": {
            "interval95": list(pool.interval95(of_next=True)),
            "better": 1 - pool.below(0.0, of_next=True),
            "meaningfully_better": 1 - pool.below(found.meaningful, of_next=True),
            "meaningfully_worse": pool.below(-found.meaningful, of_next=True),
        },
    }


def _mean(mean: Mean | None) -> Record | None:
    if mean is None:
        return None
    return {"mean": mean.mean, "sd": mean.sd, "interval95": list(mean.interval95), "better": mean.above_zero}


def _moderator(moderator: Moderator) -> Record:
    return {
        "name": moderator.name,
        "groups": [
            {"name": g.name, "people": g.people, "alone": _mean(g.alone), "drawn": _mean(g.drawn)}
            for g in moderator.groups
        ],
        "apart": _mean(moderator.apart),
    }


def evidence_toml(pool: Pool) -> str:
    """The prior of one person's effect from the first part of a pool, as a file that an answer can take.

    Raises CallError where it would be a prior of whoever was glad: unregistered, or too many silent; and where there is
    no own unit or no dose.
    """
    part = pool.parts[0] if pool.parts else None
    if part is None or part.points is None or part.points.ends is None:
        raise CallError(say("A prior needs ten people or more with planned trials on one scale with two ends."))
    if part.dose is None:
        raise CallError(say("A prior needs a dose, and these answers name no amount."))
    if not answered_enough(part.silence):
        raise CallError(
            say(
                "Of {registered} registered trials too few gave a number: a prior needs ten, and four in five, or it "
                "is one of those who were glad.",
                registered=part.silence.registered,
            )
        )
    if part.silence.numbers < ENOUGH_ANSWERED * part.planned:
        raise CallError(say("Too many of these answers were not registered beforehand for a prior."))
    return _toml(part, part.points, part.points.pool.mean * (1 if part.better == "higher" else -1), pool.made_of[:16])


def _toml(part: Part, found: Together, effect: float, made_of: str) -> str:
    assert found.ends is not None, "checked by the caller"
    assert part.dose is not None, "checked by the caller"
    conditions = ", ".join(condition_codes().get(name, name) for name in part.conditions) or "several conditions"
    outcome, low, high = outcome_codes()[part.outcome], *found.ends
    where = f"{part.silence.answered} of {part.silence.registered} registered trials; lines {made_of}"
    passport = f'kind = "derived"\nstatus = "derived"\nsource = "pool"\nwhere = "{where}"\n'
    return (
        f'title = "{part.drug} and {outcome}: {found.pool.people} diaries, pooled"\n'
        f'condition = "{conditions}"\noutcome = "{outcome}, {low:g} to {high:g}"\n'
        f'treatment = "{part.drug}"\nbetter = "{part.better}"\nscale = [{low:g}, {high:g}]\n\n'
        f'[mean]\nvalue = {effect:.4f}\nunit = "point"\n'
        f'spread = {{ family = "normal", sd = {found.pool.sd:.4f} }}\n{passport}\n'
        f'[heterogeneity]\nvalue = {found.pool.between:.4f}\nunit = "point"\n{passport}\n'
        f'[dose]\nvalue = {sum(part.dose) / 2:g}\nunit = "mg"\n{passport}\n'
        f'[references.pool]\nauthor = "whoever sent an answer"\ntitle = "Pool of diaries, lines {made_of}"\n'
    )
