"""Oral naltrexone and 6-beta-naltrexol: gut, first pass, central, peripheral and slow deep tissue.

All of it is linear: doses superpose, and `linear_system` gives the closed form that the tests hold the solver to.
Amounts are nmol, volumes L, time h. Doses are labelled mg of the hydrochloride; `dose_nmol` makes base of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nightdose.arrays import Floats
from nightdose.knowledge.mechanism import Mechanism, Quantity, State

COMPARTMENTS = Mechanism(
    name="compartments",
    title="Oral naltrexone and 6-beta-naltrexol",
    states=(
        State("gut", "nmol", "naltrexone not yet absorbed", typical=0.01, per_dose=True),
        State("central", "nmol", "naltrexone in blood and quick tissue", typical=0.002, per_dose=True),
        State("peripheral", "nmol", "naltrexone in slower tissue", typical=0.002, per_dose=True),
        State("deep", "nmol", "naltrexone in the slow deep tissue", typical=0.001, per_dose=True),
        State("metabolite", "nmol", "6-beta-naltrexol in blood and quick tissue", typical=0.01, per_dose=True),
        State("metabolite_peripheral", "nmol", "6-beta-naltrexol in tissue", typical=0.01, per_dose=True),
        State(
            "eliminated",
            "nmol",
            "everything that has left for good",
            typical=0.1,
            per_dose=True,
            running_total=True,
        ),
    ),
    quantities=(
        Quantity("conc_naltrexone", "nM", "naltrexone in plasma", "central / volume_central"),
        Quantity("conc_metabolite", "nM", "6-beta-naltrexol in plasma", "metabolite / volume_metabolite"),
    ),
    rates={
        "gut": "-absorption * gut",
        "central": "escape * absorption * gut"
        " - (clearance + flow_peripheral + flow_deep) / volume_central * central"
        " + flow_peripheral / volume_peripheral * peripheral + flow_deep / volume_deep * deep",
        "peripheral": "flow_peripheral / volume_central * central - flow_peripheral / volume_peripheral * peripheral",
        "deep": "flow_deep / volume_central * central - flow_deep / volume_deep * deep",
        "metabolite": "(1 - escape) * first_pass_to_metabolite * absorption * gut"
        " + systemic_to_metabolite * clearance / volume_central * central"
        " - (clearance_metabolite + flow_metabolite) / volume_metabolite * metabolite"
        " + flow_metabolite / volume_metabolite_peripheral * metabolite_peripheral",
        "metabolite_peripheral": "flow_metabolite / volume_metabolite * metabolite"
        " - flow_metabolite / volume_metabolite_peripheral * metabolite_peripheral",
        "eliminated": "(1 - escape) * (1 - first_pass_to_metabolite) * absorption * gut"
        " + (1 - systemic_to_metabolite) * clearance / volume_central * central"
        " + clearance_metabolite / volume_metabolite * metabolite",
    },
    source="mammillary compartments with first-pass formation; linear between 50 and 200 mg (Meyer 1984)",
    wrong_when="below 50 mg no immediate-release oral study exists: linearity there is an extrapolation",
)

LINEAR_STATES = (
    "gut", "central", "peripheral", "deep", "metabolite", "metabolite_peripheral", "effect_site", "retained",
)  # fmt: skip


def dose_nmol(dose_mg: float, salt_fraction: float, molar_mass: float) -> float:
    """nmol of naltrexone base in a labelled dose of the hydrochloride."""
    return dose_mg * salt_fraction * 1e6 / molar_mass


def linear_system(p: Mapping[str, float]) -> Floats:
    """(8, 8) matrix A of the linear part, dx/dt = A x, in the order of LINEAR_STATES; 1/h.

    Holds for every dose as long as the short-block hypothesis is off (its escape term is not linear).
    """
    vc, vp, vd = p["volume_central"], p["volume_peripheral"], p["volume_deep"]
    vm, vmp = p["volume_metabolite"], p["volume_metabolite_peripheral"]
    ka, escape = p["absorption"], p["escape"]
    a = np.zeros((8, 8))
    gut, central, peripheral, deep, metabolite, metabolite_p, site, retained = range(8)
    a[gut, gut] = -ka
    a[central, gut] = escape * ka
    a[central, central] = -(p["clearance"] + p["flow_peripheral"] + p["flow_deep"]) / vc
    a[central, peripheral], a[central, deep] = p["flow_peripheral"] / vp, p["flow_deep"] / vd
    a[peripheral, central], a[peripheral, peripheral] = p["flow_peripheral"] / vc, -p["flow_peripheral"] / vp
    a[deep, central], a[deep, deep] = p["flow_deep"] / vc, -p["flow_deep"] / vd
    a[metabolite, gut] = (1 - escape) * p["first_pass_to_metabolite"] * ka
    a[metabolite, central] = p["systemic_to_metabolite"] * p["clearance"] / vc
    a[metabolite, metabolite] = -(p["clearance_metabolite"] + p["flow_metabolite"]) / vm
    a[metabolite, metabolite_p] = p["flow_metabolite"] / vmp
    a[metabolite_p, metabolite], a[metabolite_p, metabolite_p] = p["flow_metabolite"] / vm, -p["flow_metabolite"] / vmp
    a[site, central], a[site, site] = p["site_rate"] / vc, -p["site_rate"]
    a[retained, site], a[retained, retained] = p["retention"], -p["release"]
    return a


def amounts_after(p: Mapping[str, float], gut_nmol: float, time_h: Floats) -> Floats:
    """(time, 8) states of LINEAR_STATES at times >= 0 after one dose at 0, by eigenvectors of the linear system."""
    values, vectors = np.linalg.eig(linear_system(p))
    weights = np.linalg.solve(vectors, np.eye(8)[:, 0] * gut_nmol)
    out = (np.exp(np.outer(np.maximum(time_h, 0.0), values)) * weights) @ vectors.T
    real: Floats = np.where(time_h[:, None] >= 0, out.real, 0.0)
    return real
