"""`pool`: a folder becomes numbers, a page and a site; a bad file changes nothing and is named."""

import json
from pathlib import Path

import pytest
from tests.pooling.people import community, register
from tests.pooling.test_pool import trials

from nightdose.cli import main
from nightdose.letter.signing import own_key
from nightdose.pooling.signed import signed_line


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    answers = trials(community(14, 0.5, 0.2))
    for at, answer in enumerate(answers):
        key = own_key(tmp_path / "keys" / f"{at}.pem")
        lines = [signed_line(register(answer, answer.trial), key), signed_line(answer, key)]
        Path(f"in/{at:02}.jsonl").write_text("\n".join(lines) + "\n")
    return "in"


def test_a_folder_becomes_a_pool(folder, capsys):
    assert main(["pool", folder]) == 0
    out = capsys.readouterr().out
    assert "Answers received: 14 of 14 registered trials." in out
    assert "95 % interval" in out
    assert "no dose is recommended" in out


def test_a_broken_and_a_changed_file_change_no_number(folder, capsys):
    assert main(["pool", folder, "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    Path("in/bad.json").write_text("{")
    Path("in/evil.jsonl").write_text(Path("in/03.jsonl").read_text().replace('"sd":', '"sd":1'))
    assert main(["pool", folder, "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert [each["where"] for each in after.pop("refused")] == ["bad.json:1", "evil.jsonl:1", "evil.jsonl:2"]
    before.pop("refused")
    assert after == before


def test_page_site_and_prior_are_written_and_an_answer_takes_the_prior(folder, capsys):
    words = ["pool", folder, "-o", "page.html", "--site", "site", "--prior", "prior.toml"]
    assert main(words) == 0
    first = Path("site/index.html").read_bytes()
    assert main(words) == 0
    assert Path("site/index.html").read_bytes() == first
    rows = "\n".join(
        f"2026-{m:02}-{d:02},{(d * 7 + m) % 5 + 2},{4.5 if d > 14 else 0}" for m in (1, 2, 3) for d in range(1, 29)
    )
    Path("t.csv").write_text("date,pain,naltrexone_mg\n" + rows)
    capsys.readouterr()
    ask = ["analyse", "t.csv", "--outcome", "pain", "--treatment", "naltrexone", "--range", "0", "10"]
    assert main([*ask, "--randomised", "blocks", "--onset", "same-day", "--evidence", "prior.toml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["with_evidence"]["prior"]["title"] == "naltrexone and pain: 14 diaries, pooled"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nowhere"], "neither a file nor a folder"),
        (["in", "-o", "page.pdf"], "ends in .html"),
        (["in", "--outcome", "joy"], "no such outcome"),
        (["in", "--drug", "caffeine"], "No answer that counts"),
        (["in", "--condition", "migraine"], "No answer that counts"),
    ],
)
def test_a_wrong_call_is_a_sentence(folder, words, why, capsys):
    assert main(["pool", *words]) == 2
    assert why in capsys.readouterr().err


def test_only_one_medicine_is_pooled_where_it_is_named(folder, capsys):
    """Elsewhere --drug names the file that a run is about; here it says which answers are wanted."""
    assert main(["pool", folder, "--drug", "naltrexone"]) == 0
    assert "Answers received: 14" in capsys.readouterr().out
    assert main(["pool", folder, "--drug", "melatonin"]) == 2
    assert "No answer that counts is about that" in capsys.readouterr().err
