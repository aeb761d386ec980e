"""How exact is the simulated body, for the error that is asked for?

    python -m benchmarks.simulation

Real dose logs (missed, late, double doses), every claimed link on. Error: |y - ref| / max(|ref|, 5 % of the largest
value of that state), worst person, time and state; reference: the kernel at 1e-9. What whole runs cost, beside others:
`python -m benchmarks.commands`.
"""

from __future__ import annotations

import time

import numpy as np
from tests.mechanism.people_for_tests import few_people

from nightdose.mechanism.simulate import relative_errors, simulate
from nightdose.mechanism.system import OUTPUT_NAMES


def errors() -> None:
    """Worst error reached for the error asked, on real dose logs (missed, late, double) in relapsing people."""
    days, count = 365, 24
    found, logs = few_people(count, days)
    names = [name for name in OUTPUT_NAMES if name != "clock_angle"]
    for label, time_h in (
        ("daily, a year", np.arange(0, days + 1) * 24.0),
        ("hourly, 60 days", np.arange(0, 60 * 24 + 1.0)),
    ):
        truth = simulate(found, logs, time_h, names, error=1e-9)
        for error in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7):
            start = time.process_time()
            got = simulate(found, logs, time_h, names, error=error)
            spent = 1e3 * (time.process_time() - start) / count
            off = relative_errors(got, truth)
            print(
                f"{label}: asked {error:.0e}, worst {off.max():.1e}, 99 % below {np.quantile(off, 0.99):.1e}, "
                f"{got.steps.mean() / (time_h[-1] / 24):.0f} steps a day, {spent:.2f} ms a person"
            )


if __name__ == "__main__":
    errors()
