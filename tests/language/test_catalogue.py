"""Another language is one file and no code; it holds where it is asked for and leaks nowhere."""

from __future__ import annotations

import io
import threading
from gettext import GNUTranslations

import pytest

from nightdose.errors import CallError
from nightdose.language.catalogue import Language, find, language, reading_in, say, say_count
from nightdose.language.number import number, percent
from nightdose.language.po import compiled

GERMAN = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#. a comment
msgid "The answer"
msgstr "Die Antwort"

msgid "{mean} ({low} to {high})"
msgstr "{mean} ({low} bis {high})"

msgid ""
"A sentence \"in quotes\", "
"on two lines."
msgstr ""
"Ein Satz „in Anführungszeichen“, "
"auf zwei Zeilen."

msgid "{n} day"
msgid_plural "{n} days"
msgstr[0] "{n} Tag"
msgstr[1] "{n} Tage"

msgctxt "decimal mark"
msgid "."
msgstr ","

msgctxt "thousands mark"
msgid ","
msgstr "."

#, fuzzy
msgid "Days"
msgstr "Daten"

msgid "Why this answer"
msgstr ""
"""


@pytest.fixture(scope="module")
def german():
    return Language("de", GNUTranslations(io.BytesIO(compiled(GERMAN))))


def test_a_sentence_its_values_and_its_counts_are_translated(german):
    with reading_in(german):
        assert say("The answer") == "Die Antwort"
        assert say("{mean} ({low} to {high})", mean=1, low=0, high=2) == "1 (0 bis 2)"
        assert say('A sentence "in quotes", on two lines.') == "Ein Satz „in Anführungszeichen“, auf zwei Zeilen."
        assert [say_count("{n} day", "{n} days", n) for n in (1, 2)] == ["1 Tag", "2 Tage"]


def test_numbers_follow_the_language(german):
    with reading_in(german):
        assert number(1234.5, 0.5) == "1.234,5"
    assert number(1234.5, 0.5) == "1,234.5"


@pytest.mark.parametrize("missing", ["Days", "Why this answer", "Nobody has translated this."])
def test_what_is_not_translated_or_only_guessed_stays_english(german, missing):
    with reading_in(german):
        assert say(missing) == missing


def test_a_language_ends_with_its_block_and_stays_in_its_thread(german):
    elsewhere = []
    with reading_in(german):
        thread = threading.Thread(target=lambda: elsewhere.append(say("The answer")))
        thread.start()
        thread.join()
    assert elsewhere == ["The answer"]
    assert say("The answer") == "The answer"
    assert language().code == "en"


def test_a_name_with_braces_is_only_a_name():
    assert say("Is {outcome} lower?", outcome="{treatment}") == "Is {treatment} lower?"


def test_a_language_that_is_not_carried_is_named():
    with pytest.raises(CallError, match="'xx' is not a language that nightdose speaks"):
        find("xx")


@pytest.mark.parametrize(
    ("p", "words"), [(0.9901, "more than 99 %"), (0.99, "99 %"), (0.01, "1 %"), (0.0099, "less than 1 %")]
)
def test_the_unsure_ends_of_a_probability(p, words):
    assert percent(p) == words
