"""Many diaries, one question: a row for every person, the same whatever the number of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from nightdose.analyse import judged
from nightdose.cohort.cluster import through_dask
from nightdose.cohort.rows import Cohort
from nightdose.diary.records import Diary
from nightdose.diary.table.table import Source, read_cohort
from nightdose.errors import CallError, NightdoseError
from nightdose.export.frames import Row, failed_row, person_row
from nightdose.knowledge.chosen import carried
from nightdose.language.catalogue import say
from nightdose.processes import Progress, shared
from nightdose.question.question import Question

Task = tuple[str, Diary, Question]
MOST_TOGETHER = 32  # persons that travel to a worker at once: enough to hide the journey, few enough to share fairly


def analyse_cohort(
    diaries: Mapping[str, Diary] | Source,
    question: Question,
    *,
    workers: int = 1,
    dask: str = "",
    progress: Progress | None = None,
) -> Cohort:
    """One flat row per person, in the order of `diaries`; columns of `export/frames.py: person_row`.

    diaries : person -> diary, or a table with a column `person` (`read_cohort`).

    workers : processes of this machine, 1 = none but this one. dask : address of a Dask scheduler, takes the place of
    workers. Every person is analysed alone, with one thread and no random number, so that the rows do not depend on
    either. A person whose diary cannot be analysed becomes a row with the sentence in `failed`.

    Raises CallError for a number of workers below 1, processes that ended too early, a scheduler that cannot be
    reached, or where Dask is missing.
    """
    if not isinstance(workers, int) or workers < 1:
        raise CallError(
            say("{workers} is not a number of processes. Give 1 or more.", workers=workers), field="workers"
        )
    if not isinstance(diaries, Mapping) or not all(isinstance(diary, Diary) for diary in diaries.values()):
        diaries = read_cohort(cast(Source, diaries))
    tasks = [(person, diary, question) for person, diary in cast(Mapping[str, Diary], diaries).items()]
    rows, work = Cohort(), carried(row_of)
    for row in (
        through_dask(work, iter(tasks), dask, MOST_TOGETHER)
        if dask
        else _through_processes(work, tasks, min(workers, max(1, len(tasks))))
    ):
        rows.append(row)
        if progress is not None:
            progress(len(rows), len(tasks))
    return rows


def row_of(task: Task) -> Row:
    """The row of one person; what goes wrong with one diary stays with its person."""
    person, diary, question = task
    try:
        return person_row(person, judged(diary, question))
    except NightdoseError as error:
        return failed_row(person, str(error))
    except (ArithmeticError, AssertionError, LookupError, ValueError) as error:
        return failed_row(
            person,
            say(
                "The analysis broke off ({name}: {error}). This is a fault of nightdose.",
                name=type(error).__name__,
                error=error,
            ),
        )


def _through_processes(work: Callable[[Task], Row], tasks: list[Task], workers: int) -> Iterator[Row]:
    together = max(1, min(MOST_TOGETHER, len(tasks) // (4 * workers)))
    yield from shared(work, tasks, workers, together=together)
