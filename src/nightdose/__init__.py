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
    from nightdose.checks.evidence import with_evidence as with_evidence
    from nightdose.checks.sensitivity import with_sensitivity as with_sensitivity
    from nightdose.cohort import analyse_cohort as analyse_cohort
    from nightdose.diary.records import Diary as Diary
    from nightdose.diary.table.table import read_cohort as read_cohort
    from nightdose.diary.table.table import read_table as read_table
    from nightdose.export.datatree import to_datatree as to_datatree
    from nightdose.export.draws import improvement_draws as improvement_draws
    from nightdose.export.frames import analysis_frame as analysis_frame
    from nightdose.export.frames import day_rows as day_rows
    from nightdose.export.frames import estimate_rows as estimate_rows
    from nightdose.export.record import analysis_record as analysis_record
    from nightdose.knowledge.evidence_file import read_evidence as read_evidence
    from nightdose.outcomes import analyse_outcomes as analyse_outcomes
    from nightdose.question.looks import Looks as Looks
    from nightdose.question.question import Question as Question
    from nightdose.report.page import report_html as report_html
    from nightdose.report.page import write_report as write_report
    from nightdose.verdict.analysis import Analysis as Analysis

HOME = {
    "Analysis": "verdict.analysis",
    "Diary": "diary.records",
    "Looks": "question.looks",
    "Question": "question.question",
    "analyse": "analyse",
    "analyse_cohort": "cohort",
    "analyse_outcomes": "outcomes",
    "analysis_frame": "export.frames",
    "analysis_record": "export.record",
    "day_rows": "export.frames",
    "estimate_rows": "export.frames",
    "improvement_draws": "export.draws",
    "read_cohort": "diary.table.table",
    "read_evidence": "knowledge.evidence_file",
    "read_table": "diary.table.table",
    "report_html": "report.page",
    "to_datatree": "export.datatree",
    "with_evidence": "checks.evidence",
    "with_sensitivity": "checks.sensitivity",
    "write_report": "report.page",
}

__all__ = [
    "Analysis",
    "Diary",
    "Looks",
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
