"""A drug file: what is wrong in it is said with its line, its field and what to write instead."""

import datetime
import pickle
import re

import pytest

from nightdose.errors import InputError
from nightdose.keeping import drug_files
from nightdose.knowledge.chosen import about, carried, chosen
from nightdose.knowledge.dose_advice import advice_in
from nightdose.knowledge.drug_file_reading import NAME, read_again, read_drug_file
from nightdose.knowledge.drugs import drug
from nightdose.knowledge.interactions import questions, rules, shipped_rules
from nightdose.knowledge.listed_names import names, parts_of
from nightdose.knowledge.load import data_names, data_text
from nightdose.protocol.doses import plausible_dose

LEAST = """schema = "nightdose.drug/1"
name = "glycine"
title = "Glycine"
[onset]
prior = "days"
why = "made up"
"""
TEXT = data_text("drugs/melatonin.toml")
GATE = """[[gate]]
id = "g"
action = "confirm"
medicines = ["magnesium"]
wording = "{name} may add to it."
call = "Your prescriber."
why = "made up"
strength = "assumed"
date = 2026-11-27
"""


@pytest.fixture
def melatonin():
    return read_drug_file(TEXT, "melatonin.toml")


@pytest.mark.parametrize("name", data_names("drugs"))
def test_every_file_that_is_carried_reads_and_rests_on_its_own_sources(name):
    found = read_drug_file(data_text(f"drugs/{name}"), name)
    assert name == f"{found.name}.toml"
    assert {rule.source for rule in found.rules if rule.source} <= set(found.sources)
    assert all(fields["url"].startswith("https://") for fields in found.sources.values())


