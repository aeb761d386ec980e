"""Another medicine than naltrexone, carried through every command: melatonin, from the file that is its proof."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.keeping.people import TODAY, new_diary, titrated

from nightdose.cli.main import main
from nightdose.diary.kept.store import Store
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.load import data_text
from nightdose.mechanism.claims import CLAIMS

TEXT = data_text("drugs/melatonin.toml")
CLAIM = next(iter(CLAIMS))
NO = ("suicidal_thoughts", "pregnancy_or_breastfeeding", "under_18", "off_periods_withhold_a_working_treatment",
      "drug_allergy", "melatonin_liver", "melatonin_autoimmune")  # fmt: skip


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file as its user has it, not by the name under which it is carried."""
    monkeypatch.setenv("NIGHTDOSE_DRUGS", str(tmp_path / "none"))
    path = tmp_path / "mine.toml"
    path.write_text(TEXT)
    return str(path)


@pytest.fixture
def diary(tmp_path, file):
    """A kept diary about melatonin; a first answer to every question."""
    path = str(tmp_path / "diary.db")
    assert main(["log", "--diary", path, "--start", "--plain", "--outcome", "sleep:0-10:higher", "--drug", file]) == 0
    answers = [word for name in NO for word in ("--answer", f"{name}=no")]
    assert main(["safety", "--diary", path, "ask", *answers, "--complete"]) == 0
    return path


