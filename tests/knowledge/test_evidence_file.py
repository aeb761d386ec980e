"""A prior from others' trials loads only with a source and a status for every number."""

from __future__ import annotations

import math

import pytest

from nightdose.errors import CallError, InputError, KnowledgeError
from nightdose.knowledge.evidence_file import evidence_names, parse_evidence, read_evidence, shipped_evidence
from nightdose.knowledge.load import data_text, reference_keys

SHIPPED = data_text("evidence/fibromyalgia-pain.toml")


def test_the_shipped_prior_leaves_room_on_both_sides_of_zero():
    prior = shipped_evidence("fibromyalgia-pain")
    assert prior.mean.value == 0.01
    assert prior.sd == pytest.approx(math.hypot(0.43, 0.5))
    assert abs(prior.mean.value) < prior.sd
    assert (prior.treatment, prior.better, prior.scale) == ("naltrexone", "lower", (0.0, 10.0))


@pytest.mark.parametrize("name", evidence_names())
def test_every_shipped_number_has_a_source_that_exists_or_a_reason(name):
    prior = shipped_evidence(name)
    assert set(prior.sources) <= reference_keys()
    assert prior.trials
    for number in (prior.mean, prior.heterogeneity, prior.dose):
        assert number.why if number.kind == "assumed" else number.source and number.where


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ('source = "bruun2024final"\nwhere = "naltrexone minus', 'where = "naltrexone minus', "no `source`"),
        ('kind = "derived"\nstatus = "derived"\nsource', 'kind = "derived"\nsource', "status"),
        ('status = "seen"\nwhere = "12 weeks, 6 mg', 'where = "12 weeks, 6 mg', "FINAL 2024"),
        ('status = "seen"\nwhere = "12 weeks, 6 mg', 'status = "recalled"\nwhere = "12 weeks, 6 mg', "recalled"),
        ('source = "rodriguezfreire2026innova"', 'source = "nobody1999"', "nobody1999"),
        ('unit = "point"', 'unit = "furlong"', "furlong"),
        ("value = 0.01", 'value = "nearly nothing"', "kind"),
        ("value = 0.01", "value = nan", "not a number"),
        ("sd = 0.43", "sd = 0.0", "sd"),
        ('why = "sd between', 'because = "sd between', "no `why`"),
        ("value = 0.5", "value = -0.5", "heterogeneity"),
        ("scale = [0.0, 10.0]", "scale = [10.0, 0.0]", "scale"),
        ('better = "lower"', 'better = "less"', "less"),
        ('condition = "fibromyalgia"', "", "condition"),
        ("low = -0.95", "low = 0.95", "interval"),
        ("[mean]", "[mean", "TOML"),
        ("[mean]", "[average]", "mean"),
    ],
)
def test_a_number_without_its_passport_does_not_load(written, instead, complaint):
    assert written in SHIPPED
    with pytest.raises(KnowledgeError, match=complaint):
        parse_evidence("broken", SHIPPED.replace(written, instead))


def test_a_file_may_bring_its_own_references(tmp_path):
    mine = SHIPPED.replace('"bruun2024final"', '"mine2026"')
    mine += '\n[references.mine2026]\nauthor = "Me"\nyear = 2026\ntitle = "My register"\nurl = "https://example.org"\n'
    path = tmp_path / "mine.toml"
    path.write_text(mine, encoding="utf-8")
    prior = read_evidence(str(path))
    assert "mine2026" in prior.sources
    assert dict(prior.cited)["mine2026"] == "Me. 2026. My register. https://example.org"


def test_a_name_that_is_not_shipped_says_which_are():
    with pytest.raises(CallError, match="fibromyalgia-pain"):
        read_evidence("migraine-days")


@pytest.mark.parametrize("name", ["ms", "multiple sclerosis", "ms-pain", "lupus", "fibromyalgia-adverse-events"])
def test_where_the_set_has_no_two_trials_to_pool_it_says_so(name):
    with pytest.raises(CallError, match="at least two randomised trials"):
        read_evidence(name)


def test_a_file_that_is_not_there_is_a_sentence():
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        read_evidence("nowhere.toml")
