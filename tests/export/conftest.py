"""Answers of every kind and diaries at the edge, for the tests of the report."""

import pytest
from tests.report.fake_answers import MAKERS, odd_analyses
from tests.report.fake_parts import ANSWERS


@pytest.fixture(params=ANSWERS)
def analysis(request):
    """Each of the five verdicts in turn."""
    return MAKERS[request.param]()


@pytest.fixture(params=list(odd_analyses()))
def odd(request):
    """Each odd diary in turn."""
    return odd_analyses()[request.param]
