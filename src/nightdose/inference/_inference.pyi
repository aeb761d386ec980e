"""Types of the compiled kernels (cpp/inference/module.cpp)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

def evaluate(
    family: int,
    seen: NDArray[np.uint8],
    y: NDArray[np.float64],
    fixed: NDArray[np.float64],
    input: NDArray[np.float64],
    start: NDArray[np.float64],
    border_mean: NDArray[np.float64],
    border_prec: NDArray[np.float64],
    day_weight: NDArray[np.float64],
    start_obs: NDArray[np.float64],
    start_var: NDArray[np.float64],
    points: NDArray[np.float64],
    tau: NDArray[np.float64],
    cut: NDArray[np.float64],
    site_obs: NDArray[np.float64],
    site_var: NDArray[np.float64],
    path: bool,
    keep_sites: bool,
    max_sweeps: int,
    tolerance: float,
    damping: float,
    threads: int,
) -> dict[str, NDArray[Any]]: ...
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
def expected_category(
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
    cut: NDArray[np.float64],
    jump: NDArray[np.float64],
    base: float,
    even: bool,
) -> NDArray[np.float64]: ...
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
    noise_sd: float,
    site_obs: NDArray[np.float64],
    site_var: NDArray[np.float64],
    eta: NDArray[np.float64],
) -> NDArray[np.float64]: ...
