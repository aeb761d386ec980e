"""The built folder: what is made once at build time, and what a phone does not have to hold."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from tests.browser.folder import built

ARCHIVES = ("numpy.zip", "nightdose.zip", "pyodide/python_stdlib.zip")


@pytest.mark.parametrize("name", ARCHIVES)
def test_nothing_is_compiled_or_unpacked_by_python_at_a_start(name):
    """Bytecode only, stored as it is; packed as a whole on the way."""
    folder = built()
    if folder is None:
        pytest.skip("the folder is not built here: make browser")
    packed = (folder / f"{name}.packed").read_bytes()
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(packed))) as archive:
        assert [f.filename for f in archive.infolist() if f.filename.endswith(".py")] == []
        assert {f.compress_type for f in archive.infolist()} == {zipfile.ZIP_STORED}
        assert sum(f.filename.endswith(".pyc") for f in archive.infolist()) > 100


def test_the_key_of_a_diary_leaves_nothing_in_pythons_memory(window):
    """Argon2id takes 64 MB, beside it: with them it would be 115 MB, which never shrink."""
    window.evening(5)
    heaps = [worker.evaluate("() => self.heap ? self.heap() : 0") for worker in window.page.workers]
    assert 40e6 < max(heaps) < 80e6
