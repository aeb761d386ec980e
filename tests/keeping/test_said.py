"""What people type, in English or in the language they read in."""

import pytest

from nightdose.keeping.said import as_english
from nightdose.language.catalogue import reading_in


@pytest.mark.parametrize(
    ("typed", "read"),
    [("ja", "yes"), ("Nein.", "no"), ("weiß nicht", "?"), ("ausgelassen", "missed"),
     ("1.5 mg um 22:30", "1.5 mg at 22:30"),
     ("Ibuprofen 400 mg um 15:00 und Kaffee", "Ibuprofen 400 mg at 15:00 and Kaffee"), ("Magnesium", "Magnesium")],
)  # fmt: skip
def test_words_of_the_reader_s_language_are_taken_beside_the_english_ones(typed, read):
    with reading_in("de"):
        assert as_english(typed) == read
        assert as_english("yes") == "yes"
