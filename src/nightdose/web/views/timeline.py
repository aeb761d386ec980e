"""Timeline: what was recorded, as pictures and day by day; any entry is corrected or withdrawn where it stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nightdose.diary.entry import Entry, Outcome, Stored
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import corrections, settings
from nightdose.keeping.entries import SecondDose, in_words
from nightdose.keeping.said import read_clock, read_day, read_number
from nightdose.keeping.table import known_doses
from nightdose.language.calendar import brief_weekday, month_short, month_year, weekday_day
from nightdose.language.catalogue import mark, say
from nightdose.language.number import as_given, capital, date
from nightdose.protocol.doses import DoseInDoubt
from nightdose.report.figures.svg import NARROW, WIDE, Figure
from nightdose.report.figures.timeline import timeline_figure, year_figure
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.evening import DayLines, EntryLine, EntryPage, TimelinePage
from nightdose.web.contexts.parts import Blank, Choice, Picture
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around
from nightdose.web.views.timeline_rows import LONG_DAYS, WEEK, by_weeks, marks_of, rows_of

SPANS = (("30", mark("30 days")), ("90", mark("90 days")), ("365", mark("A year")), ("3653", mark("Ten years")))
USUAL_SPAN, MOST_LISTED = 90, 120
NOT_TAKEN = frozenset({"missed", "unknown", "none"})
AROUND_D = 5  # days shown after a corrected one
SAVED = {
    "correct": mark("Corrected; the old words stay in the history."),
    "withdraw": mark("Taken out; it stays in the history."),
}


def page(desk: Desk, asked: Asked) -> Answered:
    """The pictures of a stretch of days, and its entries, the latest first."""
    store = desk.store()
    today = settings.tonight(store, desk.clock())
    span = _span(asked.query.get("days", ""))
    last = min(read_day(asked.query["to"], today), today) if asked.query.get("to") else today
    rows = store.entries()
    frame = around(desk, say("Timeline"), "/timeline", acted="done" in asked.query)
    if not rows:
        shown = TimelinePage(None, None, span, (), "", "", (), empty=True)
        return Shown(frame, shown)
    first_ever = min(row.entry.day for row in rows)
    first = max(last - datetime.timedelta(days=span - 1), min(first_ever, last))
    outcomes = settings.outcomes(store)
    days = (last - first).days + 1
    every = desk.remembered("what was taken", lambda opened: list(known_doses(opened)[0]))
    drawn, marks, of_days = rows_of(every, outcomes, first, days), marks_of(every, first, days), 1
    if days > LONG_DAYS:
        drawn, of_days = by_weeks(drawn), WEEK
    figures = [
        timeline_figure(first, drawn, marks, of_days=of_days, width=w, ident=f"time-{w:g}") for w in (WIDE, NARROW)
    ]
    step = datetime.timedelta(days=span)
    shown = TimelinePage(
        year=_year(every, outcomes, today),
        months=_months(every, today),
        rows=_picture(*figures) if drawn else None,
        span=span,
        spans=tuple(Choice(value, say(words)) for value, words in SPANS),
        older=f"/timeline?days={span}&to={last - step}" if first > first_ever else "",
        newer=f"/timeline?days={span}&to={min(today, last + step)}" if last < today else "",
        days=_days([row for row in rows if first <= row.entry.day <= last], asked.query.get("open", ""), today.year),
        empty=False,
        saved=say(SAVED.get(asked.query.get("done", ""), "")),
    )
    return Shown(frame, shown)


def entry(desk: Desk, asked: Asked) -> Answered:
    """One entry, to be corrected or withdrawn."""
    store = desk.store()
    return Shown(around(desk, say("An entry"), "/timeline"), _entry_page(store, _number(asked.query.get("number", ""))))


def change(desk: Desk, asked: Asked) -> Answered:
    """Correct or withdraw; the old words stay in the history."""
    store = desk.store()
    number = _number(asked.typed("number"))
    corrected = corrections.entry_numbered(store, number).entry.day
    if asked.typed("act") == "withdraw":
        try:
            corrections.withdraw(store, number, asked.typed("reason"))
        except CallError as error:
            shown = replace(_as_typed(store, number, asked), error=str(error))
            return Shown(around(desk, "An entry", "/timeline"), shown, 422)
        return _back("withdraw", corrected)
    today = settings.tonight(store, desk.clock())
    try:
        before = corrections.entry_numbered(store, number).entry
        day = read_day(asked.typed("day"), today) if asked.typed("day") else before.day
        if day > today:
            raise CallError(say("{day} has not come yet.", day=date(day)), field="day")
        corrections.correct(store, number, _said(store, before, asked), asked.typed("reason"), _meant(day, asked))
    except SecondDose as error:
        shown = replace(_as_typed(store, number, asked), second=str(error))
    except DoseInDoubt as error:
        shown = replace(_as_typed(store, number, asked), doubt=str(error), doubt_mg=f"{error.check.mg:g}")
    except CallError as error:
        shown = replace(_as_typed(store, number, asked), error=str(error))
    else:
        return _back("correct", day)
    return Shown(around(desk, say("An entry"), "/timeline"), shown, 422)


def _meant(day: datetime.date, asked: Asked) -> corrections.Meant:
    """What was answered where the correction was asked about before."""
    repeat = asked.typed("repeat")
    again = (float(mg) for mg in asked.many.get("said_again_mg", ()) if mg.replace(".", "", 1).isdigit())
    return corrections.Meant(
        day, "instead" if repeat == "instead" else "again" if repeat == "again" else "ask", tuple(again)
    )


def _as_typed(store: Store, number: int, asked: Asked) -> EntryPage:
    """The page of the entry with what was typed in its fields."""
    page = _entry_page(store, number)
    typed = {
        name: replace(field, value=asked.typed(field.key))
        for name in ("value", "clock", "text", "when", "reason")
        if (field := getattr(page, name)) is not None and asked.typed(field.key)
    }
    return replace(page, **typed)


def _back(done: str, day: datetime.date) -> Go:
    """The timeline where the entry stands, its day unfolded."""
    until = day + datetime.timedelta(days=AROUND_D)
    return Go(f"/timeline?days=30&to={until}&open={day}&done={done}#day-{day}")


def _said(store: Store, before: Entry, asked: Asked) -> Entry:
    """The entry with what was typed in the place of what it said; an empty field leaves it as it was."""
    value, text, at = before.value, before.text, before.at
    unit, status = before.unit, before.status
    if asked.typed("value"):
        outcome = settings.outcomes(store).get(before.item) if before.kind == "score" else None
        value = outcome.read(asked.typed("value")) if outcome else read_number(asked.typed("value"))
        if before.kind in ("dose", "rescue") and value:  # who gives an amount took it
            unit, status = unit or "mg", "taken" if status in NOT_TAKEN else status
    if asked.typed("text"):
        text = asked.typed("text")
    if asked.typed("clock"):
        at = settings.day_rule(store).moment(before.day, read_clock(asked.typed("clock")))
    return replace(before, value=value, unit=unit, status=status, text=text, at=at)


def _entry_page(store: Store, number: int) -> EntryPage:
    found = corrections.entry_numbered(store, number)
    said, older = found.entry, _before(store, found)
    numeric = said.value is not None or said.kind in ("dose", "rescue")
    return EntryPage(
        number=number,
        day=f"{weekday_day(said.day)} {said.day.year}",
        words=capital(_line(said)),
        history=tuple(
            f"{date(row.written)} {row.written:%H:%M} UTC: {in_words(row.entry)}"
            + (f" ({row.reason})" * bool(row.reason))
            for row in older
        ),
        value=Blank(
            "value",
            say("Value") + (f", {said.unit}" if said.unit else ""),
            "" if said.value is None else f"{said.value:g}",
            mode="decimal",
        )
        if numeric
        else None,
        clock=Blank("clock", say("Time"), f"{said.at:%H:%M}" if said.at else "")
        if said.kind in ("dose", "rescue")
        else None,
        text=Blank("text", say("Words"), said.text, "textarea") if said.text or said.kind == "note" else None,
        when=Blank("day", say("Day"), said.day.isoformat(), "date"),
        reason=Blank("reason", say("Why"), hint=say("optional; kept with the correction")),
    )


def _before(store: Store, found: Stored) -> list[Stored]:
    """The rows that this one corrects, the latest first."""
    if found.corrects is None:
        return []
    every = {row.number: row for row in store.history()}
    out: list[Stored] = []
    number: int | None = found.corrects
    while number is not None and number in every:
        out.append(every[number])
        number = every[number].corrects
    return out


def _year(entries: Sequence[Entry], outcomes: Mapping[str, Outcome], today: datetime.date) -> Picture | None:
    scores = [said for said in entries if said.kind == "score" and said.value is not None]
    if not scores:
        return None
    names = list(outcomes) or [scores[0].item]
    name = next((n for n in names if any(s.item == n for s in scores)), scores[0].item)
    first = today - datetime.timedelta(days=370)
    inside = [said for said in scores if said.item == name and first <= said.day <= today]
    row = next(iter(rows_of(inside, outcomes, first, 371)), None)
    if row is None:
        return None
    return _picture(
        year_figure(today, row.values, name, (row.low, row.high), width=WIDE, ident="year-wide"),
        year_figure(today, row.values, name, (row.low, row.high), width=NARROW, ident="year-narrow"),
    )


def _months(entries: Sequence[Entry], today: datetime.date) -> tuple[Choice, ...]:
    """The last twelve months with an entry, each with the last day to look at: the way in from the year."""
    first = today - datetime.timedelta(days=365)
    recorded = {(said.day.year, said.day.month) for said in entries if first <= said.day <= today}
    out = []
    for year, month in sorted(recorded)[-12:]:
        after = datetime.date(year + month // 12, month % 12 + 1, 1)
        last = min(today, after - datetime.timedelta(days=1))
        out.append(Choice(str(last), month_short(last), name=month_year(last)))
    return tuple(out)


def _picture(wide: Figure, narrow: Figure) -> Picture:
    return Picture(wide.svg, narrow.svg, wide.sentence)


def _days(rows: Sequence[Stored], unfolded: str, year: int) -> tuple[DayLines, ...]:
    latest = sorted({row.entry.day for row in rows}, reverse=True)[:MOST_LISTED]
    by_day: dict[datetime.date, list[EntryLine]] = {day: [] for day in latest}
    scores: dict[datetime.date, list[str]] = {}
    for row in rows:
        if row.entry.day not in by_day:
            continue
        by_day[row.entry.day].append(EntryLine(_line(row.entry), row.number))
        if row.entry.kind == "score":
            scores.setdefault(row.entry.day, []).append(f"{row.entry.item} {_number_words(row.entry.value)}")
    return tuple(
        DayLines(
            str(day),
            brief_weekday(day) if day.year == year else f"{brief_weekday(day)} {day.year}",
            ", ".join(scores.get(day, [])),
            tuple(by_day[day]),
            str(day) == unfolded,
        )
        for day in latest
    )


def _line(said: Entry) -> str:
    words = in_words(said)
    return f"{words}: {said.text[:200]}" if said.text and said.text != said.item else words


def _span(text: str) -> int:
    return int(text) if text in {value for value, _ in SPANS} else USUAL_SPAN


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 9:
        raise CallError(say("There is no such entry."))
    return int(text)


def _number_words(value: float | None) -> str:
    return "" if value is None else as_given(value)
