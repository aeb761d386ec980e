"""Types of the compiled simulator (cpp/model/module.cpp)."""

import numpy as np
from numpy.typing import NDArray

INTERFACE: int

def integrate(
    initial: NDArray[np.float64],
    parameters: NDArray[np.float64],
    typical: NDArray[np.float64],
    offset: NDArray[np.int64],
    event_time: NDArray[np.float64],
    event_state: NDArray[np.int32],
    event_amount: NDArray[np.float64],
    time: NDArray[np.float64],
    column: NDArray[np.int32],
    tolerance: float,
    plain: bool,
    out: NDArray[np.float64],
    outcome: NDArray[np.int32],
    steps: NDArray[np.int64],
    stop: NDArray[np.uint8],
) -> None: ...
def sizes() -> tuple[int, int, int]: ...
def fingerprint() -> str: ...
def lanes() -> str: ...
