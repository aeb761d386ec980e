"""A language that only marks: what does not stand in brackets was never said through the catalogue."""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

from nightdose.language.catalogue import Language

OPEN, CLOSE = "⟦", "⟧"
INNERMOST = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


class Marks(NullTranslations):
    """Every message in brackets; numbers and dates as they are."""

    def gettext(self, message):
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1, msgid2, n):
        return f"{OPEN}{msgid1 if n == 1 else msgid2}{CLOSE}"


PSEUDO = Language("x-pseudo", Marks())


class Shown(HTMLParser):
    """Everything of a page that a person sees or hears, piece by piece; not the styles, not the addresses."""

    SPOKEN = ("aria-label", "content", "alt", "title")

    def __init__(self, html):
        super().__init__()
        self.pieces, self.inside = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside.append(tag)
        named = dict(attributes)
        if tag != "meta" or named.get("name") == "description":
            self.pieces += [value for name, value in attributes if name in self.SPOKEN]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "a"} & set(self.inside):
            self.pieces.append(data)


def never_said(text, names=()):
    """Words of the text outside all brackets, without the given names.

    A text that was cut short for want of room ends in an ellipsis, and its brackets stay open.
    """
    text = text.strip()
    if text.endswith("\N{HORIZONTAL ELLIPSIS}"):
        text += CLOSE * (text.count(OPEN) - text.count(CLOSE))
    while INNERMOST.search(text):
        text = INNERMOST.sub("", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.findall(r"[^\W\d_]{2,}", text)
