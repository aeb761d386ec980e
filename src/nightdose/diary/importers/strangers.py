"""Files that are recognised and not read: what they are, and what can be done instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nightdose.language.catalogue import mark, say

ONE_ROW = mark("Make a table with one row a day and a column 'date' (any spreadsheet does), and import that.")
CLUE = rb'"measurements"\s*:|"type"\s*:\s*"(?:pain|feelings|period|spotting|energy|mind)"|"day"\s*:[^}]{0,400}"period"'
EXIST = rb'"attribute"|"provenance"|\[\s*\{\s*"date"\s*:\s*"[\d-]{10}"\s*,\s*"value"\s*:'
# what its beginning holds -> what it is, what to do instead
JSON = {
    rb'"nomie"|"trackers"\s*:|"_id"\s*:\s*"hyperStorage': (
        mark("a backup of Nomie"),
        mark("Export it as CSV in Nomie and import that."),
    ),
    CLUE: (mark("an export of Clue"), ONE_ROW),
    EXIST: (mark("an export of Exist"), ONE_ROW),
    rb'"dailySleepDTO"': (
        mark("a page of Garmin Connect"),
        mark("Ask Garmin for your account's data and import that zip."),
    ),
    rb'"bpm"\s*:|"confidence"\s*:|"dateTime"\s*:': (
        mark("a Fitbit export of single measurements"),
        mark("Of Fitbit's Takeout the whole zip or sleep-....json is read."),
    ),
    rb'"contributors"\s*:': (
        mark("data of Oura's programming interface"),
        mark("Export your data in Oura's Membership Hub."),
    ),
}
ZIPS = {
    r"(^|/)backup\.daylio$": (mark("a backup of Daylio"), mark("Export as CSV in Daylio: More, Export Entries.")),
    r"(^|/)Fit/": (mark("Google Fit's Takeout"), mark("Export from Health Connect on the phone and import that zip.")),
    r"(^|/)Fitbit/": (mark("a Fitbit Takeout without nights"), mark("Ask Google Takeout for all data of Fitbit.")),
    r"(^|/)DI_CONNECT/": (mark("a Garmin export without nights"), mark("Ask Garmin for all data of the account.")),
    r"samsung": (mark("a Samsung Health export without sleep"), mark("Download all personal data in Samsung Health.")),
    r"\.daylio$|nomie": (mark("a backup of another app"), mark("Export it as CSV there and import that.")),
}
TEXTS = (
    (
        b"%PDF",
        mark("a PDF"),
        mark(
            "Ask the app for CSV, or make a table with one row a day and a column 'date' "
            "(any spreadsheet does), and import that."
        ),
    ),
    (b"\x89PNG", mark("a picture"), ONE_ROW),
    (b"\xff\xd8\xff", mark("a picture"), ONE_ROW),
    (b"SQLite format 3", mark("a database"), mark("Export it as CSV in the app it is from.")),
    (b"\x1f\x8b", mark("a compressed file (gzip)"), mark("Unpack it first.")),
)


# the tracking points that eMoods comes with; its help pages name them, and say that 1 of its 1 to 4 means none
EMOODS = re.compile(
    r"(most |highest )?(depressed|elevated)( mood)?|irritability|anxiety|psychotic symptoms?|talk therapy"
)
FEWEST_OF_EMOODS = 3


def looks_like_emoods(header: Iterable[str]) -> bool:
    """Whether a table's columns are those of the mood tracker eMoods, whose format is described nowhere in public."""
    names = {" ".join(name.casefold().replace("_", " ").split()) for name in header}
    found = {name for name in names if EMOODS.fullmatch(name)}
    return len(found) >= FEWEST_OF_EMOODS and any("depressed" in name or "elevated" in name for name in found)


def stranger(start: bytes) -> str | None:
    """What a text or binary file is that no importer reads, and what to do; None for what may be a table."""
    for begin, what, remedy in TEXTS:
        if start.startswith(begin):
            return say("is {what}. {remedy}", what=say(what), remedy=say(remedy))
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        for pattern, (what, remedy) in JSON.items():
            if re.search(pattern, start):
                return say("is {what}, which is not read. {remedy}", what=say(what), remedy=say(remedy))
        return say("is JSON of an app that is not known. {one_row}", one_row=say(ONE_ROW))
    if start.startswith((b"<html", b"<!DOCTYPE", b"<?xml", b"<!doctype")):
        return say("is a web page or XML that is not known. {one_row}", one_row=say(ONE_ROW))
    return None


def strange_zip(names: tuple[str, ...]) -> str:
    """What a zip is that no importer reads."""
    for pattern, (what, remedy) in ZIPS.items():
        if any(re.search(pattern, name) for name in names):
            return say("is {what}. {remedy}", what=say(what), remedy=say(remedy))
    return say("is a zip that holds no export that is known. Unpack it and import the table that is in it.")
