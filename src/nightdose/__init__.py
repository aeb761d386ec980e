"""nightdose: one person, one medicine, one honest answer.

The public names; each is imported when it is first asked for, so that `import nightdose` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nightdose.analyse import analyse as analyse
    from nightdose.cohort import analyse_cohort as analyse_cohort
    from nightdose.diary.records import Diary as Diary
    from nightdose.diary.table import read_cohort as read_cohort
    from nightdose.diary.table import read_table as read_table
    from nightdose.exploratory import analyse_outcomes as analyse_outcomes
    from nightdose.knowledge.evidence_prior import read_evidence as read_evidence
    from nightdose.protocol.question import Question as Question
    from nightdose.report.datatree import to_datatree as to_datatree
    from nightdose.report.frames import analysis_frame as analysis_frame
    from nightdose.report.frames import day_rows as day_rows
    from nightdose.report.frames import estimate_rows as estimate_rows
    from nightdose.report.record import analysis_record as analysis_record
    from nightdose.report.render import report_html as report_html
    from nightdose.report.render import write_report as write_report
    from nightdose.sensitivity import with_sensitivity as with_sensitivity
    from nightdose.two_posteriors import with_evidence as with_evidence
    from nightdose.verdict.analysis import Analysis as Analysis
    from nightdose.verdict.draws import improvement_draws as improvement_draws

HOME = {
    "Analysis": "verdict.analysis",
    "Diary": "diary.records",
    "Question": "protocol.question",
    "analyse": "analyse",
    "analyse_cohort": "cohort",
    "analyse_outcomes": "exploratory",
    "analysis_frame": "report.frames",
    "analysis_record": "report.record",
    "day_rows": "report.frames",
    "estimate_rows": "report.frames",
    "improvement_draws": "verdict.draws",
    "read_cohort": "diary.table",
    "read_evidence": "knowledge.evidence_prior",
    "read_table": "diary.table",
    "report_html": "report.render",
    "to_datatree": "report.datatree",
    "with_evidence": "two_posteriors",
    "with_sensitivity": "sensitivity",
    "write_report": "report.render",
}

__all__ = [
    "Analysis",
    "Diary",
    "Question",
    "analyse",
    "analyse_cohort",
    "analyse_outcomes",
    "analysis_frame",
    "analysis_record",
    "day_rows",
    "estimate_rows",
    "improvement_draws",
    "read_cohort",
    "read_evidence",
    "read_table",
    "report_html",
    "to_datatree",
    "with_evidence",
    "with_sensitivity",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """A public name, from its module; an Analysis learns here how to show itself in a notebook."""
    if name not in HOME:
        raise AttributeError(f"module 'nightdose' has no attribute '{name}'")
    found = getattr(import_module(f"nightdose.{HOME[name]}"), name)
    if name != "analyse":  # that one is a property, below
        globals()[name] = found
    shown = import_module("nightdose.verdict.analysis").Analysis
    if not hasattr(shown, "_repr_html_"):
        shown._repr_html_ = _repr_html_
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _repr_html_(analysis: Analysis) -> str:
    from nightdose.report.notebook import notebook_html

    return notebook_html(analysis)


class _Package(ModuleType):
    """`nightdose.analyse` is the function, also after Python has bound the module of that name to the package."""

    @property
    def analyse(self) -> Any:
        return __getattr__("analyse")

    @analyse.setter
    def analyse(self, module: ModuleType) -> None:
        """The import system sets a submodule as an attribute; it stays reachable as `from nightdose.analyse import`."""


sys.modules[__name__].__class__ = _Package
