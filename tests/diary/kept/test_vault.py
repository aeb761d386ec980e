"""The key of an encrypted diary: passphrase, recovery key, and what happens when either is wrong."""

import json
import unicodedata

import pytest

from nightdose.diary.kept import vault
from nightdose.diary.kept.database import DiaryError, WrongKey
from nightdose.errors import CallError

SECRET = vault.Secret(bytes(range(16)))


def test_the_passphrase_opens_what_it_locked():
    assert vault.unlock(vault.lock(SECRET, "four small green words"), "four small green words") == SECRET


def test_a_wrong_passphrase_is_said_to_be_wrong():
    locked = vault.lock(SECRET, "four small green words")
    with pytest.raises(WrongKey, match="does not open the diary"):
        vault.unlock(locked, "four small green word")


def test_the_key_file_does_not_hold_the_secret_and_differs_each_time():
    first, second = (vault.lock(SECRET, "four small green words") for _ in range(2))
    assert SECRET.bits.hex() not in first + second
    assert json.loads(first)["hidden"] != json.loads(second)["hidden"]


def test_the_recovery_key_comes_back_from_paper():
    typed = SECRET.recovery_key.lower().replace("-", " ")
    assert vault.secret_from_recovery_key(typed) == SECRET


@pytest.mark.parametrize("place", range(0, 39, 5))
def test_one_wrong_letter_in_the_recovery_key_is_noticed(place):
    key = SECRET.recovery_key
    wrong = key[:place] + ("B" if key[place] != "B" else "C") + key[place + 1 :]
    with pytest.raises(WrongKey, match="typing mistake"):
        vault.secret_from_recovery_key(wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 2**40},
        {"time_cost": 10**9},
        {"format": "other"},
        {"salt": "zz"},
        {"lanes": 0},
        {"memory_kib": 512 * 1024},
        {"time_cost": 13},
        {"time_cost": 12, "memory_kib": 256 * 1024 + 1},
        {"lanes": 17},
        {"time_cost": float("inf")},
        {"salt": 5},
    ],
)
def test_a_forged_key_file_is_refused_before_any_work(change):
    body = json.loads(vault.lock(SECRET, "four small green words"))
    with pytest.raises(DiaryError, match="key file is damaged"):
        vault.unlock(json.dumps({**body, **change}), "four small green words")


def test_a_short_passphrase_is_refused():
    with pytest.raises(CallError, match="8 or more"):
        vault.lock(SECRET, "kim")


def test_the_secret_never_prints():
    assert SECRET.bits.hex() not in repr(SECRET) + str(SECRET) + f"{SECRET}"


UMLAUT = "müde schlafen gut"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_letter_with_an_accent_is_one_letter_from_any_keyboard(form):
    """macOS writes u and two dots, Linux and Windows one letter."""
    assert vault.unlock(vault.lock(SECRET, UMLAUT), unicodedata.normalize(form, UMLAUT)) == SECRET
    assert vault.unlock(vault.lock(SECRET, unicodedata.normalize(form, UMLAUT)), UMLAUT) == SECRET


@pytest.mark.parametrize("typed", ["\ufeff" + UMLAUT, UMLAUT.replace(" ", "\u00a0")])
def test_the_mark_of_an_editor_and_its_blanks_are_no_part_of_the_words(typed):
    assert vault.unlock(vault.lock(SECRET, UMLAUT), typed) == SECRET


def test_a_diary_that_was_locked_as_typed_opens(monkeypatch):
    """Version 0.1 did not normalise; a passphrase typed on a Mac was locked as it came."""
    typed = unicodedata.normalize("NFD", UMLAUT)
    with monkeypatch.context() as old:
        old.setattr(vault, "prepared", lambda passphrase: passphrase)
        locked = vault.lock(SECRET, typed)
    assert vault.unlock(locked, typed) == vault.unlock(locked, UMLAUT) == SECRET


@pytest.mark.parametrize("other", [UMLAUT + " ", UMLAUT.upper(), "mude schlafen gut", UMLAUT.replace(" ", "")])
def test_other_words_are_other_words(other):
    with pytest.raises(WrongKey):
        vault.unlock(vault.lock(SECRET, UMLAUT), other)


def test_an_endless_key_file_is_refused_before_it_is_read_as_json():
    with pytest.raises(DiaryError, match="key file is damaged"):
        vault.unlock("[" * 1_000_000, UMLAUT)
