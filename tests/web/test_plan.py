"""Plans: nothing that leads to a capsule while a gate is in the way; a blinded trial from its lock to its reveal."""

import datetime

import pytest

from nightdose.diary.entry import Outcome
from nightdose.keeping import protocol, settings
from nightdose.knowledge.interactions import questions

TITRATION = {
    "mg-0": "1.5",
    "days-0": "14",
    "mg-1": "3",
    "days-1": "14",
    "day": "2026-11-28",
    "clock": "22:30",
    "capsules": "1.5:60",
}
TRIAL = {
    "outcome": "Pain", "treatment": "naltrexone", "dose": "4.5", "start": "2026-12-01", "run_in": "14", "pairs": "6",
    "block_days": "28", "kind": "randomised_blocks", "blinded": "yes", "worth": "1",
}  # fmt: skip


@pytest.fixture
def cleared(browser, store):
    browser.post("/plan/gates", {"act": "answer", "complete": "yes", **{f"q:{q.id}": "no" for q in questions()}})
    return store


@pytest.mark.parametrize(("path", "form"), [("/plan/titration", TITRATION), ("/plan/trial", TRIAL)])
def test_nothing_is_planned_while_a_question_waits(browser, store, path, form):
    answer = browser.post(path, form)
    assert answer.status == 422
    assert "The safety questions" in answer.text


def test_a_titration_becomes_evenings_and_reminders_and_tonight_knows_it(browser, cleared, clock):
    made = browser.post("/plan/titration", TITRATION)
    assert "Planned." in made.text
    assert "1.5 mg" in made.text
    assert browser.get("/plan/calendar.ics").text.startswith("BEGIN:VCALENDAR")
    clock.now += datetime.timedelta(days=1)
    assert "1.5 mg" in browser.get("/").text


def test_a_tenfold_dose_is_asked_about(browser, cleared):
    answer = browser.post("/plan/titration", {**TITRATION, "mg-0": "45", "capsules": ""})
    assert answer.status == 422
    assert "45 mg" in answer.text


def test_a_trial_is_checked_locked_and_undone_before_day_1(browser, cleared):
    assert "can answer the question" in browser.post("/plan/trial", TRIAL).text
    assert protocol.history(cleared) == ()
    assert "Locked." in browser.post("/plan/trial", {**TRIAL, "act": "lock"}).text
    assert len(protocol.history(cleared)) == 1
    assert "undone" in browser.post("/plan/unlock", {"reason": "the capsules come later"}).text
    assert protocol.history(cleared) == ()


def test_the_locked_protocol_is_a_page_to_print(browser, cleared):
    assert "SHA-256" not in browser.get("/plan/protocol").text  # back to the plan
    browser.post("/plan/trial", {**TRIAL, "act": "lock"})
    assert "/plan/protocol" in browser.get("/plan").text
    page = browser.get("/plan/protocol")
    assert protocol.history(cleared)[0].sha256 in page.text
    assert "Is Pain lower with naltrexone than without it?" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_design_that_cannot_answer_says_why_and_is_not_locked(browser, cleared):
    answer = browser.post("/plan/trial", {**TRIAL, "pairs": "1", "block_days": "3", "act": "lock"})
    assert "cannot answer" in answer.text
    assert protocol.history(cleared) == ()


