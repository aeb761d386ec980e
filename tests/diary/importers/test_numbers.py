"""Point, comma and thousands are told apart by the other numbers of the file, and not read where nothing tells."""

import pytest

from nightdose.diary.importers.numbers import Numbers, number, numbers_of


@pytest.mark.parametrize(
    ("cells", "delimiter", "values"),
    [
        (["6,5", "8.432", "1,5"], ";", [6.5, 8432, 1.5]),  # commas are decimal, so points are thousands
        (["1,500", "4.5"], ",", [1500, 4.5]),
        (["1,500", "4,5"], ",", [1500 / 1000, 4.5]),
        (["1,500"], ",", [None]),
        (["8.432", "950"], ";", [None, 950]),
        (["8.432", "950"], ",", [8.432, 950]),
        (["1.234.567"], ",", [1234567]),
        (["1.500,25", "8.432"], ";", [1500.25, 8432]),
        (["1,234.5", "1,500"], ",", [1234.5, 1500]),
        (["1 234,5"], ";", [1234.5]),
        (["1'234.5"], ",", [1234.5]),
        (["4.5", "4,5", "8.432", "1,234"], ",", [4.5, 4.5, None, None]),  # a file of two habits
        (["62,45454545454545"], ",", [62.45454545454545]),
        (["-1.4", "−1.4", "+2", ".5", "12.5e3"], ",", [-1.4, -1.4, 2, 0.5, 12500]),
    ],
)
def test_numbers_beside_each_other(cells, delimiter, values):
    numbers = numbers_of(cells, delimiter)
    assert [numbers.read(cell) for cell in cells] == values


@pytest.mark.parametrize("cell", ["", "x", "1,2,3", "5-6", "4.5.1", "nan", "inf", "1e999", "3/10", "12:30", "1'2", "٣"])
def test_what_is_not_a_number(cell):
    assert Numbers().read(cell) is None


def test_a_cell_may_have_its_unit():
    assert Numbers().measured("4.5 mg") == (4.5, "mg")
    assert Numbers(",").measured("4,5mg") == (4.5, "mg")
    assert Numbers().measured("5 to 6") is None
    assert Numbers().measured("3/10") is None


def test_the_sentence_says_both_readings():
    assert numbers_of(["1,500"]).why_not("1,500") == "can be 1500 or 1.500"


def test_a_program_that_writes_commas_groups_nothing():
    assert number("62,454", ",") == 62.454
    assert number("62,454") is None
