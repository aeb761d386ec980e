"""A table that another program holds, as a sheet: a mapping of columns, or a frame of pandas, polars or pyarrow.

Anything else that hands its columns over by a protocol of frames (`__arrow_c_stream__`, `__dataframe__`) is read by
pyarrow.
"""

from __future__ import annotations

import datetime
import importlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeGuard

import numpy as np

from nightdose.diary.table.headers import Header, fold
from nightdose.diary.table.problems import ProblemLog
from nightdose.diary.table.sheet import Cells, RowBlock, Sheet, refuse_too_many
from nightdose.errors import CallError, InputError
from nightdose.language.catalogue import say
from nightdose.language.number import whole

NAME = "the table"
FIRST_LINE = 1  # rows of a frame are counted from 1: it has no line of names
DAYS = ("date", "day")
AS_LIST = ("to_pylist", "to_list", "tolist")  # how columns of other programs become values of Python
PROTOCOLS = ("__arrow_c_stream__", "__dataframe__")


def is_frame(source: object) -> TypeGuard[Any]:
    """True for columns under their names: a mapping, or anything that has `columns`, `column_names` or a protocol."""
    # asked of the type: a lazy frame works its columns out when it is asked itself
    if isinstance(source, Mapping) or any(hasattr(type(source), name) for name in ("column_names", "columns")):
        return True
    # a single column has the protocol of Arrow too
    return any(hasattr(source, name) for name in PROTOCOLS) and not any(hasattr(source, name) for name in AS_LIST)


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


def pandas() -> Any:
    """The module, fetched when rows shall go out as a frame; CallError where it is not installed."""
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise CallError(
            say('A frame needs pandas: pip install "nightdose[arviz]". The rows come without it.')
        ) from error


def columns_of(frame: Any) -> Mapping[str, Sequence[Any]]:
    """Name -> values as Python has them, in the frame's order; then what its index holds and no column does."""
    if isinstance(frame, Mapping):
        return {str(name): _values(values) for name, values in frame.items()}
    if hasattr(frame, "collect") or (hasattr(frame, "compute") and not hasattr(frame, "column_names")):
        raise CallError(
            say("This {kind} is not computed yet. Call its collect() or compute() first.", kind=type(frame).__name__),
            field="table",
        )
    index = getattr(frame, "index", None)
    if index is None and not hasattr(frame, "column_names") and any(hasattr(frame, name) for name in PROTOCOLS):
        frame = _by_protocol(frame)
    names = list(getattr(frame, "column_names", None) or frame.columns)
    twice = [str(name) for name, n in Counter(names).items() if n > 1]
    if twice:
        raise InputError(say("The table has the column '{name}' more than once. Keep one of them.", name=twice[0]))
    found = {str(name): _values(frame[name]) for name in names}
    return found if index is None else {**_from_index(index, {fold(name) for name in found}), **found}


def _by_protocol(frame: Any) -> Any:
    """The frame as a table of pyarrow; as it is where pyarrow is not installed and it has columns of its own."""
    try:
        if hasattr(frame, "__arrow_c_stream__"):
            return importlib.import_module("pyarrow").table(frame)
        return importlib.import_module("pyarrow.interchange").from_dataframe(frame)
    except ImportError as error:
        if hasattr(frame, "columns"):
            return frame
        raise CallError(
            say('A {kind} is read by pyarrow: pip install "nightdose[parquet]".', kind=type(frame).__name__),
            field="table",
        ) from error
    except Exception as error:  # whatever somebody else's frame raises while it hands itself over
        raise CallError(
            say(
                "This {kind} could not be read ({why}). Make a frame of pandas or a file of it first.",
                kind=type(frame).__name__,
                why=str(error)[:80],
            ),
            field="table",
        ) from error


def _from_index(index: Any, there: Collection[str]) -> Mapping[str, Sequence[Any]]:
    """Levels of an index that are dates or are named like a person or a day, and are not a column. there : folded."""
    dated = any(day in there for day in DAYS)
    levels = getattr(index, "names", [None])
    values = [index.get_level_values(i) for i in range(len(levels))] if len(levels) > 1 else [index]
    out: dict[str, Sequence[Any]] = {}
    for name, level in zip(levels, values, strict=True):
        dates = "datetime" in str(getattr(level, "dtype", ""))
        folded = "" if name is None else fold(str(name))
        if (not dated and (dates or folded in DAYS)) or (folded == "person" and folded not in there):
            out["date" if dates and name is None else str(name)] = _values(level)
    return out


def _values(column: Any) -> Sequence[Any]:
    if isinstance(column, Mapping) or hasattr(column, "columns"):
        raise InputError(
            say(
                "The table is one of tables, not of columns. Read each of them by itself, and give the diaries under "
                "the names of their persons."
            )
        )
    for method in AS_LIST:
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
