"""Every sentence of the letter; none is made in `page.py`, `pdf.py` or `fhir.py`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from nightdose.diary.records import Diary
from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import date, dose_amount, number, of_a_hundred, on_one_line, percent, whole
from nightdose.letter.background import DATE, Background, Tried
from nightdose.letter.counts import FEWEST_FOR_RATE_D, BadDays, Rescue, Share, adherence, side_effects
from nightdose.question.question import Question
from nightdose.question.words import amount, comparator, design_words, span, value_words
from nightdose.report.words.diary import diary_span, is_about_ldn, shows_effect
from nightdose.report.words.hazards import hazard_line
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import Answer
from nightdose.verdict.reasons import how_often
from nightdose.verdict.words import CEILINGS, ceiling_sentence, sentence_after_word

MOST_DOSES, MOST_SIDE_EFFECTS, MOST_RESCUE, MOST_BEFORE, MOST_SAFETY = 4, 4, 4, 3, 2
MONTHS_AROUND_D = 400  # days before and after a diary whose dates are hidden too
LOOKS_SURE = 0.95  # probability of one side from which a reader asks why the answer is open
NOT_WHY = {"posterior", "open_label", "blinding_unchecked", "acute_medicine_not_recorded"}  # said with any answer
LONGEST_ITEM, LONGEST_POINT, LONGEST_CHANGE, LONGEST_NOTE = 34, 120, 200, 200


@dataclass(frozen=True, slots=True)
class Number:
    """One of the five numbers: what it is, the number, and what stands under it."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; heads : of the columns, the first over the names. empty : what is said where there are no rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Sentences without calendar dates, for a person who leaves them out; diary : None = dates may stand."""

    diary: Diary | None

    def dates(self, sentence: str) -> str:
        """Every date of the diary, and of the months after it, as the number of its day; other dates as "a day"."""
        if self.diary is None or not self.diary.dated:
            return sentence
        first = self.diary.first_day
        numbers = {}
        for n in range(-MONTHS_AROUND_D, self.diary.days + MONTHS_AROUND_D):
            day = datetime.date.fromordinal(first + n)
            numbers[day.isoformat()] = numbers[date(day)] = n + 1
        return DATE.sub(
            lambda found: say("day {n}", n=whole(numbers[found[0]])) if found[0] in numbers else say("a day"),
            sentence,
        )


