"""The letter: one page, whatever the answer; nothing forbidden, nothing hidden, nothing twice."""

import datetime
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.diaries import ask, diary, wobbling
from tests.letter.letters import KINDS, analysis

from nightdose.export.record import analysis_record
from nightdose.keeping.answer import Wanted, full_answer
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background, Tried
from nightdose.letter.cent import ASKED
from nightdose.letter.letter import letter_of
from nightdose.letter.page import letter_html, standalone
from nightdose.letter.words import DISCUSS, MOST_BEFORE, MOST_SAFETY, first_sentences
from nightdose.question.reason import Reason

# Lines: never without subject, comparator, probability and ceiling; and nobody is told what to do
FORBIDDEN = re.compile(
    r"\b(should|works?|proven|cures?|effective|optimal|safe|guaranteed|must|recommended? dose)\b", re.I
)
DAY = datetime.date(2026, 5, 3)


def text(html: str) -> str:
    """What is read, without style and tags."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", " ", html, flags=re.S))


def page(kind: str, background: Background | None = None) -> str:
    found, background = analysis(kind), background or Background(made=DAY)
    return letter_html(letter_of(found, background), appendix_of(found, background))


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_the_letter_promises_or_orders(kind):
    first = page(kind).split('class="appendix"')[0]
    found = FORBIDDEN.findall(text(first))
    assert not found, found


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_lines_say_what_was_tried_how_and_what_can_be_said(kind):
    read = text(page(kind))
    places = [read.index(words) for words in ("Tried", "How", "What can be said", "Side effects", "To discuss")]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_analysis_gives_the_same_bytes(kind):
    assert page(kind) == page(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_asks_nobody_outside_and_runs_nothing(kind):
    html = page(kind)
    assert "<script" not in html
    assert not re.search(r"""(src|href)=["'](?!https://|data:)""", html)
    assert "default-src 'none'" in html


def test_the_numbers_are_those_of_the_record():
    found = analysis("helps")
    record, numbers = analysis_record(found), {n.name: n for n in letter_of(found).numbers}
    assert record["verdict"]["answer"] == "helps"
    assert numbers["Settled effect"].value == f"{record['settled']['mean']:.2f} better"
    low, high = record["settled"]["interval95"]
    assert f"{low:.2f} to {high:.2f}" in numbers["Settled effect"].note
    assert numbers["Bad days in 28"].value.startswith("0")


def test_where_nothing_can_be_known_no_effect_is_given():
    letter = letter_of(analysis("cannot_be_known"))
    assert letter.fifty is None
    assert [n.value for n in letter.numbers[1:4]] == ["not given"] * 3
    assert letter.numbers[0].value == "not compared"


def test_dots_that_assumptions_would_decide_are_not_drawn():
    """One start: what is believed of other causes decides how large the effect may be."""
    dose = np.r_[np.zeros(60), np.full(120, 4.5)]
    letter = letter_of(full_answer(diary(wobbling(180, 1), naltrexone_mg=dose), ask(), Wanted()))
    assert letter.fifty is None
    assert "decided by what is assumed beforehand more than by these days" in letter.fifty_words
    assert letter_of(analysis("helps")).fifty is not None


def test_without_dates_no_date_of_the_diary_stands_anywhere():
    hidden = page("helps", Background(made=DAY, dates=False))
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text(hidden))
    assert "calendar dates" in hidden
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text(page("helps")))


def test_without_other_medicines_none_is_named_and_the_page_says_so():
    hidden = letter_of(analysis("helps"), Background(others=False))
    assert not hidden.rescue.rows
    assert "other medicines" in hidden.left_out
    assert letter_of(analysis("helps")).rescue.rows


def test_a_name_is_on_the_page_only_where_it_was_given():
    assert "name" in letter_of(analysis("helps")).left_out
    named = letter_of(analysis("helps"), Background(name="Kim <b>K</b>"))
    assert "&lt;b&gt;" in letter_html(named)
    assert "name" not in named.left_out


