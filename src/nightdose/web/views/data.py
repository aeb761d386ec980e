"""Data: a file looked over before it is taken in; backup, export, check, restore, delete."""

from __future__ import annotations

import io
import secrets
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from nightdose.diary import unwritten
from nightdose.diary.importers.imported import Choices
from nightdose.diary.kept import backup as backup_file
from nightdose.diary.kept.database import DiaryError
from nightdose.errors import CallError, InputError, NightdoseError
from nightdose.keeping import backups, imports, opening, settings
from nightdose.keeping.entries import in_words
from nightdose.keeping.table import table_of
from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import date
from nightdose.web.asked import Answered, Asked, Given, Go, Shown
from nightdose.web.contexts.data import DataPage, GoneByePage, ImportPage
from nightdose.web.contexts.start import RecoveryPage
from nightdose.web.desk import Desk
from nightdose.web.views import made
from nightdose.web.views.frame import around

MOST_SHOWN = 60
OLD_BACKUP_D = 30  # days after which the reminder is framed; it never stands in the way
SAVED = {
    "taken": mark("Taken in. The timeline shows it."),
    "restored": mark("Restored and checked."),
    "passphrase": mark("The passphrase is changed. Old backups still open with the old one."),
    "backup": mark("The backup is made and checked. Keep its file on another machine or stick."),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was looked over and waits for a yes."""

    token: str
    name: str
    seen: imports.Seen


def page(desk: Desk, asked: Asked) -> Answered:
    """What is stored where."""
    done = asked.query.get("done", "")
    return Shown(
        around(desk, say("Data"), "/data", acted="done" in asked.query),
        _page(desk, saved=say(SAVED.get(done, "")), file=made.waiting(desk, "backup") if done == "backup" else ""),
    )


def look(desk: Desk, asked: Asked) -> Answered:
    """Look a file over; nothing is written."""
    store = desk.store()
    sent = asked.files.get("file")
    if sent is None:
        return Shown(around(desk, say("Data"), "/data"), _page(desk, error=say("No file was chosen.")), 422)
    choices = Choices(day=settings.day_rule(store), date_order=asked.typed("order") or None)
    try:
        with unwritten.held(sent.name, sent.content) as path:
            seen = imports.look(store, path, choices)
    except NightdoseError as error:
        name, sentence = unwritten.own_name(sent.name), str(error)
        error_words = sentence if name in sentence else f"{name}: {sentence}"
        return Shown(around(desk, say("Data"), "/data"), _page(desk, error=error_words), 422)
    waiting = Waiting(secrets.token_urlsafe(12), sent.name, seen)
    desk.kept["import"] = (desk.mark(), waiting)
    return Shown(around(desk, say("Look it over"), "/data"), _import_page(waiting))


def take(desk: Desk, asked: Asked) -> Answered:
    """Take in what was looked over; sent twice, it is taken in once."""
    store = desk.store()
    mark, waiting = desk.kept.get("import", (None, None))
    if not isinstance(waiting, Waiting) or waiting.token != asked.typed("token") or mark != desk.mark():
        return Shown(
            around(desk, say("Data"), "/data"),
            _page(desk, error=say("The diary has changed since the file was looked over. Choose the file once more.")),
            422,
        )
    said = [float(mg) for mg in asked.many.get("said_again_mg", ()) if mg.replace(".", "", 1).isdigit()]
    try:
        imports.take_in(store, waiting.seen, said_again_mg=said)
    except CallError:  # a dose in doubt or without a unit: the page says which
        return Shown(around(desk, say("Look it over"), "/data"), _import_page(waiting), 422)
    del desk.kept["import"]
    return Go("/data?done=taken")


def make_backup(desk: Desk, asked: Asked) -> Answered:
    """A checked copy to keep elsewhere."""
    store = desk.store()
    with tempfile.TemporaryDirectory(prefix="nightdose-") as folder:
        path = backups.make_backup(store, desk.key, Path(folder), desk.clock()).path
        made.hold(desk, "backup", Given(path.name, "application/octet-stream", path.read_bytes()))
    return Go("/data?done=backup")


def restore(desk: Desk, asked: Asked) -> Answered:
    """A backup becomes the diary, where there is none yet."""
    if desk.state != "absent":
        raise CallError(say("There is a diary already. A backup is put beside it by hand, never over it."))
    sent = asked.files.get("file")
    if sent is None:
        raise InputError(say("No file was chosen."))
    words = asked.form.get("words", "")
    with unwritten.held(sent.name, sent.content) as path:
        locked = backup_file.key_file_text(path)
        key = opening.secret_of(locked, passphrase=words).file_key if locked is not None else None
        desk.path.parent.mkdir(parents=True, exist_ok=True)
        backups.restore_backup(path, desk.path, key)
    if locked is not None:
        desk.unlock(words)
    return Go("/data?done=restored")


def everything(desk: Desk, asked: Asked) -> Answered:
    """The whole diary in files that any program reads."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in backups.everything(desk.store()).items():
            with archive.open(name, "w") as file:
                for piece in pieces():
                    file.write(piece.encode("utf-8"))
    return Given("nightdose-everything.zip", "application/zip", packed.getvalue())


def days(desk: Desk, asked: Asked) -> Answered:
    """The table of days."""
    text = table_of(desk.store()).csv
    return Given("nightdose-days.csv", "text/csv; charset=utf-8", text.encode("utf-8"))


def verify(desk: Desk, asked: Asked) -> Answered:
    """Check every row."""
    return Shown(around(desk, say("Data"), "/data", acted=True), _page(desk, faults=desk.store().verify().faults))


def passphrase(desk: Desk, asked: Asked) -> Answered:
    """Other words open the diary from now on; whoever lost the old ones gives the recovery key."""
    desk.store()

    def refused(sentence: str) -> Shown:
        return Shown(around(desk, say("Data"), "/data"), _page(desk, key_error=sentence), 422)

    words = asked.form.get("words", "")
    if words != asked.form.get("again", ""):
        return refused(say("The two new ones are not the same. Nothing was changed."))
    try:
        opening.refuse_plain(desk.path)
        opening.change_passphrase(desk.path, opening.secret_by(desk.path, asked.form.get("old", "")), words)
    except (CallError, DiaryError) as error:
        return refused(str(error))
    return Go("/data?done=passphrase")


def recovery(desk: Desk, asked: Asked) -> Answered:
    """The recovery key once more, for the passphrase alone."""
    desk.store()
    try:
        opening.refuse_plain(desk.path)
        secret = opening.secret_of(opening.key_text(desk.path), passphrase=asked.form.get("words", ""))
    except (CallError, DiaryError) as error:
        return Shown(around(desk, say("Data"), "/data"), _page(desk, error=str(error)), 422)
    return Shown(around(desk, say("Recovery key"), ""), RecoveryPage((), secret.recovery_key, "/data"))


def delete(desk: Desk, asked: Asked) -> Answered:
    """Remove the diary and its key, once the words were written."""
    store = desk.store()
    if asked.typed("sure").lower() != backups.SURE:
        error = say("Nothing was deleted: the words were not '{sure}'.", sure=backups.SURE)
        return Shown(around(desk, say("Data"), "/data"), _page(desk, error=error), 422)
    gone = backups.delete_diary(store)
    desk.forget()
    page = GoneByePage(tuple(str(p) for p in gone.removed), gone.backups_left)
    return Shown(around(desk, say("Deleted"), ""), page)


def _import_page(waiting: Waiting) -> ImportPage:
    seen = waiting.seen.preview
    first, last = seen.first_day, seen.last_day
    return ImportPage(
        token=waiting.token,
        name=waiting.name[:120] or say("The file"),
        new=len(seen.new),
        known=seen.known,
        span=say("{first} to {last}", first=date(first), last=date(last))
        if first is not None and last is not None
        else "",
        items=tuple((kind, item, str(n)) for (kind, item), n in sorted(seen.items.items())[:MOST_SHOWN]),
        changed=tuple(
            (f"{date(c.before.day)}: {in_words(c.before)}", in_words(c.after)) for c in seen.changed[:MOST_SHOWN]
        ),
        gone=tuple(f"{date(row.entry.day)}: {in_words(row.entry)}" for row in seen.gone[:MOST_SHOWN]),
        problems=tuple(str(problem) for problem in seen.imported.problems[:MOST_SHOWN]),
        hazards=waiting.seen.hazards,
        doubts=tuple(
            {f"{check.mg:g}": (check.sentence, f"{check.mg:g}") for _, check in waiting.seen.doubtful}.values()
        ),
        left_out=tuple(f"{what}: {n}" for what, n in seen.imported.left_out.items()),
    )


def _page(
    desk: Desk,
    *,
    saved: str = "",
    error: str = "",
    key_error: str = "",
    faults: tuple[str, ...] | None = None,
    file: str = "",
) -> DataPage:
    store = desk.store()
    earlier = store.documents("backup")
    age = (desk.clock() - earlier[-1].written).days if earlier else None
    entries = store.mark()[0]
    return DataPage(
        path=say("an example, gone when nightdose stops") if desk.label else say(desk.where) or str(desk.path),
        encrypted=desk.can_lock,
        entries=entries,
        backup=_backup_words(age),
        backup_old=entries > 0 and (age is None or age > OLD_BACKUP_D),
        faults=faults,
        example=bool(desk.label),
        saved=saved,
        error=error,
        key_error=key_error,
        own_key=desk.can_lock and not desk.label,
        sure=backups.SURE,
        file=file,
    )


def _backup_words(age: int | None) -> str:
    if age is None:
        return say("No backup was made yet.")
    if age == 0:
        return say("The last backup was made today.")
    return say_count("The last backup was made yesterday.", "The last backup was made {n} days ago.", age)
