"""The person's own key: made once, private, never replaced; a signature fits one content and one key."""

import os
import shutil
import stat
import subprocess

import pytest

from nightdose.errors import InputError
from nightdose.letter.signing import is_signed_by, key_print, own_key


def test_the_key_is_made_at_first_use_and_is_the_same_ever_after(tmp_path):
    path = tmp_path / "new" / "folder" / "signing.pem"
    assert own_key(path).public == own_key(path).public


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_nobody_else_can_read_it_from_its_first_byte(tmp_path, monkeypatch):
    path, seen = tmp_path / "signing.pem", []
    real = os.open
    monkeypatch.setattr(os, "open", lambda *a, **k: seen.append(a) or real(*a, **k))
    before = os.umask(0)
    try:
        own_key(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [mode for where, flags, mode in (a for a in seen if a[0] == path) if flags & os.O_EXCL] == [0o600]


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_what_is_not_a_key_is_said_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "signing.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(InputError, match="is not a key that nightdose made"):
        own_key(path)
    assert path.read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_a_key_that_others_can_read_signs_nothing(tmp_path):
    path = tmp_path / "signing.pem"
    own_key(path)
    path.chmod(0o644)
    with pytest.raises(InputError, match="Others on this computer can read"):
        own_key(path)


def test_a_folder_instead_of_a_key_is_a_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        own_key(tmp_path)


def test_a_signature_fits_its_content_and_its_key_alone(tmp_path):
    key, other = own_key(tmp_path / "a.pem"), own_key(tmp_path / "b.pem")
    signed = key.sign(b"words")
    assert is_signed_by(key.public, b"words", signed)
    assert not is_signed_by(key.public, b"word", signed)
    assert not is_signed_by(other.public, b"words", signed)
    assert not is_signed_by(key.public, b"words", signed[:-1] + bytes([signed[-1] ^ 1]))
    assert not is_signed_by(b"not a key", b"words", signed)
    assert key_print(key.public) != key_print(other.public)


def test_the_key_does_not_print_itself(tmp_path):
    assert repr(own_key(tmp_path / "a.pem")) == "OwnKey(...)"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")
def test_openssl_accepts_the_signature(tmp_path):
    key = own_key(tmp_path / "a.pem")
    for name, content in (("in", b"words"), ("sig", key.sign(b"words")), ("pub", key.public)):
        (tmp_path / name).write_bytes(content)
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pub", "-rawin", "-in", "in", "-sigfile", "sig"]
    assert b"Verified Successfully" in subprocess.run(words, cwd=tmp_path, capture_output=True, check=True).stdout
