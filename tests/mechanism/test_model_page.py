"""docs/model.md says what the code computes."""

from pathlib import Path

from generation.model_page import page

from nightdose.mechanism.system import OUTPUT_NAMES, parameter_names

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    written = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m generation"


def test_every_equation_and_every_number_is_on_it():
    text = page()
    for name in OUTPUT_NAMES:
        assert f"    {name} = " in text or f"    d({name})/dt = " in text
    for name in parameter_names():
        assert f"`{name}`" in text
