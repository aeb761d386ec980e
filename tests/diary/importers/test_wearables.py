"""Rings and watches: a night counts for the date of waking, a nap is not a night, a missing value is not a zero."""

import json

import pytest

from nightdose.diary.importers import READERS, detect
from nightdose.errors import InputError


def found(path, choices):
    imported = READERS[detect(path)](path, choices)
    return {(entry.day.isoformat(), entry.item): (entry.value, entry.unit) for entry in imported.entries}


OURA = """day,type,bedtime_start,bedtime_end,total_sleep_duration,lowest_heart_rate,average_hrv
2026-03-02,long_sleep,2026-03-01T22:40:00+01:00,2026-03-02T06:30:00+01:00,27000,48,41
2026-03-02,late_nap,2026-03-02T14:00:00+01:00,2026-03-02T14:40:00+01:00,1800,55,
2026-03-02,rest,2026-03-02T18:00:00+01:00,2026-03-02T18:30:00+01:00,900,60,
"""


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_oura(archive, choices, delimiter):
    tables = {"App Data/sleepmodel.csv": OURA.replace(",", delimiter),
              "App Data/dailysleep.csv": f"day{delimiter}score\n2026-03-02{delimiter}81\n2026-03-03{delimiter}\n",
              "App Data/enhancedtag.csv": "day,comment\n2026-03-02,LDN\n"}  # fmt: skip
    path = archive("oura.zip", tables)
    assert found(path, choices) == {
        ("2026-03-02", "sleep"): (7.5, "h"), ("2026-03-02", "nap"): (0.5, "h"),
        ("2026-03-02", "lowest heart rate"): (48, "beats/min"), ("2026-03-02", "HRV (RMSSD)"): (41, "ms"),
        ("2026-03-02", "Oura sleep score"): (81, ""),
    }  # fmt: skip
    assert any("tags you wrote" in what for what in READERS["oura"](path, choices).left_out)


def test_ouras_older_table(file, choices):
    head = "date,Total Sleep Duration,Bedtime Start,Bedtime End,Average HRV\n"
    night = "2026-03-02,27000,2026-03-01T22:40:00+01:00,2026-03-02T06:30:00+01:00,41\n"
    path = file("t.csv", head + night + "2026-03-03,,,,\n")
    assert found(path, choices) == {("2026-03-02", "sleep"): (7.5, "h"), ("2026-03-02", "HRV (RMSSD)"): (41, "ms")}


GARMIN = [
    {"calendarDate": "2026-03-02", "sleepStartTimestampGMT": "2026-03-01T22:00:00.0", "deepSleepSeconds": 3600,
     "sleepEndTimestampGMT": "2026-03-02T05:30:00.0", "lightSleepSeconds": 18000, "awakeSleepSeconds": 900,
     "sleepScores": {"overallScore": 77},
     "napList": [{"napStartTimestampGMT": "2026-03-02T13:00:00.0", "napEndTimestampGMT": "2026-03-02T13:30:00.0"}]},
    {"calendarDate": "2026-03-03"},
]  # fmt: skip


def test_garmin_without_rem_and_with_a_nap(archive, choices):
    """An older watch knows no REM; 22:00 to 05:30 in Greenwich is 23:00 to 06:30 in Oslo."""
    folder = "DI_CONNECT/DI-Connect-Wellness/"
    status = [
        {"calendarDate": "2026-03-02", "metrics": [{"type": "HRV", "value": 38.0}, {"type": "SPO2", "value": 96}]}
    ]
    path = archive("garmin.zip", {folder + "1_sleepData.json": json.dumps(GARMIN),
                                  folder + "1_healthStatusData.json": json.dumps(status)})  # fmt: skip
    assert found(path, choices) == {
        ("2026-03-02", "sleep"): (6, "h"), ("2026-03-02", "nap"): (0.5, "h"),
        ("2026-03-02", "Garmin sleep score"): (77, ""), ("2026-03-02", "HRV (RMSSD)"): (38, "ms"),
    }  # fmt: skip


def test_one_file_of_garmin(file, choices):
    assert found(file("x.json", json.dumps(GARMIN)), choices)["2026-03-02", "sleep"] == (6, "h")


FITBIT = [
    {"dateOfSleep": "2026-03-02", "startTime": "2026-03-01T23:00:00.000", "endTime": "2026-03-02T06:30:30.000",
     "minutesAsleep": 405, "mainSleep": True},
    {"dateOfSleep": "2026-03-02", "startTime": "2026-03-02T14:00:00.000", "endTime": "2026-03-02T14:40:00.000",
     "minutesAsleep": 30, "mainSleep": False},
]  # fmt: skip


def test_fitbit_by_takeout(archive, choices):
    """Its resting heart rate is month/day/year, and 0 where there is none."""
    folder = "Takeout/Fitbit/"
    rates = [{"dateTime": "03/02/26 00:00:00", "value": {"date": "03/02/26", "value": 61.5, "error": 3}},
             {"dateTime": "03/03/26 00:00:00", "value": {"date": None, "value": 0.0, "error": 0}}]  # fmt: skip
    path = archive("takeout.zip", {
        folder + "Global Export Data/sleep-2026-03-01.json": json.dumps(FITBIT),
        folder + "Global Export Data/resting_heart_rate-2026-01-01.json": json.dumps(rates),
        folder + "Heart Rate Variability/Daily Heart Rate Variability Summary - 2026-03-02.csv":
            "timestamp,rmssd,nremhr,entropy\n2026-03-02T00:00:00,33.5,55,2.1\n",
    })  # fmt: skip
    assert found(path, choices) == {
        ("2026-03-02", "sleep"): (6.75, "h"), ("2026-03-02", "nap"): (0.5, "h"),
        ("2026-03-02", "resting heart rate"): (61.5, "beats/min"), ("2026-03-02", "HRV (RMSSD)"): (33.5, "ms"),
    }  # fmt: skip


