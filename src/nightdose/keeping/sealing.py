"""The order of the boxes: sealed to a helper, packed, opened where it must be, revealed at the end."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety
from nightdose.keeping.documents import COMMITMENT, REVEALED, UNBLINDING, Commitment, RevealedOrder
from nightdose.keeping.protocol import history, locked_design, locked_history, sealed_of
from nightdose.keeping.trials import newest_trial
from nightdose.language.calendar import dated
from nightdose.language.catalogue import say
from nightdose.protocol import sealing
from nightdose.protocol.gates import Cleared
from nightdose.protocol.locked import Locked
from nightdose.protocol.opened import open_days
from nightdose.protocol.sealing import Allocation, Unblinding, pair_of
from nightdose.protocol.trial import Block, TrialDesign, blocks, design_from_record
from nightdose.report.sheets.protocol_sheet import ProtocolSheet, protocol_sheet, protocol_sheet_page


@dataclass(frozen=True, slots=True)
class Sealed:
    """An order that was drawn, encrypted to the helper: the file's bytes, and what the diary will keep of it.

    Nothing is kept yet, where it was drawn just now: call `keep_commitment`.
    """

    content: bytes
    commitment: Commitment


def seal(store: Store, recipient: str, today: datetime.date) -> Sealed:
    """Draw the order of the locked protocol and seal it to the helper's public key.

    Asked again for the same helper it is the file that was sealed before.

    Raises NotCleared while a gate is in the way of the first box, CallError where nothing blinded is locked or an order
    was sealed before.
    """
    protocol, design = locked_design(store)
    if not design.blinded:
        raise CallError(say("This protocol is not blinded; there is nothing to seal."))
    before = sealed_of(store)
    if before is not None:
        content = sealed_file(store)
        if content is not None and before.sealed_to == recipient.strip():
            return Sealed(content, before)
        raise CallError(say("The order was sealed before. Drawing it twice would let one choose; it is drawn once."))
    if today > design.first_dose:
        raise CallError(
            say(
                "Its first block began on {day}, and no order was sealed before. Evenings that are past cannot be "
                "drawn any more: stop this trial, and lock another one whose first block is still to come.",
                day=dated(design.first_dose),
            )
        )
    safety.cleared(store, today, max(design.first_dose, today))
    allocation = sealing.allocate(design, protocol)
    content = sealing.seal(allocation, recipient)
    file = base64.b64encode(content).decode("ascii")
    return Sealed(content, Commitment(sealing.commitment(allocation), protocol, recipient.strip(), file))


def sealed_file(store: Store) -> bytes | None:
    """The sealed file, to be given to the helper again; None where none is kept or the order is revealed."""
    kept = sealed_of(store)
    if kept is None or not kept.file or revealed_order(store) is not None:
        return None
    return base64.b64decode(kept.file)


def keep_commitment(store: Store, sealed: Sealed) -> None:
    """Keep in the diary what the order can be checked against, and the file; once, however often it is asked for."""
    if sealed.commitment not in documents.every(store, COMMITMENT):
        documents.keep(store, COMMITMENT, sealed.commitment)


def open_sealed(content: bytes, identity: str) -> Allocation:
    """On the helper's computer: the order, by the helper's secret key."""
    return sealing.unseal(content, identity)


def cleared_for_kit(store: Store, allocation: Allocation, today: datetime.date) -> Cleared | None:
    """The gates of the person's diary, asked before boxes are packed; None where the diary has another protocol."""
    found = history(store)
    if not found or found[0].sha256 != allocation.protocol:
        return None
    return safety.cleared(store, today, max(allocation.design.first_dose, today))


@dataclass(frozen=True, slots=True)
class Box:
    """The box of one day. first : this is its first evening, so the gates were asked anew."""

    block: Block
    first: bool


def box_on(store: Store, day: datetime.date) -> Box | None:
    """Which box the locked protocol has on that day; None in the run-in, between boxes, after a stop and without a
    blinded trial."""
    found = newest_trial(store)
    if found is None or not found.design.blinded:
        return None
    last = found.last_day
    here = (block for block in blocks(found.design) if block.first_day <= day <= min(block.last_day, last))
    return next((Box(block, block.first_day == day) for block in here), None)


