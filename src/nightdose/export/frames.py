"""An analysis as tidy rows: plain dictionaries, and pandas frames where pandas is at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nightdose.diary.records import Problem
from nightdose.diary.table.frame import pandas
from nightdose.errors import CallError
from nightdose.fit.estimate import Estimate
from nightdose.fit.likelihood import likelihood_of
from nightdose.language.catalogue import say, say_count
from nightdose.verdict.analysis import Analysis

Row = dict[str, Any]  # one row of a table for other programs
KINDS_SAID = 3  # kinds of problem of one person that a row tells in words
LIKELIHOOD = ("likelihood_mean", "likelihood_sd")


def person_row(person: str, analysis: Analysis) -> Row:
    """One flat row: what a cohort's file has for a person. Numbers that do not exist are NaN, sentences empty."""
    verdict, design = analysis.verdict, analysis.design
    return {
        "person": person,
        "verdict": verdict.answer,
        "ceiling": verdict.ceiling,
        **estimate_fields(verdict.estimate),
        **likelihood_fields(analysis),
        "reasons": " ".join(reason.code for reason in verdict.reasons),
        "design": design.kind,
        "days": design.days,
        "days_on": design.days_on,
        "days_off": design.days_off,
        "recorded": design.recorded,
        "missing": design.missing,
        "switches": design.switches,
        "healthy": not analysis.refused,
        "problems": len(analysis.diary.problems),
        "failed": "",
        "not_used": not_used(analysis.diary.problems),
    }


def failed_row(person: str, sentence: str) -> Row:
    """The row of a person whose diary could not be analysed: the sentence, and nothing invented."""
    return {
        "person": person,
        "verdict": "",
        "ceiling": "",
        **estimate_fields(None),
        **dict.fromkeys(LIKELIHOOD, math.nan),
        "reasons": "",
        "design": "",
        "days": 0,
        "days_on": 0,
        "days_off": 0,
        "recorded": 0,
        "missing": 0,
        "switches": 0,
        "healthy": False,
        "problems": 0,
        "failed": sentence,
        "not_used": "",
    }


def not_used(problems: Sequence[Problem]) -> str:
    """Which lines could not be used as they stand, and why: the first kinds in words, how many more there are."""
    kinds: dict[str, list[Problem]] = {}
    for problem in sorted(
        problems, key=lambda each: each.line is None
    ):  # what a line shows before what is only counted
        kinds.setdefault(problem.remedy, []).append(problem)
    said = []
    for same in list(kinds.values())[:KINDS_SAID]:
        first = same[0]
        if first.line is None:
            said.append(first.what)
            continue
        more = say(" (and {n} more lines like it, the last is {last})", n=len(same) - 1, last=same[-1].line)
        said.append(str(say("line {line}", line=first.line)) + ": " + first.what + (more if len(same) > 1 else ""))
    others = len(kinds) - KINDS_SAID
    if others > 0:
        said.append(say_count("and one other kind", "and {n} other kinds", others))
    return " ".join(said)


def estimate_fields(e: Estimate | None) -> Row:
    """Mean, sd, 95 % interval and probabilities under the names of the cohort table (docs/cohort.md)."""
    nan = math.nan
    return {
        "improvement_mean": e.mean if e else nan,
        "improvement_sd": e.sd if e else nan,
        "improvement_lo95": e.interval95[0] if e else nan,
        "improvement_hi95": e.interval95[1] if e else nan,
        "p_better": e.better if e else nan,
        "p_meaningfully_better": e.meaningfully_better if e else nan,
        "p_meaningfully_worse": e.meaningfully_worse if e else nan,
        "p_no_meaningful_difference": e.no_meaningful_difference if e else nan,
    }


def likelihood_fields(analysis: Analysis) -> Row:
    """Mean and sd of the likelihood of the settled improvement: what this diary says without the prior, for a pool."""
    alone = None
    if analysis.verdict.estimate is not None and analysis.fitted is not None:
        alone = likelihood_of(analysis.case, analysis.fitted)
    return dict(zip(LIKELIHOOD, (alone.mean, alone.sd) if alone else (math.nan, math.nan), strict=True))


def estimate_rows(analysis: Analysis) -> list[Row]:
    """One row an estimate: the answer, each dose, and whatever stands beside it.

    `of` : answer, with_evidence, dose, guess_adjusted, or prior; `which` : the dose or the changed prior, else empty.
    """
    rows = [{"of": "answer", "which": "", **estimate_fields(analysis.verdict.estimate)}]
    if analysis.with_evidence is not None:
        name = analysis.with_evidence.prior.name
        rows.append({"of": "with_evidence", "which": name, **estimate_fields(analysis.with_evidence.estimate)})
    rows += [{"of": "dose", "which": f"{d.dose:g}", **estimate_fields(d.improvement)} for d in analysis.doses]
    if analysis.guess is not None and analysis.guess.adjusted is not None:
        rows.append({"of": "guess_adjusted", "which": "", **estimate_fields(analysis.guess.adjusted)})
    rows += [{"of": "prior", "which": v.code, **estimate_fields(v.estimate)} for v in analysis.prior_variants]
    question = analysis.question
    return [{"outcome": question.outcome, "treatment": question.treatment, **row} for row in rows]


def day_rows(analysis: Analysis) -> list[Row]:
    """One row a day: outcome, dose, and what the fit expects with the doses taken and without; NaN = unknown."""
    nothing = np.full(len(analysis.outcome), math.nan)
    columns = {"outcome": analysis.outcome, "dose": analysis.dose}
    for name, band in (("with", analysis.with_treatment), ("without", analysis.without_treatment)):
        columns[f"expected_{name}"] = band.mean if band else nothing
        columns[f"expected_{name}_lo95"] = band.low if band else nothing
        columns[f"expected_{name}_hi95"] = band.high if band else nothing
    return [
        {"day": analysis.diary.day_label(i), **{name: float(values[i]) for name, values in columns.items()}}
        for i in range(len(analysis.outcome))
    ]


def analysis_frame(analysis: Analysis) -> Any:
    """`estimate_rows` as a pandas DataFrame; raises CallError where pandas is not installed, or for anything else."""
    if not isinstance(analysis, Analysis):
        raise CallError(say("This frame is of one analysis, not of a {kind}.", kind=type(analysis).__name__))
    return pandas().DataFrame(estimate_rows(analysis))
