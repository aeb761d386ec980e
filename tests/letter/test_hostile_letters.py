"""A letter from a stranger: whatever the file is, one sentence, in bounded memory, and nothing is written."""

import base64
import io
import json
import re
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from functools import cache

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.letter.letters import analysis

from nightdose.errors import CallError, InputError
from nightdose.letter.letter import Background
from nightdose.letter.opened import MOST_LETTER, open_letter
from nightdose.letter.package import papers_html, papers_of, papers_pdf, zipped
from nightdose.letter.verify import Verified, verify


@cache
def papers():
    return papers_of(analysis("short"), Background())


@cache
def pdf():
    return papers_pdf(papers())


def refused(content):
    """The one sentence, without a line break, without a traceback."""
    with pytest.raises(InputError) as caught:
        verify(content)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


def outcome(content):
    """What was found, or the sentence."""
    try:
        return verify(content)
    except (InputError, CallError) as error:
        return str(error)


def is_one_sentence(found):
    return isinstance(found, Verified) or "\n" not in found


def agrees(found):
    return isinstance(found, Verified) and found.agrees


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


# ---- zips


def packed(*entries, **kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **({"compression": zipfile.ZIP_DEFLATED} | kind)) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


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


# ---- JSON


def with_file(name, content):
    return zipped(dict(papers().files) | {name: content})


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


# ---- PDFs


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_a_pdf_that_ends_too_early_is_a_sentence(end):
    content = pdf()[: end % len(pdf())]
    if content == pdf():
        return
    found = outcome(content)
    assert is_one_sentence(found)
    assert not agrees(found)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
@example([(10, 0)])
@settings(max_examples=60)
def test_a_spoiled_pdf_is_a_sentence_or_does_not_agree(spots):
    content = bytearray(pdf())
    for at, byte in spots:
        content[at % len(content)] = byte
    if bytes(content) == pdf():
        return
    found = outcome(bytes(content))
    assert is_one_sentence(found)
    assert not agrees(found)


def rewritten(edit, **options):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as found:
        edit(found)
        found.save(out, **options)
    return out.getvalue()


def test_a_locked_pdf_is_a_sentence():
    assert "locked" in refused(rewritten(lambda found: None, encryption=pikepdf.Encryption(owner="x", user="y")))


def test_a_pdf_without_the_package_is_a_sentence():
    def remove(found):
        del found.attachments["package.zip"]

    assert "carries no package" in refused(rewritten(remove))


def test_a_pdf_with_another_thing_as_its_package_is_a_sentence():
    def swap(found):
        del found.attachments["package.zip"]
        found.attachments["package.zip"] = pikepdf.AttachedFileSpec(found, b"hello", filename="package.zip")

    refused(rewritten(swap))


def test_a_thousand_pages_are_refused():
    def more(found):
        for _ in range(1000):
            found.pages.append(found.pages[0])

    assert "pages; no letter has" in refused(rewritten(more))


def test_a_page_that_draws_itself_is_refused():
    def loop(found):
        page = found.pages[0]
        form = found.make_stream(b"/Again Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Again=form))
        page.Contents = found.make_stream(b"/Again Do")
        page.Resources.XObject = pikepdf.Dictionary(Again=form)

    assert "more than any letter" in refused(rewritten(loop))


def bomb(filters, content):
    """A PDF whose package is a stream that unpacks to gigabytes."""

    def swap(found):
        del found.attachments["package.zip"]
        spec = pikepdf.AttachedFileSpec(found, b"", filename="package.zip")
        found.attachments["package.zip"] = spec
        stream = found.attachments["package.zip"].obj.EF.F
        stream.write(content, filter=[pikepdf.Name(name) for name in filters])

    return rewritten(swap)


def deflated(megabytes):
    packer, out = zlib.compressobj(1), []
    for _ in range(megabytes):
        out.append(packer.compress(b"\0" * (1 << 20)))
    return b"".join(out) + packer.flush()


def test_streams_that_unpack_to_gigabytes_are_refused():
    once = deflated(400)
    refused(bomb(["/FlateDecode"], once))
    refused(bomb(["/FlateDecode", "/FlateDecode"], zlib.compress(once, 9)))
    refused(bomb(["/FlateDecode"] * 6, once))


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
