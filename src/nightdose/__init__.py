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
    from nightdose.checks.certificate import with_certificate as with_certificate
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
    from nightdose.keeping.answer import ask as ask
    from nightdose.keeping.drug_files import about_drug as about_drug
    from nightdose.knowledge.evidence_file import read_evidence as read_evidence
    from nightdose.outcomes import analyse_outcomes as analyse_outcomes
    from nightdose.question.looks import Looks as Looks
    from nightdose.question.question import Question as Question
    from nightdose.report.page import report_html as report_html
    from nightdose.report.page import write_report as write_report
    from nightdose.verdict.analysis import Analysis as Analysis

# public name -> its module
HOME = {
    "Analysis": "verdict.analysis",
    "Diary": "diary.records",
    "Looks": "question.looks",
    "Question": "question.question",
    "about_drug": "keeping.drug_files",
    "analyse": "analyse",
    "analyse_cohort": "cohort",
    "analyse_outcomes": "outcomes",
    "analysis_frame": "export.frames",
    "analysis_record": "export.record",
    "ask": "keeping.answer",
    "day_rows": "export.frames",
    "estimate_rows": "export.frames",
    "improvement_draws": "export.draws",
    "read_cohort": "diary.table.table",
    "read_evidence": "knowledge.evidence_file",
    "read_table": "diary.table.table",
    "report_html": "report.page",
    "to_datatree": "export.datatree",
    "with_certificate": "checks.certificate",
    "with_evidence": "checks.evidence",
    "with_sensitivity": "checks.sensitivity",
    "write_report": "report.page",
}

__all__ = sorted(HOME)


def __getattr__(name: str) -> Any:
    """A public name, from its module; `__version__` from the installed package."""
    if name == "__version__":
        return import_module("importlib.metadata").version("nightdose")
    if name not in HOME:
        raise AttributeError(f"module 'nightdose' has no attribute '{name}'")
    return getattr(import_module(f"nightdose.{HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(ModuleType):
    """`nightdose.analyse` is the function, also after Python has bound the module of that name to the package."""

    @property
    def analyse(self) -> Any:
        return __getattr__("analyse")

    @analyse.setter
    def analyse(self, module: ModuleType) -> None:
        """The import system binds the module here; it stays reachable as `from nightdose.analyse import ...`."""


sys.modules[__name__].__class__ = _Package
