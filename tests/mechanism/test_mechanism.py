"""What the mechanism says: only blockade without the claims, the published targets, the signs that each link claims."""

import numpy as np
import pytest

from nightdose.errors import CallError, KnowledgeError
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.knowledge.load import parameters, parse_parameters, reference_keys
from nightdose.mechanism.expressions import Graph
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.people import Body, release_factor, taking, triggers, typical_person
from nightdose.mechanism.regimen import PRESETS, DoseStep, Regimen, parse_regimen
from nightdose.mechanism.simulate import simulate
from nightdose.mechanism.system import MECHANISMS, OUTPUT_NAMES, STATE_NAMES, parameter_names

BLOCKADE = {
    "gut", "central", "peripheral", "deep", "metabolite", "metabolite_peripheral", "eliminated", "effect_site",
    "retained",
    "block_hours", "block_memory", "conc_naltrexone", "conc_metabolite", "ratio_mu", "occupancy_mu",
    "occupancy_kappa", "occupancy_delta", "ratio_peripheral", "occupancy_peripheral", "occupancy_ogfr",
    "opioid_signal", "signal_hours", "relief", "upregulation_drive", "dream_tolerance", "escaping",
}  # fmt: skip
DAYS = 28


def month(regimen, days=DAYS, **links):
    body = Body(hypotheses=strengths(links, start="off"))
    p = typical_person(body)
    log = regimen.log(days, p["salt_fraction"], p["molar_mass"])
    largest = max((step.dose_mg for step in regimen.steps), default=0.0)
    return simulate([taking(p, largest, body)], [log], np.arange(0, 24 * days + 0.1, 1.0))


def last_day(found, name):
    return found.of(name)[0, -24:]


def test_without_the_claims_only_blockade_remains():
    """All switches off: whatever is not the drug or its block is the untreated body, for a low and a full dose."""
    untreated = month(PRESETS["nothing"])
    for name in ("ldn", "full-50"):
        treated = month(PRESETS[name])
        assert last_day(treated, "occupancy_mu").min() > 0.2
        for output in set(OUTPUT_NAMES) - BLOCKADE:
            assert np.allclose(treated.of(output), untreated.of(output), rtol=1e-4, atol=1e-6), output


def test_a_blocked_signal_is_exactly_the_share_not_blocked():
    found = month(PRESETS["ldn"])
    assert np.allclose(found.of("opioid_signal"), 1 - found.of("occupancy_mu"), atol=1e-4)


@pytest.mark.parametrize("name", sorted(set(hypotheses()) - {"short_block"}))
def test_every_switch_leaves_the_untreated_body_alone(name):
    assert np.allclose(
        month(PRESETS["nothing"], **{name: 1.0}).values[..., :-1],
        month(PRESETS["nothing"]).values[..., :-1],
        rtol=1e-4, atol=1e-6,
    )  # fmt: skip


def test_nightly_full_dose_blocks_as_measured():
    # Weerts 2008: mu 94.9 +/- 4.9 %, delta 21.1 +/- 14.5 %
    found = month(PRESETS["full-50"])
    assert last_day(found, "occupancy_mu").mean() == pytest.approx(0.949, abs=0.02)
    assert last_day(found, "occupancy_delta").mean() == pytest.approx(0.211, abs=0.05)


def test_short_block_keeps_the_measured_oral_dose_for_half_and_ends_sooner():
    single = Regimen("one dose", (DoseStep(5.6, 1),), clock_h=(0.0,))
    long, short = month(single, 2), month(single, 2, short_block=1.0)
    for found in (long, short):
        assert found.of("occupancy_mu")[0, 3:8].mean() == pytest.approx(0.5, abs=0.07)
    assert long.of("occupancy_mu")[0, 24] > 0.25
    assert short.of("occupancy_mu")[0, 24] < 0.15


def test_a_low_dose_ends_sooner_and_a_full_dose_as_scanned():
    """Bednarczyk 2005: 12.5 mg blocked at 24 h and not at 72 h; Lee 1988: 50 mg at 80 % of hour one at 72 h."""
    low, full = (month(Regimen("one dose", (DoseStep(mg, 1),), clock_h=(0.0,)), 4) for mg in (12.5, 50.0))
    assert low.of("occupancy_mu")[0, 24] > 0.4
    assert low.of("occupancy_mu")[0, 72] < 0.15
    assert full.of("occupancy_mu")[0, 72] / full.of("occupancy_mu")[0, 1] == pytest.approx(0.8, abs=0.06)
    one = Body(readings={"offset": "one_curve"})
    p = typical_person(one)
    assert taking(p, 12.5, one) == p


