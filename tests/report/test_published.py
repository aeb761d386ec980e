"""Other people's trials on a page, in a terminal and for a program: marked, traceable, without advice."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from nightdose.cli.main import main
from nightdose.evidence.body import body
from nightdose.knowledge.claims import claims
from nightdose.knowledge.common_questions import common_questions
from nightdose.knowledge.comparisons import comparisons, conditions
from nightdose.knowledge.finding import claims_about, questions_about
from nightdose.knowledge.load import references
from nightdose.knowledge.trial_results import results
from nightdose.report.evidence_page import evidence_html
from nightdose.report.evidence_record import record
from nightdose.report.figures.trials import trials_figure
from nightdose.report.published import _dose, claim_part, condition_part, summary
from nightdose.report.terminal_forest import _short, forest_text
from nightdose.report.words.published import body_sentences, missing_words

EVERYTHING = evidence_html([c for c in conditions().values() if c.names], list(claims().values()))
ADVICE = re.compile(
    r"\b(you should|we recommend|take \d|start (?:at|with) \d|proven to|is safe|works for)\b", re.IGNORECASE
)


@pytest.mark.parametrize("name", comparisons())
@pytest.mark.parametrize("width", [720, 340])
def test_every_forest_plot_draws_its_trials(name, width):
    figure = trials_figure(body(name), width=width)
    words = " ".join(node.text or "" for node in ET.fromstring(figure.svg).iter() if node.tag.endswith("text"))
    for trial in body(name).trials:
        assert trial.use.bias.name in words
    assert "no difference" not in figure.sentence


def test_every_number_of_a_comparison_leads_to_its_row_and_the_row_to_its_source():
    """First click: the number's link to its row on the same page; second: the row's link to the source."""
    for number in re.findall(r'<a href="#([\w.-]+)">[^<]+\(', EVERYTHING):
        row = re.search(rf'<li id="{re.escape(number)}">.*?</li>', EVERYTHING, re.DOTALL)
        assert row, number
        assert re.search(r'href="https?://', row.group())
    assert len(re.findall(r'<a href="#[\w.-]+">', EVERYTHING)) >= sum(len(c.uses) for c in comparisons().values())


def test_the_page_needs_nothing_from_elsewhere_and_gives_no_advice():
    assert not re.search(r'<(?:script|img|link|iframe)\b|src="|url\(', EVERYTHING)
    assert not ADVICE.search(re.sub(r"<[^>]+>", " ", EVERYTHING))
    assert "searched up to 2026-11-27" in EVERYTHING


def test_a_recalled_number_is_marked_on_page_in_the_figure_and_in_its_sentence():
    assert "from memory" in summary(conditions()["bowel"])
    assert "*" in forest_text("bowel-response")[0]
    assert "From memory" in trials_figure(body("bowel-response")).sentence
    assert "from memory" not in summary(conditions()["fibromyalgia"])


def test_a_benefit_is_said_with_probability_comparator_and_certainty():
    said = body_sentences(body("fibromyalgia-pain"))[0]
    for part in ("against a dummy", "95 % interval", "Probability", "50 %", "low certainty"):
        assert part in said


def test_a_condition_without_a_trial_says_so():
    assert "No study was found" in summary(conditions()["lupus"])
    assert "before-and-after" in summary(conditions()["long_covid"])
    assert "Sharafaddinzadeh 2010: no significant difference" in summary(conditions()["ms"])


def test_below_ten_trials_the_registered_ones_are_named():
    assert "ten are needed" in missing_words(body("bowel-response"), ("LDN Crohn",))
    assert "LDN Crohn" in condition_part(conditions()["bowel"]).sections[0].missing


def test_a_claim_says_what_the_mechanism_and_a_diary_have_to_say():
    rebound, price = claim_part(claims()["C11"]), claim_part(claims()["C5"])
    assert "In mice" in rebound.mechanism
    assert price.mechanism == "The model of the body has no part in this claim."
    assert "cannot be tested" in price.diary or "Nothing" in price.diary


def test_a_question_finds_what_speaks_of_it():
    assert questions_about("morning or night")[0].ask == "Morning or night?"
    assert "A1" in [c.id for c in claims_about("morning or night")]
    assert "C25" in [c.id for c in claims_about("bad dreams")]
    assert claims_about("the and of") == []


def test_a_dose_is_shown_with_its_unit_once():
    doses = {
        t.name: t.dose
        for c in ("fibromyalgia", "bowel")
        for s in condition_part(conditions()[c]).sections
        for t in s.trials
    }
    assert doses["FINAL 2024"] == "6 mg"
    assert doses["Younger 2013"] == "4.5 mg (registry: 3-4.5)"
    assert doses["Smith 2011, as counted by Cochrane review 2018"] == "4.5 mg (adults); 0.1 mg/kg (children)"


def test_the_terminal_forest_keeps_to_its_columns():
    lines = forest_text("fibromyalgia-pain")
    assert lines[0][21:62].count("#") == 1
    assert lines[2][21:62].count("◆") == 1
    assert all(len(line) < 110 for line in lines)


def test_a_program_gets_the_numbers_of_the_pool():
    found = json.loads(json.dumps(record([conditions()["fibromyalgia"]], [], [])))
    pain = found["conditions"][0]["comparisons"][0]
    assert found["schema"] == "nightdose.evidence/1"
    assert pain["pooled"]["mean"] == pytest.approx(0.013, abs=0.001)
    assert pain["trials"][1]["status"] == "derived"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "fibromyalgia"), (["--condition", "MS"], "Cree 2010"), (["--claim", "c11"], "Metz 2021"),
        (["--question", "morning or night"], "Morning or night?"), (["--condition", "lupus"], "No study was found"),
    ],
)  # fmt: skip
def test_the_command_answers(words, expected, capsys):
    assert main(["evidence", *words]) == 0
    assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["--condition", "gout"], ["--claim", "C99"], ["--question", "the"], ["-o", "page.pdf"], ["--claim", ""]],
)
def test_what_is_not_there_is_one_sentence(words, capsys):
    assert main(["evidence", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("nightdose: --")
    assert "Traceback" not in said


def test_the_page_is_written(tmp_path, capsys):
    path = tmp_path / "evidence.html"
    assert main(["evidence", "--condition", "fibromyalgia", "-o", str(path)]) == 0
    assert "FINAL 2024" in path.read_text(encoding="utf-8")
    assert str(path) in capsys.readouterr().out


def test_one_trial_says_which_side_is_better():
    """Every comparison of one trial, of every condition."""
    alone = [found for c in comparisons().values() if (found := body(c.name)).pooled is None]
    assert alone
    for found in alone:
        assert "with the medicine" in body_sentences(found)[0]


def test_a_trial_shows_the_numbers_that_its_effect_was_made_from():
    """A reader with a pocket calculator gets from the row to the effect."""
    parts = [condition_part(c) for c in conditions().values()]
    assert [t.how for t in parts[0].sections[0].trials if "0.49; p = 0.236" in t.how]
    assert [t.how for t in parts[0].sections[1].trials if "0.19; 48 and 50 people" in t.how]
    hows = {t.id: t.how for part in parts for s in part.sections for t in s.trials}
    assert "41 of 49 people against 43 of 50" in hows["FM-FINAL2024.3"]
    assert "p = 0.003, 10 people" in hows["FM-YOUNGER2009.1"]
    assert "11.7, sd 7.7, 6 people, against 17.8, sd 5.9, 6 people" in hows["MDD-MISCHOULON2017.1"]
    assert "the paper itself gives −0.62" in hows["MDD-MISCHOULON2017.1"]


def test_a_published_number_keeps_its_digits():
    rows = {row.id: row.found for row in condition_part(conditions()["fibromyalgia"]).rows}
    assert "p = 0.236" in rows["FM-INNOVA2026.1"]
    assert rows["FM-FINAL2025.1"] == "mean difference 2 (0.4 to 3.7)"


def test_what_was_worked_out_from_memory_is_marked_as_memory():
    """The risk ratios of the Cochrane review come from counts that nobody read again."""
    rows = {row.id: row.mark for row in condition_part(conditions()["bowel"]).rows}
    assert "from memory" in rows["CD-COCHRANE2018.2"]
    assert rows["CD-SMITH2011.1"] == "worked out from what was published"


def test_a_dose_from_memory_is_marked():
    study = results()["FM-TDCS2023.1"].study
    assert _dose(study) == "4.5 mg (from memory)"
    assert _dose(results()["FM-FINAL2024.1"].study) == "6 mg"


def test_one_trial_is_not_shown_as_if_it_were_the_only_one():
    """In MS the larger trial found nothing and gave no number: both comparisons of the smaller one say so."""
    sections = condition_part(conditions()["ms"]).sections
    assert all("Sharafaddinzadeh 2010: no significant difference" in s.sentences[0] for s in sections)


def test_a_long_name_is_cut_between_words_and_keeps_its_star():
    assert forest_text("migraine-days")[0].startswith("Toledano 2021…")
    assert _short("A trial of a very long name*") == "A trial of a very…*"


def test_on_paper_the_address_and_the_row_stand_beside_what_would_be_clicked():
    printed = EVERYTHING[EVERYTHING.index("paper has no clicks") :]
    assert 'a[rel~="external"]::after { content: " <" attr(href) ">"' in printed
    assert 'a[href^="#"]::after { content: " [" attr(href) "]"' in printed
    for link in re.findall(r'<a href="https?://[^>]*>', EVERYTHING):
        assert "external" in link


@pytest.mark.parametrize("words", ["dose", "How much should I take?", "dosage", "which dose of LDN"])
def test_who_asks_for_a_dose_is_told_whose_decision_it_is(words):
    found = questions_about(words)[0]
    assert found.ask.startswith("Which dose")
    assert "your prescriber's decision" in found.known


def test_no_source_shows_the_signs_of_tex():
    shown = [words for question in common_questions() for words, _ in question.sources]
    shown += [value for fields in references().values() for name, value in fields.items() if name != "url"]
    assert not [words for words in shown if re.search(r"[{}\\\\]", words)]
    assert any("Häuser" in words for words in shown)


def test_how_sure_a_verdict_is_has_a_source_or_says_that_it_has_none():
    for claim in claims().values():
        sourced = claim.studies or claim.sources or claim.link
        assert sourced or not claim.strength or "recalled" in claim.status, claim.id


def test_the_page_of_a_question_holds_its_answer(tmp_path, capsys):
    for words, part in (("alcohol", "licensed treatment of alcohol"), ("morning or night", "Morning or night?")):
        path = tmp_path / f"{words[:4]}.html"
        assert main(["evidence", "--question", words, "-o", str(path)]) == 0
        page = path.read_text(encoding="utf-8")
        assert part in page
        assert "Nobody knows:" in page
        assert 'rel="noreferrer noopener external"' in page
    capsys.readouterr()
    assert main(["--language", "de", "evidence", "--question", "alcohol"]) == 0
    assert "Wie ist es mit Alkohol?" in capsys.readouterr().out


def test_a_program_gets_the_published_numbers_behind_each_effect():
    found = record([conditions()["depression"]], [], [])["conditions"][0]["comparisons"][0]["trials"][0]
    n = found["made_from"]
    pooled = ((5 * n["treated_sd"] ** 2 + 5 * n["control_sd"] ** 2) / 10) ** 0.5
    # Hedges' factor for ten degrees of freedom is 1 - 3 / 39
    assert found["effect"] == pytest.approx((1 - 3 / 39) * (n["treated_mean"] - n["control_mean"]) / pooled, abs=1e-3)
