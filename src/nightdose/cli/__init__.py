"""The command line: each command parses, calls one function, prints."""

import sys

try:
    from nightdose.cli.main import main
except KeyboardInterrupt:  # in the first tenth of a second, before there is a language to say anything in
    sys.exit(130)

__all__ = ["main"]
