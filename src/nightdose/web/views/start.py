"""The first run: what this is, a passphrase, what is scored. Medicines and plan have pages of their own."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec

from nightdose.diary.entry import SCALES, Outcome
from nightdose.diary.kept.store import Store
from nightdose.errors import CallError
from nightdose.keeping import opening, protocol, safety, settings
from nightdose.keeping.said import read_number
from nightdose.knowledge.usual_outcomes import conditions
from nightdose.language.catalogue import mark, say
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.frame import Frame
from nightdose.web.contexts.parts import Choice, StepShown
from nightdose.web.contexts.start import KeyPage, OutcomeRow, OutcomesPage, RecoveryPage, WelcomePage
from nightdose.web.desk import Desk
from nightdose.web.example import example_desk
from nightdose.web.views.frame import around

STEPS = (
    mark("A passphrase"),
    mark("What you score"),
    mark("Your medicines"),
    mark("Your prescriber's plan"),
    mark("Tonight"),
)
OWN_ROWS = 1  # empty rows below the suggestions
MOST_ROWS = 12
MISSING = mark(
    "The part of nightdose that encrypts is not installed. To get it: pip install 'nightdose[secure]', then start "
    "nightdose again and come back to this page."
)


def steps(reached: int) -> tuple[StepShown, ...]:
    """The steps of the first run, those up to `reached` marked."""
    return tuple(StepShown(say(words), i <= reached) for i, words in enumerate(STEPS))


def welcome(desk: Desk, asked: Asked) -> Answered:
    """What this is; a person who has a diary goes home."""
    return Go("/") if desk.state != "absent" else Shown(Frame(say("Welcome")), WelcomePage(_can_encrypt()))


def example(desk: Desk, asked: Asked) -> Answered:
    """Look around in the labelled example; one's own diary stays as it is."""
    desk.visit(example_desk())
    return Go("/answer")


def leave_example(desk: Desk, asked: Asked) -> Answered:
    """Back to one's own."""
    desk.come_home()
    return Go("/")


def key(desk: Desk, asked: Asked) -> Answered:
    """Ask for a passphrase."""
    if desk.state != "absent":
        return Go("/")
    return Shown(Frame(say("A passphrase")), KeyPage(steps(0), missing="" if _can_encrypt() else say(MISSING)))


def make(desk: Desk, asked: Asked) -> Answered:
    """Make the diary and show its recovery key, this once."""
    if desk.state != "absent":
        return Go("/")
    plain = asked.typed("plain") == "yes" and not _can_encrypt()
    words, again = asked.form.get("words", ""), asked.form.get("again", "")
    if not plain and words != again:
        return Shown(
            Frame(say("A passphrase")), KeyPage(steps(0), say("The two are not the same. Nothing was made.")), 422
        )
    try:
        made = opening.start(desk.path, None if plain else words)
    except CallError as error:
        return Shown(Frame(say("A passphrase")), KeyPage(steps(0), str(error)), 422)
    if made.recovery_key is None:
        return Go("/start/outcomes")
    desk.unlock(words)
    return Shown(around(desk, say("Recovery key"), ""), RecoveryPage(steps(0), made.recovery_key))


def outcomes(desk: Desk, asked: Asked) -> Answered:
    """Suggestions for a condition, beside what was chosen before."""
    store = desk.store()
    condition = asked.query.get("condition", "")
    have = settings.outcomes(store)
    rows: list[tuple[str, str, str, str, bool]] = [
        (o.name, o.scale, o.better, settings.worth_to_type(o.scale, o.worth), o.asked) for o in have.values()
    ]
    if condition in conditions() or not rows:
        found = conditions().get(condition) or next(iter(conditions().values()))
        condition = found.id
        rows += [
            (say(u.name), u.scale, u.better, settings.worth_to_type(u.scale, u.worth), not have)
            for u in found.outcomes
            if say(u.name) not in have
        ]
    rows += [("", "0-10", "lower", "1", False)] * OWN_ROWS
    shown = tuple(
        OutcomeRow(i, ticked, name, scale, better, worth, was=name if name in have else "")
        for i, (name, scale, better, worth, ticked) in enumerate(rows)
    )
    page = _outcomes_page(condition, shown)
    if "done" in asked.query:
        page = replace(page, saved=_now_asked(have))
    if have:
        page = replace(page, steps=())
    return Shown(around(desk, say("What you score"), "", acted="done" in asked.query), page)


