"""What can go wrong, in four kinds.

NightdoseError            a sentence for a person: what came, what was expected, what to do
+-- InputError            a file that cannot be read as what it should be        (CLI exit 2)
+-- CallError             a wrong call: an option, a column, a range              (CLI exit 2)
+-- KnowledgeError        a knowledge file breaks its rules: passport, unit        (CLI exit 2)

A mistake inside a diary row is not an exception: it is a value, `diary.records.Problem`.
A numerical outcome is not an exception: it is `Posterior.health`, and a verdict is refused on a bad one.
"""

from __future__ import annotations


class NightdoseError(Exception):
    """A sentence that a person can act on; the command line prints it and nothing else."""


class InputError(NightdoseError):
    """A file that cannot be read as what it should be."""


class CallError(NightdoseError, ValueError):
    """A call that cannot be carried out: says what came, what was expected, what to do."""


class KnowledgeError(NightdoseError):
    """A knowledge file, shipped or brought, that breaks the rules (unit, source, passport)."""
