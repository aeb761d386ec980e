"""The command line: each command parses, calls one function, prints."""

from nightdose.cli.main import main

__all__ = ["main"]
