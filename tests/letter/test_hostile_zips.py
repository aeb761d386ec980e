"""A package from a stranger as a zip: paths, links, bombs, lies and locks are one sentence."""

import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.letter.hostile import agrees, is_one_sentence, outcome, packed, papers, refused

from nightdose.letter.opened import open_letter


def linked():
    entry = zipfile.ZipInfo("days.csv")
    entry.external_attr = 0o120777 << 16
    return packed((entry, b"/etc/passwd"))


@pytest.mark.parametrize(
    "name",
    [
        "../days.csv",
        "/etc/days.csv",
        "a/days.csv",
        "a\\days.csv",
        "days.csv/",
        "..",
        ".csv",
        "days.exe",
        "C:days.csv",
        "d\u202eays.csv",
        "x" * 300 + ".csv",
    ],
)
def test_paths_and_odd_names_are_refused(name):
    assert "which no letter does" in refused(packed((name, b"x")))


def test_links_are_refused():
    assert "a link" in refused(linked())


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    assert "far larger" in refused(packed(("days.csv", b"\0" * 30_000_000)))
    many = [(f"a{n}.csv", b"\0" * 4_000_000) for n in range(20)]
    assert "unpacks to far more" in refused(packed(*many))


def test_a_zip_that_lies_about_its_size_is_refused():
    honest = packed(("days.csv", b"\0" * 3_000_000))
    at = honest.rfind(b"PK\x01\x02")
    lying = honest[: at + 24] + struct.pack("<I", 10) + honest[at + 28 :]
    refused(lying)


@pytest.mark.parametrize("kind", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing_are_refused(kind):
    assert "packed in a way" in refused(packed(("days.csv", b"x"), compression=kind))


def test_a_file_named_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = packed(("days.csv", b"x"), ("days.csv", b"y"))
    assert "twice" in refused(twice)


def test_thousands_of_entries_are_refused_before_they_are_listed():
    assert "more than the 32 files" in refused(packed(*((f"a{n}.csv", b"") for n in range(3000))))


def test_a_locked_zip_is_refused():
    content = bytearray(packed(("days.csv", b"x")))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    refused(bytes(content))


@given(st.data())
@settings(max_examples=150)
def test_a_spoiled_zip_is_a_sentence_or_a_letter_that_does_not_agree(data):
    content = bytearray(papers().content)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if bytes(content) == papers().content:
        return
    found = outcome(bytes(content))
    assert is_one_sentence(found)
    assert not agrees(found) or open_letter(bytes(content)).files == dict(papers().files)
