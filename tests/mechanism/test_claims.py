"""The claims as pictures: every one draws, names its evidence, and changes nothing when its links are off."""

import re
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np
import pytest

from nightdose.errors import CallError
from nightdose.mechanism.claims import CLAIMS, claim
from nightdose.mechanism.claims.claim import grades
from nightdose.report.figures.mechanism import NOT_ADVICE, claim_svg
from nightdose.report.picture import save_picture

FORBIDDEN = re.compile(r"\b(proven|proves|cures?|safe|effective|optimal|works)\b", re.IGNORECASE)


simulated = cache(claim)


SIMULATE_LONG = [pytest.param(name, marks=() if name == "rebound" else pytest.mark.long) for name in sorted(CLAIMS)]


@pytest.fixture(scope="module", params=SIMULATE_LONG)
def drawn(request):
    found = simulated(request.param)
    return found, claim_svg(found)


def test_a_claim_is_drawn_with_its_evidence_and_its_limits(drawn):
    found, svg = drawn
    words = " ".join("".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.tag.endswith("text"))
    for expected in ("As published.", "What must be assumed.", "Distance from the data.", "Limits.", NOT_ADVICE):
        assert expected in words
    assert all(grade in " ".join(words.split()) for _, grade in grades(found))
    assert not FORBIDDEN.search(words)


def test_what_is_assumed_is_marked_in_the_picture(drawn):
    found, svg = drawn
    marked = [item for panel in found.panels for item in (*panel.curves, *panel.bars) if item.assumed]
    assert marked, "a claim that assumes nothing would be a fact"
    assert "stroke-dasharray" in svg or "hollow" in svg


def test_text_stays_inside_the_picture(drawn):
    _, svg = drawn
    for node in ET.fromstring(svg).iter():
        if node.tag.endswith("text") and node.get("text-anchor", "start") == "start":
            wide = 10.3 if node.get("class") == "title" else 6.0
            assert float(node.get("x")) + wide * len("".join(node.itertext())) < 735


def test_same_seed_gives_the_same_picture(drawn):
    found, svg = drawn
    if found.name in ("rebound", "fading-side-effects"):
        assert claim_svg(claim(found.name)) == svg


def test_as_published_a_low_dose_changes_no_relapse_and_no_oligodendrocyte():
    for name, panel in (("balance", 0), ("neuroprotection", 1)):
        bar = next(bar for bar in simulated(name).panels[panel].bars if "as published" in bar.name)
        assert bar.value == pytest.approx(1.0, abs=1e-6)


def test_an_unknown_claim_gets_a_sentence():
    with pytest.raises(CallError, match="no claim 'magic'"):
        claim("magic")


def test_pictures_are_saved_as_svg_and_png_and_nothing_else(tmp_path):
    svg = claim_svg(claim("fading-side-effects"))
    save_picture(svg, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == svg
    pytest.importorskip("resvg_py", reason="extra `png` is not installed")
    save_picture(svg, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(CallError, match=r"\.svg or \.png"):
        save_picture(svg, tmp_path / "a.gif")


def test_curves_are_finite(drawn):
    found, _ = drawn
    assert all(np.isfinite(curve.middle).all() for panel in found.panels for curve in panel.curves)
