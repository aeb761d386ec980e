"""Apple Health: streamed, sleep counted once whoever saw it, entities refused."""

import pytest

from nightdose.diary.importers import apple_health, detect
from nightdose.diary.importers.apple_health import read
from nightdose.errors import InputError

DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
<!ELEMENT Record ((MetadataEntry)*)>
]>"""


def xml(*records, dtd=DTD):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{dtd}\n<HealthData locale="en_NO">{"".join(records)}</HealthData>'


def record(kind, value, start, end=None, unit=""):
    return (
        f'<Record type="{kind}" sourceName="x" unit="{unit}" startDate="{start}" '
        f'endDate="{end or start}" value="{value}">'
        '<MetadataEntry key="k" value="v"/></Record>'
    )


def asleep(start, end, part="Core"):
    return record(apple_health.SLEEP, f"HKCategoryValueSleepAnalysisAsleep{part}", start, end)


NIGHT = (
    asleep("2026-11-20 23:00:00 +0100", "2026-11-21 03:00:00 +0100"),
    asleep("2026-11-21 02:00:00 +0100", "2026-11-21 06:00:00 +0100", "Unspecified"),  # a second watch
    record(
        apple_health.SLEEP,
        "HKCategoryValueSleepAnalysisInBed",
        "2026-11-20 22:00:00 +0100",
        "2026-11-21 07:00:00 +0100",
    ),
    asleep("2026-11-21 14:00:00 +0100", "2026-11-21 14:30:00 +0100"),  # a nap
)
RATE = "HKQuantityTypeIdentifierRestingHeartRate"


@pytest.fixture
def export(archive):
    return lambda text: archive("export.zip", {"apple_health_export/export.xml": text})


def items(imported):
    return {(e.item, e.day.isoformat()): (e.value, e.unit) for e in imported.entries}


def test_each_hour_asleep_counts_once_and_time_in_bed_does_not(export, choices):
    path = export(xml(*NIGHT))
    assert detect(path) == "apple-health"
    assert items(read(path, choices)) == {("sleep", "2026-11-21"): (7, "h"), ("nap", "2026-11-21"): (0.5, "h")}


def test_a_night_counts_for_the_date_on_which_it_ended_also_before_four(export, choices):
    """A night that ended at 03:30, and one with three and a half hours awake in it."""
    nights = [
        asleep("2026-03-01 22:30:00 +0100", "2026-03-02 06:30:00 +0100"),
        asleep("2026-03-02 20:00:00 +0100", "2026-03-03 03:30:00 +0100"),
        asleep("2026-03-04 22:00:00 +0100", "2026-03-05 01:30:00 +0100"),
        asleep("2026-03-05 05:00:00 +0100", "2026-03-05 07:00:00 +0100"),
    ]
    hours = {day: value for (_, day), (value, _) in items(read(export(xml(*nights)), choices)).items()}
    assert hours == {"2026-03-02": 8, "2026-03-03": 7.5, "2026-03-05": 5.5}


def test_a_shift_workers_day_is_a_night(export, choices):
    """Asleep from 8:30 to 15:00: longer than a nap."""
    found = items(read(export(xml(asleep("2026-03-01 08:30:00 +0100", "2026-03-01 15:00:00 +0100"))), choices))
    assert found == {("sleep", "2026-03-01"): (6.5, "h")}


def test_the_phone_abroad_exports_the_same_days(export, choices):
    """The offset is that of the phone at the export, so each moment is brought to the diary's own zone."""
    home = items(read(export(xml(asleep("2026-11-20 23:00:00 +0100", "2026-11-21 06:00:00 +0100"))), choices))
    away = items(read(export(xml(asleep("2026-11-20 14:00:00 -0800", "2026-11-20 21:00:00 -0800"))), choices))
    assert home == away == {("sleep", "2026-11-21"): (7, "h")}


def test_a_decimal_comma_of_the_phone_is_one(export, choices):
    rate = record(RATE, "62,454", "2026-11-20 08:00:00 +0100", unit="count/min")
    assert items(read(export(xml(rate)), choices))["resting heart rate", "2026-11-20"] == (62.454, "count/min")


def test_a_quantity_is_the_mean_of_the_day_in_the_unit_of_the_file(export, choices):
    rates = [record(RATE, value, "2026-11-20 08:00:00 +0100", unit="count/min") for value in (60, 62)]
    assert items(read(export(xml(*rates)), choices)) == {("resting heart rate", "2026-11-20"): (61, "count/min")}


def test_a_headache_counts_with_its_worst_severity(export, choices):
    rows = [
        record(apple_health.HEADACHE, f"HKCategoryValueSeverity{level}", "2026-11-20 08:00:00 +0100")
        for level in ("Mild", "Severe", "Unspecified")
    ]
    imported = read(export(xml(*rows)), choices)
    assert items(imported) == {("headache severity", "2026-11-20"): (3, "0-3")}
    assert imported.left_out == {"headaches without a severity": 1}


LAUGHS = '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE HealthData [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("dtd", [LAUGHS, OUTSIDE, '<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://x.invalid/p">]>'])
def test_entities_are_refused(export, choices, dtd):
    with pytest.raises(InputError, match="declares entities"):
        read(export(xml(dtd=dtd)), choices)


@pytest.mark.parametrize("text", ["", "<HealthData>", "<Other/>", "no xml", xml()[:-5]])
def test_what_is_no_export_is_a_sentence(export, choices, text):
    with pytest.raises(InputError):
        read(export(text), choices)


def test_a_tag_without_an_end_is_not_held_in_memory(export, choices):
    with pytest.raises(InputError, match="does not end"):
        read(export("<HealthData><Record a='" + "x" * 3_000_000), choices)


def test_an_encoding_that_nobody_knows_is_a_sentence(export, choices):
    with pytest.raises(InputError, match="encoding that nobody knows"):
        read(export(xml(*NIGHT).replace("UTF-8", "U99TF-8")), choices)
