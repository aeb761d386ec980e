"""The page, the site and the prior: the same bytes for the same lines, nothing of the few, nothing known too early."""

import json
import re
from dataclasses import replace

import jsonschema
import pytest
from tests.pooling.people import ANSWER, community, register
from tests.pooling.test_pool import pooled, trials
from tests.pooling.test_reading import received

from nightdose.checks.evidence import check_fit
from nightdose.errors import CallError
from nightdose.knowledge.evidence_file import parse_evidence
from nightdose.pooling.export import evidence_toml, pool_record
from nightdose.pooling.figures import people_figure
from nightdose.pooling.page import pool_html
from nightdose.pooling.pool import pool
from nightdose.pooling.reading import Refused, sorted_out
from nightdose.pooling.site import site_files, write_site
from nightdose.pooling.words import aside_words, looks_words, sentences, silence_words, word
from nightdose.question.question import Question


def registered_pool(mean, n=100, silent=0, **about):
    """n people around a mean who registered and answered, and some who registered and did not."""
    answers = trials(community(n, mean, 0.2, seed=3))
    plans = [register(a, a.trial) for a in answers] + [register(answers[0], f"{9000 + i:064x}") for i in range(silent)]
    keys = [*range(1, n + 1), *range(1, n + 1), *range(500, 500 + silent)]
    return pooled([*answers, *plans], keys=keys, **about)


def test_the_large_word_follows_looks_size_and_silence():
    assert word(registered_pool(0.9).parts[0]) == "Better on average, in those who answered"
    assert word(registered_pool(0.3).parts[0]).startswith("A little better on average")
    assert word(registered_pool(-0.5).parts[0]) == "Worse on average, in those who answered"
    assert word(registered_pool(0.0).parts[0]).startswith("No average difference worth having")
    assert word(registered_pool(0.9, n=10).parts[0]) != "Not yet known"
    assert word(registered_pool(0.1, n=10).parts[0]) == "Not yet known"


def test_nothing_is_known_of_answers_that_chose_themselves():
    """The same answers, unregistered, or with more than one in five silent."""
    unregistered = pooled(community(100, 0.9, 0.2, seed=3))
    assert word(unregistered.parts[0]) == "Not yet known"
    assert "Nobody registered a trial beforehand" in pool_html(unregistered)
    assert word(registered_pool(0.9, silent=25).parts[0]) == "Better on average, in those who answered"
    many = registered_pool(0.9, silent=26)
    assert word(many.parts[0]) == "Not yet known"
    assert "100 of 126 registered trials" in pool_html(many)


def test_the_same_lines_give_the_same_bytes():
    found = received(community(30, 0.2, 0.3))
    assert site_files(pool(sorted_out(found))) == site_files(pool(sorted_out(found[::-1])))


def test_a_site_gives_no_digits_from_which_a_group_could_be_worked_out():
    numbers = site_files(registered_pool(0.5))["pool.json"].decode()
    assert re.search(r"\d\.\d{2}", numbers)
    assert not re.search(r"\d\.\d{4}", numbers)


def test_a_caveat_stands_where_no_narrow_screen_cuts_it_off():
    """Not in the table, which a phone scrolls; and what hangs on one file stands before the pictures."""
    ms = community(20, 0.1, 0.2, seed=4, asked=replace(ANSWER.asked, condition="ms"))
    page = pool_html(pooled([*community(20, 0.6, 0.2, seed=3), *ms]))
    for table in re.findall(r'<div class="scroll".*?</div>', page, re.DOTALL):
        assert "Nobody drew by lot" not in table
    assert "Nobody drew by lot" in page
    assert page.index("Without the one person farthest") < page.index("<svg")


def test_the_page_asks_nothing_of_another_computer_and_runs_no_script():
    page = pool_html(registered_pool(0.5), with_refused=True)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|http-equiv=.refresh", page)
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", page)
    assert "default-src 'none'" in page


