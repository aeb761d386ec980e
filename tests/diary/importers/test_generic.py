"""Any table, by a mapping that is saved: empty stays empty, and where two readings exist it is said or asked."""

import io
import zipfile

import openpyxl
import pytest

from nightdose.diary.day import DayRule
from nightdose.diary.importers import detect
from nightdose.diary.importers.columns import ColumnMeaning, Mapped, mapping_from
from nightdose.diary.importers.generic import open_table, read
from nightdose.diary.importers.imported import Choices
from nightdose.diary.importers.suggest import suggest
from nightdose.errors import CallError, InputError

TEXT = """Date,Pain,naltrexone_mg,naltrexone_time,Notes
2026-11-20,4,1.5,22:30,ok
2026-11-21,,0,,
2026-11-22,n/a,1.5,00:40,
"""


@pytest.fixture
def guessed(file, choices):
    """What a table brings with the mapping that is suggested for it."""

    def read_it(content, name="d.csv", **more):
        table = open_table(file(name, content))
        return read(table, Choices(day=choices.day, **more), suggest(table))

    return read_it


def values(imported, kind="score"):
    return [(e.day.isoformat(), e.item, e.value) for e in imported.entries if e.kind == kind]


def said(imported):
    return " ".join(f"{problem.what} {problem.remedy}" for problem in imported.problems)


def test_the_suggested_mapping_reads_a_diary_table(file, guessed):
    assert detect(file("d.csv", TEXT)) == "table"
    imported = guessed(TEXT)
    assert values(imported) == [("2026-11-20", "Pain", 4)]
    doses = [(e.day.isoformat(), e.status, e.value) for e in imported.entries if e.kind == "dose"]
    assert doses == [
        ("2026-11-20", "taken", 1.5),
        ("2026-11-21", "missed", None),
        ("2026-11-22", "taken", 1.5),
    ]
    assert imported.entries[-1].at.isoformat() == "2026-11-23T00:40:00+01:00"  # half past midnight: still that evening


def test_a_saved_mapping_comes_back():
    mapped = Mapped(
        "Day", {"P": ColumnMeaning("score", "pain", "points"), "L": ColumnMeaning("dose", "ldn", "mg", "T")}
    )
    assert mapping_from(mapped.record) == mapped


def test_an_empty_cell_is_not_a_zero(guessed):
    assert values(guessed("date,pain\n2026-11-20,\n2026-11-21,0\n")) == [("2026-11-21", "pain", 0)]


def test_a_formula_in_a_cell_is_never_worked_out(guessed):
    imported = guessed('date,pain\n2026-11-20,"=HYPERLINK(""x"")"\n2026-11-21,4\n')
    assert values(imported) == [("2026-11-21", "pain", 4)]
    assert "is not a number" in said(imported)


def test_another_encoding_is_read_and_said(guessed):
    imported = guessed("date,smärta\n2026-11-20,4\n".encode("cp1252"))
    assert values(imported) == [("2026-11-20", "smärta", 4)]
    assert "Windows-1252" in said(imported)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_marks_of_windows_are_no_part_of_a_name(guessed, encoding):
    assert values(guessed("date,pain\n2026-11-20,4\n".encode(encoding))) == [("2026-11-20", "pain", 4)]


def test_dates_are_not_guessed(file, guessed):
    with pytest.raises(InputError, match="Say which: dmy or mdy") as asked:
        guessed("date,pain\n03/04/2026,4\n")
    assert asked.value.field == "dates"
    assert values(guessed("date,pain\n03/04/2026,4\n", date_order="dmy")) == [("2026-04-03", "pain", 4)]


def test_a_missing_column_is_named(file, choices):
    with pytest.raises(CallError, match="no column 'Pain'"):
        read(
            open_table(file("d.csv", "date,x\n2026-11-20,1\n")),
            choices,
            Mapped("date", {"Pain": ColumnMeaning("score", "p")}),
        )


