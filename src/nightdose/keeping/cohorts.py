"""What a table of many people asks: one question for everybody in it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nightdose.cohort.stream import Sharing
from nightdose.diary.records import Diary
from nightdose.diary.table.pieces import People, Piece
from nightdose.errors import InputError, NightdoseError
from nightdose.keeping.answer import Asked, guessed_scale, question_for
from nightdose.processes import in_order
from nightdose.question.kind import NUMBERS, Scale
from nightdose.question.question import Question


def question_for_everyone(people: People, asked: Asked, sharing: Sharing) -> Question:
    """The question of the first diary that can be read; its scale is the one asked for, or one that suits everybody:
    `rating` only where it suits each, else `continuous`.

    Raises InputError where no diary of the table can be read, CallError where the first one lacks what is asked about.
    """
    question = question_for(_first(people), asked)
    return question if asked.scale else replace(question, scale=_scale_of_all(people, asked, sharing))


def _first(people: People) -> Diary:
    wrong: InputError | None = None
    for piece in people.pieces():
        try:
            return next(iter(piece.diaries().values()))
        except InputError as error:
            wrong = wrong or error
    assert wrong is not None, "a table of people has a piece"
    raise wrong


def _scale_of_all(people: People, asked: Asked, sharing: Sharing) -> Scale:
    found: set[Scale] = set()
    guess = partial(scales_in, outcome=asked.outcome, limits=asked.limits)
    for scales in in_order(guess, people.pieces(), sharing.workers, lost=lambda piece: set()):
        found |= scales
        if len(found) > 1:
            break
    return found.pop() if len(found) == 1 else NUMBERS


def scales_in(piece: Piece, outcome: str, limits: tuple[float, float] | None) -> set[Scale]:
    """The scales that the values of a piece's people suit; none where they have no such values."""
    try:
        return {guessed_scale(diary, outcome, limits) for diary in piece.diaries().values()}
    except NightdoseError:
        return set()
