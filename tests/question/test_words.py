"""A design is named in words, whatever was said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.diaries import ask, blocks, diary, wobbling

from nightdose.fit.case import open_case
from nightdose.question.words import DESIGNS, ONLY_SAID, design_name


@pytest.mark.parametrize("kind", DESIGNS)
def test_every_kind_of_design_has_a_name_also_where_a_draw_is_only_said(kind):
    """Of days that were all on, or all off where an outcome is, a draw may be said as well."""
    design = open_case(diary(wobbling(112), naltrexone_mg=blocks(112)), ask()).design
    said = design_name(replace(design, kind=kind, by_word="turns"))
    assert said == ONLY_SAID.get(kind, DESIGNS[kind])
    assert design_name(replace(design, kind=kind)) == DESIGNS[kind]
