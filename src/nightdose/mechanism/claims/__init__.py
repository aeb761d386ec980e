"""Each claim about the mechanism as a picture: with the evidence as published, and with what it must assume.

A claim becomes panels of curves and a few plain sentences with the numbers of this run in them; one file a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from nightdose.errors import CallError
from nightdose.mechanism.claims import (
    balance,
    fading_side_effects,
    high_vs_low,
    neuroprotection,
    rebound,
    relapse_after_stopping,
)
from nightdose.mechanism.claims.claim import Claim

CLAIMS: Mapping[str, Callable[[int], Claim]] = MappingProxyType(
    {
        "rebound": rebound.claim,
        "high-vs-low": high_vs_low.claim,
        "balance": balance.claim,
        "relapse-after-stopping": relapse_after_stopping.claim,
        "neuroprotection": neuroprotection.claim,
        "fading-side-effects": fading_side_effects.claim,
    }
)


def claim(name: str, seed: int = 1) -> Claim:
    """The claim of that name, simulated."""
    if name not in CLAIMS:
        raise CallError(f"there is no claim '{name}'. Choose from: {', '.join(CLAIMS)}.")
    return CLAIMS[name](seed)
