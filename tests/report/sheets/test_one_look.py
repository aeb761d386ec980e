"""Every sheet to print has the letter's colours, in each language, and asks for nothing outside."""

import datetime
import re
from pathlib import Path

import pytest
from tests.protocol.conftest import MONDAY
from tests.report.sheets.test_protocol_sheet import locked, words

import nightdose.letter
from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import reading_in
from nightdose.protocol.sealing import allocate, commitment
from nightdose.protocol.trial import TrialDesign
from nightdose.report.sheets.kit_sheet import kit_sheet_page
from nightdose.report.sheets.protocol_sheet import protocol_sheet_page
from nightdose.report.sheets.wallet_card import WalletCard, wallet_card_page

ALLOCATION = allocate(TrialDesign("randomised_blocks", MONDAY, 14, 3, 28, blinded=True), "0" * 64)
SHEETS = {
    "card": lambda: wallet_card_page(WalletCard(datetime.date(2026, 11, 22), blinded=True)),
    "kit": lambda: kit_sheet_page(ALLOCATION, "3 Kapseln", "3 leere"),
    "protocol": lambda: protocol_sheet_page([locked()]),
}
COLOUR = re.compile(r"#[0-9a-f]{3,6}\b|rgba?\([^)]*\)")


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_a_sheet_has_the_colours_of_the_letter_and_no_other(sheet):
    page = sheet()
    style = page[page.index("<style>") : page.index("</style>")]
    shared = style[style.index(":root") : style.index("}", style.index(":root"))]
    assert "--accent: #2c3f86" in shared
    assert not COLOUR.search(style.replace(shared, ""))
    letter = Path(nightdose.letter.__file__).parent / "templates" / "letter.css"
    assert set(re.findall(r"var\((--\w+)\)", letter.read_text())) <= set(re.findall(r"(--\w+):", shared))


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_a_sheet_asks_for_nothing_outside_and_runs_nothing(sheet):
    page = sheet()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<img|<link|url\(|https?:", page)


@pytest.mark.parametrize("sheet", ["card", "kit"])
def test_a_german_sheet_is_german_to_its_last_sentence(sheet):
    with reading_in("de"):
        page = SHEETS[sheet]()
    assert 'lang="de"' in page
    said = words(page).replace("Perioperative management of patients on naltrexone", "")
    assert not re.search(r"\b(the|with|you|not|of|and|box)\b", said.replace(four_words(commitment(ALLOCATION)), ""))


def test_the_packing_list_shows_the_check_value_in_the_words_that_the_person_was_given():
    assert four_words(commitment(ALLOCATION)) in SHEETS["kit"]()
