"""The order is drawn, sealed, committed to, verified, and never shown by accident."""

import json
import shutil
import subprocess
import traceback
from dataclasses import replace

import pytest

from nightdose.errors import CallError, InputError
from nightdose.protocol import sealing as blinding
from nightdose.protocol.sealing import Allocation, allocate, arms_of, commitment, read_allocation, verify
from nightdose.report.sheets.kit_sheet import kit_sheet_page


@pytest.fixture
def allocation(design):
    return allocate(design, "protocol-hash")


def test_what_the_helper_opens_is_what_was_sealed(allocation):
    identity, recipient = blinding.helper_keys()
    sealed = blinding.seal(allocation, recipient)
    opened = blinding.unseal(sealed, identity)
    assert opened == allocation
    verify(opened, commitment(allocation))


def test_any_age_program_opens_the_sealed_file(allocation, tmp_path):
    if shutil.which("age") is None:
        pytest.skip("no age program here; an outside check of the file format")
    identity, recipient = blinding.helper_keys()
    (tmp_path / "key").write_text(identity + "\n")
    sealed = blinding.seal(allocation, recipient)
    done = subprocess.run(["age", "-d", "-i", tmp_path / "key"], input=sealed, capture_output=True, check=True)
    assert read_allocation(done.stdout) == allocation


def test_another_key_opens_nothing_and_the_message_tells_nothing(allocation):
    sealed = blinding.seal(allocation, blinding.helper_keys()[1])
    with pytest.raises(InputError, match="does not open this file"):
        blinding.unseal(sealed, blinding.helper_keys()[0])


def test_the_commitment_cannot_be_guessed_from_the_few_possible_orders(design):
    first, second = (allocate(design, "p", seed=1) for _ in range(2))
    assert first.arms == second.arms
    assert commitment(first) != commitment(second)


@pytest.mark.parametrize("change", [{"seed": 5}, {"salt": "00"}, {"protocol": "other"}])
def test_a_changed_allocation_is_refused(allocation, change):
    with pytest.raises(InputError, match="hashes differ"):
        verify(replace(allocation, **change), commitment(allocation))


def test_an_order_that_its_seed_does_not_draw_is_refused(allocation):
    forged = replace(allocation, arms=tuple(reversed(allocation.arms)))
    with pytest.raises(InputError, match="not the one its seed draws"):
        verify(forged, commitment(forged))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "x", "arms": ["on"]}', b"\xff\xfe"])
def test_what_is_no_allocation_is_refused(content):
    with pytest.raises(InputError, match="not an allocation"):
        read_allocation(content)


def test_a_wrong_public_key_is_a_sentence(allocation):
    with pytest.raises(CallError, match="not an age public key"):
        blinding.seal(allocation, "age1nonsense")


def test_no_print_and_no_traceback_shows_the_order(allocation):
    def crash(secret: Allocation):
        raise RuntimeError(f"went wrong with {secret}")

    try:
        crash(allocation)
    except RuntimeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    for secret in (
        allocation.salt,
        str(allocation.seed),
        json.dumps(allocation.arms)[1:-1],
        str(allocation.arms),
    ):
        assert secret not in shown


def test_an_emergency_opens_one_block_only(allocation):
    assert arms_of(allocation, [2]) == ((2, allocation.arms[1]),)
    with pytest.raises(CallError, match="numbered 1 to 6"):
        arms_of(allocation, [7])


def test_the_kit_sheet_packs_every_box_and_warns_the_person_first(allocation):
    page = kit_sheet_page(allocation, "3 capsules of 1.5 mg", "3 look-alike capsules without medicine").replace(
        "\u00a0", " "
    )
    assert page.index("Stop reading here") < page.index("Packing list")
    assert page.count("3 capsules of 1.5 mg") == 3 + 1 + 3  # list, total, slips
    assert commitment(allocation) in page
