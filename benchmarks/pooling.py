"""Do answers alone give what all diaries together would? How far does selection fool a pool, and who can see it?

    python -m benchmarks.pooling [agreement|coverage|selection|looks|real] [--n 100]

agreement : communities of simulated diaries, pooled from likelihoods and by the hierarchical model of all their days.
coverage  : bias and coverage over many communities, at the level of answers. selection : the drug does nothing, and who
is glad sends more often. looks : ever called settled while answers come in. real : other people's counts, and diaries
of a taper, each pooled from likelihoods and from the days themselves. Prints rows of docs/pooling.md.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.evidence.anytime import anytime
from nightdose.evidence.people import PeoplePool, people_pool, tau_nodes
from nightdose.evidence.profile import Profile, profile_of
from nightdose.fit.likelihood import likelihood_of
from nightdose.inference import reprior
from nightdose.inference.reprior import NormalPrior, PriorChange, under
from nightdose.pooling.contribution import Answered, Asked, Registration
from nightdose.pooling.pool import BET, BETWEEN, pool
from nightdose.pooling.reading import Inbox
from nightdose.pooling.words import word
from nightdose.question.question import Question
from nightdose.statistics import spells, wilson
from nightdose.verdict.analysis import Analysis

DATA = Path(__file__).parents[2] / "shared" / "data"
PAIN = Asked("naltrexone", "fibromyalgia", "pain", "rating", (0.0, 10.0), "lower")
ANSWER = Answered(
    PAIN, "", "not_yet_known", "moderate", Profile(0.0, 1.0), 1.0, 1.0, "randomised_blocks", True, "open", None,
    (4.0, 5.0), 168, 168, None, None, None, None, "0",
)  # fmt: skip


# -- answers alone against all days ---------------------------------------------------------------------------------


def blocks(improvement: float, days: int, rng: np.random.Generator) -> tuple[Diary, Question]:
    """Pairs of 14-day blocks in a drawn order; spells of sd 0.8 and noise of sd 0.6: own days have an sd of 1."""
    lots = rng.integers(0, 2, days // 28 + 1)
    on = np.array([((day // 14) + lots[day // 28]) % 2 for day in range(days)])
    pain = 5 + spells(0.8, 0.4, days, rng) + 0.6 * rng.standard_normal(days) - improvement * on
    pain[rng.random(days) < 0.1] = np.nan
    question = Question("pain", "naltrexone", randomised="blocks", onset="same-day")
    return Diary("made", 738000, True, {"pain": pain, "naltrexone_mg": 4.5 * on}, days), question


def of_all_days(found: Sequence[Analysis], mu: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """(T, M) log p(all days of all people | mu, tau): every person's whole model with N(mu, tau^2) as the prior.

    mu, tau : improvements in the outcome's unit. One column for the treatment, one dose: a person's effect is its
    coefficient.
    """
    reprior.ENOUGH_POINTS = 0.0  # the same points throughout: no new fit on the way
    out = np.zeros((len(tau), len(mu)))
    for analysis in found:
        assert analysis.fitted is not None
        part = analysis.fitted.leading
        unit = analysis.question.direction * analysis.fitted.observation.unit
        for i, j in np.ndindex(out.shape):
            prior = NormalPrior(part.form.names[0], float(mu[j]) / unit, float(tau[i]) / abs(unit))
            out[i, j] += under(part.posterior, PriorChange(coefficients=(prior,))).log_evidence
    return out


def moments(log_p: np.ndarray, mu: np.ndarray, tau: np.ndarray) -> tuple[float, float, float]:
    """Mean and sd of mu, root of the mean of tau^2."""
    w = np.exp(log_p - log_p.max())
    w /= w.sum()
    mean = float(w.sum(axis=0) @ mu)
    return mean, float(np.sqrt(w.sum(axis=0) @ (mu - mean) ** 2)), float(np.sqrt(w.sum(axis=1) @ tau**2))


def agreement(n: int) -> None:
    """n communities of 30 people, mean 0.4, true differences 0.3, 56 days each."""
    rows = []
    for seed in range(n):
        rng = np.random.default_rng([seed, 77])
        found = [analyse(*blocks(t, 56, rng), curves=False) for t in rng.normal(0.4, 0.3, 30)]
        found = [a for a in found if a.fitted is not None]
        profiles = [p for a in found if (p := likelihood_of(a.case, a.fitted)) is not None]
        by_answers = people_pool(profiles, BETWEEN)
        mu = by_answers.mean + 4 * by_answers.sd * np.linspace(-1, 1, 13)
        tau, log_prior = tau_nodes(BETWEEN, 0.02, 1.2, nodes=12)
        all_days = moments(of_all_days(found, mu, tau) + log_prior[:, None], mu, tau)
        shrunk = np.mean([a.fitted.settled.mean for a in found if a.fitted])
        rows.append((by_answers.mean, by_answers.sd, by_answers.between, *all_days, shrunk, len(profiles)))
        print(f"  community {seed}: " + " ".join(f"{x:.3f}" for x in rows[-1]), flush=True)
    r = np.array(rows)
    print("\n| what | answers alone | all days | mean of posterior means |\n|---|---|---|---|")
    print(
        f"| mean over {n} communities (true 0.4) | {r[:, 0].mean():.3f} | {r[:, 3].mean():.3f} | {r[:, 6].mean():.3f} |"
    )
    print(f"| sd of the mean | {r[:, 1].mean():.3f} | {r[:, 4].mean():.3f} | |")
    print(f"| differences between people (true 0.3) | {r[:, 2].mean():.3f} | {r[:, 5].mean():.3f} | |")
    print(f"largest difference of the mean, in its sd: {np.max(np.abs(r[:, 0] - r[:, 3]) / r[:, 4]):.3f}")


# -- many communities, at the level of answers ----------------------------------------------------------------------


def people(n: int, mean: float, tau: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    sd = rng.uniform(0.2, 0.5, n)
    return rng.normal(mean, tau, n) + sd * rng.standard_normal(n), sd


def answers(y: np.ndarray, sd: np.ndarray) -> list[Answered]:
    return [
        replace(ANSWER, effect=Profile(float(a), float(b)), trial=f"{i:x}")
        for i, (a, b) in enumerate(zip(y, sd, strict=True))
    ]


def inbox(found: Sequence[Answered], registered: Sequence[Answered] = ()) -> Inbox:
    plans = {
        (a.trial, a.trial): Registration(a.asked, a.trial, "randomised_blocks", False, 168, "0") for a in registered
    }
    return Inbox(tuple((a.trial, a) for a in found), plans, 0, ())


def coverage(n: int) -> None:
    print(
        "| people | true differences | bias of the mean, sd | mean covered | differences covered | new person covered |"
    )
    print("|---|---|---|---|---|---|")
    for size in (12, 40, 150):
        for tau in (0.0, 0.3):
            rng = np.random.default_rng([size, int(10 * tau)])
            bias, hit = [], np.zeros(3)
            for _ in range(n):
                pooled: PeoplePool = people_pool(
                    [Profile(float(a), float(b)) for a, b in zip(*people(size, 0.3, tau, rng), strict=True)], BETWEEN
                )
                bias.append(pooled.mean - 0.3)
                low, high = pooled.interval95()
                between, new = pooled.between95, pooled.interval95(of_next=True)
                hit += [low < 0.3 < high, between[0] < tau < between[1], new[0] < rng.normal(0.3, tau) < new[1]]
            shares = " | ".join(f"{100 * h / n:.0f} %" if tau or k != 1 else "-" for k, h in enumerate(hit))
            print(f"| {size} | {tau:g} | {np.mean(bias):+.3f} | {shares} |", flush=True)


SENDS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "everybody": lambda y, sd: np.ones(len(y)),
    "glad ones 19 in 20, others 15 in 20": lambda y, sd: np.where(y > 0, 0.95, 0.75),
    "glad ones 9 in 10, others 6 in 10": lambda y, sd: np.where(y > 0, 0.9, 0.6),
    "glad ones 9 in 10, others 3 in 10": lambda y, sd: np.where(y > 0, 0.9, 0.3),
    "only who is surely better": lambda y, sd: (y > 1.64 * sd).astype(float),
}


def selection(n: int) -> None:
    """120 people register, the drug does nothing on average and little to anybody (sd 0.2)."""
    head = ("who sends", "answered", "mean of the pool, sd", "covers 0", "sign settled by the answers alone")
    print(f"| {' | '.join(head)} | called better with registration |")
    print("|---|---|---|---|---|---|")
    for name, chance in SENDS.items():
        rng = np.random.default_rng(len(name))
        got, means, cover, unregistered, registered = [], [], 0, 0, 0
        for _ in range(n):
            y, sd = people(120, 0.0, 0.2, rng)
            everybody = answers(y, sd)
            sent = [a for a, yes in zip(everybody, rng.random(120) < chance(y, sd), strict=True) if yes]
            if len(sent) < 10:
                continue
            (part,) = pool(inbox(sent, everybody)).parts
            assert part.common is not None
            assert part.settled is not None
            low, high = part.common.pool.interval95()
            got.append(len(sent) / 120)
            means.append(part.common.pool.mean)
            cover += low < 0 < high
            registered += "better" in word(part).casefold()
            unregistered += part.settled.settled
        rates = f"{unregistered} of {n} | {registered} of {n}"
        print(
            f"| {name} | {100 * np.mean(got):.0f} % | {np.mean(means):+.2f} | {100 * cover / n:.0f} % | {rates} |",
            flush=True,
        )


def looks(n: int) -> None:
    print("| true differences | ever called settled | mean 0.2: settled with 50, 100, 200 people |\n|---|---|---|")
    for tau in (0.0, 0.2, 0.4):
        rng = np.random.default_rng(int(10 * tau))
        ever, power = 0, np.zeros(3)
        for _ in range(n):
            found = [Profile(float(a), float(b)) for a, b in zip(*people(200, 0.0, tau, rng), strict=True)]
            ever += any(anytime(found[:k], BETWEEN, BET).settled for k in range(10, 201, 10))
            found = [Profile(float(a), float(b)) for a, b in zip(*people(200, 0.2, tau, rng), strict=True)]
            power += [anytime(found[:k], BETWEEN, BET).settled for k in (50, 100, 200)]
        low, high = wilson(ever, n)
        shares = ", ".join(f"{100 * p / n:.0f} %" for p in power)
        print(f"| {tau:g} | {ever} of {n} ({100 * low:.1f} to {100 * high:.1f} %) | {shares} |", flush=True)


# -- real people ----------------------------------------------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    with open(DATA / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def both_ways(name: str, log_p: Sequence[Callable[[np.ndarray], np.ndarray]]) -> None:
    """People's exact log likelihoods pooled from 17 numbers each, and by brute force over a dense grid of theta."""
    theta = np.linspace(-12, 12, 6001)
    near = [(t := theta[(f(theta) - f(theta).max()) > -30], f) for f in log_p]
    profiles = [
        p for t, f in near if (p := profile_of(np.linspace(t[0], t[-1], 801), f(np.linspace(t[0], t[-1], 801))))
    ]
    pooled = people_pool(profiles, BETWEEN)
    mu = pooled.mean + 6 * pooled.sd * np.linspace(-1, 1, 61)
    tau, log_prior = tau_nodes(BETWEEN, 0.02, 3.0, nodes=40)
    total = np.zeros((len(tau), len(mu))) + log_prior[:, None]
    for f in [f for t, f in near if profile_of(np.linspace(t[0], t[-1], 801), f(np.linspace(t[0], t[-1], 801)))]:
        dense = np.exp(f(theta) - f(theta).max())
        for k, t in enumerate(tau):
            total[k] += np.log(np.exp(-0.5 * ((theta - mu[:, None]) / t) ** 2) @ dense / t)
    mean, sd, between = moments(total, mu, tau)
    show(name, f"{len(profiles)} of {len(log_p)}", pooled, (mean, sd, between))