def test_a_blinded_trial_goes_from_seal_to_reveal(browser, cleared, clock):
    pyrage = pytest.importorskip("pyrage")
    from nightdose.keeping import sealing

    helper = pyrage.x25519.Identity.generate()
    browser.post("/plan/trial", {**TRIAL, "act": "lock"})
    browser.post("/plan/seal", {"recipient": str(helper.to_public())})
    other = pyrage.x25519.Identity.generate()
    assert browser.post("/plan/seal", {"recipient": str(other.to_public())}).status == 422
    browser.post("/data/backup")
    again = browser.get("/plan", query="done=sealed").text
    assert "sealed to your helper" in again
    assert "/made" not in again
    assert "/plan/sealed-order.age" in again
    sealed = browser.get("/plan/sealed-order.age")
    assert sealed.headers["content-disposition"].startswith("attachment")
    opened = browser.post("/plan/unblind", {"block": "1", "reason": "hospital", "emergency": "yes"})
    assert "pair are open" in opened.text
    order = sealing.open_sealed(sealed.body, str(helper))
    clock.now += datetime.timedelta(days=400)
    for q in questions():
        browser.post("/plan/gates", {"act": "answer", f"q:{q.id}": "no", "complete": "yes"})
    assert "Revealed" in browser.upload("/plan/reveal", "order.json", order.to_bytes()).text
    assert browser.get("/plan/sealed-order.age").status == 404


def test_a_liquid_is_worked_out_and_asks_the_gates(browser, cleared):
    made = browser.post("/plan/liquid", {"dose": "1.5", "label_mg": "50", "label_ml": "50", "mark": "0.1"})
    assert "1.5 ml" in made.text
    for bad in ({"dose": "x"}, {"label_ml": "0"}, {"dose": "1e9"}):
        assert browser.post("/plan/liquid", {"dose": "1.5", "label_mg": "50", "label_ml": "50", **bad}).status == 422


def test_the_card_is_a_page_to_print_and_keeps_nothing(browser, store):
    card = browser.post("/plan/card", {"name": "<b>Kim", "dose": "4.5 mg"})
    assert "&lt;b&gt;Kim" in card.text
    assert store.history() == ()


@pytest.mark.parametrize("field", sorted(TRIAL))
def test_any_nonsense_in_a_field_is_a_sentence(browser, cleared, field, monkeypatch):
    monkeypatch.setattr("nightdose.planning.QUICK", 2)  # how good the design is does not matter here
    for word in ("", "x", "-1", "1e309", "99999999", "<script>alert(1)</script>", "9" * 300):
        answer = browser.post("/plan/trial", {**TRIAL, field: word})
        assert answer.status in (200, 422)
        assert "<script>alert" not in answer.text


def test_what_a_trial_would_find_is_work_beside_the_page_that_can_be_stopped(browser, cleared, desk):
    page = browser.post("/plan/trial", {**TRIAL, "act": "power"})
    assert "are simulated" in page.text
    assert 'value="28"' in browser.post("/plan/power/stop").text
    assert "are simulated" not in browser.get("/plan/power").text


def test_what_a_trial_would_find_is_a_picture_and_the_shortest_design(browser, cleared, desk, monkeypatch):
    """Four diaries of each kind are enough to see that all of it is there."""
    monkeypatch.setattr("nightdose.web.views.power.TRIALS", 4)
    browser.post("/plan/trial", {**TRIAL, "pairs": "3", "block_days": "14", "act": "power"})
    desk.jobs.wait(desk.kept["power"][1], 120)
    twin = browser.get("/plan/power?format=json").json
    page = browser.get("/plan/power").text
    assert "Before day 1, three truths" in page
    assert "of 100" in twin["picture"]["sentence"]
    assert twin["shortest"] in page.replace("&#39;", "'")
    weeks = [int(row[0]) for row in twin["tried"]]
    assert weeks == sorted(weeks)
    assert int(twin["tried"][0][1]) == 3
    assert 'value="3"' in browser.get("/plan/trial").text


def test_a_locked_protocol_is_amended_with_its_reason(browser, cleared):
    browser.post("/plan/trial", {**TRIAL, "act": "lock"})
    assert browser.post("/plan/amend", {"note": "the pharmacy changed", "reason": ""}).status == 422
    kept = browser.post("/plan/amend", {"dose_mg": "3", "dose_from": "2026-12-20", "reason": "4.5 mg made me dizzy"})
    assert "3 mg from 20 December 2026" in kept.text
    assert "4.5 mg made me dizzy" in kept.text
    asked = browser.post("/plan/amend", {"dose_mg": "45", "dose_from": "2026-12-20", "reason": "a slip of the pen"})
    assert asked.status == 422
    assert "Yes, 45 mg is what was prescribed" in asked.text
    assert len(protocol.history(cleared)) == 2


