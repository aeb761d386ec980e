"""The library: one sorted list of names, cheap to import, and results that other programs can use."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from tests.diaries import ask, blocks, diary, wobbling
from tests.report.fake_answers import odd_analyses
from tests.report.fake_parts import asked

import nightdose
from nightdose.errors import CallError


def answered(scale="continuous", levels=(4.5,), days=224, effect=-1):
    """Blocks of four weeks on one or several doses, one point less pain on the largest (or as `effect` says)."""
    dose = blocks(days, dose=1.0)
    turn = (np.arange(days) // 56) % len(levels)
    dose = dose * np.array(levels)[turn]
    pain = wobbling(days, 1) + effect * dose / max(levels)
    if scale == "rating":
        pain = np.clip(np.round(pain), 0, 10)
    question = ask(scale=scale, limits=(0, 10) if scale == "rating" else None, randomised="blocks")
    return nightdose.analyse(diary(pain, naltrexone_mg=dose), question)


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_public_names_are_sorted_and_all_there():
    source = Path(nightdose.__file__).read_text(encoding="utf-8")
    typed = re.findall(r"^    from nightdose\.\S+ import \w+ as (\w+)$", source, flags=re.MULTILINE)
    assert nightdose.__all__ == sorted(typed)  # what a type checker sees is what there is
    for name in nightdose.__all__:
        assert getattr(nightdose, name).__name__ == name
        assert getattr(nightdose, name).__doc__
    assert dir(nightdose) == sorted([*nightdose.__all__, "__version__"])
    assert nightdose.__version__ == version("nightdose")


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="prove"):
        _ = nightdose.prove


@pytest.mark.parametrize("scale", ["continuous", "rating"])
def test_the_arrays_of_an_answer_cannot_be_changed(scale):
    analysis = answered(scale)
    effect, posterior = analysis.fitted.effect, analysis.fitted.leading.posterior
    arrays = (
        analysis.outcome,
        analysis.with_treatment.mean,
        effect.line,
        effect.weights,
        posterior.mean,
        posterior.cov,
    )
    assert not any(values.flags.writeable for values in arrays)


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, nightdose; print([m for m in ('numpy', 'jinja2', 'nightdose.analyse') if m in sys.modules])"
    assert python(code) == "[]"


@pytest.mark.parametrize("first", ["import nightdose.analyse", "import nightdose.cli.analyse", "pass"])
def test_analyse_is_the_function_whatever_was_imported_before(first):
    code = f"{first}\nfrom nightdose import analyse\nfrom nightdose.analyse import decide\nprint(analyse.__name__)"
    assert python(code) == "analyse"


@pytest.mark.parametrize(("scale", "levels"), [("continuous", (4.5,)), ("rating", (4.5,)), ("continuous", (1.5, 4.5))])
def test_draws_have_the_moments_of_the_estimate(scale, levels):
    """20,000 draws: the standard error of their mean is 0.007 sd, of their sd 0.005."""
    analysis = answered(scale, levels)
    e, x = analysis.verdict.estimate, nightdose.improvement_draws(analysis, 20_000, seed=1)
    assert x.shape == (20_000,)
    assert x.mean() == pytest.approx(e.mean, abs=0.03 * e.sd)
    assert x.std() == pytest.approx(e.sd, rel=0.03)
    assert np.mean(x >= 1) == pytest.approx(e.meaningfully_better, abs=0.015)
    assert np.quantile(x, (0.025, 0.975)) == pytest.approx(e.interval95, abs=0.08 * e.sd)


def test_draws_are_joint_and_repeatable():
    """Lower is better: the improvement is minus exposure times the coefficient."""
    from nightdose.export.draws import posterior_draws

    one, two = (posterior_draws(answered(), 500, seed=3) for _ in range(2))
    assert all(np.array_equal(one[name], two[name], equal_nan=True) for name in one)
    assert np.corrcoef(one["improvement"], one["b_naltrexone"])[0, 1] < -0.9
    assert np.all(one["tau_naltrexone"] > 0)


def test_an_answer_without_a_number_gives_no_draws():
    nothing = nightdose.analyse(diary(wobbling(200), naltrexone_mg=np.full(200, 4.5)), ask())
    with pytest.raises(CallError, match="Cannot be known"):
        nightdose.improvement_draws(nothing)
    with pytest.raises(CallError, match="draws"):
        nightdose.improvement_draws(answered(), 0)


def test_an_analysis_becomes_a_datatree():
    pytest.importorskip("xarray")
    analysis = answered()
    tree = nightdose.to_datatree(analysis, draws=200, seed=2)
    assert tree["posterior"]["improvement"].dims == ("chain", "draw")
    assert tree["posterior"].sizes == {"chain": 1, "draw": 200}
    assert np.array_equal(
        tree["posterior"]["improvement"].values[0], nightdose.improvement_draws(analysis, 200, seed=2)
    )
    assert tree["observed_data"]["pain"].sizes["day"] == 224
    assert tree.attrs["verdict"] == analysis.verdict.answer


def test_rows_and_frames_carry_the_same_numbers():
    pytest.importorskip("pandas")
    analysis = nightdose.with_sensitivity(answered(levels=(1.5, 4.5)))
    rows, frame = nightdose.estimate_rows(analysis), nightdose.analysis_frame(analysis)
    assert [row["of"] for row in rows][:3] == ["answer", "dose", "dose"]
    assert rows[0]["improvement_mean"] == analysis.verdict.estimate.mean
    assert list(frame["improvement_mean"]) == [row["improvement_mean"] for row in rows]
    days = nightdose.day_rows(analysis)
    assert len(days) == 224
    assert days[0]["day"] == "2021-07-29"
    assert days[40]["expected_with"] < days[40]["expected_without"]


def test_a_notebook_shows_the_sentence_and_the_pictures():
    analysis = answered()
    html = analysis._repr_html_()
    parser = HTMLParser()
    parser.feed(html)
    assert html.startswith('<div class="nightdose">')
    assert html.count("<svg") == 2
    assert (
        analysis.verdict.answer == "not_yet_known"
    )  # a point less pain where one point matters: half as likely as not
    assert escape(analysis.verdict.sentence) in html
    assert "than it would have been without naltrexone" in answered(effect=-3)._repr_html_()
    assert "<script" not in html


@pytest.mark.parametrize("name", list(odd_analyses()))
def test_odd_and_hostile_diaries_stay_text_in_a_notebook(name):
    nightdose.analyse  # noqa: B018 - the first use teaches an Analysis its picture
    html = odd_analyses()[name]._repr_html_()
    assert "<script" not in html
    assert "<img" not in html


def test_the_whole_story_in_a_few_lines(tmp_path):
    """docs/library.md: read, ask, answer, evidence, report."""
    analysis = answered()
    analysis = asked(analysis, replace(analysis.question, limits=(0, 10)))
    both = nightdose.with_evidence(analysis, nightdose.read_evidence("fibromyalgia-pain"))
    nightdose.write_report(both, tmp_path / "letter.html")
    assert "with the trials" in (tmp_path / "letter.html").read_text(encoding="utf-8")
    assert nightdose.analysis_record(both)["with_evidence"]["prior"]["name"] == "fibromyalgia-pain"