def show(name: str, counted: str, pooled: PeoplePool, other: tuple[float, float, float]) -> None:
    own = f"{pooled.mean:+.3f} ({pooled.sd:.3f}), {pooled.between:.3f}"
    print(f"| {name} | {counted} | {own} | {other[0]:+.3f} ({other[1]:.3f}), {other[2]:.3f} |", flush=True)


def binomial(k: float, n: float, offset: float) -> Callable[[np.ndarray], np.ndarray]:
    """log P(k of n) where the odds are exp(theta + offset): a person's own level falls out."""
    return lambda theta: k * (theta + offset) - n * np.logaddexp(0.0, theta + offset)


def real(n: int) -> None:
    print("| people | with a likelihood | from answers: mean (sd), differences | from the counts or days themselves |")
    print("|---|---|---|---|")
    seizures: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows("epilepsy_progabide/epilepsy.csv"):
        seizures.setdefault((row["treatment"], row["person"]), []).append(row)
    for arm in sorted({key[0] for key in seizures}):
        each = [found for key, found in seizures.items() if key[0] == arm]
        # eight weeks before, eight weeks on it: given the total, the later share is binomial; log rate ratio
        counts = [(sum(float(r["seizures"]) for r in f), float(f[0]["baseline_seizures"])) for f in each]
        both_ways(f"epilepsy, {arm}: log rate ratio", [binomial(late, late + early, 0.0) for late, early in counts])
    people_: dict[str, list[dict[str, str]]] = {}
    for row in rows("migraine_diaries/migraine_diaries.csv"):
        people_.setdefault(row["person"], []).append(row)
    made = []
    for mine in people_.values():
        late = [float(r["headache"]) for r in mine if float(r["day_from_treatment"]) >= 0]
        early = [float(r["headache"]) for r in mine if float(r["day_from_treatment"]) < 0]
        if len(early) >= 5 and 0 < sum(early) < len(early):
            # log odds after, against the odds before taken as known: days are taken as independent
            made.append(binomial(sum(late), len(late), float(np.log(sum(early) / (len(early) - sum(early))))))
    both_ways("headache diaries: log odds ratio", made)
    taper(n)


