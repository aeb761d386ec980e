"""The built folder in a real Chromium, at the width of a phone: `make browser`, then `make test-browser`."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from tests.browser.conftest import PHONE
from tests.browser.folder import WORDS, Host, Window, flight_mode, play, prepared
from tests.browser.test_app import PAGES
from tests.keeping.people import locked_trial

from nightdose.diary.entry import Entry, Outcome
from nightdose.diary.kept import backup
from nightdose.keeping import backups, opening, safety, settings
from nightdose.knowledge.interactions import questions

EVENINGS = 60
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def downloaded(window, press) -> Path:
    with window.page.expect_download() as coming:
        press()
    return Path(coming.value.path()).rename(Path(coming.value.path()).with_suffix(".nightdose-backup"))


def test_an_evening_is_kept_and_there_again_with_the_server_stopped(window, phone, host):
    window.evening(4, 7)
    host.stop()
    try:
        phone.set_offline(True)
        window.page.reload()
        window.unlock()
        window.until(lambda: window.frame.locator("fieldset[data-keys]").count() > 0)
        window.go("/timeline", "Timeline")
        assert "4" in window.frame.locator("main").inner_text()
    finally:
        phone.set_offline(False)
        host.start()


def test_nothing_is_asked_of_anybody_else_over_a_session(window, phone, host):
    window.evening(3)
    for path, heading in (("/timeline", "Timeline"), ("/answer", ""), ("/plan", "Plan"), ("/help", "")):
        window.go(path, heading)
    outside = {url for url in phone.asked if not url.startswith((host.address, "blob:", "data:"))}
    assert outside == set()
    assert set(host.asked) == {a for a in host.asked if a.startswith("/under/") and "/p/" not in a}
    assert window.errors == []


def test_a_backup_of_the_browser_opens_on_a_laptop_and_verifies(window, tmp_path):
    window.evening(6)
    window.go("/data", "Data")
    made = downloaded(window, lambda: window.press("Make a backup now"))
    secret = opening.secret_of(backup.key_file_text(made), passphrase=WORDS)
    health = backups.restore_backup(made, tmp_path / "diary.db", secret.file_key)
    assert health.whole
    assert health.entries == 1
    with opening.open_diary(tmp_path / "diary.db", recovery_key=window.key) as store:
        assert [row.entry.value for row in store.entries(kind="score")] == [6.0]


def laptop(folder, days, fill=lambda store: None):
    """The backup of an encrypted diary of a laptop: a score on so many days until yesterday, and what `fill` adds."""
    path = folder / "diary.db"
    opening.start(path, WORDS)
    secret = opening.secret_of(opening.key_text(path), passphrase=WORDS)
    first = datetime.date.today() - datetime.timedelta(days=days)
    with opening.open_diary(path, passphrase=WORDS) as store:
        settings.choose_outcome(store, Outcome("pain", "0-10", "lower", worth=1.0))
        fill(store)
        every = [first + datetime.timedelta(days=i) for i in range(days)]
        store.add(*(Entry(day, "score", "pain", float(i % 8)) for i, day in enumerate(every)))
        return backups.make_backup(store, secret.file_key, folder, datetime.datetime.now(datetime.UTC)).path


def restored(phone, host, path) -> Window:
    """A first visit that begins with a backup."""
    window = Window(phone, host.address)
    window.shows("Does this medicine help me?")
    window.frame.get_by_text("I have a backup").click()
    window.frame.locator("input[type=file]").set_input_files(path)
    window.frame.get_by_label("Its passphrase").fill(WORDS)
    window.press("Restore it")
    window.shows("Data")
    return window


def test_a_backup_of_a_laptop_opens_in_the_browser(phone, host, tmp_path):
    window = restored(phone, host, laptop(tmp_path, 40))
    window.press("Check every row")
    window.until(lambda: "Every row is as it was written: 40 entries" in window.text())


def test_from_sixty_entries_on_a_backup_is_asked_for_in_front_of_the_page(phone, host, tmp_path):
    window = restored(phone, host, laptop(tmp_path, 60))
    window.go("/", "day")
    window.evening(3)
    window.until(lambda: "may clear what is stored here" in window.door())
    window.page.get_by_role("button", name="To the backup").click()
    window.shows("Data")
    downloaded(window, lambda: window.press("Make a backup now"))
    window.until(lambda: "The last backup was made today" in window.text())


def test_a_running_trial_says_when_it_opens_and_an_early_look_is_recorded(phone, host, tmp_path):
    start = datetime.date.today() - datetime.timedelta(days=30)

    def trial(store):
        store.add(Entry(start, "dose", "naltrexone", 4.5, "mg", "taken"))
        safety.answer(store, {question.id: False for question in questions()}, start, complete=True)
        locked_trial(store, start, start, blinded=False)

    window = restored(phone, host, laptop(tmp_path, 30, trial))
    window.go("/answer", "Does it help me?")
    assert "Your trial is still running" in window.text()
    window.press("Look now")
    window.until(lambda: "before the planned day" in window.text())


def test_what_lies_in_the_storage_is_not_readable(window):
    window.evening(5)
    prepared(window)
    stored = window.page.evaluate(
        """async () => {
          const open = indexedDB.open("nightdose", 1);
          const base = await new Promise((r) => { open.onsuccess = () => r(open.result); });
          let text = "";
          for (const name of base.objectStoreNames) {
            const all = base.transaction(name).objectStore(name).getAll();
            const rows = await new Promise((r) => { all.onsuccess = () => r(all.result); });
            for (const row of rows) for (const part of row instanceof Uint8Array ? [row] : Object.values(row))
              if (part instanceof Uint8Array) text += new TextDecoder("latin1").decode(part);
          }
          return [text.length, /SQLite format|Pain|Fatigue|score|<html/.test(text)];
        }"""
    )
    assert stored[0] > 50_000
    assert stored[1] is False


def test_a_second_window_says_so_and_takes_over_when_asked(window, phone, host):
    window.evening(2)
    other = Window(phone, host.address)
    other.until(lambda: "open in another window" in other.door())
    other.page.locator("#act").click()
    window.until(lambda: "went on in another window" in window.door())
    other.unlock()
    other.until(lambda: other.frame.locator("#evening").count() > 0)


def test_a_storage_that_is_full_keeps_nothing_of_this_and_says_so(window):
    window.evening(4)
    worker = window.page.workers[0]
    worker.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    window.frame.locator("fieldset[data-keys]").first.locator("label.pick").nth(9).click()
    window.press("Save")
    window.until(lambda: "no room left" in window.text())
    window.page.reload()
    window.unlock()
    window.go("/timeline", "Timeline")
    assert "9" not in window.frame.locator("main").inner_text().split("2026")[-1]


def test_a_storage_that_was_cleared_meanwhile_is_written_anew(window):
    window.evening(4)
    window.page.evaluate(
        """async () => {
          const open = indexedDB.open("nightdose", 1);
          const base = await new Promise((r) => { open.onsuccess = () => r(open.result); });
          const names = [...base.objectStoreNames], work = base.transaction(names, "readwrite");
          names.forEach((name) => work.objectStore(name).clear());
          await new Promise((r) => { work.oncomplete = r; });
        }"""
    )
    window.go("/", "day")
    window.until(
        lambda: window.frame.locator("#evening").count() > 0 and not window.frame.get_by_role("status").count()
    )
    window.evening(7)
    window.page.reload()
    window.unlock()
    window.go("/data", "Data")
    window.press("Check every row")
    window.until(lambda: "Every row is as it was written" in window.text())


DAYS_CSV = "async (url) => await (await fetch(url)).text()"


def test_windows_closed_in_mid_entry_lose_nothing_that_was_confirmed_and_keep_nothing_twice(window, phone, host):
    confirmed, today = {}, datetime.date.today()
    for n in range(1, 6):
        day = today - datetime.timedelta(days=n)
        window.go(f"/?day={day}", f"{day:%A}")
        window.frame.locator("fieldset[data-keys]").first.locator("label.pick").nth(n).click()
        window.frame.get_by_role("button", name="Save").click(no_wait_after=True)
        window.page.wait_for_timeout(80 * n)
        if "Kept." in window.text():
            confirmed[str(day)] = n
        window.page.close()
        window = Window(phone, host.address)
        window.unlock()
    window.go("/data", "Data")
    rows = list(csv.DictReader(io.StringIO(window.page.frames[1].evaluate(DAYS_CSV, window.prefix + "/data/days.csv"))))
    kept = {row["date"]: int(float(row["Pain"])) for row in rows if row["Pain"]}
    assert confirmed.items() <= kept.items()
    assert kept.items() <= {str(today - datetime.timedelta(days=n)): n for n in range(1, 6)}.items()
    window.press("Check every row")
    window.until(lambda: f"Every row is as it was written: {len(kept)} entr" in window.text())


OUTSIDE_ITS_SCALE = """() => {
  const input = document.querySelectorAll("fieldset[data-keys]")[1].querySelector("input");
  input.value = "77";
  input.checked = true;
}"""
WAITING = """() => new Promise((resolve) => {
  const open = indexedDB.open("nightdose", 1);
  open.onsuccess = () => {
    const count = open.result.transaction("waiting").objectStore("waiting").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""
ASLEEP = """
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (said, given) {
  if (said.start) setTimeout(() => post.call(this, said), 8000);
  else post.call(this, said, given || []);
};
"""


def early(window) -> None:
    """A start whose Python sleeps on for some seconds, up to the shell's question for the passphrase."""
    prepared(window)
    window.page.add_init_script(ASLEEP)
    window.page.reload()
    window.until(lambda: window.page.locator("#early").is_visible())


def test_what_was_saved_early_and_is_asked_back_is_shown_until_it_is_said_right(window):
    window.evening(1)
    early(window)
    window.unlock()
    window.until(lambda: window.frame.locator("#evening").count() > 0)
    window.page.frames[1].evaluate(OUTSIDE_ITS_SCALE)
    window.press("Save")
    window.until(lambda: "77" in window.text() and "Fatigue" in window.text())
    window.evening(1, 2)
    window.until(lambda: "Kept." in window.text())
    window.until(lambda: window.page.evaluate(WAITING) == 0)


def test_an_evening_saved_before_python_is_awake_is_in_the_diary_afterwards(window):
    window.evening(1)
    early(window)
    window.page.locator("#words").fill("not the passphrase")
    window.page.locator("#early button[type=submit]").click()
    window.until(lambda: "does not open" in window.page.locator("#wrong").inner_text())
    window.page.locator("#words").fill(WORDS)
    window.page.locator("#early button[type=submit]").click()
    window.until(lambda: window.frame.locator("#evening").count() > 0, 6)
    window.frame.locator("fieldset[data-keys]").nth(1).locator("label.pick").nth(9).click()
    window.press("Save")
    window.until(lambda: "Kept on this device" in window.text(), 3)
    window.until(lambda: "Fatigue 9" in window.text())
    window.go("/data", "Data")
    window.press("Check every row")
    window.until(lambda: "Every row is as it was written: 2 entries" in window.text())


def test_a_newer_version_is_offered_and_begins_only_when_asked(phone, host, tmp_path):
    shutil.copytree(host.folder, tmp_path / "site")
    other = Host(tmp_path / "site")
    try:
        window = Window(phone, other.address)
        window.begin()
        worker = tmp_path / "site" / "sw.js"
        words = worker.read_text(encoding="utf-8")
        worker.write_text(words.replace('VERSION = "', 'VERSION = "next', 1), encoding="utf-8")
        window.page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update())")
        window.until(lambda: "newer version" in window.page.locator("#notice").inner_text())
        window.frame.locator("fieldset[data-keys]").first.locator("label.pick").nth(3).click()
        window.page.get_by_role("button", name="Use it now").click()
        assert "not saved" in window.page.locator("#notice").inner_text()
        window.evening(3)
        window.page.get_by_role("button", name="All right").click()
        window.page.get_by_role("button", name="Use it now").click()
        window.unlock()
        window.until(lambda: window.frame.locator("#evening").count() > 0)
        names = window.page.evaluate("() => caches.keys()")
        assert [name.startswith("nightdose-next") for name in names] == [True]
    finally:
        other.stop()


def test_the_shell_and_every_page_inside_have_no_accessibility_faults(window):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    window.evening(4)
    assert axe.run(window.page, options={"runOnly": STANDARDS}).violations_count == 0
    found = {}
    for path in PAGES:
        window.go(path, "")
        window.until(lambda path=path: window.page.frames[1].url.endswith(path) and window.heading())
        result = axe.run(window.page.frames[1], options={"runOnly": STANDARDS})
        if result.violations_count:
            found[path] = result.generate_report()
    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["chromium", "firefox"])
def test_sixty_evenings_offline_from_the_first_visit_to_an_answer(request, which, host):
    """Thirty evenings without, thirty with 4.5 mg, in flight mode, begun anew twice; then the answer is read."""
    context = request.getfixturevalue(which).new_context(viewport=PHONE)
    context.set_default_timeout(60_000)
    window = Window(context, host.address)
    window.begin()
    flight_mode(context, host, on=True)
    try:
        play(window, EVENINGS)
        window.go("/answer", "Does it help me?")
        assert f"{EVENINGS} of {EVENINGS} days recorded" in window.text()
        assert "Ceiling of evidence: low" in window.text()
        assert window.errors == []
    finally:
        flight_mode(context, host, on=False)
        context.close()


def test_the_manifest_makes_it_installable(window, host):
    found = window.page.context.new_cdp_session(window.page).send("Page.getInstallabilityErrors")
    assert [each for each in found["installabilityErrors"] if each["errorId"] != "in-incognito"] == []


def test_everything_in_readable_files_can_be_taken_away(window):
    window.evening(8)
    window.go("/data", "Data")
    made = downloaded(window, lambda: window.press("Everything in readable files", "link"))
    assert set(zipfile.ZipFile(made).namelist()) == {"diary.json", "entries.csv", "days.csv"}
