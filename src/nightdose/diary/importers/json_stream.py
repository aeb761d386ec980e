"""JSON read record by record: an export of years is never in memory as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from nightdose.errors import InputError
from nightdose.language.catalogue import say

CHUNK = 1 << 16
LARGEST_RECORD = 4 << 20  # characters: a night with every minute of it has 100,000
DEEPEST = 200  # brackets inside each other in what is skipped
BRACKET_OR_QUOTE, QUOTE_OR_BACKSLASH = re.compile(r'["\[\]{}]'), re.compile(r'["\\]')


class JsonStream:
    """A JSON text of which only the wanted parts are built.

    Wherever the reader stands, exactly one of `members`, `elements`, `value` or `skip` has to be used up.
    Raises InputError when the text is not JSON, is cut short, or holds a record beyond any export's size.
    """

    def __init__(self, text: IO[str], name: str) -> None:
        self._text, self._name = text, name
        self._buffer, self._at, self._ended = "", 0, False
        self._decoder = json.JSONDecoder()

    def members(self) -> Iterator[str]:
        """The keys of an object; the value of each has to be used up before the next."""
        self._expect("{")
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self._damaged()
            self._expect(":")
            yield key
            if self._ends_or_comma("}"):
                return

    def elements(self) -> Iterator[int]:
        """The positions of an array's elements, from 1; each has to be used up before the next."""
        self._expect("[")
        if self._peek() == "]":
            self._at += 1
            return
        position = 0
        while True:
            position += 1
            yield position
            if self._ends_or_comma("]"):
                return

    def kind(self) -> str:
        """The first character of what comes: '{', '[', '"' or another."""
        return self._peek()

    def value(self) -> Any:
        """What stands here, built whole."""
        self._peek()
        while True:
            try:
                found, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if self._ended:
                    raise self._damaged() from None
            except (ValueError, RecursionError):
                raise self._damaged() from None
            else:
                if end < len(self._buffer) or self._ended:
                    self._at = end
                    return found
            if len(self._buffer) - self._at > LARGEST_RECORD:
                raise InputError(
                    say("{name} holds a record larger than any export's. It was not read further.", name=self._name)
                )
            self._fill(len(self._buffer) - self._at)

    def skip(self) -> None:
        """Pass over what stands here without building it."""
        if self._peek() not in "[{":
            self.value()
            return
        depth = 0
        while True:
            sign = self._next_of(BRACKET_OR_QUOTE)
            if sign == '"':
                self._skip_string()
                continue
            depth += 1 if sign in "[{" else -1
            if depth == 0:
                return
            if depth > DEEPEST:
                raise self._damaged()

    def _skip_string(self) -> None:
        while self._next_of(QUOTE_OR_BACKSLASH) == "\\":
            if self._at >= len(self._buffer):
                self._fill()
            self._at += 1

    def _next_of(self, signs: re.Pattern[str]) -> str:
        """Go past the next of these signs."""
        while not (found := signs.search(self._buffer, self._at)):
            self._at = len(self._buffer)
            if self._ended:
                raise self._damaged()
            self._fill()
        self._at = found.end()
        return found[0]

    def _peek(self) -> str:
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended:
                raise self._damaged()
            self._fill()

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._damaged()
        self._at += 1

    def _ends_or_comma(self, end: str) -> bool:
        found = self._peek()
        if found not in (end, ","):
            raise self._damaged()
        self._at += 1
        return found == end

    def _fill(self, least: int = 0) -> None:
        more = self._text.read(max(CHUNK, least))
        self._ended = not more
        self._buffer, self._at = self._buffer[self._at :] + more, 0

    def _damaged(self) -> InputError:
        return InputError(
            say("{name} is not complete JSON: it is damaged or cut short. Export it again.", name=self._name)
        )
