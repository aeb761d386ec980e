"""What can go wrong, in four kinds.

NightdoseError            a sentence for a person: what came, what was expected, what to do
+-- InputError            a file that cannot be read as what it should be        (CLI exit 2)
+-- CallError             a wrong call: a value, a column, a range               (CLI exit 2)
+-- KnowledgeError        a knowledge file breaks its rules: passport, unit      (CLI exit 2)

A sentence names no option, command or button: the same one is printed at a terminal and on a page. What it is
about stands beside it in `field`, and what a person can do next in `code`; each face has its own words for both.

A mistake inside a diary row is not an exception: it is a value, `diary.records.Problem`.
A fit that cannot be trusted is not one either: its health checks refuse the verdict.
"""

from __future__ import annotations

import unicodedata

JOINERS = "\u200c\u200d\u00ad"  # inside words and emoji; they move nothing
HARMLESS = JOINERS + "\n\t"


def printable(text: str) -> str:
    """A person's own words on their way to a screen: whatever would move a cursor or turn a line round is spelt out.

    '\\x1b' becomes '\\u001b' as JSON writes it, so that a JSON text stays one and means the same.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _spelt(letter) for letter in text)


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in HARMLESS or unicodedata.category(letter) == "Zs"


def _spelt(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


class NightdoseError(Exception):
    """A sentence that a person can act on; a face shows it and nothing else.

    field : the argument it is about, by its name in the library ("meaningful"); "" = the call as a whole.
    code  : what happened, where a face has something to offer for it ("no_diary": start one); mostly "".
    """

    def __init__(self, sentence: str, *, field: str = "", code: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.code = code


class InputError(NightdoseError):
    """A file that cannot be read as what it should be."""


class CallError(NightdoseError, ValueError):
    """A call that cannot be carried out: says what came, what was expected, what to do."""


class KnowledgeError(NightdoseError):
    """A knowledge file, shipped or brought, that breaks the rules (unit, source, passport)."""