def test_a_table_without_dates_asks_which_column_has_them(guessed):
    with pytest.raises(InputError, match="no column of dates") as asked:
        guessed("number,pain\n1,4\n2,5\n")
    assert asked.value.field == "date_column"


def test_thousands_of_a_german_table_are_thousands(guessed):
    imported = guessed("Datum;Schmerz;Schritte\n02.01.2026;6,5;8.432\n13.01.2026;5;12.001\n")
    assert [value for _, item, value in values(imported) if item == "Schritte"] == [8432, 12001]
    assert "points in numbers are thousands" in said(imported)


def test_a_number_with_two_readings_is_not_read(guessed):
    imported = guessed('date,steps\n2026-11-20,"1,500"\n2026-11-21,7000\n')
    assert [value for *_, value in values(imported)] == [7000]
    assert "can be 1500 or 1.500" in said(imported)


def test_the_second_of_two_equal_names_is_left_out_and_said(guessed):
    imported = guessed("date,pain,Pain\n2026-01-02,6,9\n2026-01-03,5,1\n")
    assert [value for *_, value in values(imported)] == [6, 5]
    assert "several columns named 'Pain'; the first of them was read" in said(imported)


def test_a_comma_in_the_last_note_belongs_to_the_note(guessed):
    imported = guessed("date,pain,note\n2026-01-02,6,slept, badly\n2026-01-03,5\n")
    assert [e.text for e in imported.entries if e.kind == "note"] == ["slept, badly"]
    assert [value for *_, value in values(imported)] == [6, 5]


def test_a_row_with_a_cell_too_many_is_left_out_and_said(guessed):
    """1,5 mg unquoted moves every number behind it by one column."""
    imported = guessed("date,naltrexone_mg,pain\n2026-01-02,1,5,6\n2026-01-03,3,5\n")
    assert [e.day.day for e in imported.entries] == [3, 3]
    assert "4 cells for 3 columns" in said(imported)


def test_a_long_table_has_one_row_a_symptom(guessed):
    """date,symptom,severity: two symptoms of a day are two scores."""
    imported = guessed("date,symptom,severity\n2026-01-02,headache,3\n2026-01-02,fatigue,5\n2026-01-03,headache,2\n")
    assert values(imported) == [
        ("2026-01-02", "headache", 3),
        ("2026-01-02", "fatigue", 5),
        ("2026-01-03", "headache", 2),
    ]


MEDICINES = """Reminded;Medicine;Dosage (mg);Taken;Status
2026-03-01 22:00;Naltrexone;4.5;2026-03-01 22:05;taken
2026-03-01 22:00;Topiramate;25;2026-03-01 22:05;taken
2026-03-02 22:00;Naltrexone;4.5;;skipped
2026-03-03 22:00;Naltrexone;4.5;2026-03-04 00:20;taken
2026-03-04 22:00;Naltrexone;4.5;;snoozed
"""


def test_one_row_a_dose_has_its_medicine_amount_and_status(guessed):
    imported = guessed(MEDICINES)
    found = [(e.day.day, e.item, e.value, e.unit, e.status, e.at and f"{e.at:%H:%M}") for e in imported.entries]
    assert found == [
        (1, "Naltrexone", 4.5, "mg", "taken", "22:05"),
        (1, "Topiramate", 25, "mg", "taken", "22:05"),
        (2, "Naltrexone", None, "", "missed", None),
        (3, "Naltrexone", 4.5, "mg", "taken", "00:20"),
    ]
    assert "the status 'snoozed' is not known" in said(imported)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("date,medication,dose\n2026-03-01,LDN,4.5 mg\n", (4.5, "mg")),
        ("date,medication,amount,unit\n2026-03-01,LDN,4.5,mg\n", (4.5, "mg")),
        ("date,medication\n2026-03-01,LDN 4.5 mg\n", (4.5, "mg")),
        ("date,medication,quantity\n2026-03-01,LDN,2\n", (2, "piece")),
    ],
)
def test_the_amount_of_a_dose_stands_in_many_places(guessed, text, amount):
    [entry] = guessed(text).entries
    assert (entry.kind, entry.item, entry.value, entry.unit) == ("dose", "LDN", *amount)