@pytest.fixture
def table(tmp_path):
    """84 days, six blocks of 14: melatonin 2 mg adds two points of sleep within days."""
    rng = np.random.default_rng(3)
    on = (np.arange(84) // 14) % 2
    sleep = 5 + 2 * on + rng.normal(0, 0.8, 84)
    path = tmp_path / "days.csv"
    rows = [f"{day},{value:.1f},{2 * taken}" for day, (value, taken) in enumerate(zip(sleep, on, strict=True))]
    path.write_text("\n".join(["day,sleep,melatonin_mg", *rows]) + "\n")
    return str(path)


ASKED = ("--outcome", "sleep", "--treatment", "melatonin", "--better", "higher", "--scale", "continuous")


def test_its_level_in_blood_is_simulated_with_what_it_rests_on(file, tmp_path, capsys):
    picture = tmp_path / "p.svg"
    assert main(["simulate", "3mg@22:00", "--drug", file, "--json", "--plot", str(picture)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 0.5 < found["highest"]["median"] < 2
    assert "waldhauser1984" in found["rests_on"]["elimination"]
    assert picture.read_text().startswith("<svg")
    assert main(["simulate", "8mg", "--drug", file]) == 2
    assert "outside 0.3 to 5 mg" in capsys.readouterr().err
    assert main(["simulate", "8mg", "--confirm-dose", "--drug", file]) == 0


def test_its_onset_and_its_studied_dose_stand_in_the_answer(file, table, capsys):
    assert main(["--drug", file, "analyse", table, *ASKED, "--no-report", "--json", "--certificate", "0"]) == 0
    with_file = json.loads(capsys.readouterr().out)
    assert main(["analyse", table, *ASKED, "--no-report", "--json", "--certificate", "0"]) == 0
    without = json.loads(capsys.readouterr().out)
    assert "days, the drug's file" in json.dumps(with_file)
    assert "not on file" in json.dumps(without)
    assert chosen() is None


def test_a_cohort_gives_the_same_rows_with_two_processes(file, table, tmp_path, capsys):
    rows = Path(table).read_text().splitlines()
    people = tmp_path / "people.csv"
    people.write_text("\n".join([f"person,{rows[0]}"] + [f"{p},{row}" for p in "ab" for row in rows[1:]]) + "\n")
    outs = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for out, workers in zip(outs, "12", strict=True):
        assert main(["cohort", str(people), *ASKED, "--out", str(out), "--workers", workers, "--drug", file]) == 0
    assert outs[0].read_text() == outs[1].read_text()


def test_its_file_is_shown_where_evidence_is_asked_for(file, capsys):
    assert main(["evidence", "--drug", file]) == 0
    said = capsys.readouterr().out
    assert "No trials of Melatonin are carried" in said
    assert "harpsoe2015" in said
    assert main(["evidence", "--drug", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"]["goncalves2016"]["status"] == "seen"


def test_the_diary_carries_the_file_and_opens_where_it_is_not(diary, file, tmp_path, capsys):
    (tmp_path / "mine.toml").unlink()
    assert main(["log", "--diary", diary, "sleep=5", "--dose", "melatonin=7mg@22:00"]) == 3
    assert "file of melatonin" in capsys.readouterr().err
    assert main(["log", "--diary", diary, "sleep=5", "--dose", "melatonin=2mg@22:00"]) == 0
    with Store(Path(diary), None) as store:
        (kept,) = store.documents("drug")
    assert kept.body["text"] == TEXT


def test_its_gates_close_and_naltrexones_do_not(diary, capsys):
    assert main(["safety", "--diary", diary, "medicine", "Codeine"]) == 0
    assert main(["safety", "--diary", diary, "medicine", "Fluvoxamine 50 mg"]) == 3
    said = capsys.readouterr().out
    assert "12- to 17-fold" in said
    assert "fluvoxamine raises" in said
    assert "(ordinary medicine)" not in said


def test_naltrexone_beside_it_has_to_be_asked_about(diary, capsys):
    assert main(["safety", "--diary", diary, "medicine", "LDN"]) == 3
    assert "its own safety questions are not asked here" in capsys.readouterr().out


def test_a_trial_of_it_is_planned_with_its_onset(diary, tmp_path, capsys):
    words = ["plan", "--diary", diary, "trial", "--outcome", "sleep", "--meaningful", "1", "--better", "higher",
             "--pairs", "4", "--block-days", "14", "--dose", "2", "--supplied", "120", "--lock"]  # fmt: skip
    assert main(words) == 0
    assert main(["plan", "--diary", diary, "show", "-o", str(tmp_path / "protocol.html")]) == 0
    assert "melatonin" in (tmp_path / "protocol.html").read_text()
    assert "outside" not in capsys.readouterr().err
    assert main([*words[:-1], "--dose", "12"]) == 3
    assert "above what the file of this medicine lets pass" in capsys.readouterr().err


def test_the_card_says_what_the_file_says(diary, file, tmp_path):
    card = tmp_path / "card.html"
    assert main(["safety", "--drug", file, "card", "-o", str(card)]) == 0
    page = card.read_text()
    assert "I take MELATONIN" in page
    assert "Fluvoxamine raises its level" in page
    assert "opioid" not in page.casefold()
    assert "not from nightdose" in page


def test_the_letter_and_the_report_have_its_sources(file, table, tmp_path):
    letter = tmp_path / "letter.html"
    assert main(["report", table, *ASKED, "--drug", file, "-o", str(letter)]) == 0
    page = letter.read_text()
    assert "melatonin" in page.casefold()
    assert "Naltrexone blocks opioids" not in page
    assert "Randomised clinical trial comparing melatonin" in page
    assert main(["verify", str(letter)]) == 0  # the package carries the file


def test_a_contribution_names_it(file, table, capsys):
    assert main(["contribute", table, *ASKED, "--drug", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["drug"] == "melatonin"


def test_a_diary_about_one_medicine_takes_no_other_file(diary, tmp_path, capsys):
    other = tmp_path / "other.toml"
    other.write_text(TEXT.replace('name = "melatonin"', 'name = "glycine"').replace("names = ", "names = [] #"))
    assert main(["safety", "--diary", diary, "--drug", str(other)]) == 2
    assert "This diary is about melatonin" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["log", "sleep=5"], ["safety"], ["plan", "show"]])
def test_a_diary_about_melatonin_asked_about_naltrexone_refuses(words, diary, capsys):
    assert main([*words[:1], "--diary", diary, *words[1:], "--drug", "naltrexone"]) == 2
    assert "This diary is about melatonin. Keep naltrexone in a diary of its own" in capsys.readouterr().err


def test_the_first_file_is_said_to_be_kept_and_another_version_is_never_adopted_by_the_way(
    diary, file, tmp_path, capsys
):
    """A file of the same name without the gate that stands in the way."""
    start = ["log", "--diary", str(tmp_path / "n.db"), "--start", "--plain", "--drug", file]
    assert main(start) == 0
    assert "This diary is about Melatonin from now on" in capsys.readouterr().err
    assert main(["safety", "--diary", diary, "medicine", "Luvox"]) == 3
    other = tmp_path / "other.toml"
    other.write_text(TEXT.replace('medicines = ["fluvoxamine"]', 'medicines = ["magnesium"]'))
    assert main(["log", "--diary", diary, "sleep=5", "--drug", str(other)]) == 2
    said = capsys.readouterr().err
    assert "another version of the file of melatonin" in said
    assert "nightdose safety file FILE.toml" in said
    put = ["safety", "--diary", diary, "file", str(other)]
    assert main(put) == 2
    assert "kept before, about luvox'" in capsys.readouterr().err
    assert main([*put, "--reason", "the pharmacist said that it was another gate"]) == 0
    assert "another gate" in capsys.readouterr().out
    with Store(Path(diary), None) as store:
        assert [each.body["text"] == TEXT for each in store.documents("drug")] == [True, False]
    assert main(["log", "--diary", diary, "sleep=5", "--drug", str(other)]) == 0


def test_a_diary_in_which_naltrexone_is_planned_takes_no_file(tmp_path, file, capsys):
    with new_diary(tmp_path / "p.db", answered=TODAY) as store:
        titrated(store)
    assert main(["safety", "--diary", str(tmp_path / "p.db"), "--drug", file]) == 2
    assert "This diary is about naltrexone" in capsys.readouterr().err


def test_a_diary_with_naltrexone_takes_no_file(tmp_path, file, capsys):
    path = str(tmp_path / "ldn.db")
    assert main(["log", "--diary", path, "--start", "--plain", "--dose", "ldn=3mg"]) == 0
    assert main(["safety", "--diary", path, "--drug", file]) == 2
    assert "This diary is about naltrexone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--drug"], "Name the medicine's file"),
        (["--drug", "nothing.toml"], "cannot be read"),
        (["--drug", "glycin"], "no drug file called 'glycin'"),
    ],
)
def test_a_file_that_is_not_there_is_a_sentence(words, said, capsys):
    assert main(["safety", *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--note", "took Luvox last night"], ["--note", "fluvoxamin again"], ["--event", "back on Fevarin"],
     ["--rescue", "Faverin=50mg"]],
)  # fmt: skip
def test_its_gates_search_notes_events_and_rescues_under_every_brand(words, diary, capsys):
    assert main(["log", "--diary", diary, "sleep=5", *words]) == 0
    capsys.readouterr()
    assert main(["safety", "--diary", diary, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert [each["gate"].split(":")[0] for each in found["ask"]] == ["melatonin_fluvoxamine"]


@pytest.mark.parametrize("name", ["luvox", "Fevarin 50 mg", "Faverin", "Dumirox", "fluvoxamin"])
def test_a_brand_raises_the_gate_of_its_substance_and_no_other(name, diary, capsys):
    assert main(["safety", "--diary", diary, "medicine", name, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert [each["gate"].split(":")[0] for each in (*found["blocked"], *found["ask"])] == ["melatonin_fluvoxamine"]


def test_a_medicine_that_only_the_file_knows_closes_in_a_note_and_its_own_name_is_known(tmp_path, file, capsys):
    """Of a medicine and a gate that no list of names has: glimmerin, and lumosartan beside it."""
    text = TEXT.replace('name = "melatonin"', 'name = "glimmerin"').replace("names = ", "names = [] #")
    path, own = str(tmp_path / "g.db"), tmp_path / "g.toml"
    own.write_text(text.replace('medicines = ["fluvoxamine"', 'medicines = ["lumosartan", "fluvoxamine"'))
    started = ["log", "--diary", path, "--start", "--plain", "--outcome", "sleep:0-10:higher", "--drug", str(own)]
    assert main([*started, "--dose", "glimmerin=2mg"]) == 0
    answers = [word for name in NO for word in ("--answer", f"{name}=no")]
    assert main(["safety", "--diary", path, "ask", *answers, "--complete"]) == 0
    assert main(["log", "--diary", path, "--note", "the lumosartn made me dizzy"]) == 0
    capsys.readouterr()
    assert main(["safety", "--diary", path, "--json"]) == 3
    assert [each["gate"] for each in json.loads(capsys.readouterr().out)["ask"]] == ["melatonin_fluvoxamine:lumosartn"]


@pytest.mark.parametrize(
    "words",
    [["--ms"], ["--liver", "cirrhosis"], ["--weight", "60"], ["--miss", "3"], ["--late", "5=2"], ["--double", "4"],
     ["--start-day", "2"], ["--stop-day", "9"], ["--hypothesis", "x=1"], ["--reading", "offset=one_curve"],
     ["--links", "off"], ["--error", "1e-3"], ["--every", "1"], ["--columns", "all"], ["--workers", "2"],
     ["--out", "x.csv"], ["--diaries", "x.csv"], ["--export", "x.xml"], ["--claim", "rebound"]],
)  # fmt: skip
def test_an_option_of_naltrexones_mechanism_is_refused_and_not_overlooked(words, capsys):
    words = [CLAIM if word == "rebound" else word for word in words]
    assert main(["simulate", "2mg", "--drug", "melatonin", *words]) == 2
    assert f"{words[0]}: this belongs to the mechanism of naltrexone" in capsys.readouterr().err