def test_between_a_low_and_a_high_dose_the_end_changes_without_a_jump():
    p = typical_person(Body())
    factors = [release_factor(p, mg) for mg in (1.5, 4.5, 12.5, 25.0, 50.0, 100.0)]
    assert factors == sorted(factors, reverse=True)
    assert factors[0] == pytest.approx(p["offset_low"], rel=1e-4)
    assert factors[2] == pytest.approx(p["offset_low"] ** 0.94, rel=0.01)
    assert factors[3] == pytest.approx(p["offset_low"] ** 0.5)
    assert factors[4] == pytest.approx(p["offset_low"] ** 0.06, rel=0.01)
    assert factors[-1] == pytest.approx(1.0, abs=0.01)


def test_full_dose_maintenance_raises_endorphin_as_seen():
    # Kosten 1986: +61 % in the morning
    found = month(PRESETS["full-50"], rebound=1.0)
    assert last_day(found, "endorphin_change").mean() == pytest.approx(1.61, abs=0.03)


def test_untreated_endorphin_has_the_measured_rhythm():
    # Iranmanesh 1989: acrophase 10:43, amplitude 23 % of the mean
    endorphin = month(PRESETS["nothing"]).of("endorphin")[0, -24:]
    hours = np.arange(-24, 0) + 24 * DAYS + 1
    wave = np.sum(endorphin * np.exp(-2j * np.pi * hours / 24)) / 12
    assert abs(wave) / endorphin.mean() == pytest.approx(0.23, abs=0.005)
    assert -np.angle(wave) * 24 / (2 * np.pi) % 24 == pytest.approx(10.72, abs=0.05)


def test_receptors_need_a_threshold_and_fall_back_within_three_days():
    low = month(parse_regimen("0.5mg"), receptor_upregulation=1.0)
    high = month(PRESETS["full-50"], receptor_upregulation=1.0)
    assert last_day(low, "receptors").mean() < 1.05
    assert 1.5 < last_day(high, "receptors").mean() < 1.8
    p = typical_person(Body())
    assert np.exp(-72 / p["receptor_time"]) < 0.1


def test_duration_of_block_decides_the_sign_of_the_ogf_brake():
    """Zagon 1983 and 1984 in mice, here as a labelled hypothesis: a small dose once a day leaves more braking than
    untreated, the same dose four times a day or a large dose less."""
    links = {"ogf_axis": 1.0}
    once = month(PRESETS["ldn"], **links)
    four = month(parse_regimen("4.5mg@04:00+10:00+16:00+22:00"), **links)
    large = month(PRESETS["full-50"], **links)
    assert last_day(once, "growth_brake").mean() > 1.0
    assert last_day(four, "growth_brake").mean() < 1.0
    assert last_day(large, "growth_brake").mean() < 0.8


def test_tlr4_at_the_measured_potency_does_nothing():
    found = month(PRESETS["ldn"], tlr4_block=1.0)
    assert found.of("tlr4_inhibition").max() < 1e-4
    assert found.of("microglia").min() > 0.999


def test_the_nitric_oxide_chain_needs_every_arrow():
    links = {"no_suppression": 1.0, "no_blocks_uptake": 1.0, "glutamate_kills": 1.0}
    untreated = month(PRESETS["nothing"]).of("oligodendrocytes")[0, -1]
    assert month(PRESETS["ldn"], **links).of("oligodendrocytes")[0, -1] > untreated * (1 + 1e-5)
    for missing in links:
        rest = {name: value for name, value in links.items() if name != missing}
        assert month(PRESETS["ldn"], **rest).of("oligodendrocytes")[0, -1] == pytest.approx(untreated, rel=1e-7)


def course(regimen, years, people=24):
    p = typical_person(Body())
    days = round(365.25 * years)
    plan = regimen.log(days, p["salt_fraction"], p["molar_mass"])
    logs = [plan.with_events(triggers(p, days, 7, i)) for i in range(people)]
    return simulate([p] * people, logs, np.arange(0, days + 1, 30.0) * 24)


