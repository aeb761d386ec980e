"""Receptor occupancy: an effect site that follows plasma, a part that is retained, and competitive binding.

Plasma half-life (about 4 h) cannot give the measured occupancy (half-time 72 to 108 h after 50 mg), and the drug
leaves the receptor within minutes, so something is retained near it: the two states here. Whether low doses escape
that retention ("short block") is a hypothesis, not a fact, and stands as a switch in the equation.
"""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

OCCUPANCY = Mechanism(
    name="occupancy",
    title="Effect site and receptor occupancy",
    states=(
        State("effect_site", "nM", "naltrexone at the receptor that follows plasma", typical=1e-5, per_dose=True),
        State("retained", "nM", "naltrexone retained near the receptor", typical=2e-5, per_dose=True),
        State("block_hours", "h", "time integral of mu occupancy", typical=0.1, running_total=True),
    ),
    quantities=(
        Quantity(
            "escaping",
            "1",
            "share of the retention that a low level escapes under the short-block hypothesis",
            "short_block / (1 + (effect_site / escape_level) ** 4)",
        ),
        Quantity(
            "ratio_mu",
            "1",
            "concentration at central mu receptors over its dissociation constant, both antagonists",
            "(effect_site * (1 + short_block * (short_block_gain - 1)) + retained"
            " + metabolite_entry * conc_metabolite / metabolite_weakness) / dissociation_mu",
        ),
        Quantity("occupancy_mu", "1", "share of central mu receptors blocked", "ratio_mu / (1 + ratio_mu)"),
        Quantity(
            "occupancy_kappa",
            "1",
            "share of central kappa receptors blocked",
            "ratio_mu / (kappa_ratio + ratio_mu)",
        ),
        Quantity(
            "occupancy_delta",
            "1",
            "share of central delta receptors blocked",
            "ratio_mu / (delta_ratio + ratio_mu)",
        ),
        Quantity(
            "ratio_peripheral",
            "1",
            "the same for receptors outside the brain, which see plasma and all of the metabolite",
            "(conc_naltrexone + conc_metabolite / metabolite_weakness) / dissociation_peripheral",
        ),
        Quantity(
            "occupancy_peripheral",
            "1",
            "share of receptors outside the brain blocked",
            "ratio_peripheral / (1 + ratio_peripheral)",
        ),
    ),
    rates={
        "effect_site": "site_rate * (conc_naltrexone - effect_site)",
        "retained": "retention * (1 - escaping) * effect_site - release * retained",
        "block_hours": "occupancy_mu",
    },
    source="plasma and occupancy are related indirectly (Rabiner 2011); dissociation takes minutes (Cassel 2005); "
    "one-site competitive binding at equilibrium",
    wrong_when="no human measurement exists beyond 8 h below 12.5 mg; "
    "retention there is an extrapolation from 12.5 and 50 mg",
)
