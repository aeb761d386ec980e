"""Ordinary causes against the medicine: which compete, how likely each is, and what the effect is beside them.

A family of causes (weekday, cycle, jump, practice, season) is in the diary with its prior odds times its evidence over
that of the fit without it, averaged over its candidates. One that is likelier than not gets columns of its own in a new
fit (`adopted`); of the others the effect beside them is mixed in by their shares. A family explains a change as well
where one of its members without the medicine is about as good as the medicine without it, and the medicine adds next to
nothing to it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from nightdose.arrays import Bools, Floats, Integers
from nightdose.fit import ordinary
from nightdose.fit.contrast import Contrast
from nightdose.inference.causes import MOST_HELD, Candidate, Screen, log_mean
from nightdose.inference.diagnostics import systematic
from nightdose.inference.posterior import Posterior
from nightdose.knowledge.load import parameters
from nightdose.statistics import log_sum_exp

LIKELIER = 0.5  # share from which a cause gets columns of its own
UNCLEAR = 0.3, 0.8  # share of the likeliest cause between which the usual points are too few
MORE_POINTS = 96  # four times the usual
WORTH_MIXING = 0.01  # least share of a family whose effect is mixed in
WORTH_ANOTHER_LOOK = 1e-5  # share of one member from which it is looked for again under other priors
FAR_BEHIND = 8.0  # log evidence behind its family's likeliest from which a member is left out after a glance
WORTH_A_FIT = 0.005  # odds of what explains the change as well from which it is fitted, whatever its share
MIXED = 48  # components that stand for one family
AS_WELL = -1.0  # log evidence of a cause alone, relative to the medicine alone, from which it explains about as well
EXPLAINED = -2.0  # log evidence without the medicine below which there is something to explain
ADDED = 1.0  # log evidence that the medicine adds to a cause up to which it has nothing left to explain


@dataclass(frozen=True, slots=True)
class Cause:
    """One family of ordinary causes, as the diary has it.

    at : period in days, index of the day, or time constant in days of its likeliest member. share : posterior
    probability that it is in this diary. adopted : it has columns of its own. instead : the same as `at` of the member
    that would explain the change about as well as the medicine does, in its place; None = none would. members : `at` of
    those that the diary has not all but excluded; of jumps, whose days cost nothing, none are named.
    """

    family: str
    at: float
    share: float
    adopted: bool = False
    instead: float | None = None
    members: frozenset[float] = frozenset()

    @property
    def as_well(self) -> bool:
        return self.instead is not None


@dataclass(frozen=True, slots=True)
class Shapes:
    """What may compete in one diary: candidates, the steps, and each family's prior odds."""

    candidates: tuple[Candidate, ...]
    days: int
    odds: Mapping[str, float]
    jump_sd: float

    def without(self, families: Collection[str]) -> Shapes:
        """The same without families that are in the model already."""
        return Shapes(
            tuple(c for c in self.candidates if c.family not in families),
            self.days,
            {name: odds for name, odds in self.odds.items() if name not in families},
            self.jump_sd,
        )

    def among(self, causes: Collection[Cause]) -> Shapes:
        """The same with the members alone that these causes name: of 170 cycles in ten years few are likely."""
        named = {(cause.family, at) for cause in causes for at in cause.members}
        return replace(self, candidates=tuple(c for c in self.candidates if (c.family, c.at) in named))


def shapes_of(days: int, first_day: int, scale: float, turns: Floats | None, given: Collection[str]) -> Shapes:
    """The competitors of a diary of so many days.

    scale : prior sds in sd of the latent scale; turns : (days,) how many cycles had passed, where the diary says;
    given : families that the question has in the model already.
    """
    found = _usual(days, first_day % ordinary.WEEK_D, scale)
    if turns is not None:  # whoever writes it down has one
        written = ordinary.written_cycle(turns, scale * parameters("ordinary_causes")["cycle_sd"].value)
        others = tuple(c for c in found.candidates if c.family != "cycle")
        found = replace(found, candidates=(*others, written), odds={**found.odds, "cycle": 1.0})
    return found.without(given)


