"""Options in the reader's language: what is given as `help=`, and argparse's own words, pass the catalogue here."""

from __future__ import annotations

import argparse
from typing import Any

from nightdose.language.catalogue import mark, say

# what argparse says itself; it fills the % in after it has looked a sentence up
OWN_WORDS = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("show program's version number and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("one of the arguments %s is required"),
    mark("unrecognized arguments: %s"),
    mark("not allowed with argument %s"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("ignored explicit argument %r"),
    mark("expected one argument"),
    mark("expected at most one argument"),
    mark("expected at least one argument"),
)


class Parser(argparse.ArgumentParser):
    """Options whose help is read in the language of the context."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**({"formatter_class": _Formatter} | keywords))


class _Formatter(argparse.HelpFormatter):
    def add_text(self, text: str | None) -> None:
        super().add_text(text and say(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and say(action.help)


vars(argparse)["_"] = say  # where argparse looks its own words up