def taper(n: int) -> None:
    """Withdrawal (0 to 3) on days with and without buprenorphine, as numbers; people with 8 days of each or more."""
    doses: dict[str, dict[int, float]] = {}
    for row in rows("buprenorphine_taper/daily_dose.csv"):
        doses.setdefault(row["person"], {})[int(row["study_day"])] = float(row["dose"])
    scores: dict[str, dict[int, float]] = {}
    for row in rows("buprenorphine_taper/withdrawal.csv"):
        scores.setdefault(row["person"], {})[int(row["study_day"])] = float(row["withdrawal_0_3"])
    found: list[Analysis] = []
    for person in sorted(scores, key=int):
        if person not in doses or len(found) >= n:
            continue
        first, last = 0, max(scores[person])
        days = last - first + 1
        dose = np.array([float(doses[person].get(day, 0.0) > 0) for day in range(first, last + 1)])
        score = np.array([scores[person].get(day, np.nan) for day in range(first, last + 1)])
        seen = ~np.isnan(score)
        if min(np.sum(seen & (dose > 0)), np.sum(seen & (dose == 0))) < 4 or np.nanstd(score) == 0:
            continue
        diary = Diary(person, 1, False, {"withdrawal": score, "buprenorphine_mg": dose}, days)
        analysis = analyse(diary, Question("withdrawal", "buprenorphine", unit="", onset="same-day"), curves=False)
        if analysis.fitted is not None and len(analysis.fitted.parts) == 1:
            found.append(analysis)
    profiles = [likelihood_of(a.case, a.fitted) for a in found if a.fitted]
    kept = [(a, p) for a, p in zip(found, profiles, strict=True) if p is not None]
    pooled = people_pool([p for _, p in kept], BETWEEN)
    mu = pooled.mean + 4 * pooled.sd * np.linspace(-1, 1, 13)
    tau, log_prior = tau_nodes(BETWEEN, 0.02, 1.5, nodes=12)
    mean, sd, between = moments(of_all_days([a for a, _ in kept], mu, tau) + log_prior[:, None], mu, tau)
    show("buprenorphine taper: withdrawal, points", f"{len(kept)} of {len(found)}", pooled, (mean, sd, between))


PARTS: dict[str, tuple[Callable[[int], None], int]] = {
    "agreement": (agreement, 10), "coverage": (coverage, 400), "selection": (selection, 200), "looks": (looks, 400),
    "real": (real, 40),
}  # fmt: skip

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument("--n", type=int, help="communities (people for `real`)")
    arguments = parser.parse_args()
    for name, (run, usual) in PARTS.items():
        if arguments.part in (None, name):
            print(f"\n## {name}\n", flush=True)
            run(arguments.n or usual)