def test_a_dose_row_without_a_word_on_whether_it_was_taken_is_not_an_intake(guessed):
    imported = guessed(
        "date,medicine,dose,taken\n2026-03-01,LDN,4.5 mg,yes\n2026-03-02,LDN,4.5 mg,\n2026-03-03,LDN,0,yes\n"
    )
    assert [(e.day.day, e.status) for e in imported.entries] == [(1, "taken"), (3, "missed")]
    assert imported.left_out == {"doses without a word on whether they were taken": 1}


@pytest.mark.parametrize(("second", "status", "value"), [("4.5", "taken", 4.5), ("3", "unknown", None)])
def test_two_rows_of_one_day_do_not_add_up(guessed, second, status, value):
    """A table of days has one dose a day: equal rows are one, different ones leave the day unknown."""
    imported = guessed(f"date,naltrexone_mg\n2026-03-01,4.5\n2026-03-01,{second}\n")
    assert [(e.status, e.value) for e in imported.entries] == [(status, value)]


FORM = """Timestamp,"Pain today (0-10)","LDN mg taken",Notes
1/2/2026 22:30:15,6,1.5,ok
1/13/2026 21:15:40,4,3,
"""


def test_a_google_form_is_read_as_it_stands(file):
    table = open_table(file("form.csv", FORM))
    imported = read(table, Choices(day=DayRule(zone="America/New_York")), suggest(table))
    assert values(imported) == [("2026-01-02", "Pain today", 6), ("2026-01-13", "Pain today", 4)]
    assert [(e.item, e.value, e.unit, e.at.hour) for e in imported.entries if e.kind == "dose"] == [
        ("LDN", 1.5, "mg", 22), ("LDN", 3, "mg", 21),
    ]  # fmt: skip


def test_a_column_of_times_is_the_clock_of_its_row(guessed):
    imported = guessed("Date,Time,Pain\n2026-03-05,00:40,6\n2026-03-05,10:30 PM,4\n")
    assert [e.at.isoformat() for e in imported.entries] == ["2026-03-05T00:40:00+01:00", "2026-03-05T22:30:00+01:00"]
    assert [e.day.day for e in imported.entries] == [4, 5]


def test_columns_of_words_are_said_once(guessed):
    imported = guessed("date,pain,weather\n2026-03-01,4,rain\n2026-03-02,5,sun\n")
    assert "Columns that were not read: 'weather'" in said(imported)
    assert len(imported.problems) == 1


def test_the_line_that_excel_writes_before_the_names(guessed):
    assert values(guessed("sep=;\nDatum;Schmerz\n13.01.2026;6,5\n")) == [("2026-01-13", "Schmerz", 6.5)]


def test_what_the_schedule_asked_for_is_not_a_dose(guessed):
    """The diary's own table comes back as it went out."""
    imported = guessed("date,pain,naltrexone_mg,naltrexone_assigned_mg,naltrexone_guess\n2026-03-01,4,3,4.5,0.7\n")
    assert [(e.kind, e.item, e.value) for e in imported.entries] == [
        ("score", "pain", 4), ("guess", "naltrexone", 0.7), ("dose", "naltrexone", 3),
    ]  # fmt: skip


def test_yes_and_no_are_one_and_nought(guessed):
    assert [value for *_, value in values(guessed("date,slept badly\n2026-03-01,yes\n2026-03-02,No\n"))] == [1, 0]


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


DAYS = [["date", "pain", "sum"], ["2026-11-20", 4, "=1+1"]]


def test_a_spreadsheet_is_read_with_its_saved_values(tmp_path, choices):
    table = open_table(workbook(tmp_path / "d.xlsx", Days=DAYS))
    imported = read(table, choices, suggest(table))
    assert [(e.item, e.value) for e in imported.entries] == [("pain", 4)]
    assert "1 cells hold formulas" in said(imported)


