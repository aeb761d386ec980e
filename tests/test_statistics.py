"""A share and how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from nightdose.statistics import wilson


@pytest.mark.parametrize(("successes", "n"), [(0, 40), (1, 40), (20, 40), (39, 40), (40, 40), (3, 7)])
def test_wilson_s_ends_are_where_the_observed_share_lies_1_96_errors_away(successes, n):
    """Both roots p of (share - p)^2 = z^2 p (1 - p) / n: an interval of none in 40 does not end at 0."""
    share, z2 = successes / n, 1.959964**2
    roots = sorted(np.roots([1 + z2 / n, -(2 * share + z2 / n), share**2]).tolist())
    assert wilson(successes, n) == pytest.approx(roots, abs=1e-6)


def test_of_nothing_counted_everything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)
