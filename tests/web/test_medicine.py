"""The app of a diary about another medicine: its file chosen or sent, its questions, its card, its curve."""

import pytest
from tests.keeping.people import TODAY

from nightdose.keeping import safety
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.load import data_text

TEXT = data_text("drugs/melatonin.toml")


@pytest.fixture(autouse=True)
def _no_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("NIGHTDOSE_DRUGS", str(tmp_path / "none"))


def test_a_diary_is_about_naltrexone_until_another_medicine_is_chosen(browser, store):
    assert "opioids can injure" in browser.get("/plan/gates").text
    page = browser.post("/medicine", {"medicine": "melatonin"}).text
    assert "Circadin 2 mg prolonged-release tablets" in page
    gates = browser.get("/plan/gates").text
    assert "those of Melatonin" in gates
    assert "autoimmune disease" in gates
    assert "opioid" not in gates
    assert "In blood through the last day" in browser.get("/dose").text
    assert "No trials of Melatonin" in browser.get("/evidence").text
    assert "I take MELATONIN" in browser.post("/plan/card", {"name": "A"}).text
    assert chosen() is None


def test_the_way_back_to_naltrexone_is_another_diary(browser, store):
    browser.post("/medicine", {"medicine": "melatonin"})
    again = browser.post("/medicine", {"medicine": "naltrexone"})
    assert again.status == 422
    assert "Keep naltrexone in a diary of its own" in again.text


def test_a_file_that_is_sent_is_kept_and_a_wrong_one_is_said_with_its_line(browser, store):
    wrong = TEXT.replace('prior = "days"', 'prior = "fast"')
    answer = browser.upload("/medicine", "mine.toml", wrong.encode())
    assert answer.status == 422
    assert "mine.toml, line 7: onset.prior is one of" in answer.text
    assert browser.upload("/medicine", "mine.toml", b"\xff\xfe").status == 422
    assert "Melatonin" in browser.upload("/medicine", "mine.toml", TEXT.encode()).text
    (kept,) = store.documents("drug")
    assert kept.body["text"] == TEXT


def test_a_kept_file_that_was_changed_is_not_believed(desk, browser, store):
    browser.post("/medicine", {"medicine": "melatonin"})
    store.put("drug", "melatonin", {"text": TEXT.replace("12- to 17-fold", "nothing"), "sha256": "0" * 64})
    assert "cannot be read" in browser.get("/plan/gates").text


def test_another_version_of_the_file_takes_a_gate_away_only_with_a_reason(browser, store):
    browser.post("/medicine", {"medicine": "melatonin"})
    safety.name_medicine(store, "Luvox", TODAY)
    other = TEXT.replace('medicines = ["fluvoxamine"]', 'medicines = ["magnesium"]').encode()
    refused = browser.upload("/medicine", "mine.toml", other)
    assert refused.status == 422
    assert 'name="reason"' in refused.text
    assert "kept before, about luvox" in refused.text
    assert len(store.documents("drug")) == 1


def test_a_preset_of_naltrexone_is_refused_with_a_sentence(browser, store):
    browser.post("/medicine", {"medicine": "melatonin"})
    page = browser.get("/dose?regimen=ldn-3")
    assert page.status == 422
    assert "Write how much melatonin is taken" in page.text
