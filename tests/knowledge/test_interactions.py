"""The rule table is whole: action, wording, source, strength and date on every line."""

import datetime

import pytest

from nightdose.errors import KnowledgeError
from nightdose.knowledge.interactions import rule_from, rules
from nightdose.knowledge.load import reference_keys

GOOD = {
    "id": "x", "action": "stop", "wording": "w", "call": "c", "strength": "label",
    "date": datetime.date(2026, 11, 22), "classes": ["opioid"], "source": "naltrexone_label",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"action": "ban"}, "action"),
        ({"strength": "strong"}, "strength"),
        ({"source": "nobody1999"}, "is not known"),
        ({"strength": "assumed"}, "no `why`"),
        ({"classes": []}, "applies to nothing"),
        ({"wording": ""}, "wording"),
    ],
)
def test_a_rule_without_its_passport_does_not_load(change, sentence):
    with pytest.raises(KnowledgeError, match=sentence):
        rule_from({**GOOD, **change}, reference_keys())


def test_the_same_rule_with_its_passport_does():
    assert rule_from(GOOD, reference_keys()).classes == {"opioid"}


def test_every_rule_has_a_date_and_a_source_or_a_reason():
    for rule in rules():
        assert isinstance(rule.date, datetime.date)
        assert rule.source or rule.why
        assert "{name}" in rule.wording or rule.conditions
