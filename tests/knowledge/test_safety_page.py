"""docs/safety.md promises what a test of that name holds, and its counts are those of the table."""

import re
from collections import Counter
from pathlib import Path

from generation.safety_sources import page
from tests.knowledge.written import LISTED

from nightdose.knowledge.interactions import rules
from nightdose.knowledge.listed_names import names

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists():
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"\btest_\w+\b(?!\.py)", PAGE))
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in written] == []


def test_every_file_that_the_page_names_exists():
    for name in re.findall(r"`(\w+/test_\w+\.py)", PAGE):
        assert (ROOT / "tests" / name).exists(), name


def test_the_pages_counts_are_those_of_the_table():
    listed = [name for name in names() if name.kind not in ("stem", "part")]
    seen = sum(name.source != "recalled" for name in LISTED)
    countries = {name.country for name in LISTED if name.country}
    for number in (len(LISTED), seen, len(LISTED) - seen):
        assert f"{number:,}" in PAGE
    recalled = [name for name in LISTED if name.source == "recalled"]
    kinds = Counter(name.kind for name in recalled)
    assert f"{kinds['brand']:,} brands, {kinds['misspelling']} misspellings, {kinds['language']} words" in PAGE
    assert f"{kinds['substance']} substances, {kinds['street']} names of the street" in PAGE
    assert f"brands of {len(countries)}" in " ".join(PAGE.split())
    assert abs(len(listed) - 6300) < 100


def test_the_page_of_sources_is_written_from_the_rules():
    assert (ROOT / "docs" / "safety-sources.md").read_text(encoding="utf-8") == page(), "run: python -m generation"


def test_every_rule_stands_on_the_page_of_sources_with_its_day():
    for rule in rules():
        assert re.search(rf"^\| {rule.id} \|.*\| {rule.date} \|$", page(), re.MULTILINE)
