"""Any table, by a mapping that is saved: empty stays empty, formulas stay text, odd encodings are said."""

import io
import zipfile

import openpyxl
import pytest

from nightdose.diary.importers import detect
from nightdose.diary.importers.generic import Column, Mapped, mapping_from, open_table, read, suggest
from nightdose.diary.importers.imported import Choices
from nightdose.errors import CallError, InputError

TEXT = """Date,Pain,naltrexone_mg,naltrexone_time,Notes
2026-11-20,4,1.5,22:30,ok
2026-11-21,,0,,
2026-11-22,n/a,1.5,00:40,
"""


def test_the_suggested_mapping_reads_a_diary_table(file, choices):
    path = file("d.csv", TEXT)
    assert detect(path) == "table"
    found = read(path, choices, suggest(open_table(path)[0].header)).entries
    assert [(e.day.isoformat(), e.value) for e in found if e.item == "Pain"] == [("2026-11-20", 4)]
    doses = [(e.day.isoformat(), e.status, e.value) for e in found if e.kind == "dose"]
    assert doses == [
        ("2026-11-20", "taken", 1.5),
        ("2026-11-21", "missed", None),
        ("2026-11-22", "taken", 1.5),
    ]
    assert found[-1].at.isoformat() == "2026-11-23T00:40:00+01:00"  # half past midnight is still that evening


def test_a_saved_mapping_comes_back():
    mapped = Mapped("Day", {"P": Column("score", "pain", "points"), "L": Column("dose", "ldn", "mg", "T")})
    assert mapping_from(mapped.record) == mapped


def test_an_empty_cell_is_not_a_zero(file, choices):
    imported = read(file("d.csv", "date,pain\n2026-11-20,\n2026-11-21,0\n"), choices, suggest(["date", "pain"]))
    assert [(e.day.isoformat(), e.value) for e in imported.entries] == [("2026-11-21", 0)]


def test_a_formula_in_a_cell_is_never_worked_out(file, choices):
    imported = read(file("d.csv", 'date,pain\n2026-11-20,"=HYPERLINK(""x"")"\n'), choices, suggest(["date", "pain"]))
    assert imported.entries == ()
    assert "is no number" in imported.problems[0].what


def test_another_encoding_is_read_and_said(file, choices):
    path = file("d.csv", "date,smärta\n2026-11-20,4\n".encode("cp1252"))
    assert "Windows-1252" in read(path, choices, Mapped("date", {"smärta": Column("score", "smärta")})).problems[0].what


def test_dates_are_not_guessed(file):
    path, mapped = file("d.csv", "date,pain\n03/04/2026,4\n"), suggest(["date", "pain"])
    with pytest.raises(InputError, match="dmy or mdy"):
        read(path, Choices(), mapped)
    assert read(path, Choices(date_order="dmy"), mapped).entries[0].day.isoformat() == "2026-04-03"


def test_a_missing_column_is_named(file, choices):
    with pytest.raises(CallError, match="no column 'Pain'"):
        read(file("d.csv", "date,x\n"), choices, Mapped("date", {"Pain": Column("score", "pain")}))


def test_a_spreadsheet_is_read_with_its_saved_values(tmp_path, choices):
    book = openpyxl.Workbook()
    for row in (["date", "pain", "sum"], ["2026-11-20", 4, "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    imported = read(tmp_path / "d.xlsx", choices, suggest(["date", "pain"]))
    assert [(e.item, e.value) for e in imported.entries] == [("pain", 4)]
    assert "1 cells hold formulas" in imported.problems[0].what


def test_a_spreadsheet_with_one_cell_at_the_far_corner_is_refused(tmp_path, choices):
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(InputError, match="far outside"):
        read(tmp_path / "d.xlsx", choices, suggest(["date"]))


def test_a_spreadsheet_that_is_none_is_a_sentence(tmp_path, choices):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nonsense")
    (tmp_path / "d.xlsx").write_bytes(content.getvalue())
    with pytest.raises(InputError, match="no spreadsheet"):
        read(tmp_path / "d.xlsx", choices, suggest(["date"]))


def test_a_number_with_two_readings_is_not_read(file, choices):
    imported = read(
        file("d.csv", 'date,steps\n2026-11-20,"1,500"\n2026-11-21,"4,5"\n'), choices, suggest(["date", "steps"])
    )
    assert [entry.value for entry in imported.entries] == [4.5]
    assert "is no number" in imported.problems[0].what
