"""`nightdose backup`: a dated, checked copy; verify, restore, export of everything, deletion of everything."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nightdose.cli import diary_file
from nightdose.cli.next_words import next_lines
from nightdose.diary.kept import backup
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import backups, opening
from nightdose.keeping.backups import SURE
from nightdose.language.catalogue import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Without a word: make a backup."""
    diary_file.add_options(parser)
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to; default: the diary's folder")
    words = parser.add_subparsers(dest="what", metavar="WHAT")
    verify = words.add_parser("verify", help="check a backup, or without FILE the diary itself")
    verify.add_argument("file", nargs="?", type=Path, metavar="FILE")
    restore = words.add_parser("restore", help="put a backup's diary at a new place")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--as", dest="target", type=Path, required=True, metavar="NEW.db")
    export = words.add_parser("export", help="everything as JSON and CSV")
    export.add_argument("folder", type=Path, metavar="FOLDER")
    change = words.add_parser("passphrase", help="a new passphrase; the recovery key stays the same")
    change.add_argument("--new-passphrase-file", type=Path, metavar="FILE")
    delete = words.add_parser("delete", help="remove the diary and its key from this computer")
    delete.add_argument("--sure", metavar="WORDS", help=say("write '{sure}'", sure=SURE))
    for each in (verify, restore, export, change, delete):
        diary_file.add_options_again(each)


def run(arguments: argparse.Namespace) -> int:
    """Carry out the word; without one, make a backup."""
    does = {
        None: make, "verify": verify, "restore": restore, "export": export, "passphrase": passphrase, "delete": delete,
    }[arguments.what]  # fmt: skip
    report, sentence, code = does(arguments)
    if arguments.json:
        diary_file.show_json(report)
    else:
        print("\n".join(filter(None, [sentence, getattr(arguments, "comes_next", "")])))
    return code


def make(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Make a backup and say where it is."""
    path = diary_file.diary_path(arguments)
    key = diary_file.key_of(arguments, path)
    with Store(path, key) as store:
        made = backups.make_backup(store, key, arguments.to or path.parent, diary_file.now())
        arguments.comes_next = next_lines(store)
    report = {"backup": str(made.path), "entries": made.entries, "encrypted": made.encrypted}
    where = say("Keep a copy on another disk: a backup on the same disk dies with it.")
    return (
        report,
        say(
            "Backup of {entries} entries, read back and whole: {path}\n{where}",
            entries=made.entries,
            path=made.path,
            where=where,
        ),
        0,
    )


def verify(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Check a backup or the diary, row by row."""
    if arguments.file is None:
        with diary_file.open_diary(arguments) as store:
            health, what = store.verify(), str(store.path)
            arguments.comes_next = next_lines(store) if health.whole else ""
    else:
        health = backups.verify_backup(arguments.file, backup_key(arguments))
        what = str(arguments.file)
    report = {"file": what, "whole": health.whole, "entries": health.entries, "faults": list(health.faults)}
    if health.whole:
        return (
            report,
            say(
                "{what} is whole: {entries} entries, {documents} documents.",
                what=what,
                entries=health.entries,
                documents=health.documents,
            ),
            0,
        )
    return (
        report,
        say("{what} is not whole: {faults}. Restore a backup that verifies.", what=what, faults=health.faults[0]),
        3,
    )


def backup_key(arguments: argparse.Namespace) -> bytes | None:
    """Key of the diary inside a backup."""
    if not backup.inspect(arguments.file).encrypted:
        return None
    return diary_file.secret_for(arguments, backup.key_file_text(arguments.file)).file_key


def restore(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Put a backup's diary at a new place."""
    health = backups.restore_backup(arguments.file, arguments.target, backup_key(arguments))
    report = {"diary": str(arguments.target), "entries": health.entries}
    return (
        report,
        say(
            "{entries} entries restored to {target}. Use it with --diary {target}.",
            entries=health.entries,
            target=arguments.target,
        ),
        0,
    )


def export(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Everything, readable by any program; not encrypted any more."""
    if not arguments.folder.is_dir():
        raise CallError(say("{folder} is not a folder. Make it first.", folder=arguments.folder))
    with diary_file.open_diary(arguments) as store:
        texts = backups.everything(store)
        for name in texts:
            if (arguments.folder / name).exists():
                raise CallError(
                    say("{folder} is there already. Export into an empty folder.", folder=arguments.folder / name)
                )
        for name, pieces in texts.items():
            diary_file.write_page(arguments.folder / name, "".join(pieces()))
        arguments.comes_next = next_lines(store)
    report = {"files": [str(arguments.folder / name) for name in texts]}
    return (
        report,
        say(
            "{texts} are in {folder}. They are not encrypted: anyone who has them can read.",
            texts=", ".join(texts),
            folder=arguments.folder,
        ),
        0,
    )


def passphrase(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Lock the same secret with new words."""
    path = diary_file.diary_path(arguments)
    opening.refuse_plain(path)
    secret = diary_file.secret_for(arguments, opening.key_text(path))
    if arguments.new_passphrase_file is not None:
        words = diary_file.first_line(arguments.new_passphrase_file)
    else:
        words = diary_file.passphrase(argparse.Namespace(passphrase_file=None), say("New passphrase:") + " ")
    opening.change_passphrase(path, secret, words)
    return {"changed": True}, say("The passphrase is changed. Old backups still open with the old one."), 0


def delete(arguments: argparse.Namespace) -> tuple[dict[str, Any], str, int]:
    """Remove diary and key; name the backups that are left elsewhere."""
    path = diary_file.diary_path(arguments)
    if arguments.sure != SURE:
        raise CallError(
            say("This removes {path} and its key for good. If you mean it: --sure '{sure}'.", path=path, sure=SURE)
        )
    with diary_file.open_diary(arguments) as store:
        done = backups.delete_diary(store)
    removed, left = [str(file) for file in done.removed], list(done.backups_left)
    sentence = say("Removed: {removed}.", removed=", ".join(removed))
    if left:
        sentence += " " + say(
            "Backups still there: {left}. Remove them yourself if you want nothing left.", left=", ".join(left)
        )
    return {"removed": removed, "backups_left": left}, sentence, 0