def cut(words: str, most: int = LONGEST_ITEM) -> str:
    """The words on one line, ended by an ellipsis where they are longer than `most` characters."""
    words = on_one_line(words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def first_sentences(words: str, most: int = LONGEST_CHANGE) -> str:
    """As many whole sentences as fit into `most` characters; one that is longer is cut."""
    words = on_one_line(words)
    whole_ones = words if len(words) <= most else words[: most + 1].rpartition(". ")[0]
    return (whole_ones if whole_ones == words else f"{whole_ones}.") if whole_ones else cut(words, most)


def who(name: str, age: str, condition: str) -> str:
    """`Kim K., 40 to 49 years, migraine`; empty where the person left all of it out."""
    return ", ".join(filter(None, (name, age, condition)))


def age_words(band: str) -> str:
    """`40-49` as `40 to 49 years`; "" where it was left out."""
    if band.endswith("+"):
        return say("{first} years or older", first=band[:-1])
    first, _, last = band.partition("-")
    return say("{first} to {last} years", first=first, last=last) if last else ""


def tried_line(analysis: Analysis) -> str:
    """What was tried against what, for how long."""
    question, design = analysis.question, analysis.design
    levels = [dose_amount(d, question.unit) for d in design.dose_levels] if question.unit else []
    more = ", …" if len(levels) > MOST_DOSES else ""
    doses = ", ".join(levels[:MOST_DOSES]) + more
    return say(
        "{treatment} against {other}, {span}.",
        treatment=cut(f"{question.treatment} {doses}".strip(), 60),
        other=cut(comparator(question)),
        span=diary_span(analysis),
    )


def how_line(analysis: Analysis) -> str:
    """How: design, days recorded of days planned, adherence, blinding and guesses."""
    design, question = analysis.design, analysis.question
    said = [design_words(design, question)]
    judged = design.days - design.left_out
    said.append(say("{n} of {all} days recorded", n=whole(design.recorded), all=whole(judged)))
    kept = adherence(analysis.diary, question.treatment)
    if kept is not None:
        n, planned = whole(kept[0]), whole(kept[1])
        said.append(
            say("as planned on each of {all} evenings", all=planned)
            if kept[0] == kept[1]
            else say(
                "as planned on {n} of {all} evenings ({share})", n=n, all=planned, share=percent(kept[0] / kept[1])
            )
        )
    if design.left_out:
        said.append(say_count("{n} day left out", "{n} days left out", design.left_out, n=whole(design.left_out)))
    guess = analysis.guess
    if design.blinded and guess is not None and math.isfinite(guess.rate):
        low, high = guess.interval95
        said.append(
            say(
                "guessed right {rate} of {n} times ({low} to {high})",
                rate=percent(guess.rate),
                n=whole(guess.counted),
                low=percent(low),
                high=percent(high),
            )
        )
    elif design.blinded:
        said.append(say("no guesses written down"))
    line = "; ".join(said) + "."
    return line[:1].upper() + line[1:]


def ceiling_line(analysis: Analysis) -> str:
    """What the three rings beside the word mean."""
    return say(
        "ceiling of evidence: {ceiling}, the most such a design can show",
        ceiling=say(CEILINGS[analysis.verdict.ceiling]),
    )


def what_can_be_said(analysis: Analysis) -> str:
    """The verdict's sentence; the ceiling stands beside the word, and the design in a line of its own.

    Where the answer is open although the probability of one side is high, the reason that keeps it open follows.
    """
    verdict = analysis.verdict
    ceiling = ceiling_sentence(verdict.ceiling, analysis.design, analysis.question)
    said = sentence_after_word(verdict).removesuffix(ceiling).rstrip()
    settled = verdict.estimate
    if verdict.answer != "not_yet_known" or settled is None or max(settled.better, 1 - settled.better) < LOOKS_SURE:
        return said
    why = next((r.sentence for r in verdict.reasons if r.code not in NOT_WHY), "")
    return f"{said} {say('Why not more: {reason}', reason=first_sentences(why))}" if why else said


def five_numbers(analysis: Analysis, bad: BadDays | None) -> tuple[Number, ...]:
    """Bad days on and off, the settled effect, P(better), P(meaningfully better), the analysis' own error rate."""
    return (_bad(analysis, bad), *_effect(analysis), _errors(analysis))


def _bad(analysis: Analysis, bad: BadDays | None) -> Number:
    question = analysis.question
    if bad is None:
        return Number(say("Bad days"), say("none recorded"), "")
    line = value_words(bad.line, question)
    if question.kind.two:
        note = say("{outcome}: {value}", outcome=cut(question.outcome, 24), value=line)
    elif question.better == "lower":
        note = say("{outcome} {line} or more", outcome=cut(question.outcome, 24), line=line)
    else:
        note = say("{outcome} {line} or less", outcome=cut(question.outcome, 24), line=line)
    counts = say("{on} and {off} days", on=_of(bad.on), off=_of(bad.off))
    own = say("the person’s own line") if bad.own else say("about the worst quarter")
    if analysis.verdict.answer == "cannot_be_known":
        return Number(say("Bad days"), say("not compared"), f"{note} ({own}); {counts}")
    if min(bad.on.days, bad.off.days) < FEWEST_FOR_RATE_D:
        shown = say("{on} days with, {off} without", on=_of(bad.on), off=_of(bad.off))
        return Number(say("Bad days"), shown, f"{note} ({own})")
    shown = say("{on} with, {off} without", on=_in_28(bad.on), off=_in_28(bad.off))
    return Number(say("Bad days in 28"), shown, f"{note} ({own}); {counts}")


def _of(share: Share) -> str:
    return say("{bad} of {days}", bad=whole(share.bad), days=whole(share.days))


def _in_28(share: Share) -> str:
    """Days in 28; of a handful of days only how many they were: 1 of 3 is not 9.3 in 28."""
    if not share.days:
        return "–"
    return _of(share) if share.days < FEWEST_FOR_RATE_D else number(share.in_28, 0.2)


def _effect(analysis: Analysis) -> tuple[Number, Number, Number]:
    question, settled, e = analysis.question, analysis.verdict.settled, analysis.verdict.estimate
    names = (
        say("Settled effect"),
        say("Chance of any improvement"),
        say("Chance of {matters} or more", matters=amount(question.meaningful, question)),
    )
    if settled is None or e is None or not shows_effect(analysis):
        none = say("not given")
        note = say("this diary cannot tell it apart from what else changed")
        return Number(names[0], none, note), Number(names[1], none, ""), Number(names[2], none, "")
    better = say("better") if settled.mean >= 0 else say("worse")
    size = f"{amount(abs(settled.mean), question, settled.sd)} {better}"
    interval = say("95 % interval {span}, positive is better", span=span(settled.interval95, question, settled.sd))
    return (
        Number(names[0], size, interval),
        Number(names[1], percent(e.better), say("over the days on treatment")),
        Number(names[2], percent(settled.meaningfully_better), say("once settled")),
    )


def _errors(analysis: Analysis) -> Number:
    name = say("Wrong if it did nothing")
    looked = how_often(analysis.case.looks)
    found = analysis.certificate
    if found is None:
        return Number(name, say("not computed"), looked)
    ever = found.any_look
    if ever is not None and ever.looks > 1:  # a doctor is told what all the looks risk, not only the last one
        n, rate, (low, high) = ever.n, ever.false_alarm, ever.false_alarm_interval95
        told = say("told “helps” or “harms” at any of {looks} looks", looks=whole(ever.looks))
    else:
        n, rate, (low, high) = found.n, found.false_alarm, found.false_alarm_interval95
        told = say("told “helps” or “harms”")
    return Number(
        name,
        of_a_hundred(rate) if rate > 0 else say("0 of {n}", n=whole(n)),
        say(
            "{told}, of {n} dummy diaries like this one ({low} to {high} in 100). {looked}",
            told=told,
            n=whole(n),
            low=number(100 * low, 2),
            high=number(100 * high, 2),
            looked=looked,
        ),
    )


def no_since(analysis: Analysis) -> str:
    """Why there is no picture of the days since a switch."""
    if analysis.design.kind == "randomised_days":
        return say("The dose changed from day to day, so no days follow a switch; there are too few to compare them.")
    return say("Fewer than two lasting changes between on and off: nothing to lay over each other.")


def no_fifty(analysis: Analysis) -> str:
    """Why there are no fifty dots."""
    if analysis.fitted is not None and shows_effect(analysis):
        return say(
            "Not drawn here: how large the effect may be is decided by what is assumed beforehand more than by these "
            "days."
        )
    return say("No effect is shown: this diary cannot tell the medicine apart from what else changed.")


def side_effect_table(diary: Diary, question: Question) -> Table:
    """Days with the commonest side effects, by the lowest doses and the highest."""
    whole_table = every_side_effect(diary, question)
    heads, rows = whole_table.heads, whole_table.rows
    if len(heads) - 1 > MOST_DOSES:
        kept = [*range(MOST_DOSES), len(heads) - 1]
        heads, rows = tuple(heads[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in rows)
    hidden = len(rows) - MOST_SIDE_EFFECTS
    more = say_count("{n} more in the appendix", "{n} more in the appendix", hidden) if hidden > 0 else ""
    return Table(heads, rows[:MOST_SIDE_EFFECTS], more, whole_table.empty)


def every_side_effect(diary: Diary, question: Question) -> Table:
    """Days with each side effect, by dose, commonest first."""
    found = side_effects(diary, question)
    levels = sorted({level for each in found for level in each.by_dose})
    return Table(
        (
            say("Side effects, days by dose"),
            *(dose_amount(v, question.unit) if v > 0 else say("none") for v in levels),
        ),
        tuple((cut(each.name), *(_of(Share(*each.by_dose[v])) for v in levels)) for each in found),
        "",
        say("No column of this table is called a side effect.")
        if diary.side_effects is None
        else say("No side effects are written down in this diary."),
    )


def rescue_table(counts: Sequence[Rescue]) -> Table:
    """Days in 28 with each rescue medicine, on and off, beside the line from which it may keep headaches going."""
    ordered = sorted(counts, key=lambda each: -(each.on.bad + each.off.bad))
    rows = tuple(
        (
            cut(each.name.replace("_", " ")),
            _in_28(each.on),
            _in_28(each.off),
            whole(each.line) if each.line is not None else "–",
        )
        for each in ordered[:MOST_RESCUE]
    )
    return Table(
        (say("Rescue medicine, days in 28"), say("with"), say("without"), say("overuse line a month")),
        rows,
        "",
        say("No rescue medicines are written down in this diary."),
    )


def before_rows(tried: Sequence[Tried]) -> tuple[tuple[str, str], ...]:
    """(medicine and dose, how long and why it was stopped)."""
    rows = [
        (cut(f"{each.medicine} {each.dose}".strip()), cut("; ".join(filter(None, (each.how_long, each.stopped))), 60))
        for each in tried[:MOST_BEFORE]
    ]
    more = len(tried) - MOST_BEFORE
    if more > 0:
        rows.append((say("{n} more in the appendix", n=whole(more)), ""))
    return tuple(rows)


def safety_lines(safety: Sequence[str] | None, analysis: Analysis) -> tuple[str, ...]:
    """Open points, the standing one first: naltrexone and opioids."""
    said = []
    if is_about_ldn(analysis.question):
        said.append(
            say(
                "Naltrexone blocks opioids: opioid pain relief, cough or diarrhoea medicines and operations are to be "
                "planned with whoever prescribes."
            )
        )
    if safety is None:
        said += [cut(line, LONGEST_POINT)] if (line := hazard_line(analysis)) else []
        said.append(say("The safety questions were not asked for this letter."))
    elif not safety:
        said.append(say("Safety questions: no open point."))
    else:
        said += [cut(point, LONGEST_POINT) for point in safety[:MOST_SAFETY]]
        if len(safety) > MOST_SAFETY:
            said.append(say("{n} more points in the appendix.", n=whole(len(safety) - MOST_SAFETY)))
    return tuple(said)


DISCUSS: dict[Answer, str] = {
    "helps": mark("What this difference is worth beside the side effects and the effort, as the person sees it."),
    "harms": mark("What to make of the days with the medicine being worse, and whether the plan still fits."),
    "no_meaningful_difference": mark("What a difference this small means for going on with the medicine."),
    "not_yet_known": mark("Whether more days in the same plan are worth recording before anything is decided."),
    "cannot_be_known": mark("Whether a trial that can answer is wanted, or the question is left open."),
}


def to_discuss(analysis: Analysis) -> tuple[str, ...]:
    """Points to talk about, never what to do."""
    verdict = analysis.verdict
    said = [say(DISCUSS[verdict.answer])]
    decisive = next((reason for reason in verdict.reasons if reason.decisive), None)
    if decisive is not None:
        said.append(say("Why: {reason}", reason=cut(decisive.sentence, LONGEST_POINT)))
    said.append(say("What would change this answer: {what}", what=cut(verdict.what_would_change, LONGEST_CHANGE)))
    return tuple(said)


def left_out(background: Background) -> str:
    """What the person kept back, said on the page."""
    what = [
        words
        for words, there in (
            (say("name"), bool(background.name)),
            (say("age"), bool(background.age)),
            (say("calendar dates"), background.dates),
            (say("other medicines"), background.others),
        )
        if not there
    ]
    if not what:
        return ""
    return say("Left out at the person’s wish: {what}.", what=", ".join(what))
