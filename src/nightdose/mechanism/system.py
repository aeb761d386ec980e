"""All mechanisms joined into one system of differential equations: order of states, parameters, outputs."""

from __future__ import annotations

import hashlib
from functools import cache

from nightdose.knowledge.mechanism import Mechanism, Quantity, State
from nightdose.mechanism.compartments import COMPARTMENTS
from nightdose.mechanism.expressions import names_in
from nightdose.mechanism.glia import GLIA
from nightdose.mechanism.growth_factor import GROWTH_FACTOR
from nightdose.mechanism.immune import IMMUNE
from nightdose.mechanism.myelin import MYELIN
from nightdose.mechanism.occupancy import OCCUPANCY
from nightdose.mechanism.opioid_tone import OPIOID_TONE
from nightdose.mechanism.symptoms import SYMPTOMS

MECHANISMS: tuple[Mechanism, ...] = (
    COMPARTMENTS, OCCUPANCY, OPIOID_TONE, GROWTH_FACTOR, IMMUNE, GLIA, MYELIN, SYMPTOMS,
)  # fmt: skip

STATES: tuple[State, ...] = tuple(state for part in MECHANISMS for state in part.states)
QUANTITIES: tuple[Quantity, ...] = tuple(quantity for part in MECHANISMS for quantity in part.quantities)
RATES: dict[str, str] = {name: text for part in MECHANISMS for name, text in part.rates.items()}

STATE_NAMES: tuple[str, ...] = tuple(state.name for state in STATES)
QUANTITY_NAMES: tuple[str, ...] = tuple(quantity.name for quantity in QUANTITIES)
OUTPUT_NAMES: tuple[str, ...] = STATE_NAMES + QUANTITY_NAMES
STATE_INDEX: dict[str, int] = {name: i for i, name in enumerate(STATE_NAMES)}

assert set(RATES) == set(STATE_NAMES), "every state needs one rate and every rate one state"


@cache
def parameter_names() -> tuple[str, ...]:
    """Names that the equations use and neither a state nor a quantity provides, in order of first use."""
    known = {*OUTPUT_NAMES, "t"}
    found: dict[str, None] = {}
    texts = [q.equation for q in QUANTITIES] + [RATES[s.name] for s in STATES] + [s.initial for s in STATES]
    for text in texts:
        for name in names_in(text):
            if name not in known:
                found.setdefault(name)
    return tuple(found)


def unit_of(output: str) -> str:
    """Unit of a state or quantity."""
    return {**{s.name: s.unit for s in STATES}, **{q.name: q.unit for q in QUANTITIES}}[output]


@cache
def fingerprint() -> str:
    """Short hash of every equation; the compiled kernel carries the one it was generated from."""
    text = repr([(s.name, s.initial, RATES[s.name]) for s in STATES] + [(q.name, q.equation) for q in QUANTITIES])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
