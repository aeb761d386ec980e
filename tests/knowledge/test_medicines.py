"""A medicine is found by name, brand, slang and misspelling; what is not known is said to be unknown."""

import difflib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdose.knowledge.medicines import AROUND, names, recognise

OPIOIDS = {"opioid", "opioid_long", "tramadol", "opioid_cough", "opioid_diarrhoea", "kratom"}


def groups(text):
    return {found.group for found in recognise(text)}


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("Codeine 30 mg tablets", "opioid"),
        ("co-codamol 8/500", "opioid"),
        ("Tylenol 3", "opioid"),
        ("nurofen plus", "opioid"),
        ("PERCOCET", "opioid"),
        ("Óxycodone", "opioid"),
        ("methadone", "opioid_long"),
        ("Suboxone strips", "opioid_long"),
        ("ultram er 100mg", "tramadol"),
        ("Robitussin AC", "opioid_cough"),
        ("Lomotil", "opioid_diarrhoea"),
        ("Immodium", "opioid_diarrhoea"),
        ("maeng da powder", "kratom"),
        ("gas station heroin", "opioid"),
        ("Vivitrol", "naltrexone_full"),
        ("prednison", "steroid"),
        ("methotrexate weekly", "immunosuppressant"),
        ("Synthroid 75 mcg", "thyroid_hormone"),
        ("maxalt", "triptan"),
        ("LDN 4.5 mg", "this_drug"),
    ],
)
def test_names_brands_and_slang_are_found(written, group):
    assert group in groups(written)


@pytest.mark.parametrize(
    "written",
    ["codiene", "hydrocordone", "oxycontn", "tramdol", "percoset", "subuxone", "buprenorfin", "methodon",
     "morphene", "fentanal", "dilauded", "kratom", "loperimid", "kodeine", "oxicodon", "tapentadoll"],
)  # fmt: skip
def test_misspelled_opioids_are_still_opioids(written):
    assert groups(written) & OPIOIDS


@pytest.mark.parametrize("written", ["Tylenol", "Nurofen 400", "topiramate", "riboflavin", "magnesium citrate"])
def test_ordinary_medicines_are_known_and_no_opioid(written):
    assert not groups(written) & (OPIOIDS | {"unknown"})


@pytest.mark.parametrize("written", ["", "  ", "zzyqx", "💊", "кодеин", "ibuprofen кодеин", "the blue ones", "H"])
def test_what_is_not_known_is_said_to_be_unknown(written):
    assert "unknown" in groups(written)


def test_a_second_medicine_in_the_same_line_is_not_lost():
    assert groups("paracetamol with codeine") == {"simple_analgesic", "opioid"}
    assert "unknown" in groups("ibuprofen and zzyqxal")


def test_a_very_long_text_is_not_cut_in_silence():
    assert "unknown" in groups("ibuprofen " * 60 + "codeine")


def test_resembling_a_harmless_name_settles_nothing():
    assert groups("riboflavyn") == {"unknown"}


def test_every_listed_name_is_recognised_as_its_own_group():
    missed = [name for name in names() if name.kind != "stem" and groups(name.name) != {name.group}]
    assert missed == []


def test_nearly_every_slip_of_one_letter_in_an_opioid_is_caught_or_unknown():
    rng = random.Random(1)
    passed_as_harmless = []
    for name in names():
        if name.group not in OPIOIDS or name.kind not in ("substance", "brand") or len(name.name) < 6:
            continue
        place = rng.randrange(1, len(name.name))
        slip = name.name[:place] + rng.choice("aeiourlnst") + name.name[place + 1 :]
        if not groups(slip) & (OPIOIDS | {"unknown"}):
            passed_as_harmless.append((name.name, slip))
    assert passed_as_harmless == []


@given(st.text(max_size=400))
def test_any_text_gives_at_least_one_finding(text):
    assert recognise(text)


def test_words_around_a_name_are_not_names():
    assert not AROUND & {name.name for name in names()}


@pytest.mark.parametrize(
    ("written", "meant", "likeness", "found"),
    [
        ("zorphinq", "morphin", 0.80, {"opioid"}),
        ("naltrxqone", "naltroxone", 0.90, {"this_drug"}),
        ("zqthadone", "methadone", 0.78, {"unknown"}),
        ("zqrphine", "morphine", 0.75, {"unknown"}),
    ],
)
def test_a_word_is_taken_for_a_name_it_resembles_by_four_fifths(written, meant, likeness, found):
    """Below that a word may be anything: it is called unknown and asked about, never taken for another drug."""
    assert difflib.SequenceMatcher(None, meant, written).ratio() == pytest.approx(likeness, abs=0.005)
    assert groups(written) == found


@pytest.mark.parametrize(("written", "found"), [("opanq", {"opioid"}), ("opaq", {"unknown"})])
def test_words_of_four_letters_resemble_too_much(written, found):
    """Opana, 5 letters: one wrong letter in five is a misspelling, in four it may be any word."""
    assert groups(written) == found
