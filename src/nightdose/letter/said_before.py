"""What a letter's package says of the person's own choices and of a locked protocol, read back with care."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from nightdose.errors import InputError
from nightdose.letter.background import AGE_BANDS, Background, Tried
from nightdose.letter.opened import read_json
from nightdose.protocol.locked import Locked, read_history
from nightdose.protocol.sealing import Unblinding, unblinding_from_record

MOST_ENTRIES = 400
BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)


def read_background(told: Mapping[str, Any]) -> tuple[Background, str, str]:
    """(what the person added or left out, the label, the language) of `letter.json`. Raises InputError."""
    try:
        record, made, line = told["background"], told["background"]["made"], told["background"]["bad_line"]
        safety = record["safety"]
        background = Background(
            name=str(record["name"]),
            made=None if made is None else datetime.date.fromisoformat(made),
            condition=str(record["condition"]),
            tried=tuple(
                Tried(str(each["medicine"]), str(each["dose"]), str(each["how_long"]), str(each["stopped"]))
                for each in record["tried"][:MOST_ENTRIES]
            ),
            safety=None if safety is None else tuple(map(str, safety[:MOST_ENTRIES])),
            bad_line=None if line is None else float(line),
            notes=str(record["notes"]),
            dates=bool(record["dates"]),
            others=bool(record["others"]),
            age=_band(record),
            price_a_day=_price(record),
        )
        return background, str(told["label"]), str(told["letter"]["language"])
    except BROKEN:
        raise InputError("letter.json cannot be read: it is not what nightdose writes.") from None


def _band(record: Mapping[str, Any]) -> str:
    """The age band; a letter of an earlier version has none."""
    band = str(record.get("age", ""))
    return band if band in AGE_BANDS else ""


def _price(record: Mapping[str, Any]) -> float | None:
    """The price of a day; a letter of an earlier version has none."""
    price = record.get("price_a_day")
    return None if price is None else float(price)


def read_protocol(files: Mapping[str, bytes]) -> tuple[tuple[Locked, ...], tuple[Unblinding, ...]]:
    """The locked protocol, hashes checked, and boxes opened before the end; () () without one. Raises InputError."""
    if "protocol.json" not in files:
        return (), ()
    kept = read_json(files, "protocol.json")
    try:
        opened = tuple(unblinding_from_record(each) for each in kept["opened"][:MOST_ENTRIES])
        return read_history(kept["history"][:MOST_ENTRIES]), opened
    except BROKEN:
        raise InputError("protocol.json cannot be read: it is not what nightdose writes.") from None