def test_safety_points_are_open_none_or_never_asked():
    said = [
        " ".join(letter_of(analysis("helps"), Background(safety=points)).safety) for points in (None, (), ("codeine",))
    ]
    assert "were not asked" in said[0]
    assert "no open point" in said[1]
    assert "codeine" in said[2]


def test_more_than_fits_is_counted_and_not_dropped_in_silence():
    points = tuple(f"point {i}" for i in range(MOST_SAFETY + 3))
    assert "3 more" in letter_of(analysis("helps"), Background(safety=points)).safety[-1]
    tried = tuple(Tried(f"drug {i}") for i in range(MOST_BEFORE + 2))
    assert "2 more" in letter_of(analysis("helps"), Background(tried=tried)).before[-1][0]


def test_every_answer_has_its_point_to_discuss():
    assert set(DISCUSS) == {"helps", "harms", "no_meaningful_difference", "not_yet_known", "cannot_be_known"}


def test_the_appendix_answers_every_item_of_cent_or_leaves_it_open():
    found = analysis("helps")
    rows = next(part.table for part in appendix_of(found, Background()) if part.heading.startswith("CENT"))[1:]
    assert [row[0] for row in rows] == [item for item, _ in ASKED]
    assert all(row[2] for row in rows)
    assert any(row[2].startswith("OPEN") for row in rows)


def test_a_picture_that_leaves_the_page_has_its_colours_with_it():
    svg = standalone(letter_of(analysis("helps")).days.svg)
    assert svg.startswith("<svg")
    assert "var(" not in svg


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\t", "\u2028"])
def test_a_break_in_the_persons_words_becomes_a_blank(break_):
    """On the page, and in the appendix where the words are longer than the page has room for."""
    long = Background(notes=f"first{break_}second " + "and more " * 40)
    made = analysis("helps")
    for shown in (letter_html(letter_of(made, long), appendix_of(made, long)), letter_of(made, long).notes):
        assert "first second" in shown
        assert "\ufffd" not in shown


def test_days_drawn_one_by_one_are_compared_by_the_dose_of_the_day_and_the_day_before():
    made = letter_of(analysis("days"))
    assert made.since_words == ""
    assert "that day and the day before" in made.since.sentence
    for words in ("after none", "after dose", "no dose", "dose taken"):
        assert words in made.since.svg


@pytest.mark.parametrize("kind", sorted(DISCUSS.keys() & set(KINDS)))
def test_a_letter_of_each_answer_is_tried(kind):
    assert analysis(kind).verdict.answer == kind


@pytest.mark.parametrize("kind", KINDS)
def test_the_ceiling_stands_beside_the_word_and_is_not_said_twice(kind):
    made, found = letter_of(analysis(kind)), analysis(kind)
    assert found.verdict.ceiling in made.ceiling_line
    assert "Ceiling of evidence" not in made.sentence
    assert made.ceiling_line in text(letter_html(made))


def test_where_one_side_is_nearly_sure_and_the_answer_is_open_the_line_says_why():
    found = analysis("not_yet_known")
    sure = replace(found.verdict.estimate, better=0.97)
    why = Reason("cause_explains_as_well", "A change of life would explain this as well.", {})
    first = (found.verdict.reasons[0], why)
    open_still = replace(found, verdict=replace(found.verdict, estimate=sure, reasons=first))
    assert letter_of(open_still).sentence.endswith("Why not more: A change of life would explain this as well.")
    unsure = replace(open_still, verdict=replace(open_still.verdict, estimate=replace(sure, better=0.7)))
    assert "Why not more" not in letter_of(unsure).sentence


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("One. Two.", "One. Two."),
        ("There is 99.5 %. " + "Read only once. " * 20, "There is 99.5 %." + " Read only once." * 11),
        ("long " * 60, "long " * 39 + "long…"),
    ],
)
def test_a_reason_is_cut_between_sentences(words, said):
    assert first_sentences(words) == said