def test_two_sheets_of_days_are_asked_about(tmp_path, choices):
    path = workbook(tmp_path / "d.xlsx", January=DAYS, February=DAYS)
    with pytest.raises(InputError, match="'January', 'February'") as asked:
        open_table(path)
    assert asked.value.field == "sheet"
    assert open_table(path, "February").header == ("date", "pain", "sum")
    with pytest.raises(CallError, match="no sheet 'March'"):
        open_table(path, "March")


def test_a_sheet_that_was_not_read_is_said(tmp_path, choices):
    table = open_table(workbook(tmp_path / "d.xlsx", Legend=[["scale"], ["0 none"]], Days=DAYS))
    assert "Only the sheet 'Days' was read; not read: 'Legend'" in said(read(table, choices, suggest(table)))


def test_a_spreadsheet_with_one_cell_at_the_far_corner_is_refused(tmp_path, choices):
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(InputError, match="far outside"):
        open_table(tmp_path / "d.xlsx")


def test_an_opendocument_that_repeats_a_cell_a_billion_times_is_refused(archive):
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(InputError, match="far outside"):
        open_table(archive("d.ods", {"content.xml": f'<x xmlns:table="t" xmlns:office="o">{row}</x>'}))


def test_a_spreadsheet_that_is_none_is_a_sentence(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nonsense")
    (tmp_path / "d.xlsx").write_bytes(content.getvalue())
    with pytest.raises(InputError, match="not a spreadsheet"):
        open_table(tmp_path / "d.xlsx")


def test_an_emoods_export_is_named_and_read_as_any_table(guessed):
    """No sample of the app's file was found: the names are those of its help pages."""
    imported = guessed("Date,Depressed Mood,Elevated Mood,Irritability,Anxiety,Weight\n2026-11-20,2,1,1,3,70\n")
    assert "looks like an eMoods export" in said(imported)
    assert "1 means none" in said(imported)
    assert ("2026-11-20", "Depressed Mood", 2) in values(imported)
    assert "eMoods" not in said(guessed(TEXT))
    assert "eMoods" not in said(guessed("Date,Pain,Anxiety,Irritability\n2026-11-20,2,1,1\n"))


@pytest.mark.parametrize(
    "table",
    [
        "Medication,Dose,Frequency\nTramadol,50 mg,as needed\n",
        "Name,Start,Stop,Dose\nOxycodone,2026-10-01,,10 mg\nSertraline,2020-01-01,,50 mg\n",
        "Medikament;Beginn;Ende\nTilidin;2026-10-01;\n",
    ],
)
def test_a_list_of_medicines_is_no_diary_whose_start_would_be_a_last_dose(guessed, table):
    with pytest.raises(InputError, match="looks like a list of medicines"):
        guessed(table)


def test_a_diary_with_a_start_and_an_end_of_each_attack_is_read(guessed):
    imported = guessed("Date,What,Start,End,Pain\n2026-11-20,headache,21:00,23:00,4\n")
    assert imported.entries


def test_a_rescue_column_with_an_amount_stays_a_rescue_medicine(guessed):
    (entry,) = guessed("date,rescue_sumatriptan_mg\n2026-11-20,50\n").entries
    assert (entry.kind, entry.item, entry.value, entry.unit) == ("rescue", "sumatriptan", 50, "mg")


@pytest.mark.parametrize("word", ["yes", "x", "taken"])
def test_a_dose_that_is_only_ticked_has_no_amount_and_that_is_said(guessed, word):
    imported = guessed(f"date,pain,naltrexone_mg\n2026-11-20,4,{word}\n2026-11-21,5,0\n")
    what = f"mg of 'naltrexone_mg' ('{word}' says that it was taken, not how much; say how many mg one is)"
    assert imported.left_out == {what: 1}
    told = guessed(f"date,pain,naltrexone_mg\n2026-11-20,4,{word}\n", name="e.csv", mg_per_unit={"naltrexone": 4.5})
    assert (values(told, "dose"), told.left_out) == ([("2026-11-20", "naltrexone", 4.5)], {})
