"""Prior sensitivity: the same diary under other starting assumptions."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse
from nightdose.checks.sensitivity import changes, with_sensitivity


def variants(analysis):
    return {v.code: v for v in with_sensitivity(analysis).prior_variants}


def switch(effect=-2.0, days=200, sd=1.0):
    """One switch after half of the days: drift and onset matter most here."""
    dose = np.where(np.arange(days) >= days // 2, 4.5, 0.0)
    return diary(wobbling(days, 3, sd) + effect * dose / 4.5, naltrexone_mg=dose)


def test_seven_priors_are_changed_and_the_answer_itself_stays():
    alone = analyse(switch(), ask())
    assert len(variants(alone)) == 7
    assert with_sensitivity(alone).verdict == alone.verdict


def test_more_drift_means_less_certainty_in_a_one_switch_diary():
    alone = analyse(switch(), ask())
    found, sd = variants(alone), alone.verdict.estimate.sd
    assert found["drift_less"].estimate.sd < sd < found["drift_more"].estimate.sd


def test_a_narrow_prior_of_the_effect_pulls_towards_none():
    alone = analyse(switch(), ask())
    found, mean = variants(alone), alone.verdict.estimate.mean
    assert found["effect_smaller"].estimate.mean < mean < found["effect_larger"].estimate.mean


def test_without_a_trend_a_one_switch_diary_is_surer():
    alone = analyse(switch(), ask())
    assert variants(alone)["no_trend"].estimate.sd < alone.verdict.estimate.sd


def test_blocks_hardly_depend_on_the_drift():
    """Twelve switches: the drift's prior moves the mean by less than a third of its sd."""
    dose = blocks(336)
    alone = analyse(diary(wobbling(336, 3) - dose / 4.5, naltrexone_mg=dose), ask(randomised="blocks"))
    for code in ("drift_less", "drift_more"):
        assert abs(variants(alone)[code].estimate.mean - alone.verdict.estimate.mean) < alone.verdict.estimate.sd / 3


def test_same_day_effects_have_no_onset_to_vary():
    assert set(variants(analyse(switch(), ask(onset="same-day")))) == {
        "drift_less", "drift_more", "effect_smaller", "effect_larger", "no_trend",
    }  # fmt: skip


def test_a_rating_has_its_variants_too():
    rated = switch()
    rated = rated.with_column("pain", np.clip(np.round(rated.column("pain")), 0, 10))
    alone = analyse(rated, ask(scale="rating", limits=(0, 10)))
    found = variants(alone)
    assert len(found) == 8
    # steps that are equally wide in truth: freeing them moves little
    free, own = found["steps_free"].estimate, alone.verdict.estimate
    assert free.mean == pytest.approx(own.mean, abs=0.3 * own.sd)
    assert 0.8 * own.sd < free.sd < 1.3 * own.sd


def test_a_rating_whose_upper_steps_are_wide_is_seen_by_its_free_steps():
    """Scores above 5 are squeezed: 6 stands for much more. Expected effects in points differ, and both are shown."""
    rng = np.random.default_rng(2)
    dose = blocks(336)
    latent = 4 + 2 * rng.standard_normal(336) - 1.5 * dose / 4.5
    squeezed = np.clip(np.round(np.where(latent > 4, 4 + (latent - 4) / 3, latent)), 0, 10)
    alone = analyse(diary(squeezed, naltrexone_mg=dose), ask(scale="rating", limits=(0, 10), randomised="blocks"))
    assert variants(alone)["steps_free"].estimate.better > 0.9


def test_what_cannot_be_known_has_no_variants():
    assert variants(analyse(diary(wobbling(200), naltrexone_mg=np.full(200, 4.5)), ask())) == {}


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_whatever_the_threads(threads):
    assert with_sensitivity(analyse(switch(), ask()), threads=threads).prior_variants == variants_tuple()


def variants_tuple():
    return with_sensitivity(analyse(switch(), ask())).prior_variants


def test_other_assumptions_are_twice_and_half_the_usual_ones_and_the_drift_two_fifths():
    """Prior sd of the effect and time constant halved and doubled; scale of the drift times 0.4 and 2."""
    leading = analyse(switch(), ask()).fitted.leading
    usual = leading.posterior.series.border_sd[leading.posterior.series.names.index("naltrexone")]
    made = {code: change(leading) for code, (_, change) in changes(leading).items()}
    assert (made["drift_less"].drift, made["drift_more"].drift) == (0.4, 2.0)
    sds = [made[code].coefficients[0].sd / usual for code in ("effect_smaller", "effect_larger")]
    assert sds == [0.5, 2.0]
    assert [made[code].onset[1] for code in ("onset_shorter", "onset_longer")] == [0.5, 2.0]
