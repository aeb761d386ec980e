"""What a person does in the app, in a real browser: the first run, an evening, and everything that can go wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

WORDS = "correct horse battery"
PAGES = ("/", "/timeline", "/answer", "/plan", "/plan/gates", "/plan/titration", "/plan/trial", "/plan/liquid",
         "/plan/card", "/dose", "/letter", "/letter/page", "/evidence", "/data", "/help", "/more")  # fmt: skip
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def first_run(page, served):
    """From the printed address to the first evening; how many acts that took."""
    page.goto(served.address)
    acts = 0

    def act(what):
        nonlocal acts
        what()
        acts += 1

    act(lambda: page.get_by_role("link", name="Begin my own diary").click())
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_label("Once more").fill(WORDS)
    act(lambda: page.get_by_role("button", name="Make my diary").click())
    act(lambda: page.get_by_role("link", name="I have written it down").click())
    act(lambda: page.get_by_role("button", name="Go on").click())
    act(lambda: page.get_by_role("link", name="No plan yet: only record").click())
    page.wait_for_selector("#evening")
    return acts


def entries(served, most=9):
    """The kept entries, read by the command line."""
    words = served.folder / "words"
    words.write_text(WORDS)
    done = subprocess.run(
        [sys.executable, "-m", "nightdose", "log", "--list", str(most), "--json",
         "--diary", str(served.folder / "diary.db"), "--passphrase-file", str(words)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)["entries"]


def test_the_first_run_takes_five_acts_and_an_evening_fits_one_screen(page, served):
    assert first_run(page, served) == 5
    assert page.evaluate("document.documentElement.scrollHeight") <= 740
    outcomes = page.locator("fieldset[data-keys]").count()
    clicks = 0
    for i in range(outcomes):
        page.locator("fieldset[data-keys]").nth(i).locator("label.pick").nth(4).click()
        clicks += 1
    page.get_by_role("button", name="Save").click()
    clicks += 1
    assert clicks <= outcomes + 3
    assert page.get_by_role("status").inner_text().startswith("Kept.")
    assert [e["value"] for e in entries(served)] == [4.0] * outcomes


def test_an_evening_by_the_keyboard_alone(page, served):
    first_run(page, served)
    for key in ("4", "7", "-"):
        page.keyboard.press(key)
    page.keyboard.press("Tab") if page.evaluate("document.activeElement.type") == "radio" else None
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert [e["value"] for e in entries(served)] == [4.0, 7.0, 10.0]


def test_everything_works_without_scripts(browser, served):
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    first_run(page, served)
    page.locator("label.pick").nth(3).click()
    page.get_by_role("button", name="Save").click()
    assert "Kept." in page.content()
    for path in PAGES:
        assert page.goto(served.home + path).status == 200
    context.close()


def test_a_double_click_the_back_button_and_a_second_tab_keep_one_evening(page, served):
    first_run(page, served)
    page.locator("label.pick").nth(3).click()
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_selector("[role=status]")
    page.go_back()
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    other = page.context.new_page()
    other.goto(served.home + "/")
    other.locator("label.pick").nth(3).click()
    other.get_by_role("button", name="Save").click()
    other.wait_for_load_state()
    assert [e["value"] for e in entries(served)] == [3.0]


def test_a_server_killed_in_mid_entry_loses_nothing_that_was_typed(page, served):
    """The form waits in the browser; the new server knows the browser again and asks for the passphrase."""
    first_run(page, served)
    page.locator("label.pick").nth(3).click()
    served.kill()
    served.start()
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Passphrase").fill("wrong words")
    page.get_by_role("button", name="Open").click()
    assert "not lost" in page.content()
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector("[role=status]")
    assert [e["value"] for e in entries(served)] == [3.0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_fault(browser, example, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto(example.address)
    found = {}
    for path in PAGES:
        page.goto(example.home + path)
        result = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
        faults = [(v["id"], v["nodes"][0]["html"][:120]) for v in result.response["violations"]]
        if faults:
            found[path] = faults
    context.close()
    assert found == {}


def test_no_page_asks_anything_of_another_address(page, example):
    page.goto(example.address)
    for path in PAGES:
        page.goto(example.home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert all(url.startswith(example.home) for url in page.asked)


def test_the_policy_blocks_nothing_of_our_own(page, example):
    """A style or script that the strict policy refuses would be said in the console."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(example.address)
    for path in (*PAGES, "/answer/report"):
        page.goto(example.home + path)
    assert said == []


def faults(page):
    """What axe finds on the page as it stands."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]]


def test_no_state_has_an_accessibility_fault(page, served):
    """Refused, empty, blocked, running, saved and locked: every state of the first days."""
    found = {}

    def look(state):
        if wrong := faults(page):
            found[state] = wrong

    page.goto(served.address)
    look("welcome")
    page.get_by_role("link", name="Begin my own diary").click()
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Make my diary").click()
    look("passphrase refused")
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_label("Once more").fill(WORDS)
    page.get_by_role("button", name="Make my diary").click()
    look("recovery key")
    page.get_by_role("link", name="I have written it down").click()
    look("outcomes")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("tramadol")
    page.get_by_role("button", name="Add to the list").click()
    look("blocked gate")
    for path in (
        "/",
        "/timeline",
        "/answer",
        "/data",
        "/dose",
        "/plan/power",
        "/nowhere",
        "/entry?number=9",
        "/dose?mg=x",
    ):
        page.goto(served.home + path)
        look(f"empty {path}")
    page.goto(served.home + "/plan/titration")
    page.get_by_role("button", name="Plan it").click()
    look("form refused")
    page.goto(served.home + "/plan/trial")
    page.get_by_role("button", name="Show what it would find").click()
    look("work running")
    page.get_by_role("button", name="Stop it").click()
    page.goto(served.home + "/")
    page.locator("label.pick").nth(3).click()
    page.get_by_role("button", name="Save").click()
    look("saved")
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("?")
    look("keys over the page")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Lock", exact=True).click()
    look("locked")
    page.get_by_label("Passphrase").fill("wrong")
    page.get_by_role("button", name="Open").click()
    look("wrong passphrase")
    assert found == {}


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_the_name_of_a_medicine_has_room_on_a_phone(browser, example, language):
    """Its neighbour's label is long in German; the field where an opioid is named was 20 px wide."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=language)
    page = context.new_page()
    page.goto(example.address)
    page.goto(example.home + "/plan/gates")
    assert page.locator("#name").bounding_box()["width"] >= 180
    context.close()
