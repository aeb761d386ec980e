"""The protocol as a page for a doctor: everything that was locked, and never what a box holds."""

import dataclasses
import datetime
import re

import pytest

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import reading_in
from nightdose.protocol.locked import Amendment, amend, lock
from nightdose.protocol.sealing import Unblinding, allocate, commitment
from nightdose.protocol.trial import TrialDesign, blocks
from nightdose.report.sheets.protocol_sheet import protocol_sheet, protocol_sheet_page

DAY = datetime.date(2026, 11, 23)
DESIGN = TrialDesign("randomised_blocks", DAY, 14, 5, 28, blinded=True)


def locked(design=DESIGN, **more):
    body = {
        "question": {
            "outcome": "pain", "treatment": "naltrexone", "scale": "rating", "better": "lower", "meaningful": 1.5,
            "onset": None,
        },
        "design": design.record, "dose_mg": 4.5, "stopping_rules": ["stop at any moment"], "opened_by": [],
    }  # fmt: skip
    return lock(body | more, DAY)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("</style>")[1])).replace("\u00a0", " ")


def test_the_page_says_question_worth_design_looks_and_hash_in_words_and_in_full():
    found = locked()
    said = words(protocol_sheet_page([found]))
    for each in (
        "Is pain lower with naltrexone than without it?", "1.5 points or more, once settled", "4.5 mg a day",
        "drawn by chance within each pair; blinded", "294 days", "stop at any moment", found.sha256,
        four_words(found.sha256), "Nothing was amended.", "98.7 %",
    ):  # fmt: skip
        assert each in said
    for look in ("2027-05-23", "2027-07-18", "2027-09-12"):  # ends of the third, fourth and fifth pair
        assert look in said


def test_every_box_has_its_evenings_and_no_box_its_contents():
    sheet = protocol_sheet([locked()], (), "")
    assert [row[0] for row in sheet.blocks] == [str(number) for number in range(1, 11)]
    assert all(str(block.first_day) in row[1] for block, row in zip(blocks(DESIGN), sheet.blocks, strict=True))
    assert {len(row) for row in sheet.blocks} == {len(sheet.block_heads)} == {4}  # box, first, last, evenings
    assert not re.search("with(out)? medicine", words(protocol_sheet_page([locked()])))


def test_two_orders_of_the_same_protocol_make_the_same_page_but_for_the_check_value():
    """Nothing about a sealed order comes through: the check value is salted, and all else is alike."""
    found, pages = locked(), set()
    for _ in range(4):
        check = commitment(allocate(DESIGN, found.sha256))
        page = protocol_sheet_page([found], (), check)
        assert check in page
        pages.add(page.replace(check, "").replace(four_words(check), ""))
    assert len(pages) == 1


@pytest.mark.parametrize("kind", ["alternating", "open_titration"])
def test_an_open_design_says_what_each_block_is(kind):
    design = dataclasses.replace(DESIGN, kind=kind, blinded=False)
    assert protocol_sheet([locked(design)], (), "").blocks[-1][-1] == "with medicine"


def test_amendments_and_opened_boxes_stand_with_day_and_reason():
    first = locked()
    later = DAY + datetime.timedelta(days=20)
    change = amend([first], Amendment(dose_mg=3.0, dose_from=later), "the prescriber lowered it", later)
    opened = Unblinding(later, "in hospital", True, (1, 2), (1,))
    said = words(protocol_sheet_page([first, change], [opened]))
    assert "3 mg a day from 2026-12-13 on. Why: the prescriber lowered it" in said
    assert change.sha256 in said
    assert "Box 1 was opened on 2026-12-13, in an emergency: in hospital" in said


def test_a_protocol_without_a_dose_and_with_words_that_are_markup_is_printed_as_it_is():
    page = protocol_sheet_page([locked(dose_mg=None, stopping_rules=["<script>x</script>"])])
    assert "dose not written down" in page
    assert "<script" not in page


def test_in_german_it_has_german_dates_and_not_one_english_sentence():
    with reading_in("de"):
        page = protocol_sheet_page([locked()], (), "0" * 64)
    assert 'lang="de"' in page
    assert "Mo 23.11.2026" in page
    assert "Der Mühe wert" in page
    assert not re.search(r"\b(the|which|boxes|evening|answer)\b", words(page).split("Wirkungseintritt")[0])