def test_a_titration_in_a_locked_trial_is_refused_until_the_trial_is_stopped(browser, cleared):
    browser.post("/plan/trial", {**TRIAL, "start": "2026-11-27", "act": "lock"})
    assert "two doses in one evening" in browser.post("/plan/titration", TITRATION).text
    assert "asks for no capsule" in browser.post("/plan/stop", {"reason": "the nights were too bad"}).text
    assert "Planned." in browser.post("/plan/titration", TITRATION).text
    assert "Ended." in browser.post("/plan/end", {}).text
    assert "End this titration" not in browser.get("/plan").text


def test_counted_capsules_that_do_not_last_name_the_evening_without_and_the_day_to_order(browser, cleared):
    """Ten capsules of 1.5 mg for 14 evenings of one and 14 of two: 42 are needed."""
    said = browser.post("/plan/titration", {**TITRATION, "day": "2026-12-20", "capsules": "1.5:10"}).text
    assert "1.5 mg: 42 needed, 10 at hand: none left on the evening of 30 December 2026; order by 16 December" in said
    assert "order now" in browser.post("/plan/titration", {**TITRATION, "capsules": "1.5:10"}).text
    assert "60 at hand: enough" in browser.post("/plan/titration", TITRATION).text
    assert "needed" not in browser.post("/plan/titration", {**TITRATION, "capsules": "1.5"}).text


def test_a_plan_that_begins_later_is_said_with_its_day(browser, cleared):
    browser.post("/plan/titration", {**TITRATION, "day": "2026-11-30"})
    assert "The titration begins on 30 November 2026 with 1.5 mg each evening." in browser.get("/plan").text
    browser.post("/plan/end", {})
    assert "No plan is running" in browser.get("/plan").text
    browser.post("/plan/trial", {**TRIAL, "act": "lock"})
    said = browser.get("/plan").text
    assert "begins on 1 December 2026 with days of diary only; its first block begins on 15 December 2026." in said
    assert "12 blocks of 28 days each, after 14 days of diary only" in said


@pytest.mark.parametrize(("worth", "refused"), [("10", True), ("50", True), ("9", False)])
def test_a_difference_as_wide_as_the_scale_is_not_worth_planning_for(browser, cleared, worth, refused):
    answer = browser.post("/plan/trial", {**TRIAL, "worth": worth})
    assert ("the whole scale is 10 wide" in answer.text) is refused
    assert (answer.status == 422) is refused


def test_a_design_that_would_hardly_ever_say_so_is_not_said_to_answer(browser, cleared):
    said = browser.post("/plan/trial", {**TRIAL, "kind": "alternating", "blinded": "no", "pairs": "4"}).text
    assert "would hardly ever say that it helps" in said
    assert "can answer the question" not in said


@pytest.fixture
def hasty(monkeypatch):
    """How good a design is does not matter here."""
    monkeypatch.setattr("nightdose.planning.QUICK", 2)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", ["tramadol", "Codein", "kratom", "prednisone", "Wunderpille"])
def test_a_trial_of_another_medicine_asks_what_it_would_raise_as_a_medicine_that_is_taken(browser, cleared, name):
    """The diary is about naltrexone. On the list, as taken now, it closes its gate; before, the trial asks for that."""
    form = {**TRIAL, "treatment": name, "dose": "50", "blinded": "no"}
    assert "Put it on the list of medicines" in browser.post("/plan/trial", form).text
    browser.post("/plan/gates", {"act": "medicine", "name": name})
    told = browser.post("/plan/trial", {**form, "act": "lock"})
    assert told.status == 422
    assert name in told.text
    assert protocol.history(cleared) == ()


