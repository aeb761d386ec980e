"""The letter in a real browser: one page of A4 and of Letter, whatever stands on it; nothing overlaps or leaves it."""

import random
from dataclasses import replace

import pytest
from tests.letter.generated import MOST_DAYS, generated, letters_of
from tests.letter.letters import KINDS, analysis, made

from nightdose.language.catalogue import reading_in
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background, Tried
from nightdose.letter.letter import letter_of
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
        assert wrong(page, letter_html(filled(kind, rng))) == []
    page.close()


def wrong(page, html):
    """What is wrong with a letter on A4 and on Letter paper; [] = it is one page and everything is on it."""
    found = []
    page.set_content(html)
    for paper, (width, height) in PAPERS.items():
        page.set_viewport_size({"width": int(width * MM), "height": 900})
        tall, wide, lost = page.evaluate(MEASURE)
        found += [f"{paper}: {tall:.0f} of {height * MM:.0f} px"] if tall > height * MM else []
        found += [f"{paper}: {wide} px too wide"] if wide > 0 else []
        found += [f"{paper}, lost: {words}" for words in lost]
        found += [f"{paper}, broken: {word}" for word in page.evaluate(BROKEN, LONGEST_WORD)]
    return found


@pytest.mark.parametrize(
    ("diaries", "most_days"), [(range(20), 200), pytest.param(range(1000, 1250), MOST_DAYS, marks=pytest.mark.slow)]
)
def test_letters_of_generated_analyses_are_one_page_of_either_paper(chromium, diaries, most_days):
    """3 to 3,650 days, 1 to 12 outcomes, 0 to 8 doses, the longest names, both languages; four letters of each."""
    page = chromium.new_page()
    page.emulate_media(media="print")
    for seed in diaries:
        for number, letter in enumerate(letters_of(generated(seed, most_days), 4)):
            assert (seed, number, wrong(page, letter_html(letter))) == (seed, number, [])
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
