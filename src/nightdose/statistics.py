"""A share of counted things and how sure it is."""

from __future__ import annotations

import math

Z95 = 1.959963984540054  # 97.5 % of a standard normal lie below it


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