def test_untreated_ms_relapses_and_progresses_as_published():
    found = course(PRESETS["nothing"], 26)
    assert found.of("relapses")[:, -1].mean() / 26 == pytest.approx(1.0, abs=0.15)
    assert np.median(found.of("disability")[:, -1]) == pytest.approx(6.0, abs=0.3)


def test_comparator_cuts_relapses_lowers_defence_and_relapses_return_after_stopping():
    stopped = Regimen("a year", infusion_every=28, stop_day=365)
    found, untreated = course(stopped, 3), course(PRESETS["nothing"], 3)
    relapses, base = found.of("relapses").mean(axis=0), untreated.of("relapses").mean(axis=0)
    year = 12
    assert relapses[year] / base[year] == pytest.approx(0.29, abs=0.08)
    assert found.of("defence")[:, 6].max() < 0.8
    assert (relapses[-1] - relapses[2 * year + 2]) / (base[-1] - base[2 * year + 2]) > 0.8


def test_dreams_are_as_likely_as_in_the_trials_and_fade_only_if_that_is_assumed():
    found, faded = month(PRESETS["ldn"], dreams=1.0), month(PRESETS["ldn"], dreams=1.0, dreams_fade=1.0)
    assert last_day(found, "vivid_dreams").mean() / 0.13 == pytest.approx(2.41, abs=0.1)
    assert last_day(faded, "vivid_dreams").mean() < 0.8 * last_day(found, "vivid_dreams").mean()


def test_every_parameter_has_a_passport_and_every_passport_is_used():
    known = {
        **parameters("mechanism"), **parameters("calibrated"), **parameters("calibrated_course"), **hypotheses()
    }  # fmt: skip
    assert set(parameter_names()) <= set(known)
    elsewhere = {
        "molar_mass", "salt_fraction", "metabolite_molar_mass", "clearance_licko", "deep_half_life", "trigger_rate",
        "trigger_size", "cirrhosis_escape", "cirrhosis_clearance", "cirrhosis_first_pass", "weight_slope",
        "weight_clearance", "weight_reference", "offset_low", "offset_dose", "offset_steepness",
    }  # fmt: skip
    assert set(known) - set(parameter_names()) == elsewhere
    assert set(parameters("people")) <= set(known)


def test_a_number_without_a_passport_fails_the_load():
    with pytest.raises(KnowledgeError, match="has no `source`"):
        parse_parameters('[x]\nvalue = 1\nunit = "h"\nkind = "measured"\n', reference_keys())
    with pytest.raises(KnowledgeError, match="has no `why`"):
        parse_parameters('[x]\nvalue = 1\nunit = "h"\nkind = "assumed"\n', reference_keys())
    with pytest.raises(KnowledgeError, match="lacks"):
        parse_parameters("[x]\nvalue = 1\n", reference_keys())


def test_every_link_has_a_grade_and_the_wrong_name_a_sentence():
    assert all(link.evidence and link.grade_words for link in hypotheses().values())
    with pytest.raises(CallError, match="no hypothesis 'magic'"):
        strengths({"magic": 1.0})
    with pytest.raises(CallError, match="between 0"):
        strengths({"rebound": 2.0})


def test_the_equation_language_is_arithmetic_and_nothing_else():
    for text in ("__import__('os')", "a if b else c", "a ** b", "max(a, b)", "a[0]"):
        with pytest.raises(KnowledgeError, match="equation language"):
            Graph().parse(text, {})


def test_mechanisms_name_their_source_and_where_they_are_wrong():
    assert all(part.source and (part.wrong_when or part.name == "x") for part in MECHANISMS)
    assert len(set(STATE_NAMES)) == len(STATE_NAMES)


def test_no_switch_changes_the_untreated_course_of_ms():
    for start in ("off", "claimed"):
        p = typical_person(Body(hypotheses=strengths(start=start)))
        found = simulate([p], [Intake.of(triggers(p, 400, 7, 0))], np.array([9600.0]), STATE_NAMES, error=1e-7)
        if start == "off":
            base = found.values
    changed = {"glutamate"}  # what the arrows say of glutamate differs, what it does to cells untreated does not
    keep = [i for i, name in enumerate(STATE_NAMES) if name not in changed]
    assert np.allclose(found.values[..., keep], base[..., keep], rtol=1e-4)
