"""Files that are recognised and not read: what they are, and what can be done instead."""

from __future__ import annotations

import re

ONE_ROW = "Make a table with one row a day and a column 'date' (any spreadsheet does), and import that."
CLUE = rb'"measurements"\s*:|"type"\s*:\s*"(?:pain|feelings|period|spotting|energy|mind)"|"day"\s*:[^}]{0,400}"period"'
EXIST = rb'"attribute"|"provenance"|\[\s*\{\s*"date"\s*:\s*"[\d-]{10}"\s*,\s*"value"\s*:'
# what its beginning holds -> what it is, what to do instead
JSON = {
    rb'"nomie"|"trackers"\s*:|"_id"\s*:\s*"hyperStorage': (
        "a backup of Nomie", "Export it as CSV in Nomie and import that."),
    CLUE: ("an export of Clue", ONE_ROW),
    EXIST: ("an export of Exist", ONE_ROW),
    rb'"dailySleepDTO"': ("a page of Garmin Connect", "Ask Garmin for your account's data and import that zip."),
    rb'"bpm"\s*:|"confidence"\s*:|"dateTime"\s*:': (
        "a Fitbit export of single measurements", "Of Fitbit's Takeout the whole zip or sleep-....json is read."),
    rb'"contributors"\s*:': (
        "data of Oura's programming interface", "Export your data in Oura's Membership Hub."),
}  # fmt: skip
ZIPS = {
    r"(^|/)backup\.daylio$": ("a backup of Daylio", "Export as CSV in Daylio: More, Export Entries."),
    r"(^|/)Fit/": ("Google Fit's Takeout", "Export from Health Connect on the phone and import that zip."),
    r"(^|/)Fitbit/": ("a Fitbit Takeout without nights", "Ask Google Takeout for all data of Fitbit."),
    r"(^|/)DI_CONNECT/": ("a Garmin export without nights", "Ask Garmin for all data of the account."),
    r"samsung": ("a Samsung Health export without sleep", "Download all personal data in Samsung Health."),
    r"\.daylio$|nomie": ("a backup of another app", "Export it as CSV there and import that."),
}
TEXTS = (
    (b"%PDF", "a PDF", "Ask the app for CSV, or " + ONE_ROW[0].lower() + ONE_ROW[1:]),
    (b"\x89PNG", "a picture", ONE_ROW),
    (b"\xff\xd8\xff", "a picture", ONE_ROW),
    (b"SQLite format 3", "a database", "Export it as CSV in the app it is from."),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it first."),
)  # fmt: skip


def stranger(start: bytes) -> str | None:
    """What a text or binary file is that no importer reads, and what to do; None for what may be a table."""
    for begin, what, remedy in TEXTS:
        if start.startswith(begin):
            return f"is {what}. {remedy}"
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        for pattern, (what, remedy) in JSON.items():
            if re.search(pattern, start):
                return f"is {what}, which is not read. {remedy}"
        return f"is JSON of an app that is not known. {ONE_ROW}"
    if start.startswith((b"<html", b"<!DOCTYPE", b"<?xml", b"<!doctype")):
        return f"is a web page or XML that is not known. {ONE_ROW}"
    return None


def strange_zip(names: tuple[str, ...]) -> str:
    """What a zip is that no importer reads."""
    for pattern, (what, remedy) in ZIPS.items():
        if any(re.search(pattern, name) for name in names):
            return f"is {what}. {remedy}"
    return "is a zip that holds no export that is known. Unpack it and import the table that is in it."