@lru_cache(maxsize=2)  # a certificate asks for the same ones a thousand times
def _usual(days: int, first_day: int, scale: float) -> Shapes:
    """Where nothing was written down; first_day : as a day of the week."""
    prior = parameters("ordinary_causes")
    sd = {name: scale * prior[f"{name}_sd"].value for name in ("weekday", "cycle", "practice", "season", "jump")}
    candidates = (
        ordinary.weekday(days, first_day, sd["weekday"]),
        *ordinary.cycles(days, sd["cycle"]),
        *ordinary.practice(days, sd["practice"]),
        *ordinary.season(days, sd["season"]),
    )
    share = {name: prior[f"{name}_share"].value for name in ("weekday", "cycle", "practice", "season")}
    # one at a time is looked for: a longer diary is not sure beforehand to have the one that matters
    share["jump"] = 1 - np.exp(-prior["jump_rate"].value * min(days / ordinary.YEAR_D, 1.0))
    there = {c.family for c in candidates} | {"jump"}
    odds = {name: p / (1 - p) for name, p in share.items() if name in there}
    return Shapes(candidates, days, odds, sd["jump"])


NO_CAUSE = Shapes((), 0, {}, 0.0)
NOBODY: Integers = np.zeros(0, dtype=np.int64)


def compete(posterior: Posterior, shapes: Shapes, treatment: Sequence[str]) -> Competition:
    """The competition beside a fit, at more of its points where the usual few leave it unclear.

    treatment : as in `Competition`.
    """
    found = Competition(posterior, shapes, treatment)
    return Competition(posterior, shapes, treatment, MORE_POINTS) if found.unclear else found


