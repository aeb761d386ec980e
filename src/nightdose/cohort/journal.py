"""The rows of a cohort while they are made: kept beside the file they will become, so that the work can go on later."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nightdose.errors import CallError
from nightdose.export.frames import Row
from nightdose.language.catalogue import say
from nightdose.whole_file import remove

SUFFIX = ".part"
FORM = 3  # of the file, pieces of 32 people
BEGINNING = b'{"work": "'


def fingerprint(*what: object) -> str:
    """Which work this is: the same words for the same table, question and version."""
    return hashlib.sha256("\n".join(map(repr, what)).encode()).hexdigest()


class Journal:
    """Rows by piece, one line of JSON each, in order; a line that was not finished is done again.

    Each line ends with a hash of itself and of all lines before it: one that was damaged, changed or moved is done
    again, with all behind it. That is not a signature: whoever may write in the folder can write the result as well.

    done : pieces whose rows are in it; people : how many rows they are.
    """

    def __init__(self, out: Path, work: str) -> None:
        self.path = out.with_name(out.name + SUFFIX)
        self.done, self.people = 0, 0
        self._sum = ""
        self._refuse_a_foreign_file()
        self._end = self._known(work)
        try:
            # for as long as the work; never through a link, which could lead anywhere
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            self._file = os.fdopen(handle, "r+b")
        except OSError as error:
            raise self._refused(error) from error
        try:
            self._file.truncate(self._end)
            self._file.seek(self._end)
            if not self._end:
                self._line({"work": work})
        except OSError as error:
            self._leave_nothing_empty()
            raise self._refused(error) from error

    def add(self, rows: Sequence[Row]) -> None:
        """The rows of the next piece. Raises CallError where they cannot be written."""
        try:
            self._line({"rows": list(rows)})
        except OSError as error:
            self._leave_nothing_empty()
            raise self._refused(error) from error
        self.done += 1
        self.people += len(rows)

    def rows(self) -> Iterator[Row]:
        """All rows so far, in order."""
        with open(self.path, "rb") as file:
            next(file)
            for line in file:
                yield from json.loads(line)["rows"]

    def close(self) -> None:
        """Let go of the file; its rows stay."""
        with suppress(OSError):  # what could not be written is tried again as it is closed
            self._file.close()

    def remove(self) -> None:
        """The rows are where they belong."""
        self.close()
        remove(self.path)

    def _refuse_a_foreign_file(self) -> None:
        """Raises CallError where something is there that no earlier call of this kind left behind."""
        if not (self.path.exists() or self.path.is_symlink()):
            return
        if self.path.is_file() and not self.path.is_symlink():
            with suppress(OSError), self.path.open("rb") as file:
                if file.read(len(BEGINNING)) in (b"", BEGINNING):
                    return
        raise CallError(
            say("{path} is there already and was not left by this command. Choose another name.", path=self.path),
            field="out",
        )

    def _known(self, work: str) -> int:
        """Bytes of whole lines that are of this work; 0 = begin anew."""
        end = 0
        try:
            with open(self.path, "rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    found: Any = json.loads(line)
                    if found.pop("sum", None) != self._summed(found):
                        break
                    if end == 0 and found != {"work": work}:
                        return 0
                    if end:
                        self.done += 1
                        self.people += len(found["rows"])
                    self._sum = self._summed(found)
                    end += len(line)
        except (OSError, ValueError, AttributeError, LookupError, TypeError):
            self.done, self.people, self._sum = 0, 0, ""
            return 0
        return end

    def _summed(self, what: object) -> str:
        """The hash of this line and of all before it."""
        return hashlib.sha256((self._sum + json.dumps(what)).encode()).hexdigest()

    def _line(self, what: dict[str, Any]) -> None:
        self._sum = self._summed(what)
        self._file.write(json.dumps({**what, "sum": self._sum}).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _leave_nothing_empty(self) -> None:
        """Take the file away where there are no rows in it to go on from."""
        if not self.people:
            self.remove()

    def _refused(self, error: OSError) -> CallError:
        return CallError(
            say(
                "The rows cannot be written to {path} ({strerror}). What was made so far is kept there; the same call "
                "goes on from it, or choose another place.",
                path=self.path,
                strerror=error.strerror,
            )
            if self.people
            else say(
                "The rows cannot be written to {path} ({strerror}). Choose another place.",
                path=self.path,
                strerror=error.strerror,
            ),
            field="out",
        )
