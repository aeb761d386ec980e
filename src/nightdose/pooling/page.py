"""A pool as one self-contained page: for whoever collects answers, and for anyone who reads what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from jinja2 import ChoiceLoader, Environment, PackageLoader

from nightdose.language.catalogue import language, say
from nightdose.language.number import whole
from nightdose.pooling.cells import FEWEST
from nightdose.pooling.figures import curve_figure, groups_figure, people_figure
from nightdose.pooling.pool import Part, Pool
from nightdose.pooling.words import (
    MODERATOR_WORDS,
    aside_words,
    count_words,
    group_name,
    looks_words,
    mean_words,
    moderator_words,
    sentences,
    silence_words,
    title,
    word,
)
from nightdose.report.figures.svg import NARROW, WIDE, Figure
from nightdose.report.page import environment as report_environment

MOST_REFUSED = 200
Pictures = tuple[tuple[str, tuple[tuple[str, Figure], ...]], ...]  # (name, (size, drawing) for a desk and a phone)


@dataclass(frozen=True, slots=True)
class ModeratorPart:
    """One table. rows : (group, people, its own mean, drawn together)."""

    title: str
    note: str
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PartPage:
    """One medicine and outcome as it is shown."""

    id: str
    title: str
    word: str
    sentences: tuple[str, ...]
    silence: tuple[str, ...]
    looks: str
    figures: Pictures
    counts: tuple[tuple[str, str], ...]
    moderators: tuple[ModeratorPart, ...]
    aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Everything on the page; refused : (where, why), () on a page for everybody."""

    language: str
    title: str
    warning: str
    received: str
    parts: tuple[PartPage, ...]
    refused: tuple[tuple[str, str], ...]
    how: tuple[str, ...]
    made: str


def pool_page(pool: Pool, *, with_refused: bool) -> PoolPage:
    """The page as a value. with_refused : name the lines that do not count, for whoever collects them."""
    return PoolPage(
        language().code,
        say("Answers of many diaries, together"),
        say(
            "Averages of other people, who chose to send an answer. Not medical advice, and no dose is recommended: "
            "talk with your prescriber."
        ),
        _received(pool),
        tuple(_part(part) for part in pool.parts),
        tuple((r.where, r.why) for r in pool.refused[:MOST_REFUSED]) if with_refused else (),
        _how(),
        say(
            "Made by nightdose {version} from lines with the hash {hash}; the same lines give the same page. It asks "
            "no other computer for anything and counts no reader.",
            version=version("nightdose"),
            hash=pool.made_of[:16],
        ),
    )


def pool_html(pool: Pool, *, with_refused: bool = False) -> str:
    """The page as HTML; the same lines give the same bytes."""
    page = pool_page(pool, with_refused=with_refused)
    return _environment().get_template("pool.html").render(page=page)


def _received(pool: Pool) -> str:
    said = say(
        "{answers} answers, {registered} registered trials; {withdrawn} taken back.",
        answers=whole(pool.answers),
        registered=whole(pool.registered),
        withdrawn=whole(pool.withdrawn),
    )
    said += " " + (
        say("Which trials were registered before their answer is held against the list of an earlier page.")
        if pool.ordered
        else say("Whether a trial was registered before its answer, the lines cannot show: ask who collected them.")
    )
    if not pool.parts:
        said += " " + say("No outcome has {n} people yet, so nothing is shown.", n=FEWEST)
    return said


def _part(part: Part) -> PartPage:
    ident = f"{part.outcome}-{part.better}"
    return PartPage(
        f"part-{ident}",
        title(part),
        word(part),
        sentences(part),
        silence_words(part.silence),
        looks_words(part),
        _pictures(part, ident),
        count_words(part),
        tuple(
            ModeratorPart(
                say(MODERATOR_WORDS[m.name]),
                moderator_words(m),
                tuple((group_name(m, g), whole(g.people), mean_words(g.alone), mean_words(g.drawn)) for g in m.groups),
            )
            for m in part.moderators
        ),
        aside_words(part),
    )


def _pictures(part: Part, ident: str) -> Pictures:
    drawers: tuple[tuple[str, Callable[..., Figure | None]], ...] = (
        ("curve", curve_figure),
        ("groups", groups_figure),
        ("people", people_figure),
    )
    out = []
    for name, draw in drawers:
        drawn = [
            (size, draw(part, width=width, ident=f"{name}-{ident}-{size}"))
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        ]
        there = tuple((size, figure) for size, figure in drawn if figure is not None)
        if there:
            out.append((name, there))
    return tuple(out)


def _how() -> tuple[str, ...]:
    return (
        say("Each answer is what one diary alone says, without any prior; its noise is known and taken out."),
        say("Only trials that were planned beforehand are pooled. Diaries of before and after stand apart."),
        say(
            "An answer counts as registered where the same key had signed that it would come. The large word is never "
            "stronger than “not yet known” while fewer than four in five registered trials have an answer."
        ),
        say(
            "How fast the effect settles each diary assumed (over weeks, unless its person said otherwise) and hardly "
            "learnt. Where the effect comes at once, the mean of many is too large: by a third to a half in blocks of "
            "14 days."
        ),
        say("No number of fewer than {n} people is shown.", n=FEWEST),
        say("Nobody can see from a file that a person exists: one person with many keys would count many times."),
    )


@cache
def _environment() -> Environment:
    made = report_environment().overlay()
    made.loader = ChoiceLoader([PackageLoader("nightdose.pooling"), PackageLoader("nightdose.report")])
    return made
