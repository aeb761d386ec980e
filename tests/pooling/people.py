"""Made contributions: people whose true effects are known. All of it is synthetic."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np

from nightdose.diary.records import Diary
from nightdose.evidence.profile import Profile
from nightdose.pooling.contribution import Answered, Asked, Registration
from nightdose.pooling.signed import signed_line
from nightdose.question.question import Question
from nightdose.statistics import spells

PAIN = Asked("naltrexone", "fibromyalgia", "pain", "rating", (0.0, 10.0), "lower")
ANSWER = Answered(
    PAIN, "", "not_yet_known", "moderate", Profile(0.2, 0.3), 1.5, 1.0, "randomised_blocks", True, "open", None,
    (4.0, 5.0), 168, 168, None, None, None, None, "0.1.0",
)  # fmt: skip


class Signer:
    """A key whose signature is not checked: thousands of people are quicker without Ed25519."""

    def __init__(self, number: int) -> None:
        self.number = number

    def sign(self, content: bytes) -> bytes:
        return (str(self.number).encode() + content)[:64].ljust(64, b"-")

    @property
    def public(self) -> bytes:
        der = bytes.fromhex("302a300506032b6570032100") + self.number.to_bytes(32, "big")
        return b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) + b"\n-----END PUBLIC KEY-----\n"


def community(n: int, mean: float, between: float, seed: int = 0, **changes) -> list[Answered]:
    """n people, effects N(mean, between^2) in sd of their own days, known with an error of 0.2 to 0.5 sd."""
    rng = np.random.default_rng(seed)
    true, sd = rng.normal(mean, between, n), rng.uniform(0.2, 0.5, n)
    found = true + sd * rng.standard_normal(n)
    return [
        replace(ANSWER, effect=Profile(round(1.5 * y, 3), round(1.5 * s, 3)), **changes)
        for y, s in zip(found.tolist(), sd.tolist(), strict=True)
    ]


def register(answer: Answered, trial: str) -> Registration:
    return Registration(answer.asked, trial, "randomised_blocks", False, 168, "0.1.0")


def lines(contents, first_key: int = 1) -> list[str]:
    return [signed_line(content, Signer(first_key + i)) for i, content in enumerate(contents)]


def blocks_diary(
    improvement: float, seed: int, *, days: int = 168, scale: str = "continuous"
) -> tuple[Diary, Question]:
    """SYNTHETIC: pairs of 14-day blocks in a drawn order, spells of sd 1, pain lower by `improvement` on treatment."""
    rng = np.random.default_rng(seed)
    lots = rng.integers(0, 2, days // 28 + 1)
    on = np.array([((day // 14) + lots[day // 28]) % 2 for day in range(days)])
    pain = 5 + spells(1.0, 0.4, days, rng) + 0.6 * rng.standard_normal(days) - improvement * on
    if scale == "rating":
        pain = np.clip(np.round(pain), 0, 10)
    pain[rng.random(days) < 0.1] = np.nan
    diary = Diary("made", 738000, True, {"pain": pain, "naltrexone_mg": 4.5 * on}, days)
    question = Question(
        "pain", "naltrexone", scale=scale, limits=(0, 10), randomised="blocks", onset="same-day"
    )  # fmt: skip
    return diary, question
