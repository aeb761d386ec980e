"""A package from a stranger whose JSON or days are not ours: one sentence, never a traceback."""

import json

import pytest
from tests.letter.hostile import is_one_sentence, outcome, papers, refused, with_file

from nightdose.letter.package import zipped


@pytest.mark.parametrize("name", ["manifest.json", "letter.json", "question.json", "analysis.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{}",
        b"\xff",
        b"1" * 5000,
    ],
)
def test_json_that_we_never_write_is_a_sentence(name, content):
    refused(with_file(name, content))


@pytest.mark.parametrize("name", ["manifest.json", "letter.json", "question.json", "analysis.json"])
def test_a_missing_file_is_a_sentence(name):
    files = dict(papers().files)
    del files[name]
    assert name in refused(zipped(files))


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*path, key)
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value[:1]):
            yield from leaves(each, (*path, at))
    else:
        yield path


def spoiled(record, path, value):
    record = json.loads(json.dumps(record))
    inside = record
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return record


ODD = (None, "", "x" * 5000, -1, 1e308, 10**400, [], {}, [[]], True, "../../x", "\x1b[2J", {"a": None})


@pytest.mark.long
@pytest.mark.parametrize("name", ["manifest.json", "letter.json", "question.json", "analysis.json"])
def test_no_odd_value_anywhere_in_the_package_ends_in_a_traceback(name):
    record = json.loads(papers().files[name])
    for path in dict.fromkeys(leaves(record)):
        if not path:
            continue
        for odd in ODD:
            content = with_file(name, json.dumps(spoiled(record, path, odd)).encode())
            assert is_one_sentence(outcome(content))


@pytest.mark.parametrize(
    "days",
    [
        b"",
        b"date\n",
        b"date,pain\n2021-07-29,NaN\n",
        b"date,pain\n2021-07-29,1,2\n",
        b"\xff",
        b'"',
        b"date,pain\n2021-07-29,1_0\n",
        b"date,pain\n9999-12-31,1\n",
        b"date,pain\n2021-07-29,1e999\n",
    ],
)
def test_days_that_are_not_ours_are_a_sentence(days):
    refused(with_file("days.csv", days))


def test_a_question_for_a_million_dummy_diaries_is_refused():
    asked = json.loads(papers().files["question.json"]) | {"certificate": 10**9}
    assert "asks for more than nightdose does" in refused(with_file("question.json", json.dumps(asked).encode()))
