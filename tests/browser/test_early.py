"""Tonight before the engine has the diary open (browser/site/early.js), in a real browser; the engine is played.

Nothing has to be built for it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser.site import worded, words_of
from tests.browser.folder import Host

SITE = Path(__file__).resolve().parents[2] / "browser" / "site"
PAGE = """<!doctype html><title>early</title>
<form id="early" hidden><input id="words"><p id="wrong"></p><button>Open</button>
<button id="recovery" type="button" hidden></button></form>
<script type="module" src="played.js"></script>"""
BEGUN = """async () => {
  await before("four words");
  globalThis.it = played();
  await it.early.ready();
  it.early.ask();
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    folder = tmp_path_factory.mktemp("early")
    for name in ("early.js", "store.js", "words.js"):
        shutil.copy(SITE / name, folder)
    worded(folder / "words.js", words_of())
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    shutil.copy(Path(__file__).with_name("played.js"), folder)
    made = Host(folder)
    yield made
    made.stop()


@pytest.fixture
def asked(page, host):
    """What a script says that begins with a form made ahead, opened by 'four words', and the field for them."""
    page.goto(host.address)
    page.wait_for_selector("[data-ready=yes]", state="attached")
    return lambda script: page.evaluate(BEGUN + script + "}")


def test_the_form_stands_while_an_engine_that_is_awake_still_opens_the_diary(asked):
    said = asked("""
      await it.early.awake(it.call);
      it.type("four words");
      await until(() => it.entered.length);
      return [it.entered, it.open, (await it.get()).body];""")
    assert said[:2] == [["/"], False]
    assert 'name="once" value="' in said[2]
    assert "used-before" not in said[2]


def test_the_form_stands_before_the_engine_is_awake(asked):
    said = asked("""
      it.type("four words");
      await until(() => it.entered.length);
      return (await it.get()).status;""")
    assert said == 200


def test_what_is_saved_while_the_diary_opens_is_kept_at_once_and_entered_once(asked):
    said = asked("""
      await it.early.awake(it.call);
      it.type("four words");
      await until(() => it.entered.length);
      const body = (await it.save({ "score:Pain": "4" })).body;
      const kept = (await waiting()).length, already = it.done.length, shown = body.includes("Kept on this device");
      it.letOpen();
      await until(() => it.done.length);
      await it.early.entered;
      return [shown, kept, already, it.done, (await waiting()).length, it.entered.at(-1)];""")
    assert said == [True, 1, 0, ["score%3APain=4"], 0, "/?saved=1"]


def test_evenings_saved_one_after_the_other_while_the_diary_opens_are_each_entered_in_their_order(asked):
    said = asked("""
      it.type("four words");
      await until(() => it.entered.length);
      for (const score of "123") { await it.save({ score }); await new Promise((r) => setTimeout(r, 5)); }
      it.letOpen();
      await it.early.awake(it.call);
      await it.save({ score: "4" });
      await until(() => it.done.length === 4);
      await it.early.entered;
      return [it.done, (await waiting()).length];""")
    assert said == [["score=1", "score=2", "score=3", "score=4"], 0]


def test_another_day_is_answered_by_the_engine_and_not_by_tonights_form(asked):
    said = asked("""
      it.type("four words");
      await until(() => it.entered.length);
      const other = it.get("day=2026-01-02");
      it.letOpen();
      await it.early.awake(it.call);
      return (await other).body;""")
    assert said == "the engine's /?day=2026-01-02"


def test_other_words_open_nothing(asked):
    said = asked("""
      it.type("other words");
      await until(() => document.getElementById("wrong").textContent);
      return [it.entered, it.early.key];""")
    assert said == [[], None]


def test_whoever_mistyped_can_open_with_the_recovery_key_once_the_engine_is_awake(asked):
    """Before, only the field is there; the passphrase itself still opens afterwards, too."""
    said = asked("""
      it.type("other words");
      await until(() => wrong.textContent);
      const first = recovery.hidden;
      await it.early.awake(it.call);
      const then = recovery.hidden, field = document.getElementById("early").hidden;
      recovery.click();
      return [first, then, field, it.entered, document.getElementById("early").hidden];""")
    assert said == [True, False, False, ["/unlock?by=recovery"], True]


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de-AT", "Diese Passphrase öffnet das Tagebuch nicht."), ("fr-FR", "This passphrase does not")],
)
def test_what_is_said_before_the_engine_is_there_is_in_the_language_that_the_browser_asks_for(
    browser, host, locale, said
):
    """From the catalogue of the pages; English where there is none."""
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(host.address)
    page.wait_for_selector("[data-ready=yes]", state="attached")
    script = "it.type('other words'); await until(() => wrong.textContent); return wrong.textContent; }"
    assert page.evaluate(BEGUN + script).startswith(said)
    context.close()


def test_the_language_that_was_chosen_here_goes_before_that_of_the_browser(page, host):
    page.goto(host.address)
    script = "async () => { const { language, read } = await import('./words.js'); read('de'); return language(); }"
    assert page.evaluate(script) == "de"
    page.reload()
    assert page.evaluate("async () => (await import('./words.js')).say('Kept')") == "Aufbewahrt"


def test_after_another_passphrase_the_old_one_opens_no_form_and_what_waits_is_entered(asked):
    """An evening is kept while the engine asks something back; then the passphrase is changed."""
    said = asked("""
      it.type("four words");
      await until(() => it.entered.length);
      await it.save({ score: "4" });
      it.early.call = null;
      await it.early.closing();
      const { within, done } = await import("./store.js");
      const pages = await within(["early"], "readonly", (early) => done(early.get("pages")));
      it.early.heed({ method: "POST", path: "/data/passphrase", body: form({ words: "new words" }) });
      await it.early.learn("open", { method: "POST", changed: true }, async () => null);
      it.open = true;
      it.early.call = it.call;
      await it.early.enterAll();
      return [pages ?? null, it.done, (await waiting()).length, it.early.words];""")
    assert said == [None, ["score=4"], 0, "new words"]


def test_what_waits_is_not_readable(asked):
    said = asked("""
      it.type("four words");
      await until(() => it.entered.length);
      await it.save({ note: "a word of mine" });
      const [kept] = await waiting();
      return [kept.bytes.length > 20, new TextDecoder("latin1").decode(kept.bytes).includes("a word")];""")
    assert said == [True, False]
