"""The answer in a terminal: a sentence, a small picture of the days, the effect on an axis, the reasons."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from dataclasses import dataclass

import numpy as np

from nightdose.arrays import Floats
from nightdose.language.catalogue import say, say_count
from nightdose.language.number import dose_amount, number, plain, typeset
from nightdose.question.words import direction_note, question_sentence, taken_words, untaken_words
from nightdose.report.figures.axes import Axis
from nightdose.report.figures.effect import drawable, effect_axis, effect_rows
from nightdose.report.words.answer import red_flags
from nightdose.report.words.averages import averages
from nightdose.report.words.certificate import certificate_words
from nightdose.report.words.diary import day_words, shown_label, shows_effect
from nightdose.report.words.estimate import estimate_words
from nightdose.report.words.evidence import evidence_line
from nightdose.report.words.hazards import hazard_words
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.words import CEILINGS, sentence_after_word, verdict_word

WIDEST, NARROWEST = 100, 40
ROWS = 5
MOST_LINES = 36
AS_ASCII = str.maketrans(
    {
        "\u2212": "-",
        "\u00a0": " ",
        "\u2011": "-",
        "“": '"',
        "”": '"',
        "’": "'",
        "…": "...",
        "×": "x",
        "±": "+-",
        "≥": ">=",
    }
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of the picture."""

    taken: str
    untaken: str
    unknown: str
    heights: str  # dose strip, from a little to the most
    dash: str
    zero: str
    mean: str
    ends: tuple[str, str]
    inside: str
    zone: str
    separator: str


UNICODE = Glyphs("●", "○", "×", "▁▂▃▄▅▆▇█", "─", "│", "◆", ("├", "┤"), "━", "░", " · ")
ASCII = Glyphs("#", "o", "x", ".:|#", "-", "|", "*", ("[", "]"), "=", ".", "; ")


def binned(values: Floats, columns: int) -> Floats:
    """(columns,) means of the days that fall into each column, unknown days left out."""
    out = np.full(columns, np.nan)
    edges = np.linspace(0, len(values), columns + 1).round().astype(int)
    for i in range(columns):
        part = values[edges[i] : edges[i + 1]]
        part = part[np.isfinite(part)]
        if part.size:
            out[i] = part.mean()
    return out


