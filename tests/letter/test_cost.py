"""A price beside a letter: what was paid, and what a good day gained costs, with its interval."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary
from tests.letter.letters import analysis

from nightdose.analyse import analyse
from nightdose.cli import main
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background
from nightdose.letter.cost import GoodDays, cost_words, good_days
from nightdose.letter.said_before import read_background

PRICED = Background(price_a_day=0.5, bad_line=5.0)


def test_good_days_gained_are_those_that_the_improvement_made():
    """Pain 5 +- 1 without, 3 lower with: good on half of the days without; the onset takes some days of each block."""
    found = good_days(analysis("helps"), 5.0)
    off = analysis("helps").dose == 0
    without = 28 * np.mean(analysis("helps").outcome[off] < 5)
    assert found.gained == pytest.approx(28 - without, abs=3.0)
    assert found.low <= found.gained <= found.high


def test_a_whole_step_counts_by_its_part():
    """Ratings of 5 with the line at 6: 0.4 worse is worse on four days in ten."""
    days = 56
    rng = np.random.default_rng(1)
    pain = np.where(rng.random(days) < 0.5, 5.0, 6.0)
    made = analyse(diary(pain, naltrexone_mg=blocks(days, 14)), ask(scale="rating", randomised="blocks"), curves=False)
    estimate = replace(made.verdict.estimate, mean=0.4, interval95=(0.0, 0.9))
    moved = replace(made, verdict=replace(made.verdict, estimate=estimate))
    share = np.mean(pain[moved.case.on] < 6)
    assert good_days(moved, 6.0).gained == pytest.approx(28 * 0.4 * share)
    assert good_days(moved, 6.0).low == 0.0


def test_the_price_of_a_good_day_turns_the_interval_round():
    assert GoodDays(5.0, 7.0, 3.5, 14.0).each(0.5) == (2.0, 1.0, 4.0)
    assert GoodDays(5.0, 7.0, -1.0, 14.0).each(0.5)[2] == inf
    assert GoodDays(5.0, -2.0, -4.0, -1.0).each(0.5) == (inf, inf, inf)


def test_the_appendix_has_it_where_a_price_was_said():
    words = " ".join(cost_words(analysis("helps"), PRICED))
    assert "0.5 a day" in words
    assert "over the 168 days with it in this diary 84" in words
    assert "Each costs" in words
    (part,) = [part for part in appendix_of(analysis("helps"), PRICED) if part.heading == "What it costs"]
    assert part.paragraphs
    assert not [part for part in appendix_of(analysis("helps"), Background()) if part.heading == "What it costs"]


def test_no_good_day_has_no_price_and_what_may_be_none_has_no_limit():
    unsure = " ".join(cost_words(analysis("not_yet_known"), PRICED))
    nothing = " ".join(cost_words(analysis("cannot_be_known"), PRICED))
    assert "Each costs" in unsure
    assert "cannot be said" in nothing


@pytest.mark.parametrize("price", [None, 0.5])
def test_a_letter_keeps_its_price_for_whoever_checks_it(price):
    record = {
        "label": "", "letter": {"language": "en"},
        "background": {"name": "", "made": None, "condition": "", "tried": [], "safety": None, "bad_line": None,
                       "notes": "", "dates": True, "others": True} | ({} if price is None else {"price_a_day": price}),
    }  # fmt: skip
    assert read_background(record)[0].price_a_day == price


def test_a_letter_with_a_price_agrees_and_a_wrong_price_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    from tests.cli.test_letter_commands import ASK

    assert main(["report", *ASK, "-o", "letter.zip", "--price-a-day", "0.3"]) == 0
    assert main(["verify", "letter.zip"]) == 0
    assert main(["report", *ASK, "-o", "b.zip", "--price-a-day", "-1"]) == 2
    assert "amount above 0" in capsys.readouterr().err