class Competition:
    """The ordinary causes beside one fit; treatment : names of its columns, points : as `Screen` has it."""

    def __init__(
        self, posterior: Posterior, shapes: Shapes, treatment: Sequence[str], points: int | None = None
    ) -> None:
        self._posterior, self._shapes, self._treatment, self._points = posterior, shapes, tuple(treatment), points
        self._left: frozenset[str] = frozenset()

    def leaving(self, families: Collection[str]) -> Competition:
        """The same without families that compete elsewhere."""
        if not families:
            return self
        out = Competition(self._posterior, self._shapes, self._treatment)
        out._screen, out._left = self._screen, self._left | frozenset(families)
        return out

    @cached_property
    def _screen(self) -> Screen:
        shapes = self._shapes
        steps = ordinary.jumps(shapes.days if "jump" in shapes.odds else 0, shapes.jump_sd)
        return Screen(self._posterior, self._in_reach(), steps, self._treatment, self._points)

    @property
    def unclear(self) -> bool:
        """Another point or two might change which cause gets columns of its own, or how much of one is mixed in."""
        return UNCLEAR[0] < max(self.share.values(), default=0.0) < UNCLEAR[1]

    def _in_reach(self) -> tuple[Candidate, ...]:
        """All candidates; of a long diary, which can tell many periods apart, those that a glance at one point of the
        posterior leaves in reach.
        """
        shapes = self._shapes
        if shapes.days * sum(c.width for c in shapes.candidates) <= MOST_HELD:
            return shapes.candidates
        none = ordinary.jumps(0, shapes.jump_sd)
        glance = Screen(self._posterior, shapes.candidates, none, self._treatment, points=1)
        ratio = log_mean(glance.log_ratio) + np.log(glance.shares)
        best: dict[str, float] = {}
        for c, own in zip(shapes.candidates, ratio.tolist(), strict=True):
            best[c.family] = max(own, best.get(c.family, own))
        pairs = zip(shapes.candidates, ratio.tolist(), strict=True)
        return tuple(c for c, own in pairs if own > best[c.family] - FAR_BEHIND)

    def _numbers(self, family: str, among: Bools | None = None) -> Integers:
        """Numbers of its members; among : (C,) only of these."""
        members = self._screen.members.get(family, NOBODY)
        return members if among is None else members[among[members]]

    @cached_property
    def _log_share(self) -> Floats:
        return np.log(self._screen.shares)

    @cached_property
    def _ratio(self) -> Floats:
        """(C,) log evidence of each member times its share, relative to that of the fit without."""
        return log_mean(self._screen.log_ratio) + self._log_share

    @cached_property
    def log_odds(self) -> Mapping[str, float]:
        """Posterior log odds of each family against the fit without it."""
        out = {}
        for family, odds in self._shapes.odds.items():
            members = self._numbers(family)
            if len(members) and family not in self._left:
                out[family] = float(log_sum_exp(self._ratio[members]) + np.log(odds))
        return out

    @cached_property
    def share(self) -> Mapping[str, float]:
        """Posterior probability of each family where at most one is in the diary."""
        top = max(0.0, max(self.log_odds.values(), default=0.0))
        odds = {family: float(np.exp(log - top)) for family, log in self.log_odds.items()}
        total = float(np.exp(-top)) + sum(odds.values())
        return {family: value / total for family, value in odds.items()}

    @property
    def nothing(self) -> float:
        """Share that is left for the fit as it is."""
        return max(0.0, 1.0 - sum(self.share.values()))

    def likeliest(self, family: str) -> int:
        """Number of the family's likeliest member."""
        members = self._numbers(family)
        return int(members[self._ratio[members].argmax()])

    def columns(self, family: str) -> tuple[Candidate, float]:
        """Its likeliest member, and log [evidence of the family / evidence of that member], prior odds included."""
        best = self.likeliest(family)
        own = float(self._ratio[best] - self._log_share[best])
        return self._screen.candidate(best), self.log_odds[family] - own

    def stand_ins(self) -> Mapping[str, tuple[Candidate, float]]:
        """family -> its likeliest member of those that explain the change as well as the medicine, and log [evidence of
        all of those / its own], prior odds included.

        Beside them the medicine keeps little, and how likely they are depends on hyper-parameters that the fit without
        them hardly visits: each is worth a fit of its own.
        """
        out = {}
        for family, odds in self._shapes.odds.items():
            members = self._numbers(family, self._as_well)
            if not len(members):
                continue
            log_odds = float(log_sum_exp(self._ratio[members]) + np.log(odds))
            if log_odds > np.log(WORTH_A_FIT):
                best = int(members[np.argmax(self._ratio[members])])
                own = float(self._ratio[best] - self._log_share[best])
                out[family] = self._screen.candidate(best), log_odds - own
        return out

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """Every family, likeliest first."""
        found = []
        for family, share in self.share.items():
            instead = self._numbers(family, self._as_well)
            best = int(instead[np.argmax(self._alone[instead])]) if len(instead) else None
            found.append(
                Cause(
                    family,
                    self._screen.candidate(self.likeliest(family)).at,
                    share,
                    instead=None if best is None else self._screen.candidate(best).at,
                    members=self._another_look(family),
                )
            )
        return tuple(sorted(found, key=lambda cause: -cause.share))

    def _another_look(self, family: str) -> frozenset[float]:
        """`at` of its candidates whose own posterior probability is worth another look."""
        least = self._least_worth_another_look - math.log(self._shapes.odds[family])
        likely = self._numbers(family, self._ratio >= least).tolist()
        return frozenset(self._screen.candidates[i].at for i in likely if i < len(self._screen.candidates))

    @cached_property
    def _least_worth_another_look(self) -> float:
        """What the log evidence of a member times its share and odds has to be for it."""
        return math.log(WORTH_ANOTHER_LOOK) + float(log_sum_exp(np.array([0.0, *self.log_odds.values()])))

    @cached_property
    def _alone(self) -> Floats:
        """(C,) log evidence of each member without the treatment, relative to the treatment without a member."""
        return log_mean(self._screen.alone)

    @cached_property
    def _as_well(self) -> Bools:
        """(C,) which members explain the change about as well as the treatment, and in its place."""
        if float(log_mean(self._screen.nothing[:, None])[0]) > EXPLAINED:
            return np.zeros(len(self._log_share), dtype=bool)
        added = log_mean(self._screen.log_ratio) - self._alone
        return np.asarray((self._alone >= AS_WELL) & (added <= ADDED))

    def mixed_in(self, contrast: Contrast, first: int, unit: float, settled: Floats | None = None) -> Contrast:
        """The contrast with that beside each family that is worth it mixed in, its components last.

        first : number of this fit's first point in the contrast. settled : (K,) mean exposure had every dose settled,
        None = the one reached. A component bends as the point that it comes from.
        """
        worth = self._worth
        if not worth:
            return contrast
        point, mean, sd = self._effect_beside(settled)
        weights = np.repeat([self.share[family] / MIXED for family in worth], MIXED)
        at = np.concatenate([np.arange(len(contrast.weights)), first + self._screen.at[point]])
        return Contrast(
            np.concatenate([(1 - np.sum(weights)) * contrast.weights / np.sum(contrast.weights), weights]),
            np.concatenate([contrast.line, unit * np.stack([mean, sd], axis=1)]),
            None if contrast.bend is None else contrast.bend[at],
            None if contrast.rest is None else contrast.rest[at],
            at,
        )

    @cached_property
    def _worth(self) -> tuple[str, ...]:
        return tuple(family for family, share in self.share.items() if share >= WORTH_MIXING)

    @cached_property
    def _drawn(self) -> tuple[Integers, Floats, Floats]:
        """(M,) points, (M, T) means and (M, T, T) covariances of the treatment's coefficients beside what is worth it.

        MIXED pairs of a point and a member of each family, a systematic resample of the family's posterior.
        """
        points, which = [], []
        for family in self._worth:
            members = self._numbers(family)
            log_weight = self._screen.log_ratio[:, members] + self._log_share[members]
            flat = np.exp(log_weight - np.max(log_weight)).ravel()
            point, member = np.divmod(systematic(flat / np.sum(flat), MIXED), len(members))
            points.append(point)
            which.append(members[member])
        point = np.concatenate(points)
        return point, *self._screen.beside(point, np.concatenate(which))

    def _effect_beside(self, settled: Floats | None) -> tuple[Integers, Floats, Floats]:
        """(M,) points, means and sds of the effect beside what is worth it, on the latent scale.

        The points are few: what they get wrong of the effect without any cause, in mean and sd, is taken out again.
        """
        p, at = self._posterior, self._screen.at
        ks = [p.coefficient(name) for name in self._treatment]
        reached = p.exposure[:, [k - len(p.series.fixed_names) for k in ks]]
        share = reached if settled is None else np.broadcast_to(settled, reached.shape)
        mean, var = _along(share, p.mean[:, ks], p.cov[:, ks][:, :, ks])
        middle, spread = _moments(p.weights, mean, var)
        here, spread_here = _moments(np.full(len(at), 1 / len(at)), mean[at], var[at])
        point, coefficients, cov = self._drawn
        moved, moved_var = _along(share[at[point]], coefficients, cov)
        wider = spread / spread_here if spread_here > 0 else 1.0
        return point, middle + (moved - here) * wider, np.sqrt(moved_var) * wider


def _along(share: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """(M,) mean and variance of share' b; share, mean : (M, T), cov : (M, T, T)."""
    return np.sum(share * mean, axis=1), np.einsum("mt,mtu,mu->m", share, cov, share)


def _moments(weights: Floats, mean: Floats, var: Floats) -> tuple[float, float]:
    """Mean and sd of a mixture of normals."""
    middle = float(weights @ mean)
    return middle, float(np.sqrt(weights @ (np.square(mean - middle) + var)))
