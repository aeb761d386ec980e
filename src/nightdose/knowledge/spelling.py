"""What was typed, as plain words: lookalike letters, accents, hidden characters and other alphabets made readable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# letters of other alphabets that look like ours, as in 'cоdeine' with a Cyrillic о
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһɡӏѵԛԝϲоАВЕКМНОРСТХІЈЅαεικνορτυχκωΑΒΕΖΗΙΚΜΝΟΡΤΥΧıłøđħŧƒæœßðþ",
    "aeopcyxijsdhglvqwcoABEKMHOPCTXIJSaeiknoptuxkwABEZHIKMNOPTYXilodhtfaosdt",
)
# the same alphabets read aloud, for words that are wholly in them
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґёј",
        ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h",
         "c", "ch", "sh", "sh", "", "y", "", "e", "yu", "ya", "i", "i", "e", "g", "e", "j"],
        strict=True,
    )
)  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        ["a", "b", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f",
         "ch", "ps", "o"],
        strict=True,
    )
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|[#+&]|[^\W\d_a-z]+")
_OUR_ALPHABETS = re.compile(r"[A-Za-z\u00aa-\u052f\u1e00-\u1fff]+")  # Latin, Greek, Cyrillic, with their accents
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-z]+")


def plain(text: str) -> str:
    """Small letters a to z where the text can be read so: no accents, no hidden characters, lookalikes replaced.

    A word that is wholly Cyrillic or Greek is read aloud; one that mixes alphabets has lookalikes in it. Letters of
    other scripts stay as they are.
    """
    if text.isascii() and text.isprintable():
        return text.lower()  # nearly every name, and ten times as fast
    text = re.sub("[®™©]", " ", text)
    visible = "".join(_shown(letter) for letter in unicodedata.normalize("NFKC", text))
    return _OUR_ALPHABETS.sub(lambda found: _latin(found[0]), visible).lower()


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf" or letter in "\u00ad\u034f\u115f\u1160\u3164\uffa0":
        return ""  # zero-width, soft hyphen, direction marks: seen by nobody
    return " " if category.startswith(("Z", "Cc")) else letter


def _latin(word: str) -> str:
    small = word.lower()
    for alphabet in (_CYRILLIC, _GREEK):
        bare = "".join(c for c in unicodedata.normalize("NFD", small) if not unicodedata.combining(c))
        whole = small if all(c in alphabet for c in small) else bare
        if all(c in alphabet for c in whole):
            return "".join(alphabet[c] for c in whole)
    if any("a" <= c <= "z" for c in _bare(small)):
        return _bare(small.replace("ß", "ss").replace("æ", "ae").replace("œ", "oe").translate(_LOOKALIKES).lower())
    return unicodedata.normalize("NFC", small)


def _bare(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> tuple[str, ...]:
    """Plain words, numbers and the signs # + &; 'tylenol3' is two words, 'тramadol' is 'tramadol'."""
    return tuple(_WORD.findall(plain(text)))


def other_script(text: str) -> str:
    """The letters that are in none of the alphabets we read, or ''."""
    return "".join(_OTHER_SCRIPT.findall(plain(text)))


def squashed(parts: tuple[str, ...]) -> str:
    """Words written as one: 'co', 'codamol' is 'cocodamol'."""
    return "".join(parts)


def one_slip(text: str) -> Iterator[str]:
    """The text itself and the text without one of its letters, for looking up whatever is one slip away."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def is_one_slip(one: str, other: str) -> bool:
    """True when a letter inserted, left out, replaced, or swapped with its neighbour makes the one of the other."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[1:] == shorter