def test_fitbits_report(file, choices):
    path = file("x.csv", "Sleep\nStart Time,End Time,Minutes Asleep,Minutes Awake\n"
                         '"2026-03-01 11:12PM","2026-03-02 6:11AM","390","29"\n')  # fmt: skip
    assert found(path, choices) == {("2026-03-02", "sleep"): (6.5, "h")}


SAMSUNG = "com.samsung.shealth.sleep,6313013,10\n"


@pytest.mark.parametrize("prefix", ["", "com.samsung.health.sleep."])
def test_samsung_health_from_stages(archive, choices, prefix):
    """An hour awake in the middle is not sleep; times are in Greenwich time."""
    sessions = SAMSUNG + f"{prefix}start_time,{prefix}end_time,{prefix}datauuid,{prefix}time_offset\n" \
        "2026-03-01 22:00:00.000,2026-03-02 06:00:00.000,a,UTC+0100,\n"  # fmt: skip
    stages = "com.samsung.health.sleep_stage,6313013,10\nstart_time,end_time,sleep_id,stage,time_offset\n" \
        "2026-03-01 22:00:00.000,2026-03-02 02:00:00.000,a,40002,UTC+0100,\n" \
        "2026-03-02 02:00:00.000,2026-03-02 03:00:00.000,a,40001,UTC+0100,\n" \
        "2026-03-02 03:00:00.000,2026-03-02 06:00:00.000,a,40004,UTC+0100,\n"  # fmt: skip
    path = archive("samsunghealth.zip", {"x/com.samsung.shealth.sleep.20260301.csv": sessions,
                                         "x/com.samsung.health.sleep_stage.20260301.csv": stages})  # fmt: skip
    assert found(path, choices) == {("2026-03-02", "sleep"): (7, "h")}


def test_samsung_health_in_milliseconds_without_stages(file, choices):
    text = SAMSUNG + "start_time,end_time,datauuid,time_offset\n1772402400000,1772431200000,a,UTC+0100,\n"
    assert found(file("com.samsung.shealth.sleep.1.csv", text), choices) == {("2026-03-02", "sleep"): (8, "h")}


WHOOP = """Cycle start time,Cycle timezone,Sleep onset,Wake onset,Asleep duration (min),Nap
2026-03-01 22:00:00,UTC+01:00,2026-03-01 23:15:00,2026-03-02 06:30:00,420,false
2026-03-02 13:00:00,UTC+01:00,2026-03-02 13:15:00,2026-03-02 14:00:00,40,true
"""
CYCLES = """Cycle start time,Cycle timezone,Recovery score %,Resting heart rate (bpm),Heart rate variability (ms),\
Sleep onset,Wake onset,Asleep duration (min)
2026-03-01 22:00:00,UTC+01:00,64,52,47,2026-03-01 23:15:00,2026-03-02 06:30:00,420
"""


def test_whoop_takes_each_night_once(archive, file, choices):
    both = found(archive("whoop.zip", {"sleeps.csv": WHOOP, "physiological_cycles.csv": CYCLES}), choices)
    assert both == {
        ("2026-03-02", "sleep"): (7, "h"), ("2026-03-02", "nap"): (0.6667, "h"),
        ("2026-03-02", "resting heart rate"): (52, "beats/min"), ("2026-03-02", "HRV (RMSSD)"): (47, "ms"),
        ("2026-03-02", "WHOOP recovery score"): (64, "%"),
    }  # fmt: skip
    assert found(file("sleeps.csv", WHOOP), choices)["2026-03-02", "sleep"] == (7, "h")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('[{"date": "2026-01-02", "type": "pain", "value": [{"option": "migraine"}]}]', "Clue"),
        ('{"data":[{"day":"2020-01-02T00:00:00Z","period":"medium"}]}', "Clue"),
        ('{"nomie":{"version":"5.6"},"trackers":{"mood":{"tag":"mood"}}}', "Nomie"),
        ('[{"date": "2026-01-02", "value": 6}]', "Exist"),
        ('[{"dateTime":"03/02/26 00:01:00","value":{"bpm":60,"confidence":2}}]', "Fitbit"),
        ('{"whatever": 1}', "an app that is not known"),
        ("%PDF-1.7", "a PDF"),
        ("<!DOCTYPE html><html>", "web page"),
    ],
)
def test_what_is_known_and_not_read_is_named(file, content, name):
    with pytest.raises(InputError, match=name):
        detect(file("x", content))


@pytest.mark.parametrize(
    ("member", "name"),
    [("backup.daylio", "Daylio"), ("Takeout/Fit/x.json", "Google Fit"), ("Takeout/Fitbit/x.json", "Fitbit"),
     ("DI_CONNECT/x.json", "Garmin"), ("holiday.jpg", "no export that is known")],
)  # fmt: skip
def test_a_zip_that_is_known_and_not_read_is_named(archive, member, name):
    with pytest.raises(InputError, match=name):
        detect(archive("x.zip", {member: "x"}))


def test_a_spreadsheet_is_told_by_its_contents(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["date", "pain"])
    book.save(tmp_path / "diary.csv")
    assert detect(tmp_path / "diary.csv") == "table"
