"""Words of a diary or a file on their way to a terminal: whatever would move its cursor is shown, not sent."""

from __future__ import annotations


def clean(text: str) -> str:
    """The text with every control character written out, so that no name or note can draw on the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text)
