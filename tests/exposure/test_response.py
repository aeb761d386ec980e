"""Dose-response forms: what each is, and that one dose cannot choose between them."""

import numpy as np
import pytest

from nightdose.exposure.response import response_forms

LEVELS = (1.5, 3.0, 4.5)
DOSE = np.array([0.0, 1.5, 3.0, 4.5])


def by_family(dose=DOSE, levels=LEVELS):
    out = {}
    for form in response_forms(dose, levels):
        out.setdefault(form.family, []).append(form)
    return out


def test_one_dose_has_one_form():
    (only,) = response_forms(np.array([0.0, 4.5, 4.5]), (4.5,))
    assert only.family == "proportional"
    assert only.columns[:, 0].tolist() == [0, 1, 1]


def test_every_form_gives_nothing_for_nothing_and_at_most_one():
    for family, forms in by_family().items():
        for form in forms:
            assert np.all(form.columns[0] == 0)
            assert np.max(form.columns) <= 1 + 1e-12
            if family in ("proportional", "saturating"):
                assert form.steady[4.5][0] == pytest.approx(1.0)
            if family != "levels":
                assert form.columns[:, 0].tolist() == pytest.approx([0, *(form.steady[d][0] for d in LEVELS)])


def test_saturating_forms_rise_ever_more_slowly():
    for form in by_family()["saturating"]:
        steps = np.diff(form.columns[:, 0])
        assert np.all(steps > 0)
        assert np.all(np.diff(steps) < 0)


def test_an_inverted_u_has_its_top_below_the_largest_dose():
    for form in by_family()["inverted U"]:
        assert max(form.steady, key=lambda d: form.steady[d][0]) < 4.5


def test_levels_have_an_effect_each_and_an_odd_dose_counts_as_the_nearest():
    (form,) = by_family(np.array([0.0, 1.5, 3.2, 4.5]))["levels"]
    assert form.columns.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_a_supplied_signal_competes_as_it_is():
    forms = response_forms(DOSE, LEVELS, signal=np.array([0.0, 2.0, 4.0, 1.0]))
    assert forms[-1].family == "signal"
    assert forms[-1].columns[:, 0].tolist() == [0, 0.5, 1.0, 0.25]


def test_doses_a_thousand_times_apart_stay_finite():
    """0.01 mg to 4.5 mg: an inverted U with its top at the smallest dose leaves nothing at the largest."""
    for form in response_forms(np.array([0.0, 0.01, 4.5]), (0.01, 4.5)):
        assert np.all(np.isfinite(form.columns))
        assert np.max(form.columns) == pytest.approx(1, abs=0.7)


def test_saturating_forms_have_their_half_maximum_at_half_and_twice_the_middle_dose():
    """Doses 1.5, 3, 4.5: d (D + E) / (D (d + E)) with E = 1.5 and 6 mg."""
    found = [form.steady[1.5][0] for form in by_family()["saturating"]]
    assert found == pytest.approx([1.5 * 6.0 / (4.5 * 3.0), 1.5 * 10.5 / (4.5 * 7.5)])


@pytest.mark.parametrize(
    ("levels", "peaks"),
    [
        ((1.5, 3.0, 4.5), (1.5, 2.55, 3.6)),  # at the lowest, and at 35 and 70 % of the way through the doses
        ((1.0, 4.5), (1.0, 2.225, 2.75)),  # at most half-way between the two largest
    ],
)
def test_an_inverted_u_may_have_its_top_at_three_places(levels, peaks):
    found = [form.steady[levels[0]][0] for form in by_family(np.array(levels), levels)["inverted U"]]
    assert found == pytest.approx([levels[0] / p * np.exp(1 - levels[0] / p) for p in peaks])


@pytest.mark.parametrize(("count", "each_its_own"), [(5, True), (6, False)])
def test_up_to_five_doses_get_an_effect_of_their_own(count, each_its_own):
    levels = tuple(float(d) for d in range(1, count + 1))
    assert ("levels" in by_family(np.array(levels), levels)) is each_its_own
