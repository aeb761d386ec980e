"""How the days lie in what all other days predict for them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.analyse import analyse


@pytest.mark.parametrize(("moved", "far_out"), [(0.0, []), (9.0, [100])])
def test_a_day_is_far_out_where_one_in_two_thousand_would_be(moved, far_out):
    """Three hundred ordinary days have none; one of them moved by nine sd is named, and it alone."""
    pain = wobbling(300, 2)
    pain[100] += moved
    assert list(analyse(diary(pain, naltrexone_mg=blocks(300)), ask()).day_fit.far_out) == far_out


def test_the_histogram_has_ten_bars_that_add_up_to_one():
    found = analyse(diary(wobbling(120, 2), naltrexone_mg=blocks(120)), ask()).day_fit
    assert len(found.histogram) == 10
    assert np.sum(found.histogram) == pytest.approx(1)
