"""Types of the compiled kernels (cpp/inference/module.cpp)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

INTERFACE: int

class Diary:
    """One diary laid out once; methods take points (4, M), tau (M, J), cut (M, cuts) and sites, (M, days) each."""

    def __init__(
        self,
        *,
        family: int,
        cuts: int,
        seen: NDArray[np.uint8],
        y: NDArray[np.float64],
        spread: NDArray[np.float64] | None,
        rounding_var: float,
        fixed: NDArray[np.float64],
        input: NDArray[np.float64],
        start: NDArray[np.float64],
        border_mean: NDArray[np.float64],
        border_prec: NDArray[np.float64],
        day_weight: NDArray[np.float64],
        start_obs: NDArray[np.float64] | None,
        start_beyond: NDArray[np.float64] | None,
        max_sweeps: int,
        tolerance: float,
    ) -> None: ...
    def evaluate(
        self,
        points: NDArray[np.float64],
        tau: NDArray[np.float64],
        cut: NDArray[np.float64],
        *,
        keep_sites: bool,
        threads: int,
    ) -> dict[str, NDArray[Any]]: ...
    def log_evidence(
        self, points: NDArray[np.float64], tau: NDArray[np.float64], cut: NDArray[np.float64], *, threads: int
    ) -> NDArray[np.float64]: ...
    def paths(
        self,
        points: NDArray[np.float64],
        tau: NDArray[np.float64],
        cut: NDArray[np.float64],
        *,
        sites: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
        days: NDArray[np.int32],
        threads: int,
    ) -> dict[str, NDArray[np.float64]]: ...
    def curves(
        self,
        points: NDArray[np.float64],
        tau: NDArray[np.float64],
        cut: NDArray[np.float64],
        *,
        sites: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
        weight: NDArray[np.float64],
        left_out: NDArray[np.uint8],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def left_out(
        self,
        points: NDArray[np.float64],
        tau: NDArray[np.float64],
        cut: NDArray[np.float64],
        *,
        sites: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def products(
        self,
        points: NDArray[np.float64],
        tau: NDArray[np.float64],
        cut: NDArray[np.float64],
        *,
        sites: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
        further: NDArray[np.float64],
        group: NDArray[np.int32],
    ) -> dict[str, NDArray[np.float64]]: ...

class Link:
    """How a latent normal becomes an outcome; cut (N, C) or (1, C), jump (C,) what each is worth."""

    def __init__(
        self, *, family: int, cut: NDArray[np.float64], jump: NDArray[np.float64], base: float, even: bool
    ) -> None: ...
    def expected(
        self, mean: NDArray[np.float64], var: NDArray[np.float64], noise_sd: NDArray[np.float64]
    ) -> NDArray[np.float64]: ...
    def bends(
        self,
        nodes: NDArray[np.float64],
        middle: NDArray[np.float64],
        along: NDArray[np.float64],
        aside: NDArray[np.float64],
        felt: NDArray[np.float64],
        felt_along: NDArray[np.float64],
        felt_aside: NDArray[np.float64],
        left: NDArray[np.float64],
        noise_sd: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...

class Mixture:
    """A mixture of bent or straight normals; weight, mid, slope (n,), parabolas bend and rest (3, n) or none."""

    def __init__(
        self,
        *,
        weight: NDArray[np.float64],
        mid: NDArray[np.float64],
        slope: NDArray[np.float64],
        bend: NDArray[np.float64] | None,
        rest: NDArray[np.float64] | None,
        farthest: float,
    ) -> None: ...
    def below(self, x: float) -> float: ...
    def at(self, x: NDArray[np.float64]) -> NDArray[np.float64]: ...

def interval_moments(
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    mean: NDArray[np.float64],
    var: NDArray[np.float64],
    noise_var: float,
    portable: bool,
) -> NDArray[np.float64]: ...
def normal_cdf(x: NDArray[np.float64]) -> NDArray[np.float64]: ...
def normal_quantile(p: NDArray[np.float64]) -> NDArray[np.float64]: ...
def hyper(
    z: NDArray[np.float64], *, level_scale: float, ar_scale: float, noise_scale: float, noise_fixed: float | None
) -> NDArray[np.float64]: ...
def log_density(
    z: NDArray[np.float64],
    *,
    centres: NDArray[np.float64],
    unroots: NDArray[np.float64],
    constants: NDArray[np.float64],
    widths: NDArray[np.float64],
) -> NDArray[np.float64]: ...
def gain(
    cross: NDArray[np.float64],
    own: NDArray[np.float64],
    sd: NDArray[np.float64],
    *,
    mean: NDArray[np.float64],
    cov: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def count_moments(
    y: NDArray[np.float64],
    mean: NDArray[np.float64],
    var: NDArray[np.float64],
    noise_var: float,
    portable: bool,
) -> NDArray[np.float64]: ...
def log_site_ratio(
    family: int,
    y: NDArray[np.float64],
    cut: NDArray[np.float64],
    noise_sd: NDArray[np.float64],
    site_obs: NDArray[np.float64],
    site_var: NDArray[np.float64],
    eta: NDArray[np.float64],
) -> NDArray[np.float64]: ...
