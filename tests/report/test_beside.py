"""What stands beside the answer: said whole, never as the answer, and gone where it was not asked for."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.export.test_record import check
from tests.report.fake_answers import MAKERS, cannot_be_known, helps
from tests.report.fake_parts import ANSWERS, normal_estimate

from nightdose.export.record import analysis_record
from nightdose.knowledge.evidence_file import shipped_evidence
from nightdose.question.question import Question
from nightdose.report.figures import NARROW, WIDE, effect_figure, forest_figure
from nightdose.report.page import report_html
from nightdose.report.terminal import terminal_summary
from nightdose.report.words.evidence import evidence_words
from nightdose.report.words.others import exploratory_rows, sensitivity_words
from nightdose.verdict.analysis import EvidenceAnswer, Exploratory, PriorVariant

PRIOR = shipped_evidence("fibromyalgia-pain")


def everything(analysis=None):
    """`helps` with all that can stand beside it: 1.4 (sd 0.4) alone, 1.0 with the trials."""
    beside = EvidenceAnswer(PRIOR, normal_estimate(1.0, 0.34), (-0.03, 0.65), -1.0, 0.27)
    variants = (
        PriorVariant("drift_more", "more slow drift", normal_estimate(1.3, 0.6), "not_yet_known"),
        PriorVariant("no_trend", "no steady trend", normal_estimate(1.4, 0.4), "helps"),
    )
    others = (
        Exploratory(
            Question("fatigue", "naltrexone", "rating"), normal_estimate(0.9, 0.4), (0.5, 0.3, (-0.1, 1.1)), "E"
        ),
        Exploratory(Question("sleep", "naltrexone", better="higher"), None, None, "Cannot be known."),
    )
    return (analysis or helps()).with_beside(evidence=beside, prior_variants=variants, exploratory=others)


class Words(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.words = ""
        self.feed(html)

    def handle_data(self, data):
        self.words += " " + data


def visible(analysis):
    return " ".join(Words(report_html(analysis)).words.split())


def test_both_posteriors_stand_side_by_side_with_how_far_the_prior_moved_it():
    words = visible(everything())
    assert "this diary alone" in words
    assert "with the trials' evidence" in words
    assert "moved the answer down by 1.0 of its standard deviations; 27 % of the precision is theirs" in words
    assert "The answer at the top rests on the diary alone" in words
    assert "INNOVA" in words  # the source
    assert "assumed" in words  # the heterogeneity


def test_without_being_asked_there_is_nothing_beside(analysis):
    words = visible(analysis)
    assert "with what trials say" not in words
    assert "Other outcomes" not in words
    assert "Under other starting assumptions" not in words
    record = analysis_record(analysis)
    assert (record["with_evidence"], record["exploratory"], record["sensitivity"]["priors"]) == (None, [], None)


def test_never_only_the_second_posterior():
    lone = EvidenceAnswer(PRIOR, None, (float("nan"), float("nan")), 0.0, 1.0)
    analysis = cannot_be_known().with_beside(evidence=lone)
    assert "This diary alone gives no number, so none is given" in visible(analysis)
    assert analysis_record(analysis)["with_evidence"] is None
    assert "trials' evidence" not in terminal_summary(analysis)


def test_a_diary_far_from_the_trials_is_told_so():
    far = everything().with_beside(evidence=replace(everything().with_evidence, prior_improvement=(-3.0, 0.5)))
    assert "far apart" in " ".join(evidence_words(far))
    assert "far apart" not in " ".join(evidence_words(everything()))


def test_exploratory_outcomes_carry_no_verdict_word():
    section = visible(everything()).split("Other outcomes")[1].split("Did you know")[0]
    assert "Exploratory" in section
    assert "+0.5 (−0.1 to 1.1) points" in section
    assert not any(word in section for word in ("Helps", "Harms", "No difference that matters"))
    assert exploratory_rows(everything())[1][1] == "no number: Cannot be known."


def test_a_changed_answer_under_another_prior_is_named():
    assert "more slow drift: “Not yet known”" in sensitivity_words(everything())
    steady = everything().with_beside(prior_variants=everything().prior_variants[1:])
    assert "the answer stays “Helps”" in sensitivity_words(steady)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pictures_hold_a_row_for_each(width):
    assert effect_figure(everything(), width=width).svg.count('class="mean"') == 6
    assert forest_figure(everything(), width=width).svg.count('class="mean"') == 3
    assert forest_figure(helps(), width=width) is None


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_record_fits_its_schema_with_everything_beside(answer):
    record = analysis_record(everything(MAKERS[answer]()))
    check(record)
    assert record["with_evidence"]["prior"]["shift_in_sd"] == -1.0
    assert record["exploratory"][1]["improvement"] is None
    assert record["sensitivity"]["answer_changes"] is True


def test_the_terminal_says_the_second_posterior_after_the_first():
    said = terminal_summary(everything(), width=100)
    assert said.index("improvement +1.4") < said.index("With the trials' evidence on fibromyalgia, beside it: +1.0")
