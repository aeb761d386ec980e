"""What one person's diary says about one effect, without any prior: a likelihood as a few numbers.

    log L(theta) = -z^2 / 2 + r(z),   z = (theta - mean) / sd,   up to a constant

r is 0 for a normal likelihood; else it is known at GRID, a straight line between, and held beyond its ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats, frozen, read_only

GRID = frozen(np.arange(-4.0, 4.25, 0.5))  # sd from the mean: 17 points
NEARLY_NORMAL = 0.05  # of log L within NEAR sd: less moves no probability by more than 1 in 100
NEAR = 3.0
FALLEN = -4.5  # log L at both ends of what was computed, as three sd of a normal one: else there is no mean


@dataclass(frozen=True)
class Profile:
    """A likelihood of one effect. mean, sd : its moments over a flat measure, sd > 0.

    log_likelihood : (17,) at mean + GRID sd, its largest value 0; None = that of a normal one.
    """

    mean: float
    sd: float
    log_likelihood: Floats | None = None

    def __post_init__(self) -> None:
        read_only(self.log_likelihood)

    def rest(self, z: Floats) -> Floats:
        """r at z, any shape."""
        if self.log_likelihood is None:
            return np.zeros_like(z)
        return np.interp(z, GRID, self.log_likelihood + 0.5 * np.square(GRID))

    def fit(self, theta: Floats) -> Floats:
        """log L at theta, any shape, up to the same constant."""
        z = (theta - self.mean) / self.sd
        return self.rest(z) - 0.5 * np.square(z)

    def scaled(self, by: float) -> Profile:
        """The same likelihood in another unit. by : > 0."""
        return Profile(by * self.mean, by * self.sd, self.log_likelihood)


def profile_of(theta: Floats, log_likelihood: Floats) -> Profile | None:
    """The profile of a likelihood known at rising `theta`, (n,); None where it does not fall at both ends.

    A diary that adds nothing has a flat one, which has no mean. Beyond what was computed it falls as a normal one.
    """
    log_likelihood = log_likelihood - np.max(log_likelihood)
    if not np.all(np.isfinite(log_likelihood)) or max(log_likelihood[0], log_likelihood[-1]) > FALLEN:
        return None
    weight = np.exp(log_likelihood) * np.gradient(theta)
    weight /= np.sum(weight)
    mean = float(weight @ theta)
    sd = float(np.sqrt(weight @ np.square(theta - mean)))
    if not sd > 0:
        return None
    z = (theta - mean) / sd
    inside = np.clip(GRID, z[0], z[-1])
    values = np.interp(inside, z, log_likelihood) - 0.5 * (np.square(GRID) - np.square(inside))
    values -= np.max(values)
    if np.max(np.abs(values + 0.5 * np.square(GRID))[np.abs(GRID) <= NEAR]) <= NEARLY_NORMAL:
        return Profile(mean, sd)
    return Profile(mean, sd, frozen(values))
