"""The letter of a kept diary: what the person wants on it is kept, the safety points come from the gates."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

from nightdose.diary.entry import SCALES
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import documents, safety, settings
from nightdose.keeping.documents import LETTER
from nightdose.language.catalogue import say, say_count
from nightdose.language.number import date
from nightdose.letter.background import AGE_BANDS, Background, Tried
from nightdose.protocol.interview import Instruction
from nightdose.question.question import Question

LONGEST_WORDS = 400
UNANSWERED = "unanswered"  # the rule of a question that waits
MOST_PRICE = 1e6
TRIED_FIELDS = ("medicine", "dose", "how long", "why stopped")


def background(store: Store, today: datetime.date) -> Background:
    """What stands on the letter beside the answer: as last chosen, with today's date and today's safety points."""
    chosen = documents.newest(store, LETTER, "letter") or Background()
    return replace(chosen, made=today, safety=safety_points(store, today))


def choose(store: Store, chosen: Background) -> None:
    """Keep what the person wants on the letter; its day and its safety points are never kept."""
    _on_a_scale(store, chosen.bad_line)
    documents.keep(store, LETTER, checked(replace(chosen, made=None, safety=None)))


def _on_a_scale(store: Store, line: float | None) -> None:
    """CallError where no outcome of the diary can reach the line of a bad day."""
    scales = [SCALES[each.scale] for each in settings.outcomes(store).values()]
    if line is None or not scales or any(low <= line <= high for low, high in (scale.ends for scale in scales)):
        return
    raise _never_reached(line, ", ".join(dict.fromkeys(say(scale.says) for scale in scales)))


def line_is_reached(question: Question, line: float | None) -> None:
    """CallError where no day of what was asked about can reach the line of a bad day (field: bad_line)."""
    if line is not None and question.ends is not None and not question.ends[0] <= line <= question.ends[1]:
        raise _never_reached(line, say("{low} to {high}", low=f"{question.ends[0]:g}", high=f"{question.ends[1]:g}"))


def _never_reached(line: float, scales: str) -> CallError:
    return CallError(
        say(
            "No day can reach {line}: a bad day begins at a number of the scale ({scales}).",
            line=f"{line:g}",
            scales=scales,
        ),
        field="bad_line",
    )


def safety_points(store: Store, today: datetime.date) -> tuple[str, ...] | None:
    """What is open, then what was taken back and why, then what a prescriber cleared; None = never asked."""
    if not safety.answers(store, today).conditions:
        return None
    found = safety.judgement(store, today)
    silent = sum(gate.refuses and gate.rule.id == UNANSWERED for gate in found.gates)
    said = [gate.sentence for gate in found.gates if gate.refuses and gate.rule.id != UNANSWERED]
    if silent:
        said.append(
            say_count("{n} safety question has no fresh answer.", "{n} safety questions have no fresh answer.", silent)
        )
    said += [gate.sentence for gate in found.notes if gate.rule.id == "taken_back"]
    said += [_cleared(gate.about, gate.instruction) for gate in found.gates if gate.instruction is not None]
    return tuple(said)


def _cleared(about: str, word: Instruction) -> str:
    return say(
        "Cleared by {prescriber} on {day}: '{words}' ({about})",
        prescriber=word.prescriber,
        day=date(word.given),
        words=word.words,
        about=about,
    )


def tried_from(words: str) -> Tried:
    """`topiramate, 100 mg, 6 months, tingling` as a treatment tried before; only its name is needed.

    Raises CallError where there is no name, or more than four parts.
    """
    parts = [part.strip() for part in words.split(",")]
    if not parts[0]:
        raise CallError(
            say(
                "'{words}' names no medicine. Give: {tried_fields}.", words=words, tried_fields=", ".join(TRIED_FIELDS)
            ),
            field="tried",
        )
    if len(parts) > len(TRIED_FIELDS):
        parts = [*parts[:3], ", ".join(parts[3:])]
    return Tried(*parts)


def checked(chosen: Background) -> Background:
    """The same, where its words are short enough for a page and its price is one. Raises CallError."""
    if chosen.price_a_day is not None and not 0 < chosen.price_a_day < MOST_PRICE:
        raise CallError(say("The price of a day is an amount above 0."), field="price_a_day")
    for name, words in (("name", chosen.name), ("condition", chosen.condition), ("notes", chosen.notes)):
        if len(words) > LONGEST_WORDS:
            raise CallError(
                say(
                    "The {name} has {n} characters; a page has room for {longest_words}.",
                    name=name,
                    n=len(words),
                    longest_words=LONGEST_WORDS,
                ),
                field=name,
            )
    if chosen.bad_line is not None and not math.isfinite(chosen.bad_line):
        raise CallError(say("A bad day begins at a number, for example 7."), field="bad_line")
    if chosen.age and chosen.age not in AGE_BANDS:
        raise CallError(
            say("'{age}' is not an age band. Give one of: {bands}.", age=chosen.age, bands=", ".join(AGE_BANDS)),
            field="age",
        )
    return chosen
