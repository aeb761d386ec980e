"""Daily symptom score and vivid dreams: where the body reaches the diary."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

SYMPTOMS = Mechanism(
    name="symptoms",
    title="Symptoms and side effects",
    states=(
        State("relief", "1", "slow average of the change in opioid signal", typical=0.1),
        State("dream_tolerance", "1", "how far dreams have adapted to the block", typical=0.1),
    ),
    quantities=(
        Quantity(
            "symptom_score",
            "point",
            "expected symptom score, 0 to 10, lower is better",
            "symptom_level + symptom_per_attack * (effector - 1) - symptom_link * symptom_gain * relief",
        ),
        Quantity(
            "vivid_dreams",
            "1",
            "chance of reporting vivid dreams",
            "dream_background * (1 + dreams * (dream_risk_ratio - 1)"
            " * (occupancy_mu - dreams_fade * dream_tolerance) / dream_reference_block)",
        ),
    ),
    rates={
        "relief": "(opioid_signal - 1 - relief) / onset_time",
        "dream_tolerance": "(occupancy_mu - dream_tolerance) / dream_fading_time",
    },
    source="risk ratio of vivid dreams from five trials; everything else is a working assumption",
    wrong_when="no trial measured a time course of symptoms or dreams",
)
