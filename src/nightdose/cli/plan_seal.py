"""`nightdose plan seal | kit | unblind | reveal | helper-key`: the order of the blocks, and who may know it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file
from nightdose.diary.kept.store import Store
from nightdose.diary.kept.vault import write_whole
from nightdose.errors import CallError
from nightdose.protocol import sealing as blinding
from nightdose.protocol.locked import in_force, read_history
from nightdose.protocol.sealing import Allocation, Unblinding
from nightdose.protocol.trial import TrialDesign, design_from_record

WORDS = ("seal", "kit", "unblind", "reveal", "helper-key")


def add_words(words: Any) -> Sequence[argparse.ArgumentParser]:
    """The parsers of these words."""
    key = words.add_parser("helper-key", help="for the helper, on the helper's computer: a key pair")
    key.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    seal = words.add_parser("seal", help="draw the order and seal it to the helper; you see only a check value")
    seal.add_argument("--to", required=True, metavar="age1...", help="the helper's or pharmacy's public key")
    seal.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.age")
    kit = words.add_parser(
        "kit", help="for the helper: open the sealed file, write the packing list and allocation.json"
    )
    kit.add_argument("sealed", type=Path, metavar="FILE.age")
    kit.add_argument("--identity", type=Path, required=True, metavar="KEYFILE")
    kit.add_argument("--active", required=True, metavar="WORDS", help="one evening's capsules with medicine")
    kit.add_argument("--dummy", required=True, metavar="WORDS", help="one evening's look-alikes")
    kit.add_argument("--contact", default="", metavar="WORDS")
    kit.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    unblind = words.add_parser("unblind", help="record that blocks were opened, before or after looking")
    unblind.add_argument("--block", type=int, action="append", required=True, metavar="NUMBER")
    unblind.add_argument("--reason", required=True, metavar="WORDS")
    unblind.add_argument("--emergency", action="store_true")
    reveal = words.add_parser(
        "reveal", help="at the end: check the helper's allocation.json and take it into the diary"
    )
    reveal.add_argument("allocation", type=Path, metavar="allocation.json")
    reveal.add_argument("--early", metavar="REASON", help="before the last day; recorded")
    return (key, seal, kit, unblind, reveal)


def run(arguments: argparse.Namespace) -> int:
    """One word, one thing."""
    if arguments.what == "helper-key":
        return helper_key(arguments)
    if arguments.what == "kit":
        return kit(arguments)
    with diary_file.open_diary(arguments) as store:
        return {"seal": seal, "unblind": unblind, "reveal": reveal}[arguments.what](store, arguments)


def helper_key(arguments: argparse.Namespace) -> int:
    """A key pair; the secret half goes to a file, the public half is shown."""
    identity, recipient = blinding.helper_keys()
    if arguments.output.exists():
        raise CallError(f"{arguments.output} is there already. A key is never overwritten.")
    write_whole(arguments.output, f"# nightdose helper key; keep it, and show it to nobody\n{identity}\n".encode())
    report = {"key_file": str(arguments.output), "public_key": recipient}
    sentence = (
        f"Secret key: {arguments.output} (keep it). Give this public key to the person in the trial:\n{recipient}"
    )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def locked_design(store: Store) -> tuple[str, TrialDesign]:
    """(hash of the protocol, its design as it was locked)."""
    history = read_history([document.body for document in store.documents("protocol")])
    if not history:
        raise CallError(
            "Lock the protocol first: `nightdose plan trial ... --lock`. The order belongs to a locked plan."
        )
    return history[0].sha256, design_from_record(in_force(history)["design"])


def seal(store: Store, arguments: argparse.Namespace) -> int:
    """Draw, seal, keep the commitment. Nothing of the order is printed or written in clear."""
    protocol, design = locked_design(store)
    if not design.blinded:
        raise CallError("This protocol is not blinded; there is nothing to seal.")
    if store.documents("commitment"):
        raise CallError("The order was sealed before. Drawing it twice would let one choose; it is drawn once.")
    if arguments.output.exists():
        raise CallError(f"{arguments.output} is there already. Choose another name.")
    allocation = blinding.allocate(design, protocol)
    check = blinding.commitment(allocation)
    write_whole(arguments.output, blinding.seal(allocation, arguments.to))
    store.put("commitment", "allocation", {"sha256": check, "protocol": protocol, "sealed_to": arguments.to})
    report = {"sealed": str(arguments.output), "commitment": check}
    sentence = (
        f"Sealed: {arguments.output}. Send it to your helper; only their key opens it.\n"
        f"Check value, kept in your diary: {check}"
    )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def kit(arguments: argparse.Namespace) -> int:
    """On the helper's computer: packing list and allocation.json into a folder of the helper's."""
    from nightdose.report.sheets.kit_sheet import kit_sheet_page

    allocation = blinding.unseal(read_bytes(arguments.sealed), diary_file_text(arguments.identity))
    page = kit_sheet_page(allocation, arguments.active, arguments.dummy, arguments.contact)
    arguments.output.mkdir(parents=True, exist_ok=True)
    write_whole(arguments.output / "kit-sheet.html", page.encode())
    write_whole(arguments.output / "allocation.json", allocation.to_bytes())
    report = {"folder": str(arguments.output), "boxes": len(allocation.arms)}
    sentence = f"Packing list and allocation.json are in {arguments.output}. Print the list; keep both from the person."
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def unblind(store: Store, arguments: argparse.Namespace) -> int:
    """Record an opening; what was in the box is not asked."""
    _, design = locked_design(store)
    numbers = tuple(sorted(set(arguments.block)))
    if not all(1 <= number <= design.blocks for number in numbers):
        raise CallError(f"Boxes are numbered 1 to {design.blocks}.")
    opened = Unblinding(diary_file.today(store), arguments.reason, arguments.emergency, numbers)
    body = {
        "day": opened.day.isoformat(), "reason": opened.reason, "emergency": opened.emergency, "blocks": list(numbers),
    }  # fmt: skip
    store.put("unblinding", "blocks", body)
    sentence = (
        "Recorded. Open the envelope, or call your helper; a doctor who asks gets the answer at once.\n"
        "The other boxes stay blinded. The report will say which were opened and why."
    )
    diary_file.show_json(body) if arguments.json else print(sentence)
    return 0


def reveal(store: Store, arguments: argparse.Namespace) -> int:
    """Verify the helper's file against the commitment, then take the order into the diary."""
    protocol, design = locked_design(store)
    kept = store.newest("commitment", "allocation")
    if kept is None:
        raise CallError("No order was sealed for this diary; there is nothing to check the file against.")
    last = design.first_dose.toordinal() + design.days - design.run_in_days - 1
    if diary_file.today(store).toordinal() <= last and not arguments.early:
        raise CallError(
            "The trial has not ended. Looking now makes the rest of it an open trial; if you want that, say why with "
            "--early 'reason'. In an emergency `nightdose plan unblind` opens one box only."
        )
    allocation = blinding.read_allocation(read_bytes(arguments.allocation))
    blinding.verify(allocation, kept["sha256"])
    if (allocation.protocol, allocation.design) != (protocol, design):
        raise CallError("This allocation belongs to another protocol.")
    if arguments.early:
        all_blocks = list(range(1, design.blocks + 1))
        today = diary_file.today(store).isoformat()
        store.put(
            "unblinding", "reveal", {"day": today, "reason": arguments.early, "emergency": False, "blocks": all_blocks}
        )
    store.put(
        "allocation", "revealed", {"arms": list(allocation.arms), "seed": allocation.seed, "salt": allocation.salt}
    )
    show_revealed(allocation, arguments)
    return 0


def show_revealed(allocation: Allocation, arguments: argparse.Namespace) -> None:
    """The order, now that it may be known."""
    if arguments.json:
        diary_file.show_json({"verified": True, "arms": list(allocation.arms)})
        return
    print("The file is the one that was committed to before day 1, and its seed draws this order:")
    for number, arm in enumerate(allocation.arms, 1):
        print(f"  box {number}: {'active' if arm == 'on' else 'without medicine'}")


def read_bytes(path: Path, most: int = 1 << 20) -> bytes:
    """A small file; a sentence where there is none."""
    try:
        if os.stat(path).st_size > most:
            raise CallError(f"{path} is too large to be this file.")
        return path.read_bytes()
    except OSError as error:
        raise CallError(f"{path} cannot be read ({error.strerror}).") from None


def diary_file_text(path: Path) -> str:
    """A small text file."""
    return read_bytes(path).decode("utf-8", "replace")
