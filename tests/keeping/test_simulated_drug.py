"""The level in blood of a medicine that comes as a file: what its last day ends with, and what is too small to say."""

import math

import pytest
from tests.drug_files import glycine

from nightdose.errors import CallError
from nightdose.keeping.simulated_drug import PRACTICALLY_NOTHING, UNSEEN, simulate_drug, simulation_lines
from nightdose.knowledge.drug_file_reading import read_drug_file
from nightdose.mechanism.regimen import PRESETS, parse_regimen

PASSPORT = 'kind = "assumed"\nwhy = "made up"\n'
FAST = 50.0  # 1/h: absorbed within minutes, so that the highest level is that of the dose in its volume


def drug(elimination):
    """Absorbed at once, 10 L, one typical person."""
    rates = {"absorption": (FAST, "1/h"), "elimination": (elimination, "1/h"), "apparent_volume": (10.0, "L")}
    tables = "".join(f'[kinetics.{n}]\nvalue = {v!r}\nunit = "{u}"\n{PASSPORT}' for n, (v, u) in rates.items())
    return read_drug_file(glycine("days").text + tables, "glycine.toml")


def after(elimination, regimen="10mg@22:00", days=20):
    file = drug(elimination)
    return simulate_drug(file, parse_regimen(regimen, drugs=("glycine",)), days, 1, 1, confirmed=True)


def test_what_is_left_is_the_level_at_the_moment_of_the_next_dose():
    """Half-life of a day: at 24 hours half of what was highest is left, 23.9 hours would be 0.3 % more."""
    elimination = math.log(2) / 24
    found = after(elimination)
    at_peak = found.peak_h[1]
    assert found.hours[-1] == 24
    assert found.left[1] == pytest.approx(math.exp(-elimination * (24 - at_peak)), rel=1e-3)


def test_doses_that_lie_further_apart_are_looked_at_from_one_to_the_next():
    found = after(math.log(2) / 24, "10mg@22:00/2d")
    assert found.hours[-1] == 48
    assert found.peak_h[1] < 1
    assert found.left[1] == pytest.approx(0.25, rel=0.02)
    assert "from the last dose to the next" in found.panel().title


def test_clock_times_in_any_order_are_one_day():
    assert after(0.1, "5mg@20:00+08:00").values == pytest.approx(after(0.1, "5mg@08:00+20:00").values)


@pytest.mark.parametrize(("share", "seen"), [(1.3 * UNSEEN, True), (0.7 * UNSEEN, False)])
def test_below_a_ten_thousandth_of_the_highest_a_level_is_none(share, seen):
    assert (after(-math.log(share) / 24).left[1] > 0) == seen


@pytest.mark.parametrize(
    ("share", "said"), [(1.3 * PRACTICALLY_NOTHING, "% of it is left"), (0.7 * PRACTICALLY_NOTHING, "less than 0.1 %")]
)
def test_below_a_thousandth_no_share_is_printed(share, said):
    elimination = -math.log(share) / 24
    assert any(said in line for line in simulation_lines(drug(elimination), after(elimination)))


@pytest.mark.parametrize("regimen", [*PRESETS, "diary.csv"])
def test_a_preset_or_a_table_of_naltrexone_is_none_of_another_medicine(regimen):
    with pytest.raises(CallError, match="Write how much glycine is taken"):
        parse_regimen(regimen, drugs=("glycine",))