def test_no_cell_below_ten_reaches_page_or_numbers():
    few = community(4, 0, 0.1, seed=9, asked=replace(ANSWER.asked, condition="crps"))
    harmed = community(3, -1.0, 0.1, seed=8, answer="harms")
    found = pooled([*community(60, 0.2, 0.2), *few, *harmed])
    record = json.dumps(pool_record(found))
    assert "crps" not in record
    assert "complex regional" not in pool_html(found)
    assert found.parts[0].counts["harms"] is None
    people = [g["people"] for m in pool_record(found)["parts"][0]["moderators"] for g in m["groups"]]
    assert all(n >= 10 for n in people)


def test_what_a_stranger_wrote_stays_words_on_the_collectors_page_and_off_the_site():
    found = replace(pooled(community(12, 0, 0.1)), refused=(Refused("<b>x</b>.json", "Why <i>."),))
    assert "<b>x</b>" not in pool_html(found, with_refused=True)
    assert "&lt;b&gt;x" in pool_html(found, with_refused=True)
    assert all(b"x&lt;" not in content and b"<b>x" not in content for content in site_files(found).values())


def test_a_site_is_written_over_itself_and_over_nothing_else(tmp_path):
    found = pooled(community(12, 0, 0.1))
    write_site(found, tmp_path / "site")
    write_site(found, tmp_path / "site")
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["index.html", "pool.json"]
    (tmp_path / "site" / "mine.txt").write_text("keep")
    with pytest.raises(CallError, match="holds other files"):
        write_site(found, tmp_path / "site")


def test_the_prior_of_a_registered_pool_is_one_that_an_answer_takes():
    found = registered_pool(0.4)
    prior = parse_evidence("pool", evidence_toml(found))
    points = found.parts[0].points.pool
    assert prior.mean.value == pytest.approx(-points.mean, abs=1e-4)  # less pain is better
    assert prior.sd == pytest.approx((points.sd**2 + points.between**2) ** 0.5, abs=1e-3)
    check_fit(prior, Question("pain", "naltrexone", scale="rating", limits=(0, 10)))


def test_there_is_no_prior_of_whoever_was_glad():
    for found, why in (
        (pooled(community(100, 0.4, 0.2)), "four in five"),
        (registered_pool(0.4, silent=40), "four in five"),
        (registered_pool(0.4, n=9), "ten people"),
    ):
        with pytest.raises(CallError, match=why):
            evidence_toml(found)
    loud = pooled(
        [*trials(community(20, 0.4, 0.2)), *[register(a, a.trial) for a in trials(community(20, 0.4, 0.2))],
         *community(60, 0.9, 0.2, seed=4)],
        keys=[*range(1, 21), *range(1, 21), *range(100, 160)],
    )  # fmt: skip
    with pytest.raises(CallError, match="not registered beforehand"):
        evidence_toml(loud)


def test_the_numbers_are_plain_json():
    record = pool_record(registered_pool(0.4, silent=3))
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    jsonschema.validate(record, {"type": "object", "required": ["schema", "parts", "made_of"]})
    part = record["parts"][0]
    assert part["registration"]["registered"] == 103
    assert part["points"]["new_person"]["interval95"][0] < part["points"]["mean"]["interval95"][0]


def test_an_answer_without_a_number_is_no_answer_about_the_mean():
    """Eighty of a hundred who registered say only that theirs cannot be known: the twenty others chose themselves."""
    answers = trials(community(100, 0.9, 0.2, seed=3))
    without = [replace(a, answer="cannot_be_known", effect=None) for a in answers[20:]]
    plans = [register(a, a.trial) for a in answers]
    (part,) = pooled([*answers[:20], *without, *plans], keys=[*range(1, 101), *range(1, 101)]).parts
    assert (part.silence.answered, part.silence.numbers) == (100, 20)
    assert word(part) == "Not yet known"
    assert "give no number" in " ".join(silence_words(part.silence))