@pytest.mark.usefixtures("hasty")
def test_a_trial_of_a_medicine_that_nothing_speaks_against_is_planned(browser, cleared):
    assert browser.post("/plan/trial", {**TRIAL, "treatment": "topiramate", "dose": "50"}).status == 200


@pytest.mark.parametrize(
    ("scale", "worth", "kept"), [("yes/no", "3", 3 / 28), ("count", "0.1", 0.1), ("0-3", ".5", 0.5)]
)
def test_a_trial_is_planned_for_every_scale_and_of_a_yes_or_no_in_days_of_28(browser, cleared, scale, worth, kept):
    settings.choose_outcome(cleared, Outcome("Attack", scale, "lower"))
    form = {**TRIAL, "outcome": "Attack", "worth": worth}
    assert "of 100 such trials would say that it helps" in browser.post("/plan/trial", form).text
    browser.post("/plan/trial", {**form, "act": "lock"})
    assert protocol.history(cleared)[0].body["question"]["meaningful"] == pytest.approx(kept)


@pytest.mark.usefixtures("hasty")
def test_of_a_plain_number_without_recorded_days_no_power_is_invented(browser, cleared):
    settings.choose_outcome(cleared, Outcome("Steps", "number", "higher"))
    form = {**TRIAL, "outcome": "Steps", "worth": "500"}
    told = browser.post("/plan/trial", form)
    assert "is not known before 14 recorded days" in told.text
    assert "of 100" not in told.text
    assert browser.post("/plan/trial", {**form, "act": "power"}).status == 422


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("typed", "mg"), [("4,5 mg", 4.5), ("4500 mcg", 4.5), ("3mg", 3.0)])
def test_a_dose_is_read_with_its_unit(browser, cleared, typed, mg):
    browser.post("/plan/trial", {**TRIAL, "dose": typed, "act": "lock"})
    assert protocol.history(cleared)[0].body["dose_mg"] == mg


@pytest.mark.usefixtures("hasty")
def test_a_dose_of_nothing_is_not_a_treatment(browser, cleared):
    assert browser.post("/plan/trial", {**TRIAL, "dose": "0"}).status == 422


@pytest.mark.parametrize("capsules", ["1.5:60; 3:30", "1.5:60,3:30", "1.5 mg: 60, 3 mg : 30;", "3:30;1.5:60"])
def test_capsules_at_hand_are_read_however_they_are_parted(browser, cleared, capsules):
    made = browser.post("/plan/titration", {**TITRATION, "capsules": capsules}).text
    assert "1.5 mg: 14 needed, 60 at hand" in made
    assert "3 mg: 14 needed, 30 at hand" in made


@pytest.mark.parametrize("capsules", ["1,5", "1,5:60", "3; 1,5:60", "60 x 1.5", "1.5::60", "one"])
def test_capsules_that_can_be_read_two_ways_or_none_are_asked_about(browser, cleared, capsules):
    assert browser.post("/plan/titration", {**TITRATION, "capsules": capsules}).status == 422


def test_in_german_a_comma_is_a_decimal_one(browser, cleared):
    browser.languages = "de"
    made = browser.post("/plan/titration", {**TITRATION, "capsules": "1,5:60; 3:30", "mg-0": "1,5"})
    assert "1,5 mg: 14 nötig, 60 vorhanden" in made.text


def test_a_titration_has_as_many_steps_as_are_asked_for(browser, cleared):
    """Half a milligram more each week, up to 4.5."""
    form = {f"mg-{i}": f"{0.5 * (i + 1):g}" for i in range(9)} | {f"days-{i}": "7" for i in range(9)}
    page = browser.post("/plan/titration", {"mg-0": "0.5", "days-0": "7", "mg-1": "", "mg-2": "", "act": "more"}).text
    assert 'name="mg-5"' in page
    assert 'value="0.5"' in page
    made = browser.post(
        "/plan/titration", {**form, "day": "2026-11-28", "clock": "22:30", "capsules": "0.5:90; 1.5:90"}
    )
    assert "4.5 mg" in made.text