def outcome_rows(outcome: Floats, dose: Floats, ends: tuple[float, float], glyphs: Glyphs) -> list[str]:
    """A dot for each column of days, high values on top."""
    low, high = ends
    grid = [[" "] * len(outcome) for _ in range(ROWS)]
    for i, value in enumerate(outcome):
        if math.isfinite(value):
            row = ROWS // 2 if high == low else round((high - value) / (high - low) * (ROWS - 1))
            d = dose[i]
            grid[row][i] = glyphs.unknown if math.isnan(d) else glyphs.taken if d > 0 else glyphs.untaken
    names = {ROWS // 2: number(high)} if high == low else {0: number(high), ROWS - 1: number(low)}
    room = max(map(len, names.values()))
    return [f"{names.get(i, ''):>{room}} {''.join(line)}" for i, line in enumerate(grid)]


def dose_row(dose: Floats, glyphs: Glyphs) -> str:
    """The doses of each column as a bar; `?` unknown."""
    known = dose[np.isfinite(dose)]
    most = float(known.max()) if known.size else 0.0
    out = []
    for d in dose:
        if math.isnan(d):
            out.append("?")
        elif d <= 0 or most <= 0:
            out.append(" ")
        else:
            out.append(glyphs.heights[min(len(glyphs.heights) - 1, math.ceil(d / most * len(glyphs.heights)) - 1)])
    return "".join(out)


def shorten_to(words: str, room: int) -> str:
    """The words, cut with an ellipsis to so many characters."""
    return words if len(words) <= room else words[: max(1, room - 1)] + "…"


def days_picture(analysis: Analysis, width: int, glyphs: Glyphs) -> list[str]:
    """All days: the outcome, the doses beneath, the first and the last day."""
    question, n = analysis.question, len(analysis.outcome)
    if not np.isfinite(analysis.outcome).any():
        name = shorten_to(plain(question.outcome), width - 28)
        return [say("No day with an entry for {outcome}.", outcome=name)]
    columns = max(1, min(n, width - 14))
    outcome, dose = binned(analysis.outcome, columns), binned(analysis.dose, columns)
    ends = (float(np.nanmin(outcome)), float(np.nanmax(outcome)))
    rows = outcome_rows(outcome, dose, ends, glyphs)
    left = len(rows[0]) - columns
    key = f"{glyphs.taken} {taken_words(question)}, {glyphs.untaken} {untaken_words(question)}"
    if analysis.design.dose_unknown:
        key += say(", {cross} unknown", cross=glyphs.unknown)
    if columns != n:
        key += say("; a column is about {days} days", days=number(round(n / columns, 1)))
    head = wrapped(f"{plain(question.outcome)} ({direction_note(question)}): {key}", width)
    first, last = day_words(analysis.diary, 0), day_words(analysis.diary, n - 1)
    ends_words = f"{first}{last:>{max(len(last) + 1, columns - len(first))}}"
    axis = ends_words if columns > 12 else say("{low} to {high}", low=first, high=last)
    highest = max(analysis.design.dose_levels, default=0.0)
    strip = f"{' ' * left}{dose_row(dose, glyphs)}"
    amount = f" {dose_amount(highest, question.unit)}" if highest else ""
    return [*head, *rows, (strip + amount)[:width].rstrip(), " " * left + axis]


def effect_picture(analysis: Analysis, width: int, glyphs: Glyphs) -> list[str]:
    """The effect as an interval on one line; nothing where no number may stand as an answer."""
    question, e = analysis.question, analysis.verdict.estimate
    if e is None or not shows_effect(analysis) or not drawable(e):
        return []
    worse, better = say("worse"), say("better")
    columns = width - len(worse) - len(better) - 2
    axis = effect_axis(effect_rows(analysis)[:1], question, 0.0, columns - 1.0)

    def at(value: float, on: Axis = axis) -> int:
        return round(on.place(value))

    line = [glyphs.dash] * columns
    for i in range(at(-question.meaningful), at(question.meaningful) + 1):
        line[i] = glyphs.zone
    low, high = (at(v) for v in e.interval95)
    for i in range(low, high + 1):
        line[i] = glyphs.inside
    line[at(0.0)] = glyphs.zero
    line[low], line[high] = glyphs.ends
    line[at(e.mean)] = glyphs.mean
    words = say(
        "improvement {improvement}, 95 % interval; {zone} too small to matter",
        improvement=estimate_words(e, question),
        zone=glyphs.zone * 3,
    )
    return [f"{worse} {''.join(line)} {better}", *wrapped(words, width)]


def averages_lines(analysis: Analysis, width: int) -> list[str]:
    """The plain averages with their days, in one sentence."""
    shown = [
        say("{mean} {which} ({days} recorded days)", mean=mean, which=which, days=n)
        for which, mean, n in averages(analysis)
    ]
    return wrapped(say("Plain averages: {averages}.", averages=", ".join(shown)), width) if shown else []


def wrapped(words: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `width` characters."""
    return textwrap.wrap(
        typeset(plain(words)), width, initial_indent=first, subsequent_indent=rest, break_long_words=True
    )


def reason_lines(analysis: Analysis, width: int, room: int) -> list[str]:
    """As many reasons as fit, the first one always; none that is said already."""
    lines: list[str] = []
    said = analysis.verdict.sentence
    for reason in analysis.verdict.reasons:
        if reason.code == "posterior" or reason.sentence in said:
            continue  # the effect line and the sentence say it already
        more = wrapped(reason.sentence, width, "- ", "  ")
        if lines and len(lines) + len(more) > room:
            break
        lines += more
    return lines


def can_print_unicode() -> bool:
    """True where the terminal takes more than ASCII."""
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def terminal_summary(
    analysis: Analysis, *, width: int | None = None, label: str = "", ascii_only: bool | None = None
) -> str:
    """About 25 lines without colour; `ascii_only` None asks the output for its encoding."""
    ascii_only = not can_print_unicode() if ascii_only is None else ascii_only
    room = shutil.get_terminal_size().columns if width is None else width
    width = max(NARROWEST, min(WIDEST, room))
    glyphs, verdict = ASCII if ascii_only else UNICODE, analysis.verdict
    head = wrapped(shown_label(analysis, label), width)
    head += wrapped(question_sentence(analysis.question), width)
    head += wrapped(verdict_word(verdict).upper(), width)
    head += wrapped(sentence_after_word(verdict), width)
    ceiling = []
    if "ceiling" not in verdict.sentence.casefold():
        ceiling += wrapped(
            say("The most that this design can show: {ceiling}.", ceiling=say(CEILINGS[verdict.ceiling])), width
        )
    if analysis.refused:
        ceiling += wrapped(say("The computation did not pass its own checks; no judgement is given."), width)
    body = [*averages_lines(analysis, width), "", *days_picture(analysis, width, glyphs)]
    effect = effect_picture(analysis, width, glyphs)
    body += ["", *effect] if effect else []
    body += wrapped(evidence_line(analysis), width)
    foot = [line for words in certificate_words(analysis)[1:2] for line in wrapped(words, width, "- ", "  ")]
    foot += wrapped(say("What would change this: {change}", change=verdict.what_would_change), width)
    if analysis.diary.problems:
        n = len(analysis.diary.problems)
        found = say_count(
            "{n} problem in the file; the report lists it.", "{n} problems in the file; the report lists them.", n
        )
        foot += wrapped(found, width)
    foot += wrapped(f"{say('Not medical advice.')} {red_flags()}", width)
    head += [line for words in hazard_words(analysis) for line in wrapped(f"! {words}", width)]
    left = MOST_LINES - len(head) - len(ceiling) - len(body) - len(foot) - 1
    lines = [*head, *ceiling, *body, "", *reason_lines(analysis, width, left), *foot]
    text = "\n".join(line.rstrip() for line in lines)
    if ascii_only:
        return text.translate(AS_ASCII).encode("ascii", "replace").decode("ascii")
    return text.replace("\u00a0", " ")