def test_the_least_file_is_a_drug():
    found = read_drug_file(LEAST, "glycine.toml")
    assert (found.name, found.onset, found.rules, found.kinetics, found.bounds) == ("glycine", "days", (), None, None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('prior = "days"', 'prior = "fast"', "onset.prior is one of same-day, days, weeks"),
        ('unit = "1/h"', 'unit = "1/min"', 'kinetics.absorption.unit is "1/h" here'),
        ("value = 0.3", "value = -1", "asked_below.value is a number above 0"),
        ('source = "harpsoe2015"', 'source = "nobody"', "'nobody', which is none of the [[source]] keys"),
        ("within_days = 7", "within_days = 0", "gate.within_days is a whole number of days"),
        ('action = "confirm"', 'action = "maybe"', "gate.action is one of stop, confirm, remind"),
        ('conditions = ["melatonin_liver"]', 'conditions = ["liver"]', "none of the [[question]] ids"),
        ('status = "seen"', 'status = "sure"', "source.status is seen (you read it) or recalled"),
        ("[card]", "[cart]", "cart is not a field of a drug file"),
        ('name = "melatonin"', 'name = "Mela tonin"', "name is small letters"),
        ("lines = [", "lines = [1,", "card.lines is a list of texts"),
        ('why = "an immediate', 'reason = "an immediate', "onset.reason is not a field of it"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_line_its_field_and_the_remedy(old, new, words):
    wrong = TEXT.replace(old, new, 1)
    line = wrong[: wrong.index(new)].count("\n") + 1
    with pytest.raises(InputError) as told:
        read_drug_file(wrong, "mine.toml")
    assert words in str(told.value)
    assert f"mine.toml, line {line}:" in str(told.value)


def test_bounds_that_do_not_rise_are_said_at_their_table():
    line = TEXT.splitlines().index("[asked_above]") + 1
    with pytest.raises(InputError, match=f"line {line}: asked_above lies between"):
        read_drug_file(TEXT.replace("value = 5.0", "value = 50.0"), "mine.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("schema = 3 = 4", "is not TOML"),
        ('name = "x"', 'schema is not there as "nightdose.drug/1"'),
        (LEAST.replace('prior = "days"\n', ""), "onset.prior"),
        (LEAST + "[kinetics]\nabsorption = 3\n", "kinetics.absorption"),
        (LEAST + '[[question]]\nid = "q"\ntext = "Q?"\n', "closes no gate"),
        (LEAST + "studied_dose = 3\n", ""),
        ('schema = "nightdose.drug/1"\na = ' + "[" * 5000 + "]" * 5000, "is not TOML"),
        (TEXT.replace("sdlog = 0.5", "sdlog = -1"), "kinetics.absorption.spread is of the family lognormal"),
        (TEXT.replace('family = "lognormal"', 'family = "uniform"', 1), "kinetics.absorption.spread"),
        (TEXT.replace('wording = "{name} raises', 'wording = "{name.__class__} raises'), "gate.wording has braces"),
        (TEXT.replace("date = 2026-11-27", "date = 2026-11-27T10:00:00", 1), "gate.date is the day"),
        (TEXT.replace("low = 2.0", "low = true"), "studied_dose.low"),
        (LEAST.replace("why", "why = 3 #"), "onset"),
        ("", "schema"),
        (LEAST.replace('"Glycine"', '"' + "x" * 2000 + '"'), "longer than"),
    ],
)
def test_a_hostile_file_is_one_sentence(text, words):
    with pytest.raises(InputError) as told:
        read_drug_file(text, "mine.toml")
    assert words in str(told.value)
    assert "\n" not in str(told.value).strip()


@pytest.mark.parametrize(
    "name",
    ["naltrexone", "ldn", "codeine", "tramadol", "buprenorphine", "tra_ma_dol", "tr4m4d0l", "tramadool", "c0d31ne",
     "n4ltrexone", "nal_trexone", "naltrexonne", "low_dose_naltrexone", "naltrexone_hcl", "ldn_4", "oxy", "revia",
     "percocets", "kratom_powder", "methadon", "tra_m4_dol", "lean", "subs", "sub0xone",
     "fentanyl_patch", "o_x_y", "contrave", "vivitrol"],
)  # fmt: skip
def test_no_file_takes_the_place_of_naltrexone_or_an_opioid(name):
    """However it is spelled, as name, as one of the names and as title; the file that is chosen changes nothing."""
    other = read_drug_file(LEAST + GATE.replace('"magnesium"', f'"{name}"'), "other.toml")
    for text in (
        LEAST.replace("glycine", name),
        LEAST.replace("title", f'names = ["{name}"]\ntitle'),
        LEAST.replace('"Glycine"', f'"{name.replace("_", " ").title()} 3 mg"'),
    ):
        with about(other), pytest.raises(InputError, match="carried by nightdose itself"):
            read_drug_file(text, "mine.toml")


def test_no_medicine_without_a_rule_is_taken_for_an_opioid():
    """Of each third of 2,076 harmless names of the table; of all of them Caffein, Maveral and Fampyra retard are."""
    refused, tried = set(), 0
    for name in names()[::3]:
        written = "_".join(parts_of(name.name))
        if name.group == "no_rule" and NAME.fullmatch(written) and name.kind not in ("stem", "part"):
            tried += 1
            try:
                read_drug_file(LEAST.replace("glycine", written), "mine.toml")
            except InputError:
                refused.add(written)
    assert tried > 600
    assert len(refused) <= 3, refused


def test_gates_and_questions_are_the_files_own_and_those_of_every_medicine(melatonin):
    with about(melatonin):
        asked, ids = {question.id for question in questions()}, {rule.id for rule in rules()}
    assert {"melatonin_autoimmune", "suicidal_thoughts", "drug_allergy"} <= asked
    assert "opioid_use_or_dependence" not in asked
    assert {"melatonin_fluvoxamine", "unanswered", "taken_back", "naltrexone_beside"} <= ids
    assert not {"opioid", "thyroid"} & ids
    assert chosen() is None
    assert {rule.id for rule in rules()} == {rule.id for rule in shipped_rules()}


def test_no_gate_of_every_medicine_speaks_of_naltrexone_but_the_one_beside_it():
    with about(read_drug_file(LEAST, "glycine.toml")):
        speaking = {rule.id for rule in rules() if "altrexone" in rule.wording + rule.call or "opioid" in rule.wording}
    assert speaking == {"naltrexone_beside"}


def test_doses_are_held_against_the_files_bounds(melatonin):
    assert plausible_dose(7, treatment="melatonin").state == "plausible"  # nothing is known of it here
    with about(melatonin):
        assert [plausible_dose(mg).state for mg in (0.1, 2, 7, 12)] == ["ask", "plausible", "ask", "refused"]
        assert drug("Circadin").name == "melatonin"


def test_a_file_travels_to_another_process_as_it_is(melatonin):
    again = pickle.loads(pickle.dumps(melatonin))
    assert (again.sha256, again.rules, again.onset) == (melatonin.sha256, melatonin.rules, melatonin.onset)


def test_files_of_the_users_folder_are_found_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTDOSE_DRUGS", str(tmp_path))
    (tmp_path / "glycine.toml").write_text(LEAST)
    assert drug_files.found("glycine").title == "Glycine"
    assert drug_files.own_file_of("glycine_mg").name == "glycine"
    assert drug_files.own_file_of("melatonin") is None
    assert drug_files.found("melatonin").name == "melatonin"
    assert drug_files.found("LDN") is None


def test_a_byte_order_mark_at_the_start_is_no_mistake(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert drug_files.found(str(tmp_path / "mine.toml")).sha256 == read_drug_file(TEXT, "mine.toml").sha256
    assert read_drug_file("\ufeff" + TEXT, "mine.toml").text == TEXT


def test_a_file_that_is_too_large_is_said_at_once(tmp_path):
    (tmp_path / "mine.toml").write_text(LEAST + "#" * 5_000_000)
    with pytest.raises(InputError, match="is too large: a file of this kind has at most 1,000,000 characters"):
        drug_files.found(str(tmp_path / "mine.toml"))
    with pytest.raises(InputError, match="too large"):
        read_drug_file(LEAST + "#" * 5_000_000, "mine.toml")


def test_a_day_to_come_is_said_with_its_line():
    today = datetime.date(2026, 11, 26)
    line = TEXT.splitlines().index("date = 2026-11-27") + 1
    with pytest.raises(InputError, match=f"line {line}: gate.date has not come yet"):
        read_drug_file(TEXT, "mine.toml", today)
    assert read_drug_file(TEXT, "mine.toml", today + datetime.timedelta(days=1)).name == "melatonin"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 1400.0", "value = 1e-300", "kinetics.apparent_volume.value is 1.0 × 10^−300 L"),
        ("value = 1400.0", "value = 5e8", "between 0.1 and 1,000,000 L"),
        ("value = 0.87", "value = 1e-8", "kinetics.elimination.value"),
        ("value = 10.0", "value = 1e8", "refused_above.value"),
        ("high = 3.0", "high = 3e7", "studied_dose.high"),
        ("date = 2026-11-27", "date = 0001-01-01", "gate.date is the day"),
        ('id = "melatonin_liver"', 'id = "my liver"', "question.id is small letters"),
        ('id = "melatonin_liver"', 'id = "under_18"', "'melatonin_liver', which is none"),
        ('title = "Melatonin"', 'title = "Mela{0}"', "title has braces"),
        ('title = "Melatonin"', 'title = "M\\u001b[31m"', "title has a sign that cannot be seen"),
        ('text = "Do you have a liver', 'text = "{0.__class__} Do you have a liver', "question.text has braces"),
        ('text = "Do you have a liver', 'text = "{name} Do you have a liver', "question.text has braces"),
        ('lines = [', 'lines = ["{}",', "card.lines has braces"),
        ('why = "an immediate', 'why = "{x} immediate', "onset.why has braces"),
        ('name = "melatonin"', 'name = "melatonin_mg"', "name is the medicine alone"),
        ('medicines = ["fluvoxamine"]', 'medicines = ["Circadin"]', "names 'circadin', the medicine itself"),
        ("within_days = 7", "within_weeks = 7", "gate.within_weeks is not a field of it"),
        ('conditions = ["melatonin_liver"]', "conditions = []", "gate.medicines is empty, and so is conditions"),
        ("high = 3.0", "high = inf", "studied_dose.high is inf mg"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_its_field(old, new, words):
    with pytest.raises(InputError) as told:
        read_drug_file(TEXT.replace(old, new, 1), "mine.toml")
    assert words in str(told.value)
    assert re.match(r"mine.toml, line \d+: ", str(told.value))


@pytest.mark.parametrize(
    "order",
    ["Stop taking {name} now and take 50 mg of melatonin.", "Take 2 tablets in the evening.", "It is safe.",
     "Increase to 5 mg after a week.", "You can double the dose.", "Stop {name} for two weeks before.",
     "Reduce your intake.", "Nehmen Sie 3 mg am Abend.", "{name} is perfectly safe to use beside it.", "Skip one dose.",
     "Start with 0.5 mg.", "Go up by half a tablet: 1 mg.", "Use no more than 5 mg a day.", "Wait two weeks.",
     "Halve your melatonin with {name}."],
)  # fmt: skip
def test_no_text_of_a_file_orders_a_dose_or_promises_safety(order):
    for field in ("wording", "call"):
        wrong = re.sub(rf'^{field} = ".*', f'{field} = "{order}"', TEXT, count=1, flags=re.MULTILINE)
        with pytest.raises(InputError, match=rf"gate.{field} says '"):
            read_drug_file(wrong, "mine.toml")
    card = TEXT.replace("lines = [", f'lines = ["{order.replace("{name}", "it")}",')
    with pytest.raises(InputError, match=r"card.lines says"):
        read_drug_file(card, "mine.toml")


@pytest.mark.parametrize(
    "words",
    ["{name} raises it 12-fold; the label names 50 mg as the dose studied.", "Do not stop {name} on your own.",
     "Your prescriber.",
     "A single dose of 10 mg was given in the trial.", "Whether 5 mg may be taken is for your prescriber to say.",
     "It was not seen to be harmful in 12 people."],
)  # fmt: skip
def test_what_a_source_found_and_whom_to_ask_may_be_said(words):
    assert advice_in(words) == ""


def test_no_gate_or_question_has_the_id_of_one_that_is_carried():
    with pytest.raises(InputError, match="'under_18' is there already"):
        read_drug_file(TEXT.replace('"melatonin_liver"', '"under_18"'), "mine.toml")
    with pytest.raises(InputError, match="'naltrexone_beside' is there already"):
        read_drug_file(TEXT.replace('"melatonin_fluvoxamine"', '"naltrexone_beside"'), "mine.toml")


def test_a_file_that_is_kept_already_opens_under_rules_that_came_later():
    """Dose advice, an impossible volume and braces in a question; a name for an opioid opens nothing even so."""
    old = TEXT.replace("{name} raises", "Take 5 mg. {name} raises").replace("value = 1400.0", "value = 1e-3")
    old = old.replace('text = "Do you have a liver', 'text = "{0} Do you have a liver')
    assert read_again(old, "kept").name == "melatonin"
    assert pickle.loads(pickle.dumps(read_again(old, "kept"))).text == old
    mentioned = old.replace('title = "Melatonin"', 'title = "Melatonin, not with tramadol"')
    assert read_again(mentioned, "kept").title == "Melatonin, not with tramadol"
    for was, wrong in (('name = "melatonin"', 'name = "tra_ma_dol"'), ('title = "Melatonin"', 'title = "Tramadol"')):
        with pytest.raises(InputError, match="stands for an opioid"):
            read_again(old.replace(was, wrong, 1), "kept")


def _about(given):
    return given, None if chosen() is None else chosen().name


def test_work_that_is_carried_is_about_the_same_file_in_another_process(melatonin):
    with about(melatonin):
        work = carried(_about)
    assert pickle.loads(pickle.dumps(work))(1) == (1, "melatonin")
    assert carried(_about)(1) == (1, None)
    assert chosen() is None
