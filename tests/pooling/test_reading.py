"""What is not whole, possible or once is refused with a sentence, and changes nothing."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pooling.people import ANSWER, Signer, community, lines, register

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.errors import CallError
from nightdose.evidence.profile import GRID, Profile
from nightdose.fit.likelihood import likelihood_of
from nightdose.letter.signing import own_key
from nightdose.pooling import reading
from nightdose.pooling.contribution import Withdrawal
from nightdose.pooling.making import Person, answered
from nightdose.pooling.possible import NARROWEST, WITHIN, impossible
from nightdose.pooling.reading import Received, read_inbox, read_line, sorted_out
from nightdose.pooling.signed import signed_line
from nightdose.question.question import Question


@pytest.fixture
def key(tmp_path):
    return own_key(tmp_path / "key.pem")


@pytest.fixture
def line(key):
    return signed_line(ANSWER, key)


def refused(line):
    found = read_line("x:1", line)
    assert isinstance(found, reading.Refused), found
    return found.why


def test_what_was_signed_comes_back(key):
    heavy = replace(ANSWER, effect=Profile(0.2, 0.3, np.round(-0.5 * GRID**2 + 0.1 * np.sin(GRID) ** 2, 3)))
    for content in (ANSWER, register(ANSWER, "a" * 64), Withdrawal("b" * 64)):
        assert read_line("", signed_line(content, key)).content == content
    back = read_line("", signed_line(heavy, key)).content
    assert np.array_equal(back.effect.log_likelihood, heavy.effect.log_likelihood)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"days":168', '"days":196', "changed after it was signed"),
        ('"mean":0.2', '"mean":2.0', "changed after it was signed"),
        ('"mean":0.2', '"mean":NaN', "not JSON"),
        ('"mean":0.2', '"mean":-Infinity', "not JSON"),
        ('"mean":0.2', '"mean":1e300', "'effect"),
        ('"mean":0.2', '"mean":1e999', "'effect"),
        ('"sd":0.3', '"sd":0', "'effect"),
        ('"days":168', '"days":167', "'days'"),
        ('"days":168', '"days":168,"days":196', "twice"),
        ('"days":168', '"days":true', "'days'"),
        ('"condition":"fibromyalgia"', '"condition":"<b>me</b>"', "'condition'"),
        ('"schema"', '"note":"hello","schema"', "'note'"),
        ('"kind":"answer"', '"kind":"letter"', "not a contribution"),
    ],
)
def test_a_changed_line_is_refused(line, old, new, why):
    assert old in line
    assert why in refused(line.replace(old, new))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '"a"', "[" * 9000, "x" * 20000, '{"kind":[1]}'])
def test_what_is_no_line_is_refused(text):
    assert refused(text).endswith(".")


EVEN, NARROW = -0.1 * np.square(GRID), -1.6 * np.square(GRID)  # sd 1.8 and 0.56 instead of 1
IMPOSSIBLE = {
    "vary so little": {"own_sd": 0.02, "effect": Profile(4.0, 0.05)},
    "narrower": {"effect": Profile(0.2, 0.02)},
    "medicine": {"asked": replace(ANSWER.asked, drug="my own name")},
    "range": {"asked": replace(ANSWER.asked, ends=(10.0, 0.0))},
    "two ends": {"asked": replace(ANSWER.asked, ends=None)},
    "recorded days": {"days": 84},
    "higher than its design": {"ceiling": "high"},
    "its design allows": {"design": "before_after", "randomised": False},
    "both kinds": {"design": "never_on"},
    "on its scale": {"effect": Profile(40.0, 1.0)},
    "fit on": {"own_sd": 9.0},
    "missing": {"answer": "helps", "effect": None},
    "the sign": {"answer": "harms"},
    "nobody guessed": {"blinding": "no guesses", "guessed": 0.5},
    "mean and sd": {"effect": Profile(0.2, 0.3, EVEN)},
    "not the one of its mean": {"effect": Profile(0.2, 0.3, NARROW)},
}


@pytest.mark.parametrize("why", IMPOSSIBLE)
def test_what_no_diary_can_say_is_refused_though_it_is_signed(key, why):
    assert why in refused(signed_line(replace(ANSWER, **IMPOSSIBLE[why]), key))


def test_no_real_likelihood_is_narrower_than_the_bound_and_the_bound_is_not_far_below():
    """Random walks, which the model follows best, over 56 to 280 days: 0.1 holds, 0.5 would refuse honest people."""
    least = 9.0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        days = (56, 112, 280)[seed % 3]
        on = (np.arange(days) // 7) % 2
        pain = 5 + np.cumsum(0.3 * rng.standard_normal(days)) + 0.05 * rng.standard_normal(days)
        diary = Diary("made", 738000, True, {"pain": pain, "naltrexone_mg": 4.5 * on}, days)
        question = Question("pain", "naltrexone", randomised="blocks", onset="same-day")
        analysis = analyse(diary, question, curves=False)
        profile = likelihood_of(analysis.case, analysis.fitted)
        if profile is not None:
            own = np.sqrt(np.mean([np.var(pain[on == arm]) for arm in (0, 1)]))
            least = min(least, profile.sd / (own * 2 / np.sqrt(days)))
    assert NARROWEST < least < 0.5


def test_a_diary_passes_as_it_is_made(key):
    from tests.pooling.people import blocks_diary

    diary, question = blocks_diary(1.0, 5)
    made = answered(analyse(diary, question, curves=False), Person("fibro", 44, "female"), (), key)
    assert impossible(made) == ""
    assert made.asked == replace(ANSWER.asked, scale="continuous")
    assert (made.age, made.dose, made.days) == ((40.0, 50.0), (4.0, 5.0), 168)


@pytest.mark.parametrize("seed", [0, 7])
def test_a_likelihood_with_long_tails_passes_as_it_is_made(key, seed):
    """A rating whose change an ordinary cause might have made: within four sd it is 0.84 to 0.86 as wide as in all."""
    rng, on = np.random.default_rng(seed), (np.arange(168) // 14) % 2
    pain = np.clip(np.round(5 - 0.8 * on + rng.standard_normal(168)), 0, 10)
    diary = Diary(
        "made", 738000, True, {"pain": pain, "naltrexone_mg": 4.5 * on, "naltrexone_assigned_mg": 4.5 * on}, 168
    )
    question = Question("pain", "naltrexone", scale="rating", limits=(0, 10), randomised="blocks")
    made = answered(analyse(diary, question, curves=False), Person("fibro", 44, "female"), (), key)
    assert made.effect.log_likelihood is not None
    density = np.exp(made.effect.log_likelihood) / np.exp(made.effect.log_likelihood).sum()
    assert WITHIN[0] + 0.1 < np.sqrt(density @ np.square(GRID - density @ GRID)) < 0.9
    assert impossible(made) == ""


def received(contents, keys=None):
    keys = keys or range(1, len(contents) + 1)
    out = []
    for at, (content, number) in enumerate(zip(contents, keys, strict=True)):
        body = json.loads(signed_line(content, Signer(number)))
        out.append(Received(f"f:{at}", body["key"], reading.hash_of(body), content))
    return out


def whys(inbox):
    return " ".join(each.why for each in inbox.refused)


def test_a_copy_counts_once():
    one = received(community(1, 0, 0))
    inbox = sorted_out([*one, *one])
    assert len(inbox.answers) == 1
    assert "there already" in whys(inbox)


def test_a_key_that_floods_counts_for_nothing_and_takes_nobody_with_it():
    crowd = received(community(13, 3.0, 0.1, seed=1), keys=[99] * 13)
    others = received(community(5, 0, 0.1, seed=2))
    assert sorted_out([*others, *crowd]).answers == sorted_out(others).answers
    assert "more than 12" in whys(sorted_out([*others, *crowd]))
    assert len(sorted_out([*others, *crowd[:12]]).answers) == 17


def test_only_the_same_key_takes_back():
    one, *others = received(community(3, 0, 0))
    mine, theirs = (received([Withdrawal(one.sha256)], keys=[number])[0] for number in (1, 2))
    assert len(sorted_out([one, *others, mine]).answers) == 2
    inbox = sorted_out([one, *others, theirs])
    assert len(inbox.answers) == 3
    assert "another key" in whys(inbox)


def test_a_trial_with_two_answers_counts_when_one_is_withdrawn():
    """Else whoever dislikes an answer sends another one."""
    one, two = received(community(2, 0, 0.5, trial="c" * 64), keys=[7, 7])
    assert not sorted_out([one, two]).answers
    back = received([Withdrawal(one.sha256)], keys=[7])
    assert [answer for _, answer in sorted_out([one, two, *back]).answers] == [two.content]


def test_an_answer_is_registered_only_by_its_own_key_and_for_its_own_outcome():
    answer = replace(ANSWER, trial="d" * 64)
    plan = register(answer, "d" * 64)
    other = register(replace(answer, asked=replace(answer.asked, outcome="fatigue")), "d" * 64)
    for kept, keys, expected in ((plan, [1, 1], True), (plan, [1, 2], False), (other, [1, 1], False)):
        inbox = sorted_out(received([answer, kept], keys=keys))
        assert inbox.is_registered(*inbox.answers[0]) is expected


def test_nobody_takes_the_registration_of_another_one():
    """The name of a trial stands in its answer for all to see."""
    answer = replace(ANSWER, trial="d" * 64)
    mine, theirs = register(answer, "d" * 64), replace(register(answer, "d" * 64), days=84)
    for order in ([answer, mine, theirs], [answer, theirs, mine]):
        keys = [1, 1, 2] if order[1] is mine else [1, 2, 1]
        inbox = sorted_out(received(order, keys=keys))
        assert inbox.is_registered(*inbox.answers[0])


def test_a_trial_that_was_begun_stays_begun():
    """Else whoever dislikes the answer takes back the registration, and nobody knows that somebody is silent."""
    answer = replace(ANSWER, trial="d" * 64)
    plan, back = register(answer, "d" * 64), None
    found = received([answer, plan], keys=[1, 1])
    back = received([Withdrawal(each.sha256) for each in found], keys=[1, 1])
    inbox = sorted_out([*found, *back])
    assert inbox.answers == ()
    assert len(inbox.registered) == 1


def test_bad_files_change_nothing_and_each_is_named(tmp_path, key):
    (tmp_path / "a.json").write_text(signed_line(ANSWER, key))
    before = read_inbox([tmp_path])
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.jsonl").write_text(signed_line(ANSWER, key).replace("168", "196") + "\n\nnonsense\n")
    (tmp_path / "d.txt").write_text("not looked at")
    after = read_inbox([tmp_path])
    assert (after.answers, after.registered) == (before.answers, before.registered)
    assert [each.where for each in after.refused] == ["b.json", "c.jsonl:1", "c.jsonl:3"]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch, key):
    (tmp_path / "a.json").write_text(signed_line(ANSWER, key))
    (tmp_path / "big.json").write_text("x" * 5000)
    monkeypatch.setattr(reading, "LARGEST_FILE", 4000)
    assert "larger than" in whys(read_inbox([tmp_path]))


def test_a_folder_without_contributions_is_a_sentence(tmp_path):
    with pytest.raises(CallError, match="no contribution"):
        read_inbox([tmp_path])
    with pytest.raises(CallError, match="neither a file nor a folder"):
        read_inbox([tmp_path / "nothing"])


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.integers(0, 700))
def test_whatever_is_spoiled_ends_in_a_sentence(noise, at):
    whole = lines([ANSWER])[0]
    spoiled = whole[:at] + noise.decode("latin-1") + whole[at + len(noise) :]
    found = read_line("x", spoiled)
    assert isinstance(found, reading.Refused)
    assert found.why.endswith(".")


def test_bands_read_like_speech():
    from nightdose.knowledge.pooled import band
    from nightdose.pooling.shown import band_words

    assert band_words("adherence", band("adherence", 1.0)) == "95 % to 100 %"
    assert band_words("age", band("age", 91)) == "80 or more"
    assert band_words("dose_mg", band("dose_mg", 4.5)) == "4 to below 5"
    assert band_words("looks", None) == "not said"


def test_a_line_that_another_key_signed_anew_adds_nobody():
    """Twenty keys over one diary are one diary; the registered one of them stays."""
    crowd = received([*community(5, 0, 0.3), *[replace(ANSWER, effect=Profile(3.0, 0.3))] * 20])
    inbox = sorted_out(crowd)
    assert len(inbox.answers) == 6
    assert "signed by another key" in whys(inbox)
    mine = replace(ANSWER, trial="d" * 64)
    others = [replace(mine, trial=f"{at:064x}") for at in range(8)]
    found = received([mine, register(mine, mine.trial), *others], keys=[3, 3, *range(10, 18)])
    assert [answer.trial for _, answer in sorted_out(found).answers] == ["d" * 64]


def test_two_diaries_that_only_look_alike_both_count():
    one = Profile(0.5, 0.3, np.linspace(-8, 0, 17))
    other = Profile(0.5, 0.3, np.append(one.log_likelihood[:-1] - 0.001, 0.0))
    assert len(sorted_out(received([replace(ANSWER, effect=each) for each in (one, other)])).answers) == 2


def test_a_file_that_an_editor_spread_over_lines_is_still_one_contribution(tmp_path, line):
    (tmp_path / "pretty.json").write_text(json.dumps(json.loads(line), indent=2))
    assert len(read_inbox([tmp_path]).answers) == 1
