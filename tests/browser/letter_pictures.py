"""The letter as pictures, to be looked at, and the picture of its specification.

    python -m tests.browser.letter_pictures             # docs/img/letter-layout.png, each part with its number
    python -m tests.browser.letter_pictures FOLDER      # A4, Letter, grey, fax, phone

The diary is drawn by chance, as its label says. Fax is 200 dots an inch in black and white.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import CHROMIUM, FLAGS

from nightdose.diary.records import Diary
from nightdose.keeping.answer import Asked, Wanted, full_answer, question_for
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background, Tried
from nightdose.letter.letter import Letter, letter_of
from nightdose.letter.page import letter_html
from nightdose.verdict.analysis import Analysis

ROOT = Path(__file__).parents[2]
LABEL = "SYNTHETIC: drawn by chance to show the layout; no person's data"
DAYS, BLOCK, FIRST_DAY = 168, 14, datetime.date(2026, 3, 2).toordinal()
A4, LETTER_PAPER = ("210mm", "297mm"), ("8.5in", "11in")
# where each part of docs/letter-layout.md stands, and at which edge its number is put
FIRST, PAIR = ".first dt:nth-of-type({})", ".two:nth-child({} of .two) > :{}-child"
PARTS = (
    (1, "header.top", "left"), (2, ".label", "left"), (3, "h1", "left"),
    *((number + 3, FIRST.format(number), "left") for number in (1, 2, 3)),
    (7, "figure.days", "left"), (8, ".pictures > :first-child", "left"), (8, ".pictures > :last-child", "right"),
    (9, ".numbers", "left"),
    *((row + 9, PAIR.format(row, "first"), "left") for row in (1, 2, 3)),
    *((row + 9, PAIR.format(row, "last"), "right") for row in (1, 2, 3)),
    (13, ".foot", "left"),
)  # fmt: skip
NUMBERED = """(parts) => {
  const box = document.querySelector('article').getBoundingClientRect();
  for (const [number, place, edge] of parts) {
    const part = document.querySelector(place);
    if (!part) throw new Error(`no part ${number}: ${place}`);
    const spot = document.createElement('b'), at = part.getBoundingClientRect();
    spot.textContent = number;
    const left = edge === 'left' ? box.left - 30 : box.right + 8;
    spot.style.cssText = `position:absolute;top:${at.top + scrollY}px;left:${left}px;` +
      'width:22px;height:22px;border:1.5px solid;border-radius:50%;font:600 12px/19px sans-serif;text-align:center';
    document.body.append(spot);
  }
}"""


def example() -> Analysis:
    """Twelve weeks' worth of pairs of blinded blocks of migraine severity, 0 to 10, lower with the capsule."""
    draw = np.random.default_rng(7)
    on = np.concatenate([draw.permutation([0, 1]).repeat(BLOCK) for _ in range(DAYS // (2 * BLOCK))])
    spell = np.convolve(draw.standard_normal(DAYS + 4), np.ones(5) / 2, "valid")
    score = np.clip(np.round(5.5 - 1.7 * on + spell + draw.standard_normal(DAYS)), 0, 10)
    taken = np.where(draw.random(DAYS) < 0.03, 0.0, 4.5 * on)
    score[draw.random(DAYS) < 0.06] = np.nan
    diary = Diary(
        "example", FIRST_DAY, True,
        {
            "migraine severity": score,
            "naltrexone_mg": taken,
            "naltrexone_assigned_mg": 4.5 * on,
            "naltrexone_guess": np.where(draw.random(DAYS) < 0.7, np.nan, 1.0 * (draw.random(DAYS) < 0.5)),
            "rescue_sumatriptan": (np.nan_to_num(score) > 6) * 1.0,
            "side_effect_vivid dreams": (draw.random(DAYS) < 0.05 + 0.12 * on) * 1.0,
            "side_effect_nausea": (draw.random(DAYS) < 0.04) * 1.0,
        },
        DAYS,
    )  # fmt: skip
    asked = question_for(
        diary, Asked("migraine severity", "naltrexone", "continuous", randomised="blocks", blinded=True)
    )
    return full_answer(diary, asked, Wanted(looked=1, certificate=200))


BACKGROUND = Background(
    name="Kim Example", age="40-49", condition="migraine", made=datetime.date(2026, 8, 17),
    tried=(Tried("topiramate", "100 mg", "6 months", "tingling"), Tried("propranolol", "80 mg", "a year", "no change")),
    safety=(), notes="I slept better in the last two blocks, whatever was in them.",
)  # fmt: skip


def layout(chromium: Browser, letter: Letter) -> Path:
    """The specification's picture: the page with the number of each part at its edge."""
    page = chromium.new_page(viewport={"width": 800, "height": 1100}, device_scale_factor=1.5)
    page.set_content(letter_html(letter))
    page.evaluate(NUMBERED, [list(part) for part in PARTS])
    target = ROOT / "docs" / "img" / "letter-layout.png"
    page.screenshot(path=target, full_page=True)
    return target


def printed(chromium: Browser, html: str, folder: Path, name: str, paper: tuple[str, str]) -> None:
    """A PDF of the browser, and of its first page a picture in grey and as a fax makes it."""
    page = chromium.new_page()
    page.set_content(html)
    page.pdf(path=folder / f"{name}.pdf", width=paper[0], height=paper[1], prefer_css_page_size=False)
    for kind, dots in (("-gray", "110"), ("-mono", "200")):
        out = folder / f"{name}{kind}"
        subprocess.run(["pdftoppm", "-png", kind, "-r", dots, "-f", "1", "-l", "1", "-singlefile",
                        folder / f"{name}.pdf", out], check=True)  # fmt: skip


def main() -> None:
    """Take them."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.letter_pictures")
    parser.add_argument("folder", nargs="?", type=Path, help="none: only the picture of docs/letter-layout.md")
    arguments = parser.parse_args()
    found = example()
    letter, appendix = letter_of(found, BACKGROUND, label=LABEL), appendix_of(found, BACKGROUND)
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if arguments.folder is None:
            print(layout(chromium, letter))
            return
        arguments.folder.mkdir(parents=True, exist_ok=True)
        html = letter_html(letter, appendix)
        for name, paper in (("a4", A4), ("letter", LETTER_PAPER)):
            printed(chromium, html, arguments.folder, name, paper)
        page = chromium.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        page.set_content(html)
        page.screenshot(path=arguments.folder / "phone.png", full_page=True)
    print(arguments.folder)


if __name__ == "__main__":
    main()
