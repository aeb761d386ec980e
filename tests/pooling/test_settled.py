"""What the settled effect of a pool rests on: how fast each diary took the effect to come."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pooling.people import blocks_diary

from nightdose.analyse import analyse
from nightdose.evidence.people import people_pool
from nightdose.fit.likelihood import likelihood_of


def pooled(onset, people=24):
    """SYNTHETIC: the effect of 0.8 points comes and goes at once, in six blocks of 14 days."""
    found, plain = [], []
    for seed in range(people):
        diary, question = blocks_diary(0.8, seed, days=84)
        analysis = analyse(diary, replace(question, onset=onset))
        found.append(likelihood_of(analysis.case, analysis.fitted))
        on = diary.column("naltrexone_mg") > 0
        plain.append(np.nanmean(diary.column("pain")[~on]) - np.nanmean(diary.column("pain")[on]))
    return people_pool([each for each in found if each is not None], 0.5).mean / np.mean(plain)


@pytest.mark.parametrize(("onset", "low", "high"), [("same-day", 0.9, 1.15), ("weeks", 1.25, 1.9)])
def test_a_pool_takes_over_how_fast_its_diaries_took_the_effect_to_come(onset, low, high):
    """docs/pooling.md says so: one diary hardly tells how fast, and what all assume no number of people takes out."""
    assert low < pooled(onset) < high
