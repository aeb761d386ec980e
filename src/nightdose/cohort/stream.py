"""A table of any number of people becomes a file of rows: in little memory, by many processes, to be gone on with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from nightdose.cohort.cluster import through_dask
from nightdose.cohort.journal import FORM, Journal, fingerprint
from nightdose.cohort.people import row_of
from nightdose.diary.table.pieces import People, Piece
from nightdose.diary.table.row_groups import parquet_files
from nightdose.errors import CallError, InputError
from nightdose.export.cohort_file import check_place, write_rows
from nightdose.export.frames import Row, failed_row
from nightdose.knowledge.chosen import carried, mark_of_file
from nightdose.language.catalogue import say
from nightdose.processes import Progress, in_order
from nightdose.question.question import Question

MOST_FAILED, MOST_NOT_USED = 5, 5


@dataclass(frozen=True, slots=True)
class Made:
    """What a cohort came to. answers : verdict -> people, `failed` for those without one; failed : the first of them.

    before : people whose rows an earlier call had made. not_used : what could not be used -> whose, the first of them.
    """

    people: int
    answers: Mapping[str, int]
    failed: tuple[Row, ...]
    before: int
    not_used: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who works. workers : processes of this machine, 1 = none but this one; dask : address of a scheduler instead.

    Raises CallError for fewer than one process.
    """

    workers: int = 1
    dask: str = ""
    progress: Progress | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise CallError(
                say("{workers} is not a number of processes. Give 1 or more.", workers=self.workers), field="workers"
            )


def work_of(source: Path, question: Question) -> str:
    """Which work this is: whatever its rows depend on."""
    return fingerprint(version("nightdose"), FORM, *_files(source), question, mark_of_file())


def write_cohort(people: People, question: Question, source: Path, out: Path, sharing: Sharing = Sharing()) -> Made:
    """One row a person at `out`, .csv or .parquet, in the order of the table; the same whoever works.

    source : the table's path, which with the question says whether rows that an earlier call left can be gone on with.
    Raises CallError for a place that is taken, and where nobody could be analysed for one and the same
    reason; then no file is written.
    """
    check_place(out, source)
    journal = Journal(out, work_of(source, question))
    before = journal.people
    try:
        for rows in shared_rows(islice(people.pieces(), journal.done, None), question, sharing):
            journal.add(rows)
            if sharing.progress is not None:
                sharing.progress(journal.people, people.count)
    finally:
        journal.close()
    answers: Counter[str] = Counter()
    failed: list[Row] = []
    not_used: dict[str, list[str]] = {}
    sentences: set[str] = set()
    for row in journal.rows():
        answers[row["verdict"] or "failed"] += 1
        if row["failed"] and len(failed) < MOST_FAILED:
            failed.append(row)
        if (said := row["not_used"]) and (said in not_used or len(not_used) < MOST_NOT_USED):
            not_used.setdefault(said, []).append(row["person"])
        if len(sentences) < 2:
            sentences.add(row["failed"])
    if len(sentences) == 1 and (sentence := sentences.pop()):
        journal.remove()
        raise CallError(say("No diary could be analysed. {sentence}", sentence=sentence))
    write_rows(journal.rows(), out)
    journal.remove()
    commonest = dict(sorted(answers.items(), key=lambda item: (-item[1], item[0])))
    return Made(journal.people, commonest, tuple(failed), before, not_used)


def _files(source: Path) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of the last change of every file that is read; a folder does not change with its files."""
    for path in parquet_files(source) if source.is_dir() else (source,):
        found = os.stat(path)
        yield str(path.resolve()), found.st_size, found.st_mtime_ns


def shared_rows(pieces: Iterator[Piece], question: Question, sharing: Sharing) -> Iterator[list[Row]]:
    """The rows of each piece, in order."""
    work = carried(partial(rows_of, question=question))
    if sharing.dask:
        return through_dask(work, pieces, sharing.dask)
    return in_order(work, pieces, sharing.workers, lost=lost_rows)


def rows_of(piece: Piece, question: Question) -> list[Row]:
    """A row for everybody of a piece; whoever cannot be analysed has a sentence instead of an answer."""
    try:
        found = piece.diaries()
    except InputError as error:
        return [failed_row(person, str(error)) for person in piece.persons]
    nothing = say("No row of this person can be used: see its day and its numbers.")
    return [
        row_of((person, found[person], question)) if person in found else failed_row(person, nothing)
        for person in piece.persons
    ]


def lost_rows(piece: Piece) -> list[Row]:
    """The rows of a piece whose process ended twice."""
    sentence = say(
        "The process that analysed this piece of the table ended twice; too little memory is the usual cause."
    )
    return [failed_row(person, sentence) for person in piece.persons]
