"""Every page and state of the app as a picture, to be looked at: `make pictures`, or with a folder and words to choose.

    python -m tests.browser.pictures [FOLDER] [--only WORD]
    python -m tests.browser.pictures --readme       # the three of the README, into docs/img; after `make demo`

Widths 360, 768 and 1280 px; light, dark, without colour, at 200 % and as printed. FOLDER/index.html shows all of them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.conftest import CHROMIUM, FLAGS, Served

ROOT = Path(__file__).parents[2]
PHONE = {"width": 360, "height": 740}
WORDS = "correct horse battery"
PAGES = {
    "tonight": "/", "timeline": "/timeline", "year": "/timeline?days=365", "answer": "/answer",
    "answer-other": "/answer?outcome=Fatigue", "plan": "/plan", "gates": "/plan/gates", "titration": "/plan/titration",
    "trial": "/plan/trial", "liquid": "/plan/liquid", "card": "/plan/card", "dose": "/dose",
    "dose-own": "/dose?own=yes", "dose-two": "/dose?other=50mg@08:00", "dose-refused": "/dose?mg=x",
    "letter": "/letter", "data": "/data", "help": "/help", "more": "/more", "missing": "/nowhere",
    "no-entry": "/entry?number=99999",
}  # fmt: skip
LOOKS = {
    "360-light": {"viewport": PHONE},
    "360-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "768-light": {"viewport": {"width": 768, "height": 1024}},
    "1280-light": {"viewport": {"width": 1280, "height": 900}},
    "1280-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "640-zoom": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},  # 1280 px at 200 %
    "768-grey": {"viewport": {"width": 768, "height": 1024}},
    "768-print": {"viewport": {"width": 768, "height": 1024}},
}


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("pictures"))
    parser.add_argument("--only", default="", help="a part of a page's or a look's name")
    parser.add_argument("--readme", action="store_true", help="only the pictures of the README, into docs/img")
    arguments = parser.parse_args()
    if arguments.readme:
        of_readme(ROOT / "docs" / "img", ROOT / "demo-output")
        return
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        served = Served(Path(folder), "--example")
        try:
            of_example(chromium, served, arguments.folder, arguments.only)
        finally:
            served.kill()
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        served = Served(fresh)
        try:
            of_first_run(chromium, served, arguments.folder, arguments.only)
        finally:
            served.kill()
        chromium.close()
    names = sorted(path.name for path in arguments.folder.glob("*.png"))
    rows = "".join(f'<figure><img src="{name}" alt=""><figcaption>{name}</figcaption></figure>' for name in names)
    (arguments.folder / "index.html").write_text(f"<!doctype html><title>Pictures</title>{rows}", encoding="utf-8")
    print(f"{len(names)} pictures in {arguments.folder}")


def of_readme(folder: Path, demo: Path) -> None:
    """Tonight and Answer of the labelled example side by side; the report and the letter that `make demo` wrote."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        served = Served(Path(made), "--example")
        try:
            phone = chromium.new_context(viewport=PHONE, device_scale_factor=1.34, reduced_motion="reduce")
            page = phone.new_page()
            page.goto(served.address)
            page.locator("label.pick").filter(has_text="3").first.click()
            page.screenshot(path=f"{made}/tonight.png")
            page.goto(served.home + "/answer")
            page.screenshot(path=f"{made}/answer.png")
        finally:
            served.kill()
        page = chromium.new_context(viewport={"width": 744, "height": 740}, device_scale_factor=1.34).new_page()
        Path(made, "both.html").write_text(
            "<style>body{margin:0;display:flex;gap:24px}img{width:360px}</style>"
            "<img src=tonight.png><img src=answer.png>"
        )
        page.goto(f"file://{made}/both.html")
        page.screenshot(path=folder / "app.png")
        for name, source, size in (("answer", "caffeine", (820, 1330)), ("letter", "caffeine-letter", (744, 840))):
            page = chromium.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
            page.goto(f"file://{demo}/{source}.html")
            page.screenshot(path=folder / f"{name}.png")
        chromium.close()


def opened(chromium: Browser, look: str) -> Page:
    """A page of that look."""
    page = chromium.new_context(**LOOKS[look]).new_page()
    if look.endswith("print"):
        page.emulate_media(media="print")
    return page


def take(page: Page, folder: Path, look: str, name: str) -> None:
    """The whole page as a picture, and a word where it is wider than the window."""
    if look.endswith("grey"):
        page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
    page.screenshot(path=folder / f"{name}.{look}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        print(f"{name} at {look}: {wide} px wider than the window")


def of_example(chromium: Browser, served: Served, folder: Path, only: str) -> None:
    """Every page of the labelled example, and what becomes of a form."""
    address = served.address
    for look in LOOKS:
        page = opened(chromium, look)
        if address:
            page.goto(address)
            state, address = page.context.storage_state(), ""
        else:
            page.context.add_cookies(state["cookies"])
        for name, path in PAGES.items():
            if only in name or only in look:
                page.goto(served.home + path)
                take(page, folder, look, name)
        page.context.close()
    page = opened(chromium, "360-light")
    page.context.add_cookies(state["cookies"])
    page.goto(served.home + "/")
    page.locator("label.pick").nth(4).click()
    page.get_by_role("button", name="Save").click()
    take(page, folder, "360-light", "tonight-saved")
    page.goto(served.home + "/timeline")
    page.locator("main details").first.locator("summary").click()
    page.get_by_role("link", name="Correct or withdraw").first.click()
    take(page, folder, "360-light", "entry")
    page.goto(served.home + "/plan/trial")
    page.get_by_label("Dose on treatment, mg").fill("4.5")
    page.get_by_role("button", name="Show what it would find").click()
    take(page, folder, "360-light", "power-running")
    page.get_by_role("button", name="Stop it").click()
    page.goto(served.home + "/answer")
    page.get_by_role("button", name="Ask for the certificate").click()
    take(page, folder, "360-light", "answer-running")
    page.context.close()


def of_first_run(chromium: Browser, served: Served, folder: Path, only: str) -> None:
    """The first run, and a diary that is empty, refused or locked."""
    page = opened(chromium, "360-light")

    def shot(name: str) -> None:
        take(page, folder, "360-light", f"first-{name}")

    page.goto(served.address)
    shot("1-welcome")
    page.get_by_role("link", name="Begin my own diary").click()
    shot("2-key")
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_label("Once more").fill("other")
    page.get_by_role("button", name="Make my diary").click()
    shot("2-key-refused")
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_label("Once more").fill(WORDS)
    page.get_by_role("button", name="Make my diary").click()
    shot("3-recovery")
    page.get_by_role("link", name="I have written it down").click()
    shot("4-outcomes")
    page.get_by_role("button", name="Go on").click()
    shot("5-gates")
    page.get_by_label("Name").fill("tramadol")
    page.get_by_role("button", name="Add to the list").click()
    shot("5-gates-blocked")
    page.goto(served.home + "/")
    shot("6-tonight")
    for name in ("timeline", "answer", "plan", "data", "dose"):
        page.goto(f"{served.home}/{name}")
        take(page, folder, "360-light", f"{name}-empty")
    page.goto(served.home + "/plan/titration")
    page.get_by_role("button", name="Plan it").click()
    take(page, folder, "360-light", "titration-refused")
    page.get_by_role("button", name="Lock", exact=True).click()
    take(page, folder, "360-light", "locked")
    page.context.close()


if __name__ == "__main__":
    main()
