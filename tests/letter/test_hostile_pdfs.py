"""A PDF from a stranger: cut, spoiled, locked, endless or a bomb, it is one sentence or does not agree."""

import zlib

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.letter.hostile import agrees, bomb, deflated, is_one_sentence, outcome, pdf, refused, rewritten


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_a_pdf_that_ends_too_early_is_a_sentence(end):
    content = pdf()[: end % len(pdf())]
    if content == pdf():
        return
    found = outcome(content)
    assert is_one_sentence(found)
    assert not agrees(found)


@pytest.mark.long
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


@pytest.mark.long
def test_streams_that_unpack_to_gigabytes_are_refused():
    once = deflated(400)
    refused(bomb(["/FlateDecode"], once))
    refused(bomb(["/FlateDecode", "/FlateDecode"], zlib.compress(once, 9)))
    refused(bomb(["/FlateDecode"] * 6, once))
