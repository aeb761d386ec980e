"""A letter from a stranger: whatever the file is, one sentence, in bounded memory, and nothing is written."""

import base64
import re
import subprocess
import sys
import textwrap
import zlib

import pytest
from tests.letter.hostile import (
    bomb,
    deflated,
    packed,
    papers,
    refused,
    with_file,
)

from nightdose.letter.opened import MOST_LETTER
from nightdose.letter.package import papers_html


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x00" * 100, b"PK", b"PK\x05\x06", b"%PDF-1.7", b"<", b"<html>", b"\x1f\x8b\x08"]
)
def test_what_is_not_a_letter_is_said(content):
    refused(content)


def test_a_letter_without_its_package_is_said():
    page = re.sub(rb'<p class="package.*?</p>\n', b"", papers_html(papers()).encode())
    assert "carries no package" in refused(page)


def test_a_page_with_two_packages_is_not_one_of_ours():
    page = papers_html(papers())
    link = re.search(r'<p class="package.*?</p>\n', page)[0]
    refused(page.replace(link, link * 2).encode())


@pytest.mark.parametrize("words", ["=", "A", "A===", "not base64 at all", "PHNjcmlwdD4="])
def test_a_broken_link_is_said(words):
    page = re.sub(r"base64,[^\"]*", f"base64,{words}", papers_html(papers()))
    refused(page.encode())


def test_a_page_that_is_not_utf_8_is_said():
    refused(papers_html(papers()).encode("utf-16"))
    refused(papers_html(papers()).encode().replace(b"nightdose", b"\xff\xfe"))


def test_a_file_that_is_too_large_is_not_read():
    assert "larger than" in refused(b"<" + b" " * MOST_LETTER)


@pytest.mark.long
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process held is read from /proc")
def test_hostile_letters_stay_below_300_megabytes(tmp_path):
    """Each in a process of its own would be slow: one process reads them all, and what it ever held is counted."""
    once = deflated(600)
    heads = papers().files["days.csv"].splitlines()[0] + b"\n"
    nested = b"[" + b"[]," * 600_000 + b"[]]"
    linked = base64.b64encode(b"\0" * 15_000_000).decode()
    files = {
        "a.pdf": bomb(["/FlateDecode"], once),
        "b.pdf": bomb(["/FlateDecode"] * 2, zlib.compress(once, 9)),
        "c.zip": packed(("days.csv", b"\0" * 100_000_000)),
        "d.zip": packed(*((f"a{n}.csv", b"") for n in range(20_000))),
        "e.zip": with_file("letter.json", b"[" * 2_000_000),
        "f.zip": with_file("letter.json", nested),
        "g.html": papers_html(papers()).replace("base64,", f"base64,{linked}").encode(),
        "h.zip": with_file("days.csv", heads + b"2021-07-29,11,22\n" * 230_000),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    code = textwrap.dedent("""
        import pathlib, re, sys
        from nightdose.errors import InputError
        from nightdose.letter.verify import verify
        for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
            try:
                verify(path.read_bytes())
                raise SystemExit(f"{path} was accepted")
            except InputError:
                pass
        print(int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024)
    """)
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 300
