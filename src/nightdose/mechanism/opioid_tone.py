"""Endogenous opioid tone: circadian release, an answer to blocked receptors, receptor up-regulation."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

OPIOID_TONE = Mechanism(
    name="opioid_tone",
    title="Endogenous opioid tone",
    states=(
        State("block_memory", "1", "the body's running average of blocked mu receptors", typical=0.1),
        State(
            "endorphin",
            "pg/mL",
            "beta-endorphin in plasma",
            initial="endorphin_mean * (1 + endorphin_swing * cos(day_frequency * (0 - endorphin_peak)))",
            typical=5.0,
        ),
        State("receptors", "1", "mu receptor density, 1 = untreated", initial="1"),
        State("signal_hours", "h", "time integral of the relative opioid signal", typical=1.0, running_total=True),
    ),
    quantities=(
        Quantity("clock_angle", "1", "time of day as an angle from the peak", "day_frequency * (t - endorphin_peak)"),
        Quantity(
            "untreated_rhythm",
            "1",
            "the untreated daily curve, mean 1",
            "1 + endorphin_swing * cos(clock_angle)",
        ),
        Quantity(
            "release_rhythm",
            "1",
            "release that makes the level follow that curve, mean 1",
            "untreated_rhythm - endorphin_swing * day_frequency / endorphin_loss * sin(clock_angle)",
        ),
        Quantity(
            "endorphin_change",
            "1",
            "beta-endorphin over its untreated value at the same clock time",
            "endorphin / (endorphin_mean * untreated_rhythm)",
        ),
        Quantity(
            "opioid_signal",
            "1",
            "what the receptors pass on over its untreated value: level x density x share not blocked",
            "endorphin_change * receptors * (1 - occupancy_mu)",
        ),
        Quantity(
            "upregulation_drive",
            "1",
            "threshold response of receptor density to the average block",
            "block_memory ** 4 / (block_memory ** 4 + upregulation_threshold ** 4)",
        ),
    ),
    rates={
        "block_memory": "(occupancy_mu - block_memory) / memory_time",
        "endorphin": "endorphin_loss * (endorphin_mean * release_rhythm * (1 + rebound * rebound_gain * block_memory)"
        " - endorphin)",
        "receptors": "(1 + receptor_upregulation * upregulation_size * upregulation_drive - receptors) / receptor_time",
        "signal_hours": "opioid_signal",
    },
    source="indirect response with circadian release; the peak and amplitude are measured (Iranmanesh 1989)",
    wrong_when="pulses (13 a day) are averaged out; plasma level stands for tone in the tissue, which nobody measured",
)
