"""A Parquet file as a sheet. pyarrow is asked for only when such a file comes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from nightdose.diary.table.headers import Header
from nightdose.diary.table.problems import ProblemLog
from nightdose.diary.table.sheet import Cells, RowBlock, Sheet, refuse_too_many, rows_in_block
from nightdose.errors import InputError
from nightdose.language.catalogue import say

# what pyarrow's readers raise on a broken file, beside its own ArrowException
UNREADABLE = (OSError, ValueError, MemoryError, OverflowError, LookupError, NotImplementedError)
FIRST_LINE = 2  # of the rows, as in the same table saved as CSV
MAX_TEXT = 200  # characters of a text cell that are kept


def open_parquet(name: str, stem: str, content: bytes) -> Sheet:
    """The sheet of a Parquet file; InputError without pyarrow, or when the file is broken.

    Line 2 is the first row, as it would be in the same table saved as CSV.
    """
    pa, pq = needs_pyarrow(name)
    try:
        with pq.ParquetFile(io.BytesIO(content)) as file:
            schema, count = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, *UNREADABLE) as error:
        raise broken(name, error) from None
    refuse_too_many(name, count)
    texts = [field.name for field in schema if is_text(field.type)]
    return Sheet(
        file=name,
        stem=stem,
        header=tuple(schema.names),
        may_have_commas=bool(texts),
        blocks=partial(blocks, name, content, texts),
    )


def needs_pyarrow(name: str) -> tuple[Any, Any]:
    """The packages pyarrow and pyarrow.parquet; InputError with the file's name where they are missing."""
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise InputError(
            say(
                '{name} is a Parquet file. To read it: pip install "nightdose[parquet]". Or save the table as CSV.',
                name=name,
            )
        ) from None
    return pa, pq


def broken(name: str, error: BaseException) -> InputError:
    """The sentence for a file that begins as Parquet and is none."""
    why = " ".join(str(error).split())[:120]
    return InputError(say("{name} is not a whole Parquet file ({why}). Save or download it again.", name=name, why=why))


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is text."""
    import pyarrow.types as types  # type: ignore[import-untyped]

    return bool(types.is_string(kind) or types.is_large_string(kind))


def blocks(name: str, content: bytes, texts: list[str], header: Header, log: ProblemLog) -> Iterator[RowBlock]:
    """The rows in blocks; text stays shared through its dictionary, however often it is repeated."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(io.BytesIO(content), read_dictionary=texts) as file:
            yield from in_blocks(file.iter_batches(batch_size=rows_in_block(len(header.names))), FIRST_LINE, header)
    except (pa.ArrowException, *UNREADABLE) as error:
        raise broken(name, error) from None


def in_blocks(batches: Iterable[Any], first: int, header: Header) -> Iterator[RowBlock]:
    """Arrow's batches of rows as blocks, the first row on line `first`."""
    as_text = [role in ("date", "day", "person", "clock") for role in header.roles]
    for batch in batches:
        lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
        yield RowBlock(lines, [cells(c, t) for c, t in zip(batch.columns, as_text, strict=True)])
        first += batch.num_rows


def cells(column: Any, as_text: bool) -> Cells:
    """One column of a batch: numbers and yes/no as (rows,) float, everything else as text; null is empty."""
    import pyarrow as pa
    import pyarrow.types as types

    kind = column.type
    if types.is_dictionary(kind):
        return dictionary_cells(column)
    number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind) or types.is_boolean(kind)
    if number and not as_text:
        if types.is_boolean(kind):
            column = column.cast(pa.uint8())
        values = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return np.array(values, dtype=np.float64)
    if types.is_floating(kind):
        return ["" if v is None or v != v else f"{v:.17g}" for v in column.to_pylist()]
    if types.is_nested(kind) or types.is_binary(kind) or types.is_large_binary(kind):
        return [f"({kind})"[:MAX_TEXT]] * len(column)
    return [text or "" for text in column.cast(pa.string()).to_pylist()]


def dictionary_cells(column: Any) -> Cells:
    """Text through its dictionary: each distinct text exists once."""
    words = ["" if word is None else str(word)[:MAX_TEXT] for word in column.dictionary.to_pylist()]
    at = column.indices.to_numpy(zero_copy_only=False)
    return [words[int(i)] if i == i else "" for i in at]
