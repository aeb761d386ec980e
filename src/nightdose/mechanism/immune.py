"""Immune balance: effector and regulatory cells, chance triggers, and a comparator drug that kills both."""

from __future__ import annotations

from nightdose.knowledge.mechanism import Mechanism, Quantity, State

IMMUNE = Mechanism(
    name="immune",
    title="Immune balance",
    states=(
        State("effector", "1", "self-attacking effector cells, 1 = this person's quiet level", initial="1"),
        State("regulatory", "1", "regulatory cells, 1 = this person's quiet level", initial="1"),
        State("suppressant", "1", "immunosuppressant still acting, 1 = just after one infusion", typical=0.1),
        State("defence", "1", "white cells in general, 1 = untreated", initial="1"),
        State("relapses", "1", "relapses expected so far", typical=0.1, running_total=True),
        State("infections", "1", "serious infections expected so far (proxy)", typical=0.1, running_total=True),
    ),
    quantities=(
        Quantity(
            "expansion",
            "1",
            "expansion of effector cells, held down by regulatory cells and by the OGF brake",
            "(1 + restraint) / (1 + restraint * regulatory) / (1 + immune_balance * brake_share * (growth_brake - 1))",
        ),
        Quantity(
            "attack",
            "1",
            "share of the full relapse hazard",
            "effector ** 4 / (effector ** 4 + attack_threshold ** 4)",
        ),
    ),
    rates={
        "effector": "effector_rate * (effector_supply + (1 - effector_supply) * effector * expansion - effector)"
        " - effector_kill * suppressant * effector",
        "regulatory": "regulatory_rate * (effector * (1 + immune_balance * tone_share * (endorphin_change - 1))"
        " - regulatory) - regulatory_kill * suppressant * regulatory",
        "suppressant": "-suppressant_loss * suppressant",
        "defence": "defence_rate * (1 - defence) - defence_kill * suppressant * defence",
        "relapses": "relapse_hazard * attack",
        "infections": "infection_hazard / (defence * defence)",
    },
    source="cross-regulation with chance triggers after the idea of Velez de Mendizabal 2011 (its parameters were not "
    "seen); damped, so that a trigger gives one episode of weeks and not an endless swing",
    wrong_when="it is a caricature with assumed rates: it shows what a link would do, not how much",
)
