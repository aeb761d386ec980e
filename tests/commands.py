"""The command line as a tree of values, for tests that hold documents to it."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from functools import cache

from nightdose.cli.main import COMMANDS


def _leaves(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """(words after the command, parser) of the parser itself and of everything below it."""
    yield "", parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                for words, leaf in _leaves(below):
                    yield f"{name} {words}".strip(), leaf


@cache
def command_line() -> dict[str, frozenset[str]]:
    """`analyse`, `plan`, `plan trial` ... -> its options, the spellings of one apart by a blank: `-o --output`."""
    out = {}
    for command in COMMANDS:
        parser = argparse.ArgumentParser(prog=command)
        importlib.import_module(f"nightdose.cli.{command}").configure(parser)
        for words, leaf in _leaves(parser):
            out[f"{command} {words}".strip()] = frozenset(
                " ".join(action.option_strings)
                for action in leaf._actions
                if action.option_strings and "--help" not in action.option_strings
            )
    return out
