"""A diary as a value."""

import pickle

import numpy as np
import pytest
from tests.diaries import diary, wobbling


def test_a_diary_travels_to_another_process_unchanged():
    one = diary(wobbling(5), naltrexone_mg=[0, 0, 3, 3, np.nan])
    two = pickle.loads(pickle.dumps(one))
    assert two.days == 5
    assert np.array_equal(two.dose("naltrexone"), one.dose("naltrexone"), equal_nan=True)


def test_what_is_inside_a_diary_does_not_change():
    one = diary(wobbling(5), naltrexone_mg=np.zeros(5))
    with pytest.raises(ValueError, match="read-only"):
        one.column("pain")[0] = 99


def test_a_column_that_is_not_there_is_unknown_not_zero():
    assert np.isnan(diary(wobbling(5), naltrexone_mg=np.zeros(5)).dose("topiramate")).all()


def test_an_assigned_dose_is_no_medicine():
    one = diary(wobbling(3), naltrexone_mg=np.zeros(3), naltrexone_assigned_mg=np.ones(3))
    assert one.medicines == ("naltrexone",)
