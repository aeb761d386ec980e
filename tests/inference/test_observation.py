"""How values become a series: what is merged, what is kept."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.inference.observation import ordinal


@pytest.mark.parametrize(("levels", "categories"), [(4, 4), (11, 11), (12, 11), (30, 11)])
def test_up_to_eleven_levels_keep_their_own_category_and_more_are_merged(levels, categories):
    """A rating from 0 to 10 has eleven."""
    values = np.resize(np.arange(float(levels)), 330)
    found = ordinal(values, np.ones(330, dtype=bool))
    assert len(found.values) == categories
    assert found.values[0] <= 1.5
    assert found.values[-1] >= levels - 2.5
