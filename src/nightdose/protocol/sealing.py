"""Which block holds what: drawn, sealed to a helper, and kept from the person until the end.

The person's diary holds only a commitment: SHA-256 over the allocation with 256 random bits of salt, so the few
possible orders cannot be tried out against it. Salt, seed and order exist only inside the sealed file.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import mark, say
from nightdose.protocol.trial import Arm, TrialDesign, design_from_record, draw_order

FORMAT = "nightdose.allocation/1"
NEEDS_BLIND = mark("Sealing needs one more package: pip install 'nightdose[blind]'.")


@dataclass(frozen=True, slots=True, repr=False)
class Allocation:
    """The secret order. Prints as nothing, so that no log, table or traceback can carry it.

    protocol : hash of the locked protocol it belongs to; seed : from which the order can be drawn again.
    """

    protocol: str
    design: TrialDesign
    seed: int
    salt: str
    arms: tuple[Arm, ...]

    def __repr__(self) -> str:
        return "Allocation(sealed)"

    def to_bytes(self) -> bytes:
        """The one way to write it down; what is sealed, and what the commitment is taken of."""
        body = {
            "format": FORMAT, "protocol": self.protocol, "design": self.design.record, "seed": self.seed,
            "salt": self.salt, "arms": self.arms,
        }  # fmt: skip
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def allocate(design: TrialDesign, protocol: str, seed: int | None = None) -> Allocation:
    """Draw the order; the seed comes from the operating system unless a test gives one."""
    drawn = secrets.randbits(64) if seed is None else seed
    order = draw_order(design, np.random.default_rng(drawn))
    return Allocation(protocol, design, drawn, secrets.token_hex(32), order)


def commitment(allocation: Allocation) -> str:
    """What the diary keeps until the reveal: SHA-256, hex."""
    return hashlib.sha256(allocation.to_bytes()).hexdigest()


def read_allocation(content: bytes) -> Allocation:
    """An allocation from its bytes; a sentence that names nothing of it when it is none."""
    try:
        body = json.loads(content)
        arms = tuple(body["arms"])
        seed, salt, protocol = int(body["seed"]), str(body["salt"]), str(body["protocol"])
        design = design_from_record(body["design"])
        known = body["format"] == FORMAT and set(arms) <= {"on", "off"} and len(arms) == design.blocks
    except (ValueError, KeyError, TypeError, RecursionError, CallError):
        known = False
    if not known:
        raise InputError(say("This is not an allocation that nightdose made."))
    return Allocation(protocol, design, seed, salt, arms)


def verify(allocation: Allocation, committed: str) -> None:
    """Refuse an allocation that is not the one committed to on day 0, or not the one its seed draws."""
    if commitment(allocation) != committed:
        raise InputError(
            say(
                "This allocation is not the one that was committed to before day 1: the hashes "
                "differ. Ask the helper for the file that was sealed then."
            )
        )
    if draw_order(allocation.design, np.random.default_rng(allocation.seed)) != allocation.arms:
        raise InputError(
            say("The order in this allocation is not the one its seed draws. It was not made by nightdose.")
        )


def seal(allocation: Allocation, recipient: str) -> bytes:
    """Encrypt to a public key (age1...), so that only the helper or pharmacy can read it."""
    pyrage = _pyrage()
    try:
        key = pyrage.x25519.Recipient.from_str(recipient.strip())
        sealed: bytes = pyrage.encrypt(allocation.to_bytes(), [key])
    except Exception:  # noqa: BLE001 - pyrage's errors have no common type, and none may carry the content
        raise CallError(
            say(
                "'{recipient}...' is not an age public key. The helper makes one with "
                "nightdose or age-keygen; it starts with age1.",
                recipient=recipient[:20],
            ),
            field="recipient",
            code="helper_key",
        ) from None
    return sealed


def unseal(sealed: bytes, identity: str) -> Allocation:
    """Decrypt with the helper's secret key (AGE-SECRET-KEY-...)."""
    pyrage = _pyrage()
    line = next((word for word in identity.split() if word.startswith("AGE-SECRET-KEY-")), "")
    try:
        content: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(line)])
    except Exception:  # noqa: BLE001 - as above
        raise InputError(say("This key does not open this file, or the file is damaged.")) from None
    return read_allocation(content)


def helper_keys() -> tuple[str, str]:
    """A new pair for a helper: (secret identity, public recipient)."""
    identity = _pyrage().x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _pyrage() -> Any:
    try:
        return importlib.import_module("pyrage")
    except ImportError:
        raise CallError(say(NEEDS_BLIND)) from None


@dataclass(frozen=True, slots=True)
class Unblinding:
    """That the code was broken: when, by whom, why, and whether before the end. Written before anything is shown."""

    day: datetime.date
    reason: str
    emergency: bool
    blocks: tuple[int, ...]  # numbers of all blocks that are open now: those opened and what they tell
    opened: tuple[int, ...] = ()  # numbers of the blocks that were opened themselves

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < 5:
            raise CallError(
                say("Say in a few words why the code is opened; it is recorded, and nobody will object."),
                field="reason",
            )

    @property
    def told(self) -> tuple[int, ...]:
        """Boxes that were not opened but are known now."""
        return tuple(number for number in self.blocks if number not in (self.opened or self.blocks))

    @property
    def record(self) -> dict[str, Any]:
        """As the diary keeps it."""
        return {
            "day": self.day.isoformat(), "reason": self.reason, "emergency": self.emergency,
            "blocks": list(self.blocks), "opened": list(self.opened or self.blocks),
        }  # fmt: skip


def unblinding_from_record(record: Mapping[str, Any]) -> Unblinding:
    """The opening that `Unblinding.record` wrote down."""
    return Unblinding(
        datetime.date.fromisoformat(record["day"]),
        record["reason"],
        bool(record["emergency"]),
        tuple(record["blocks"]),
        tuple(record.get("opened", ())),
    )


def pair_of(number: int) -> tuple[int, int]:
    """The two boxes of a pair, box 1 and 2 being the first: of two, one holds the medicine and the other does not."""
    first = number - (number + 1) % 2
    return first, first + 1


def arms_of(allocation: Allocation, numbers: Sequence[int]) -> tuple[tuple[int, Arm], ...]:
    """What the named blocks hold; block numbers count from 1."""
    if not all(1 <= number <= len(allocation.arms) for number in numbers):
        raise CallError(say("Blocks are numbered 1 to {n}.", n=len(allocation.arms)))
    return tuple((number, allocation.arms[number - 1]) for number in numbers)
