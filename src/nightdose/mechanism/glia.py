"""Microglia, nitric oxide and glutamate: the chain of the MS claim, each arrow a switch."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

GLIA = Mechanism(
    name="glia",
    title="Microglia, nitric oxide, glutamate",
    states=(
        State("microglia", "1", "active microglia, 1 = quiet untreated MS", initial="1"),
        State("nitric_oxide", "1", "nitric oxide, 1 = quiet untreated MS", initial="1"),
        State("glutamate", "1", "glutamate outside cells, 1 = quiet untreated MS", initial="1"),
    ),
    quantities=(
        Quantity(
            "tlr4_inhibition",
            "1",
            "direct TLR4 block at the measured potency",
            "tlr4_block * conc_naltrexone / (conc_naltrexone + tlr4_ic50)",
        ),
        Quantity(
            "nitric_oxide_made",
            "1",
            "nitric oxide made by microglia, less what the drug is claimed to prevent",
            "microglia * (1 - no_suppression * no_suppression_size * occupancy_peripheral)",
        ),
        Quantity(
            "uptake",
            "1",
            "glutamate transport; inhibited by nitric oxide if that arrow is on",
            "1 / (1 + no_blocks_uptake * uptake_sensitivity * (nitric_oxide - 1))",
        ),
        Quantity(
            "glutamate_release",
            "1",
            "glutamate release; raised by nitric oxide if the rival arrow is on",
            "1 + no_raises_release * release_sensitivity * (nitric_oxide - 1)",
        ),
        Quantity(
            "glutamate_untreated",
            "1",
            "glutamate that the same inflammation would give without the drug",
            "(1 + no_raises_release * release_sensitivity * (microglia - 1))"
            " * (1 + no_blocks_uptake * uptake_sensitivity * (microglia - 1))",
        ),
    ),
    rates={
        "microglia": "microglia_rate * (effector * (1 - tlr4_inhibition) - microglia)",
        "nitric_oxide": "no_rate * (nitric_oxide_made - nitric_oxide)",
        "glutamate": "glutamate_rate * (glutamate_release - uptake * glutamate)",
    },
    source="hypothesis of Agrawal 2005; counter-evidence Vidwans & Hewett 2004 (release rose, uptake was unimpaired)",
    wrong_when="no human measurement of any arrow exists; relative levels only",
)