def test_few_answers_without_a_number_cannot_be_counted_from_the_page():
    answers = trials(community(40, 0.9, 0.2, seed=3))
    two = [replace(a, answer="cannot_be_known", effect=None) for a in answers[:2]]
    plans = [register(a, a.trial) for a in answers]
    (part,) = pooled([*answers[2:], *two, *plans], keys=[*range(3, 41), 1, 2, *range(1, 41)]).parts
    assert part.silence.if_silent_had_none is part.silence.tips_at is None


def test_what_a_new_person_may_expect_is_said_of_those_who_chose_to_answer():
    (alone,) = pooled(community(100, 0.9, 0.2, seed=3)).parts
    (whole,) = registered_pool(0.9).parts
    assert "were they like those who chose to answer" in sentences(alone)[2]
    assert sentences(whole)[2].startswith("A new person like these, before")
    assert "Who chose to answer may still have made it." in looks_words(alone)
    assert "Who chose" not in looks_words(whole)


def test_a_mean_that_hangs_on_one_file_is_called_that():
    liar = replace(ANSWER, effect=replace(ANSWER.effect, mean=9.9, sd=0.1))
    (part,) = pooled([*community(12, 0.0, 0.2, seed=5), liar]).parts
    assert "So much hangs on a single file." in aside_words(part)[0]
    (many,) = pooled([*community(60, 0.5, 0.1, seed=5), liar]).parts
    assert "So much hangs" in aside_words(many)[0], "among sixty it is how far people differ that hangs on it"
    for seed in range(5):
        (honest,) = pooled(community(40, 0.3, 0.3, seed=seed)).parts
        assert "single file" not in aside_words(honest)[0]


def test_who_lies_beyond_the_picture_is_an_arrow_and_not_a_value_at_its_edge():
    liar = replace(ANSWER, effect=replace(ANSWER.effect, mean=9.9, sd=0.1))
    squares, arrows = ([], [])
    for more in ([], [liar]):
        (part,) = pooled([*community(40, 0.0, 0.2, seed=5), *more]).parts
        svg = people_figure(part).svg
        squares.append(len(re.findall(r'<rect[^>]*class="dose"', svg)))
        arrows.append(len(re.findall(r'<path[^>]*class="dose"', svg)))
    assert (squares, arrows) == ([40, 40], [0, 1])


@pytest.mark.parametrize(
    ("kept", "open_", "said"),
    [
        (0, 20, "None of them was blinded"),
        (20, 0, "All of them were blinded"),
        (9, 20, "Fewer than 10 of them were blinded"),
        (20, 9, "All but fewer than 10 of them"),
        (10, 20, "10 of these 30 were blinded"),
    ],
)
def test_a_pool_says_how_many_did_not_know_what_they_took(kept, open_, said):
    """One person's answer has to hold beyond the guesses; of many, at least it is said for whom it could."""
    blind = community(kept, 0.5, 0.2, seed=1, ceiling="high", blinding="kept", guessed=0.5)
    knew = community(open_, 0.5, 0.2, seed=2, ceiling="high", blinding="given away", guessed=0.9)
    (part,) = pooled([*blind, *knew]).parts
    assert said in sentences(part)[-1]
    assert said in pool_html(pooled([*blind, *knew]))


def test_the_sentence_is_of_the_same_people_as_the_large_word():
    """Half rate from 0 to 10, half say yes or no: neither scale is everybody's."""
    yes_no = replace(ANSWER.asked, scale="binary", ends=(0.0, 1.0))
    half = [
        replace(a, asked=yes_no, effect=a.effect.scaled(0.3), own_sd=0.45, meaningful=0.07)
        for a in community(12, 0.3, 0.2, seed=2)
    ]
    (part,) = pooled([*community(12, 0.3, 0.2, seed=1), *half]).parts
    assert sentences(part)[0].startswith("Over 24 people")
    (most,) = pooled([*community(40, 0.3, 0.2, seed=1), *half[:10]]).parts
    assert "points of 0 to 10" in sentences(most)[0]
