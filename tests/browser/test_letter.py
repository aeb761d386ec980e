"""The letter in a real browser: one page of A4 and of Letter, whatever stands on it; nothing overlaps or leaves it."""

import random
from dataclasses import replace

import pytest
from tests.letter.letters import KINDS, analysis, made

from nightdose.language.catalogue import reading_in
from nightdose.letter.appendix import appendix_of
from nightdose.letter.letter import Background, Tried, letter_of
from nightdose.letter.page import letter_html
from nightdose.letter.words import LONGEST_ITEM, LONGEST_POINT, Table

MM = 96 / 25.4
PAPERS = {"A4": (210 - 24, 297 - 20), "Letter": (215.9 - 24, 279.4 - 20)}  # mm between the margins of the style
MEASURE = """() => {
  const main = document.querySelector('article'), box = main.getBoundingClientRect();
  const out = [...main.querySelectorAll('p, dt, dd, th, td, li, h1, h2, svg')]
    .filter(e => { const b = e.getBoundingClientRect(); return b.right > box.right + 1 || b.bottom > box.bottom + 1; });
  return [box.height, main.scrollWidth - main.clientWidth, out.map(e => e.textContent.slice(0, 40))];
}"""
BROKEN = """(longest) => {  // words that stand on two lines although they are not long
  const found = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest('svg, style')) continue;
    for (const all of node.data.matchAll(/\\S+/gu)) {
      if (all[0].length > longest) continue;
      for (const word of all[0].matchAll(/[\\p{L}\\p{N}]+/gu)) {
        const from = all.index + word.index;
        range.setStart(node, from); range.setEnd(node, from + word[0].length);
        if (new Set([...range.getClientRects()].map(b => Math.round(b.top))).size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""
LONGEST_WORD = 20  # letters, from which a word may be broken
PHONE = 360


def filled(kind, rng):
    """A letter of that kind with parts as short and as long as they may be."""

    def words(most):
        return " ".join("".join(rng.choice("aeilmnorstW") for _ in range(rng.randint(1, 14))) for _ in range(40))[:most]

    def table(heads, rows):
        cells = ["128 of 150"] * heads
        filled_rows = tuple((words(LONGEST_ITEM), *cells) for _ in range(rows))
        return Table(("Side effects, days by dose", *["88.5 mg"] * heads), filled_rows, "3 more in the appendix")

    background = Background(
        name=words(60), condition=words(60), notes=words(rng.choice([0, 100, 400])),
        tried=tuple(Tried(words(34), words(10), words(30), words(30)) for _ in range(rng.randint(0, 6))),
        safety=rng.choice([None, (), tuple(words(LONGEST_POINT) for _ in range(rng.randint(1, 6)))]),
    )  # fmt: skip
    letter = letter_of(analysis(kind), background, label=rng.choice(["", "SYNTHETIC", words(70)]))
    return replace(
        letter,
        side_effects=table(rng.randint(1, 5), rng.randint(0, 4)),
        rescue=table(3, rng.randint(0, 4)),
        question=f"Is {words(rng.choice([4, 60]))} lower with {words(rng.choice([4, 40]))} than without it?",
        how=letter.how + rng.choice(["", " guessed right 71 % of 145 times (57 % to 82 %)."]),
    )


@pytest.mark.parametrize("many", [25, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_one_page_of_either_paper_and_loses_nothing(chromium, kind, many):
    rng = random.Random(f"{kind} {many}")
    page = chromium.new_page()
    page.emulate_media(media="print")
    for _ in range(many):
        html = letter_html(filled(kind, rng))
        page.set_content(html)
        for paper, (width, height) in PAPERS.items():
            page.set_viewport_size({"width": int(width * MM), "height": 900})
            tall, wide, lost = page.evaluate(MEASURE)
            assert tall <= height * MM, f"{paper}: {tall:.0f} of {height * MM:.0f} px"
            assert wide <= 0
            assert not lost
            assert page.evaluate(BROKEN, LONGEST_WORD) == []
    page.close()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_phone_nothing_leaves_the_page_and_no_word_is_broken(chromium, kind, language):
    page = chromium.new_page(viewport={"width": PHONE, "height": 740})
    rng = random.Random(f"{kind} {language}")
    with reading_in(language):
        found = made(kind)
        shown = [letter_html(letter_of(found), appendix_of(found, Background())), letter_html(filled(kind, rng))]
    for html in shown:
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert page.evaluate(BROKEN, LONGEST_WORD) == []
    page.close()
