"""The picture of a forecast: said in words, parts told apart without colour, well-formed."""

import datetime
import itertools
from xml.etree import ElementTree

from nightdose.knowledge.ups_and_downs import published
from nightdose.protocol.trial import TrialDesign
from nightdose.question.question import Question
from nightdose.report.plan_picture import forecast_picture, forecast_sentences, length_picture, sentence
from nightdose.verdict.forecast import Forecast, Verdicts

FORECAST = Forecast(
    design=TrialDesign("randomised_blocks", datetime.date(2026, 11, 23), 14, 6, 28),
    ups=published("usual"),
    question=Question("pain", "naltrexone", meaningful=1.0),
    seed=0,
    nothing=Verdicts(0.0, 100, {"helps": 2, "not_yet_known": 98}),
    meaningful=Verdicts(1.0, 100, {"helps": 41, "not_yet_known": 59}),
    hoped=Verdicts(2.0, 100, {"helps": 93, "not_yet_known": 7}),
)


def test_the_forecast_is_said_in_sentences():
    begin, nothing, meaningful, hoped = forecast_sentences(FORECAST)
    assert "50 weeks" in begin
    assert "2 of 100 such trials would wrongly say" in nothing
    assert "1 point once settled, 41 of 100 would say that it helps" in meaningful
    assert "2 points once settled, 93 of 100 would say that it helps" in hoped


def test_the_picture_is_well_formed_and_described():
    root = ElementTree.fromstring(forecast_picture(FORECAST))
    texts = {node.text for node in root.iter() if node.text}
    assert root.get("role") == "img"
    assert {"helps", "not yet known", "41", "59", "93"} <= texts


def test_line_names_do_not_overlap():
    root = ElementTree.fromstring(length_picture([("a", [(26, 1.0)]), ("b", [(26, 0.99)]), ("c", [(26, 0.98)])], "t"))
    heights = sorted(float(node.get("y")) for node in root.iter() if node.text in ("a", "b", "c"))
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 18


def test_the_forecast_of_a_yes_or_no_is_in_days_of_28():
    asked = Question("attack", "naltrexone", scale="binary", meaningful=3 / 28)
    assert "takes off 6 days in 28 once settled" in sentence(Verdicts(6 / 28, 10, {"helps": 4}), asked)
