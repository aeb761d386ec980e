"""Letters from strangers, for tests: how they are made and what may come of them."""

import io
import zipfile
import zlib
from functools import cache

import pikepdf
import pytest
from tests.letter.letters import analysis

from nightdose.errors import CallError, InputError
from nightdose.letter.background import Background
from nightdose.letter.package import papers_of, papers_pdf, zipped
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


def packed(*entries, **kind):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **({"compression": zipfile.ZIP_DEFLATED} | kind)) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def with_file(name, content):
    return zipped(dict(papers().files) | {name: content})


def rewritten(edit, **options):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as found:
        edit(found)
        found.save(out, **options)
    return out.getvalue()


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
