"""A table that another program holds: a mapping of columns, or a frame of pandas, polars or pyarrow, as a sheet."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeGuard

import numpy as np

from nightdose.diary.table.headers import Header, fold
from nightdose.diary.table.problems import ProblemLog
from nightdose.diary.table.sheet import Cells, RowBlock, Sheet, refuse_too_many
from nightdose.errors import InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

NAME = "the table"
FIRST_LINE = 1  # rows of a frame are counted from 1: it has no line of names
DAYS = ("date", "day")


def is_frame(source: object) -> TypeGuard[Any]:
    """True for columns under their names: a mapping, or anything that has `columns` or `column_names`."""
    return isinstance(source, Mapping) or hasattr(source, "column_names") or hasattr(source, "columns")


def frame_sheet(frame: Any) -> Sheet:
    """The frame as a sheet; its rows are lines 1, 2, ... An index of dates is its column `date`.

    Raises InputError where its columns are not equally long.
    """
    columns = columns_of(frame)
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InputError(
            say("The columns of the table have {shortest} to {longest} values. Give each as many as there are days.",
                shortest=whole(min(lengths)), longest=whole(max(lengths)))
        )  # fmt: skip
    refuse_too_many(NAME, max(lengths, default=0))
    return Sheet(
        file=NAME,
        stem=NAME,
        header=tuple(columns),
        may_have_commas=any(isinstance(v, str) for values in columns.values() for v in values[:1000]),
        blocks=partial(_blocks, columns),
    )


def columns_of(frame: Any) -> Mapping[str, Sequence[Any]]:
    """Name -> values as Python has them, in the frame's order."""
    if isinstance(frame, Mapping):
        return {str(name): _values(values) for name, values in frame.items()}
    names = list(getattr(frame, "column_names", None) or frame.columns)
    found = {str(name): _values(frame[name]) for name in names}
    index = getattr(frame, "index", None)
    if index is not None and not any(fold(name) in DAYS for name in found):
        found = {**_from_index(index), **found}
    return found


def _from_index(index: Any) -> Mapping[str, Sequence[Any]]:
    """Levels of an index that are named, or that are dates."""
    levels = getattr(index, "names", [None])
    values = [index.get_level_values(i) for i in range(len(levels))] if len(levels) > 1 else [index]
    out: dict[str, Sequence[Any]] = {}
    for name, level in zip(levels, values, strict=True):
        dates = "datetime" in str(getattr(level, "dtype", ""))
        if dates or (name is not None and fold(str(name)) in (*DAYS, "person")):
            out["date" if dates and name is None else str(name)] = _values(level)
    return out


def _values(column: Any) -> Sequence[Any]:
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    if isinstance(column, (str, bytes)) or not isinstance(column, Iterable):
        raise InputError(
            say("A column of the table is one value ({value}), not a list of days.", value=repr(column)[:40])
        )
    return list(column)


def _blocks(columns: Mapping[str, Sequence[Any]], header: Header, log: ProblemLog) -> Iterator[RowBlock]:
    values = list(columns.values())
    lines = np.arange(FIRST_LINE, FIRST_LINE + len(values[0]), dtype=np.int64)
    as_text = [role in ("date", "day", "person", "clock") for role in header.roles]
    yield RowBlock(lines, [_cells(column, text) for column, text in zip(values, as_text, strict=True)])


def _cells(values: Sequence[Any], as_text: bool) -> Cells:
    """Numbers and yes/no as (rows,) float where all of a column are; everything else as text; unknown is empty."""
    if not as_text and all(_is_unknown(v) or isinstance(v, bool | int | float | np.number | np.bool_) for v in values):
        return np.array([math.nan if _is_unknown(v) else float(v) for v in values])
    return [_text(v) for v in values]


def _is_unknown(value: Any) -> bool:
    """None, NaN, and what other programs call NaT or NA."""
    return (
        value is None or type(value).__name__ in ("NaTType", "NAType") or (isinstance(value, float) and value != value)
    )


def _text(value: Any) -> str:
    if _is_unknown(value):
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float | np.floating):
        return f"{float(value):.17g}"
    return str(value)
