"""Names for the arrays that cross a function border; the shape stands in each docstring."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Integers: TypeAlias = NDArray[np.int64]


def frozen(values: Floats) -> Floats:
    """The same numbers, read-only: what is inside a value does not change."""
    out = np.array(values, dtype=np.float64)
    out.setflags(write=False)
    return out


def read_only(*arrays: Floats | None) -> None:
    """Makes the arrays of a value read-only where they are, without a copy."""
    for values in arrays:
        if values is not None:
            values.setflags(write=False)
