"""OGF and its receptor: an intermittent block leaves more braking of growth, an all-day block leaves less."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

GROWTH_FACTOR = Mechanism(
    name="growth_factor",
    title="Opioid growth factor and its receptor",
    states=(State("ogfr", "1", "OGF receptor activity built up, 1 = untreated", initial="1"),),
    quantities=(
        Quantity(
            "occupancy_ogfr",
            "1",
            "share of OGF receptors blocked",
            "(conc_naltrexone + conc_metabolite / metabolite_weakness)"
            " / (dissociation_ogfr + conc_naltrexone + conc_metabolite / metabolite_weakness)",
        ),
        Quantity(
            "growth_brake",
            "1",
            "braking of cell growth by OGF, 1 = untreated",
            "ogfr * (1 - ogf_axis * occupancy_ogfr)",
        ),
    ),
    rates={"ogfr": "(1 + ogf_axis * ogfr_gain * occupancy_ogfr - ogfr) / ogfr_time"},
    source="duration of block, not dose, decided the sign in mice (Zagon & McLaughlin 1983, 1984); same laboratory",
    wrong_when="no affinity of naltrexone at OGFr has been published; the value here is "
    "chosen so that 4.5 mg blocks for hours",
)
