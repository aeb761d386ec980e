"""The built folder: other words for the diary, the recovery key, the language of the pages, and what takes longer."""

from __future__ import annotations

from tests.browser.folder import WORDS, Window, prepared

from nightdose.diary.kept import backup
from nightdose.keeping import opening

NEW = "five other words nobody knows"
SLOW = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (said, given) {
  if (said.asked?.path === "/answer") setTimeout(() => post.call(this, said, given || []), 2000);
  else post.call(this, said, given || []);
};
"""


def changed(window, old) -> None:
    """Another passphrase, on the page Data."""
    window.go("/data", "Data")
    window.frame.get_by_text("Change it, or set another where it was forgotten").click()
    window.frame.get_by_label("The passphrase of today, or the recovery key").fill(old)
    window.frame.get_by_label("New passphrase").fill(NEW)
    window.frame.get_by_label("Once more").fill(NEW)
    window.press("Change it")
    window.until(lambda: "The passphrase is changed" in window.text())


def test_another_passphrase_opens_the_diary_from_then_on_and_its_backup(window, tmp_path):
    """Before Python is awake and after; the old one opens nothing any more."""
    window.evening(4)
    prepared(window)
    changed(window, WORDS)
    prepared(window)
    window.page.reload()
    window.until(lambda: window.page.locator("#early").is_visible())
    window.page.locator("#words").fill(WORDS)
    window.page.locator("#early button[type=submit]").click()
    window.until(lambda: "does not open the diary" in window.page.inner_text("body") or "locked" in window.heading())
    window.unlock(NEW)
    window.go("/timeline", "Timeline")
    assert "4" in window.frame.locator("main").inner_text()
    window.go("/data", "Data")
    window.press("Make a backup now")
    window.until(lambda: window.frame.get_by_role("link", name="Save the backup").count() > 0)
    with window.page.expect_download() as coming:
        window.press("Save the backup", "link")
    text = backup.key_file_text(coming.value.path())
    assert opening.secret_of(text, passphrase=NEW).recovery_key == window.key


def test_the_printed_recovery_key_opens_the_diary_and_sets_another_passphrase(window):
    window.evening(6)
    prepared(window)
    window.page.reload()
    window.until(lambda: window.page.locator("#early").is_visible())
    window.page.locator("#words").fill("not these words")
    window.page.locator("#early button[type=submit]").click()
    window.until(lambda: window.page.locator("#recovery").is_visible())
    window.page.locator("#recovery").click()
    window.until(lambda: window.frame.get_by_label("Recovery key").count() > 0)
    window.frame.get_by_label("Recovery key").fill(window.key)
    window.press("Open")
    window.until(lambda: window.frame.locator("#evening").count() > 0)
    changed(window, window.key)
    window.frame.get_by_text("Show the recovery key again").click()
    window.frame.locator("#shown-by").fill(NEW)
    window.press("Show it")
    window.until(lambda: window.frame.locator("#recovery-key").count() > 0)
    assert window.frame.locator("#recovery-key").inner_text() == window.key


def test_the_language_is_the_browsers_until_another_is_chosen_and_then_that_one(browser, host):
    """The pages, the window around them, and the same after another start."""
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(30_000)
    window = Window(context, host.address)
    window.until(lambda: window.frame.locator("html[lang=de]").count() > 0)
    assert window.page.locator("html").get_attribute("lang") == "de"
    window.press("English")
    window.until(lambda: window.frame.locator("html[lang=en]").count() > 0)
    window.page.reload()
    window.until(lambda: window.frame.locator("html[lang=en]").count() > 0)
    assert window.page.locator("html").get_attribute("lang") == "en"
    assert window.page.locator(".soft").text_content().startswith("Your diary stays on this device.")
    context.close()


def test_a_page_that_takes_longer_says_so_until_it_is_there(window):
    """The engine is asked for the answer two seconds late."""
    window.evening(2)
    prepared(window)
    window.page.add_init_script(SLOW)
    window.page.reload()
    window.unlock()
    window.page.evaluate("path => { document.getElementById('page').src = path }", window.prefix + "/answer")
    busy = window.page.locator("#busy")
    window.until(busy.is_visible)
    assert busy.inner_text().startswith("The answer is being worked out")
    window.shows("Does it help me?")
    window.until(lambda: not busy.is_visible())
