"""Pictures of an answer, drawn as SVG text with nothing but numbers and strings."""

from nightdose.report.figures.diary import diary_figure
from nightdose.report.figures.effect import effect_figure, missing_figure
from nightdose.report.figures.forest import forest_figure
from nightdose.report.figures.hundred import hundred_figure
from nightdose.report.figures.spread import spread_figure
from nightdose.report.figures.svg import NARROW, WIDE, Figure

__all__ = [
    "NARROW",
    "WIDE",
    "Figure",
    "diary_figure",
    "effect_figure",
    "forest_figure",
    "hundred_figure",
    "missing_figure",
    "spread_figure",
]
