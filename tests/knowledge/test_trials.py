"""The set of published trials: a broken row is named by row and column, a recalled number is marked."""

import pytest

from nightdose.errors import KnowledgeError
from nightdose.knowledge.cells import Cells
from nightdose.knowledge.comparisons import (
    GRADE,
    biases,
    comparisons,
    condition_of,
    conditions,
    data_set,
    overall,
    registered,
)
from nightdose.knowledge.load import rows
from nightdose.knowledge.trial_results import result, results
from nightdose.knowledge.trials import studies, study


def broken(name, id, **change):
    return next(dict(row) for row in rows(name) if row["id"] == id) | change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("design", "a good one"), ("randomised", "many"), ("people", "9.5"), ("source", "a friend"), ("source", ""),
        ("status", "heard"), ("marks", "dose:heard"), ("marks", "colour:seen"), ("citation", ""),
    ],
)  # fmt: skip
def test_a_broken_study_is_named_by_row_and_column(column, value):
    with pytest.raises(KnowledgeError, match=f"trials.csv: row 'FM-FINAL2024', column '{column}'"):
        study(broken("trials", "FM-FINAL2024", **{column: value}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("study", "NOBODY"), ("kind", "a feeling"), ("effect", ""), ("effect", "0.5"), ("effect", "nan"), ("high", ""),
        ("p", "1.2"), ("better", "sideways"), ("treated_sd", "0"), ("treated_n", "-1"), ("outcome", ""),
    ],
)  # fmt: skip
def test_a_broken_result_is_named_by_row_and_column(column, value):
    named = "low" if (column, value) == ("effect", "0.5") else column
    with pytest.raises(KnowledgeError, match=f"trial_results.csv: row 'FM-FINAL2024.1', column '{named}'"):
        result(broken("trial_results", "FM-FINAL2024.1", **{column: value}), studies())


def test_more_events_than_people_are_refused():
    with pytest.raises(KnowledgeError, match="column 'treated_events'"):
        result(broken("trial_results", "FM-FINAL2024.3", treated_events="50"), studies())


def test_a_file_without_a_column_says_which():
    with pytest.raises(KnowledgeError, match="column 'effect': the file has no such column"):
        Cells("trial_results.csv", {"id": "x"}).text("effect")


def test_every_number_has_a_status_and_the_recalled_ones_are_known():
    assert {s.statuses[""] for s in studies().values()} | {r.statuses[""] for r in results().values()} >= {
        "seen",
        "recalled",
    }
    assert results()["CD-COCHRANE2018.2"].status("treated_events") == "recalled"
    assert results()["FM-FINAL2024.1"].status() == "seen"
    assert results()["FM-INNOVA2026.1"].status() == "derived"
    assert studies()["MS-SHARAF2010"].statuses["dose"] == "recalled"


def test_an_address_that_was_recalled_is_not_where_a_reader_is_sent():
    assert "doi.org" not in studies()["MS-SHARAF2010"].address
    assert studies()["FM-FINAL2024"].address == "https://doi.org/10.1016/S2665-9913(23)00278-3"


def test_the_three_late_finds_are_in_the_set():
    for id in ("ANIMAL-METZ2021", "ME-ACTRN12624001162505", "BMS-SANGALLI2023"):
        assert id in studies()
    assert results()["ANIMAL-METZ2021.1"].outcome == "endorphin"


def test_every_study_has_a_result_and_a_condition_of_the_set():
    assert {r.study.id for r in results().values()} == set(studies())
    assert all(s.condition in conditions() for s in studies().values())


def test_the_set_says_its_release_its_date_and_what_would_change_it():
    assert data_set().release >= 1
    assert data_set().searched.year == 2026
    assert data_set().would_change


@pytest.mark.parametrize("name", comparisons())
def test_every_comparison_has_grades_five_reasons_and_a_judged_bias_of_each_trial(name):
    comparison = comparisons()[name]
    assert tuple(r.reason for r in comparison.reasons) == GRADE
    for use in comparison.uses:
        assert {b.domain for b in biases()[use.bias.id]} >= {"randomisation", "measurement", "reported result"}
        assert all(b.why.endswith(".") for b in biases()[use.bias.id])


def test_certainty_falls_a_step_for_each_reason_and_no_further_than_very_low():
    assert comparisons()["fibromyalgia-adverse-events"].certainty == "moderate"
    assert comparisons()["fibromyalgia-pain"].certainty == "low"
    assert comparisons()["migraine-days"].certainty == "very low"


def test_the_worst_domain_is_the_trials_own():
    assert overall("FM-YOUNGER2013") == "high"
    assert overall("FM-INNOVA2026") == "some"
    assert overall("FM-FINAL2024") == "low"


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("MS", "ms"), ("relapsing multiple sclerosis", "ms"), ("Fibro", "fibromyalgia"), ("my Crohn's", "bowel"),
        ("post-covid fatigue", "long_covid"), ("rheumatoid arthritis", "arthritis"), ("chronic migraine", "migraine"),
    ],
)  # fmt: skip
def test_a_condition_is_found_in_what_people_write(words, id):
    assert condition_of(words).id == id


@pytest.mark.parametrize("words", ["", "tiredness", "msomething", "a broken leg"])
def test_an_unknown_condition_is_not_guessed(words):
    assert condition_of(words) is None


def test_registered_trials_without_a_result_are_named():
    assert [r.study.name for r in registered(conditions()["bowel"])] == ["LDN Crohn"]
    assert registered(conditions()["fibromyalgia"]) == ()
