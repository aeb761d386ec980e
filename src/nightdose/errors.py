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
