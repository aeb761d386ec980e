"""Whole stretches of a life with the app, in a real browser: sixty evenings, a blinded trial, days that go wrong."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.browser.test_app import WORDS, entries, first_run

EVENINGS, LISTED = 60, 400


def day(back):
    return datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=back)


def tap(page, words):
    """One of the choices of a question."""
    page.locator("label.pick", has_text=re.compile(f"^{words}$")).first.click()


def clear_gates(page, served):
    """Every safety question answered with no, and the list of medicines complete."""
    page.goto(f"{served.home}/plan/gates")
    for group in page.locator("fieldset:has(input[value=no])").all():
        group.locator("label.pick", has_text="No").first.click()
    page.get_by_label("The list of medicines above is complete").check()
    page.get_by_role("button", name="Keep the answers").click()
    assert "Nothing is in the way" in page.get_by_role("status").inner_text()


def test_sixty_evenings_from_the_first_run_to_the_first_answer(page, served):
    """Thirty evenings without, thirty with 4.5 mg, each by the form of its day; then the answer is asked for once."""
    first_run(page, served)
    for back in range(EVENINGS, 0, -1):
        page.goto(f"{served.home}/?day={day(back)}")
        with_dose = back <= EVENINGS // 2
        for i, group in enumerate(page.locator("fieldset[data-keys]").all()):
            group.locator("label.pick").nth((back * 7 + 3 * i) % 4 + (2 if with_dose else 5)).click()
        tap(page, "Taken" if with_dose else "Not taken")
        if with_dose:
            page.get_by_text("Anything else tonight?").click()
            page.get_by_label("Amount, mg").fill("4.5")
        page.get_by_role("button", name="Save").click()
        page.wait_for_selector("[role=status]")
    kept = entries(served, LISTED)
    assert len([e for e in kept if e["kind"] == "score"]) == 3 * EVENINGS
    assert len([e for e in kept if e["kind"] == "dose"]) == EVENINGS
    page.goto(f"{served.home}/answer")
    assert f"{EVENINGS} of {EVENINGS} days recorded" in page.content()
    assert page.locator(".word").inner_text() in ("Not yet known", "Better since, cause not established",
                                                  "Cannot be known from this diary")  # fmt: skip
    assert "low" in page.get_by_text("Ceiling of evidence").first.inner_text()


def test_a_blinded_trial_from_its_plan_to_its_reveal(page, served):
    """Locked, sealed to a helper; tonight asks for the capsule of a box; revealed early, with a reason."""
    pyrage = pytest.importorskip("pyrage")
    from nightdose.keeping.sealing import open_sealed

    first_run(page, served)
    clear_gates(page, served)
    page.goto(f"{served.home}/plan/trial")
    page.get_by_label("Dose on treatment, mg").fill("4.5")
    page.get_by_label("First day of the diary").fill(str(day(0)))
    page.get_by_label("Days of diary before anything changes").fill("0")
    page.get_by_role("group", name="Blinded by a helper").locator("label.pick", has_text="Yes").click()
    page.get_by_role("button", name="Check this design").click()
    page.get_by_role("button", name="Lock it").click()
    assert "Locked." in page.get_by_role("status").inner_text()
    helper = pyrage.x25519.Identity.generate()
    page.get_by_label("Helper's public key").fill(str(helper.to_public()))
    with page.expect_download() as download:
        page.get_by_role("button", name="Draw and seal").click()
    sealed = served.folder / "sealed.age"
    download.value.save_as(sealed)
    page.goto(f"{served.home}/")
    assert "box 1" in page.content()
    assert "Your guess" in page.content()
    page.locator("label.pick").nth(3).click()
    tap(page, "Taken")
    page.get_by_role("button", name="Save").click()
    assert "capsule" in page.get_by_role("status").inner_text()
    page.goto(f"{served.home}/answer")
    assert "sealed" in page.content()
    order = served.folder / "order.json"
    order.write_bytes(open_sealed(sealed.read_bytes(), str(helper)).to_bytes())
    page.goto(f"{served.home}/plan")
    page.get_by_text("Reveal the order").click()
    page.get_by_label("The order's file").set_input_files(order)
    page.get_by_label("If it is before the end: why").fill("the trial stops here")
    page.get_by_role("button", name="Reveal it").click()
    assert "Revealed" in page.get_by_role("status").inner_text()


def test_a_file_with_faults_is_looked_over_and_what_can_be_read_is_taken_in_once(page, served):
    first_run(page, served)
    page.goto(f"{served.home}/data")
    table = "date,Pain,naltrexone_mg\n2026-01-01,5,0\n2026-01-02,x,4.5\n2026-13-03,4,4.5\n2026-01-04,4,4.5\n"
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_role("button", name="Look it over").click()
    assert "What could not be read" in page.content()
    assert "Nothing has been written yet" in page.content()
    page.get_by_role("button", name="Take it in").dblclick()
    page.wait_for_url("**/data?done=taken")
    assert sorted(e["value"] for e in entries(served, LISTED) if e["kind"] == "score") == [4.0, 5.0]


def test_an_old_day_is_corrected_where_it_stands_and_keeps_what_it_said(page, served):
    first_run(page, served)
    page.goto(f"{served.home}/?day={day(9)}")
    page.locator("label.pick").nth(3).click()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{served.home}/timeline")
    page.locator(f"#day-{day(9)} summary").click()
    page.get_by_role("link", name="Correct or withdraw").first.click()
    page.get_by_label("Value").fill("8")
    page.get_by_label("Why", exact=True).fill("wrong line")
    page.get_by_role("button", name="Correct it").click()
    assert "Corrected" in page.get_by_role("status").inner_text()
    assert page.locator(f"#day-{day(9)}").get_attribute("open") is not None
    page.get_by_role("link", name="Correct or withdraw").first.click()
    assert "Pain 3" in page.content()
    assert [e["value"] for e in entries(served, LISTED)] == [8.0]


def test_a_session_that_ends_in_mid_entry_waits_with_what_was_typed(page, served):
    """The other tab locks the diary; the first one's words are kept behind the passphrase."""
    first_run(page, served)
    page.locator("label.pick").nth(6).click()
    other = page.context.new_page()
    other.goto(f"{served.home}/timeline")
    other.get_by_role("button", name="Lock").click()
    page.get_by_role("button", name="Save").click()
    assert "not lost" in page.get_by_role("status").inner_text()
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector("[role=status]")
    assert [e["value"] for e in entries(served, 9)] == [6.0]


