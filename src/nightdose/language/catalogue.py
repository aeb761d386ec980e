"""Every sentence for people passes through here: English as it stands in the source, another language from one file.

    say("The blinding held: {right} of {counted} guesses were right.", right="90", counted="167")

English is the key and the fallback. Another language is `locale/<code>.po` and no code (`locale/README.md`). Which one
is read is a matter of context, not of the process: `with reading_in("de"): ...` holds for one request or one task and
leaks into no other.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from nightdose.errors import CallError
from nightdose.language.po import compiled

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """A language to read in; code : as HTML writes it ("en", "pt-BR")."""

    code: str
    messages: NullTranslations

    @property
    def name(self) -> str:
        """What the language calls itself: English where its file does not say."""
        with reading_in(self):
            return say_form("language", "English")


IN_ENGLISH = Language(ENGLISH, NullTranslations())
_reader: ContextVar[Language] = ContextVar("reader", default=IN_ENGLISH)


def language() -> Language:
    """The language of this context."""
    return _reader.get()


@contextmanager
def reading_in(chosen: str | Language) -> Iterator[None]:
    """Everything said inside is said in this language. Raises CallError where there is no such catalogue."""
    token = _reader.set(chosen if isinstance(chosen, Language) else find(chosen))
    try:
        yield
    finally:
        _reader.reset(token)


def say(message: str, /, **values: object) -> str:
    """The sentence in the reader's language; each {name} is filled in after it was translated."""
    if not message:
        return ""
    found = language().messages.gettext(message)
    return found.format(**values) if values else found


def say_count(one: str, many: str, n: int, /, **values: object) -> str:
    """The same for a counted thing: `one` for 1, `many` otherwise, more forms where a language has them."""
    found = language().messages.ngettext(one, many, n)
    return found.format(**({"n": n} | values))


def say_form(kind: str, form: str) -> str:
    """How the reader's language writes something that is not a word: `say_form("decimal mark", ".")`."""
    return language().messages.pgettext(kind, form)


def mark(message: str) -> str:
    """The message unchanged: marks a constant that is said later, so that it is found for the catalogue."""
    return message


@cache
def carried() -> tuple[str, ...]:
    """The codes of all languages, English first; one a file."""
    folder = files("nightdose.language").joinpath("locale")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".po"))
    return (ENGLISH, *(name.removesuffix(".po") for name in names))


@cache
def find(code: str) -> Language:
    """The language of that code; English needs no file."""
    if code.split("-")[0].casefold() == ENGLISH:
        return Language(code, NullTranslations())
    if code not in carried():
        known = ", ".join(carried())
        raise CallError(f"'{code}' is not a language that nightdose speaks. Choose one of: {known}.", field="language")
    text = files("nightdose.language").joinpath("locale", f"{code}.po").read_text(encoding="utf-8")
    return Language(code, GNUTranslations(io.BytesIO(compiled(text))))
