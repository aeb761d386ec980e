"""Oligodendrocytes, myelin and axons: the slow part of MS, whatever the drug."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

MYELIN = Mechanism(
    name="myelin",
    title="Oligodendrocytes, myelin, axons",
    states=(
        State("oligodendrocytes", "1", "myelin-making cells, 1 = at the start", initial="1"),
        State("myelin", "1", "myelin, 1 = at the start", initial="1"),
        State("axons", "1", "axons, 1 = at the start", initial="1"),
    ),
    quantities=(
        Quantity(
            "toxicity",
            "1",
            "toxicity to oligodendrocytes, 1 = quiet untreated MS; as far as the arrow is "
            "on, in proportion to glutamate"
            " over what the same inflammation would give untreated, so that no switch changes the untreated course",
            "microglia * (1 - glutamate_kills + glutamate_kills * glutamate / glutamate_untreated)",
        ),
        Quantity("disability", "point", "EDSS-like score from axons lost, 0 to 10", "10 * (1 - axons)"),
    ),
    rates={
        "oligodendrocytes": "oligodendrocyte_turnover * (1 - oligodendrocytes)"
        " - oligodendrocyte_loss * toxicity * oligodendrocytes",
        "myelin": "myelin_rate * (oligodendrocytes - myelin * (1 + demyelination * (microglia - 1)))",
        "axons": "-axon_loss * microglia * (bare_axon_floor + 1 - myelin) * axons",
    },
    source="turnover of 1/300 a year (Yeung 2014); pace of loss set so that untreated people reach EDSS 6 in 26 years",
    wrong_when="a mean course; relapses leave no step, and ten times the axon share lost is a working map to EDSS",
)
