"""Can a contribution be told to be one person's, among 10,000 contributions? Tried from what different people know.

    python -m benchmarks.reidentify [--people 10000]

Everybody is made up: how common each band is stands in SHARES, assumed. Prints the table of docs/privacy.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

import numpy as np

from nightdose.knowledge.pooled import band, days_band
from nightdose.pooling.making import significant

# values and how common they are: assumed, to have a community at all
SHARES: dict[str, dict[str, float]] = {
    "condition": {
        "fibromyalgia": 0.30, "ms": 0.15, "me_cfs": 0.12, "long_covid": 0.12, "bowel": 0.08, "arthritis": 0.06,
        "migraine": 0.04, "crps": 0.02, "sjogren": 0.02, "hailey_hailey": 0.005, "other": 0.06, "not said": 0.025,
    },
    "outcome": {"pain": 0.5, "fatigue": 0.25, "sleep": 0.08, "mood": 0.07, "headache": 0.05, "other": 0.05},
    "sex": {"female": 0.78, "male": 0.20, "other": 0.02},
    "design": {"randomised_blocks": 0.35, "alternating": 0.15, "before_after": 0.35, "unplanned": 0.15},
    "dose": {"4.5": 0.55, "3": 0.2, "1.5": 0.12, "6": 0.05, "0.5": 0.03, "2": 0.05},
}  # fmt: skip
ACQUAINTANCE = ("condition", "sex", "age", "dose")
CLOSE = (*ACQUAINTANCE, "outcome", "design", "days")
CLOSE_WITHOUT = ("condition", "dose", "outcome", "design", "days")
PARTNER = (*CLOSE, "recorded", "looks", "answer")


def community(n: int, rng: np.random.Generator) -> list[dict[str, object]]:
    """n contributions, each as the fields that anybody could compare."""
    drawn = {
        name: rng.choice(list(shares), n, p=np.array(list(shares.values())) / sum(shares.values()))
        for name, shares in SHARES.items()
    }
    age = np.clip(rng.normal(47, 13, n), 18, 90)
    days = rng.integers(56, 420, n)
    recorded = (days * rng.uniform(0.6, 1.0, n)).astype(int)
    looks = np.exp(rng.normal(2.0, 1.0, n))
    effect, sd, own = rng.normal(0.3, 0.6, n), rng.uniform(0.2, 0.7, n), rng.uniform(0.8, 2.4, n)
    return [
        {
            **{name: str(values[i]) for name, values in drawn.items() if name != "dose"},
            "dose": band("dose_mg", float(drawn["dose"][i])), "age": band("age", float(age[i])),
            "days": days_band(int(days[i])), "recorded": days_band(int(recorded[i])),
            "looks": band("looks", float(looks[i])),
            "answer": str(np.sign(effect[i]) if abs(effect[i]) > 2 * sd[i] else 0),
            "mean": round(float(effect[i]), 2), "sd": significant(float(sd[i])), "own_sd": significant(float(own[i])),
            "true_days": int(days[i]),
        }
        for i in range(n)
    ]  # fmt: skip


def left_over(people: Sequence[dict[str, object]], known: Sequence[str]) -> list[int]:
    """For each person, how many contributions fit what is known of them, the right one included."""
    keys = [tuple(person[name] for name in known) for person in people]
    counted = Counter(keys)
    return [counted[key] for key in keys]


def by_some_scores(people: Sequence[dict[str, object]], share: float, rng: np.random.Generator) -> list[int]:
    """The rank of the right contribution for somebody who knows CLOSE and saw this share of the evening scores.

    From k scores own_sd is known with an error of 1 / sqrt(2 k), the effect with 2 / sqrt(k) own sd.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for i, person in enumerate(people):
        groups.setdefault(tuple(person[name] for name in CLOSE), []).append(i)
    own, mean = (np.array([float(str(p[name])) for p in people]) for name in ("own_sd", "mean"))
    ranks = []
    for group in groups.values():
        at = np.array(group)
        for i in group:
            k = max(share * float(str(people[i]["true_days"])), 2.0)
            errors = 1 / np.sqrt(2 * k), 2 * own[i] / np.sqrt(k)
            seen = np.log(own[i]) + errors[0] * rng.standard_normal(), mean[i] + errors[1] * rng.standard_normal()
            far = ((np.log(own[at]) - seen[0]) / errors[0]) ** 2 + ((mean[at] - seen[1]) / errors[1]) ** 2
            ranks.append(int(np.sum(far < far[group.index(i)])) + 1)
    return ranks


def main(n: int) -> None:
    rng = np.random.default_rng(1)
    people = community(n, rng)
    print("| who tries | knows | fits, median | alone | among fewer than ten |\n|---|---|---|---|---|")
    tries = (
        ("an acquaintance", "condition, dose; age and sex were left out", ("condition", "dose")),
        ("an acquaintance", "condition, dose, age, sex", ACQUAINTANCE),
        ("somebody close", "outcome, design, length too; age and sex were left out", CLOSE_WITHOUT),
        ("somebody close", "all of that, and age and sex", CLOSE),
        ("who lives with them", "gaps, how often it was read, the answer too", PARTNER),
    )
    for who, what, known in tries:
        show(who, what, left_over(people, known))
    for share in (0.1, 0.5):
        show(
            "somebody close",
            f"{100 * share:.0f} % of the evening scores too (rank)",
            by_some_scores(people, share, rng),
        )
    show("who has the diary", "its numbers, worked out again", left_over(people, ("mean", "sd", "own_sd")))


def show(who: str, knows: str, left: Sequence[int]) -> None:
    """One row: how many contributions fit, and how often the right one stands alone or among few."""
    fits = np.array(left)
    alone, few = 100 * np.mean(fits == 1), 100 * np.mean(fits < 10)
    print(f"| {who} | {knows} | {np.median(fits):.0f} | {alone:.0f} % | {few:.0f} % |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=int, default=10_000)
    main(parser.parse_args().people)