def unblind(
    store: Store, numbers: Sequence[int], reason: str, today: datetime.date, *, emergency: bool = False
) -> Unblinding:
    """Record that boxes were opened; what was in them is not asked.

    Of a pair one box holds the medicine and one does not, so an opened box tells the other: both are recorded as open.
    """
    _, design = locked_design(store)
    opened = tuple(sorted(set(numbers)))
    if not opened or not all(1 <= number <= design.blocks for number in opened):
        raise CallError(say("Boxes are numbered 1 to {blocks}.", blocks=design.blocks), field="block")
    told = sorted({box for number in opened for box in pair_of(number)})
    made = Unblinding(today, reason, emergency, tuple(told), opened)
    if made not in documents.every(store, UNBLINDING):
        documents.keep(store, UNBLINDING, made)
    return made


def unblindings(store: Store) -> tuple[Unblinding, ...]:
    """Every opening that was recorded. One from before pairs were counted opens its pair too."""
    kept = documents.every(store, UNBLINDING)
    return tuple(
        Unblinding(
            each.day, each.reason, each.emergency,
            tuple(sorted({box for number in each.blocks for box in pair_of(number)})), each.opened or each.blocks,
        )
        for each in kept
    )  # fmt: skip


def before_the_end(store: Store) -> tuple[Unblinding, ...]:
    """The openings of the boxes of the trial that was locked last, while it ran."""
    found = newest_trial(store)
    if found is None:
        return ()
    return tuple(each for each in unblindings(store) if found.locked_day <= each.day <= found.last_day)


def protocol_in_words(store: Store) -> ProtocolSheet:
    """The locked protocol in words; never what a box holds. CallError where no protocol is locked."""
    return protocol_sheet(*_shown_of(store))


def protocol_page(store: Store) -> str:
    """The same as a page to print."""
    return protocol_sheet_page(*_shown_of(store))


def _shown_of(store: Store) -> tuple[tuple[Locked, ...], tuple[Unblinding, ...], str, tuple[datetime.date, str] | None]:
    """The protocol and its amendments, boxes opened before the end, check value of the sealed order, the stop."""
    history, trial = locked_history(store), newest_trial(store)
    assert trial is not None
    stopped = (trial.stopped, trial.why) if trial.stopped is not None and trial.cut_short else None
    return history, before_the_end(store), "" if trial.sealed is None else trial.sealed.sha256, stopped


def known_days(store: Store) -> frozenset[datetime.date]:
    """Days of opened boxes, from the opening on, of a trial that stays blinded otherwise."""
    found = history(store)
    return open_days(design_from_record(found[0].body["design"]), before_the_end(store)) if found else frozenset()


def end_of_trial(design: TrialDesign) -> datetime.date:
    """The last day of the last box."""
    return blocks(design)[-1].last_day


def reveal(store: Store, content: bytes, today: datetime.date, *, early: str | None = None) -> Allocation:
    """Check the helper's file against the commitment and take the order into the diary.

    early : why, where the trial has not ended and was not stopped; it is recorded as an opening of every box.
    Raises CallError before the end without that, InputError where the file is not what was committed to.
    """
    protocol, design = locked_design(store)
    trial = newest_trial(store)
    kept = None if trial is None else trial.sealed
    if trial is None or kept is None:
        raise CallError(say("No order was sealed for this diary; there is nothing to check the file against."))
    if not trial.over(today) and not early:
        raise CallError(
            say(
                "The trial has not ended. Looking now makes the rest of it an open trial; if you "
                "want that, say why. In an emergency a single pair of boxes can be opened instead."
            ),
            field="early",
        )
    allocation = sealing.read_allocation(content)
    sealing.verify(allocation, kept.sha256)
    if (allocation.protocol, allocation.design) != (protocol, design):
        raise CallError(say("This allocation belongs to another protocol."))
    if early and not trial.over(today):
        every_box = tuple(range(1, design.blocks + 1))
        documents.keep(store, UNBLINDING, Unblinding(today, early, False, every_box, every_box))
    documents.keep(store, REVEALED, RevealedOrder(allocation.arms, allocation.seed, allocation.salt, protocol))
    return allocation


def revealed_order(store: Store) -> RevealedOrder | None:
    """The sealed order of the trial that was locked last, once it was revealed."""
    found = newest_trial(store)
    return None if found is None else found.revealed