def _now_asked(have: Mapping[str, Outcome]) -> str:
    """What each evening asks for from now on, and what it does not."""
    asked = ", ".join(name for name, outcome in have.items() if outcome.asked)
    put_down = ", ".join(name for name, outcome in have.items() if not outcome.asked)
    if not put_down:
        return say("Kept. Each evening asks for: {asked}.", asked=asked)
    return say(
        "Kept. Each evening asks for: {asked}. Put down: {put_down}; what was written of it stays, and a tick takes it "
        "up again.",
        asked=asked,
        put_down=put_down,
    )


def choose(desk: Desk, asked: Asked) -> Answered:
    """Keep what was ticked; at least one."""
    store = desk.store()
    rows, chosen, errors = [], [], []
    for i in range(MOST_ROWS):
        if f"name-{i}" not in asked.form:
            continue
        name, scale, better = asked.typed(f"name-{i}"), asked.typed(f"scale-{i}"), asked.typed(f"better-{i}")
        worth, ticked = asked.typed(f"worth-{i}"), asked.typed(f"chosen-{i}") == "yes"
        error = ""
        if ticked:
            try:
                chosen.append(_outcome(name, scale, better, worth))
            except CallError as wrong:
                error = f"{name or say('Another one')}: {wrong}"
                errors.append(error)
        rows.append(OutcomeRow(i, ticked, name, scale, better, worth, error, asked.typed(f"was-{i}")))
    if not chosen and not errors:
        errors.append(say("Tick at least one outcome."))
    if errors:
        page = _outcomes_page(asked.typed("condition"), tuple(rows), tuple(errors))
        return Shown(around(desk, say("What you score"), ""), page, 422)
    try:
        _keep(store, chosen, [row.was for row in rows], settings.today(store, desk.clock()))
    except CallError as error:
        page = _outcomes_page(asked.typed("condition"), tuple(rows), (str(error),))
        return Shown(around(desk, say("What you score"), ""), page, 422)
    asked_before = safety.answers(store, settings.today(store, desk.clock())).conditions
    return Go("/start/outcomes?done=yes" if asked_before else "/plan/gates?first=yes")


def _keep(store: Store, chosen: Sequence[Outcome], shown: Sequence[str], today: datetime.date) -> None:
    """Ask for what was ticked; put down what was shown as asked and is not ticked any more."""
    have, names = settings.outcomes(store), {outcome.name for outcome in chosen}
    dropped = [name for name in shown if name in have and have[name].asked and name not in names]
    for name in dropped:
        protocol.must_not_decide(store, name, today)
    for outcome in chosen:
        if have.get(outcome.name) != outcome:
            settings.choose_outcome(store, outcome)
    for name in dropped:
        protocol.put_down(store, name, today)


def _outcome(name: str, scale: str, better: str, worth: str) -> Outcome:
    size = None
    if worth:
        size = settings.worth_typed(scale, worth) if scale in SCALES else read_number(worth)  # type: ignore[arg-type]
    return Outcome(name, scale, better if better in ("lower", "higher") else "lower", worth=size)  # type: ignore[arg-type]


def _outcomes_page(condition: str, rows: tuple[OutcomeRow, ...], errors: tuple[str, ...] = ()) -> OutcomesPage:
    offered = tuple(Choice(c.id, say(c.words)) for c in conditions().values())
    return OutcomesPage(
        steps(1), offered, condition, rows, tuple((name, say(scale.says)) for name, scale in SCALES.items()), errors
    )


def _can_encrypt() -> bool:
    return find_spec("sqlcipher3") is not None and find_spec("argon2") is not None
