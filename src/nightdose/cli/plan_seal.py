"""`nightdose plan seal | kit | unblind | reveal | helper-key`: the order of the blocks, and who may know it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file
from nightdose.cli.next_words import then
from nightdose.diary.kept.files import write_whole
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import sealing as keeping
from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import say
from nightdose.protocol.sealing import Allocation, helper_keys

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
    """The helper's words need no diary; the person's open it."""
    if arguments.what == "helper-key":
        return helper_key(arguments)
    if arguments.what == "kit":
        return kit(arguments)
    with diary_file.open_diary(arguments) as store:
        code = {"seal": seal, "unblind": unblind, "reveal": reveal}[arguments.what](store, arguments)
        return then(store, arguments, code)


def helper_key(arguments: argparse.Namespace) -> int:
    """A key pair; the secret half goes to a file, the public half is shown."""
    if arguments.output.exists():
        raise CallError(say("{output} is there already. A key is never overwritten.", output=arguments.output))
    identity, recipient = helper_keys()
    write_whole(arguments.output, f"# nightdose helper key; keep it, and show it to nobody\n{identity}\n".encode())
    report = {"key_file": str(arguments.output), "public_key": recipient}
    sentence = say(
        "Secret key: {output} (keep it). Give this public key to the person in the trial:\n{recipient}",
        output=arguments.output,
        recipient=recipient,
    )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def seal(store: Store, arguments: argparse.Namespace) -> int:
    """Draw, seal, keep the commitment. Nothing of the order is printed or written in clear."""
    if arguments.output.exists():
        raise CallError(say("{output} is there already. Choose another name.", output=arguments.output))
    sealed = keeping.seal(store, arguments.to, diary_file.today(store))
    write_whole(arguments.output, sealed.content)
    keeping.keep_commitment(store, sealed)
    check = sealed.commitment.sha256
    report = {"sealed": str(arguments.output), "commitment": check, "words": four_words(check)}
    sentence = say(
        "Sealed: {output}. Send it to your helper; only their key opens it.\nCheck value, kept in your diary: "
        "{check}\nIn four words: {four_words}. Your helper's packing list shows the same ones.",
        output=arguments.output,
        check=check,
        four_words=four_words(check),
    )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def kit(arguments: argparse.Namespace) -> int:
    """On the helper's computer: packing list and allocation.json into a folder of the helper's.

    Where the person's own diary is on this computer, its gates are asked once more.
    """
    from nightdose.report.sheets.kit_sheet import kit_sheet_page

    allocation = keeping.open_sealed(
        diary_file.read_file(arguments.sealed), diary_file.read_file(arguments.identity).decode("utf-8", "replace")
    )
    same_computer = False
    if diary_file.diary_path(arguments).is_file():
        with diary_file.open_diary(arguments) as store:
            same_computer = keeping.cleared_for_kit(store, allocation, diary_file.today(store)) is not None
    page = kit_sheet_page(allocation, arguments.active, arguments.dummy, arguments.contact)
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallError(
            say(
                "{output} cannot be made ({strerror}). Choose another folder.",
                output=arguments.output,
                strerror=error.strerror,
            )
        ) from None
    write_whole(arguments.output / "kit-sheet.html", page.encode())
    write_whole(arguments.output / "allocation.json", allocation.to_bytes())
    report = {"folder": str(arguments.output), "boxes": len(allocation.arms)}
    sentence = say(
        "Packing list and allocation.json are in {output}. Print the list; keep both from the person.",
        output=arguments.output,
    )
    if same_computer:
        sentence += "\n" + say(
            "The diary of this trial is on this computer too: whoever packs must not be the person in the trial. "
            "Move the folder and the key to a place that only the helper can read."
        )
    diary_file.show_json(report) if arguments.json else print(sentence)
    return 0


def unblind(store: Store, arguments: argparse.Namespace) -> int:
    """Record an opening; what was in the box is not asked."""
    opened = keeping.unblind(
        store, arguments.block, arguments.reason, diary_file.today(store), emergency=arguments.emergency
    )
    told = ", ".join(map(str, opened.told))
    pair = (
        say(
            "Of a pair one box holds the medicine and one does not, so you know box {told} too. Both are recorded "
            "as open.",
            told=told,
        )
        + " "
        if opened.told
        else say("These boxes are recorded as open.") + " "
    )
    sentence = say(
        "Recorded. Open the envelope, or call your helper; a doctor who asks gets the answer at once.\n{pair}From "
        "today on their days are open and are left out of the blinded comparison.\nThe other pairs stay blinded; "
        "once more than half of the pairs are open, the whole trial is analysed as open. The report will say which "
        "were opened and why.",
        pair=pair,
    )
    diary_file.show_json(opened.record) if arguments.json else print(sentence)
    return 0


def reveal(store: Store, arguments: argparse.Namespace) -> int:
    """Verify the helper's file against the commitment, then take the order into the diary."""
    content = diary_file.read_file(arguments.allocation)
    show_revealed(keeping.reveal(store, content, diary_file.today(store), early=arguments.early), arguments)
    return 0


def show_revealed(allocation: Allocation, arguments: argparse.Namespace) -> None:
    """The order, now that it may be known."""
    if arguments.json:
        diary_file.show_json({"verified": True, "arms": list(allocation.arms)})
        return
    print(say("The file is the one that was committed to before day 1, and its seed draws this order:"))
    for number, arm in enumerate(allocation.arms, 1):
        how = say("active") if arm == "on" else say("without medicine")
        print("  " + say("box {number}: {how}", number=number, how=how))