def killed_evenings(page, served, times):
    """So many evenings, each with the server killed while its form is filled in or just after it was sent."""
    first_run(page, served)
    for n in range(times):
        page.goto(f"{served.home}/?day={day(n + 1)}")
        page.wait_for_selector("#evening, [name=unlock_words]")
        if page.locator("[name=unlock_words]").count():
            unlock(page)
            page.goto(f"{served.home}/?day={day(n + 1)}")
        page.locator("fieldset[data-keys]").first.locator("label.pick").nth(n % 11).click()
        if n % 2:
            page.evaluate("document.getElementById('evening').requestSubmit()")
            page.wait_for_timeout(7 * n % 40)
        served.kill()
        served.start()
        if n % 2:
            page.goto(f"{served.home}/?day={day(n + 1)}")
            unlock(page)
            page.goto(f"{served.home}/?day={day(n + 1)}")
            page.locator("fieldset[data-keys]").first.locator("label.pick").nth(n % 11).click()
        page.get_by_role("button", name="Save").click()
        page.wait_for_load_state()
        if page.locator("[name=unlock_words]").count():
            unlock(page)
        page.wait_for_selector("#evening")
    kept = [e for e in entries(served, LISTED) if e["kind"] == "score"]
    assert sorted((e["day"], e["value"]) for e in kept) == sorted(
        (str(day(n + 1)), float(n % 11)) for n in range(times)
    )


def unlock(page):
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Open").click()
    page.wait_for_load_state()


def test_ten_kills_in_mid_entry_lose_nothing_and_keep_nothing_twice(page, served):
    killed_evenings(page, served, 10)


@pytest.mark.slow
def test_two_hundred_kills_in_mid_entry_lose_nothing_and_keep_nothing_twice(page, served):
    killed_evenings(page, served, 200)


def test_the_keys_are_shown_over_the_page_and_everything_is_reached_without_a_mouse(page, example):
    page.goto(example.address)
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="Keys").is_visible()
    for key, path in (("l", "/timeline"), ("a", "/answer"), ("p", "/plan"), ("t", "/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(re.compile(re.escape(example.home + path) + "$"))
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"))
    assert {"Save", "Answer", "More", "Anything else tonight?"} <= {word for word in seen if word}
