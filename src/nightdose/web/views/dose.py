"""What a dose does: the mechanism under a regimen, beside another one, or under the doses of one's own diary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nightdose.errors import CallError
from nightdose.keeping import settings
from nightdose.keeping.own_doses import own_doses
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.language.catalogue import mark, say
from nightdose.language.number import FINE, capital, number
from nightdose.mechanism.overview import SHOWN, Overview, overview
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study
from nightdose.mechanism.regimen import Regimen, clock_hour, parse_regimen
from nightdose.mechanism.stopping import missed_night
from nightdose.web.asked import Answered, Asked, Shown
from nightdose.web.contexts.dose import DosePage, DosePart, Fact, Switch
from nightdose.web.contexts.parts import Blank
from nightdose.web.desk import Desk
from nightdose.web.views import medicine
from nightdose.web.views.dose_curves import PEOPLE, Regimens, beside_each_other, of_diary, picture, share
from nightdose.web.views.frame import around

DAYS = 28  # a regimen has settled by then
MISSED_DAY = DAYS - 4
USUAL = {"mg": "4.5", "clock": "22:00"}
LIMITS = mark(
    "Nothing has been measured in people beyond 8 hours after a low dose: everything later is carried over by the "
    "model from 12.5 mg (an abstract, four people) and 50 mg. "
    "How endorphins answer a low dose is an interpolation; it was seen at full dose only."
)


def page(desk: Desk, asked: Asked) -> Answered:
    """The form and its curves; a regimen that cannot be read leaves the usual one with a sentence."""
    store = desk.store()
    if (file := chosen()) is not None:
        return medicine.dose(desk, asked, file)
    found, error, confirm = dict(asked.query), "", asked.query.get("confirm") == "yes"
    body = Body(hypotheses=_links(asked))
    tonight = settings.tonight(store, desk.clock())
    own = desk.remembered(f"own doses {tonight}", lambda opened: own_doses(opened, tonight))
    from_diary = own is not None and found.get("own") == "yes"
    try:
        regimen = _regimen(found)
        other = parse_regimen(found["other"], confirmed=confirm) if found.get("other", "").strip() else None
    except CallError as wrong:
        regimen, other, error = _regimen({}), None, capital(str(wrong))
        confirm = confirm or wrong.field == "confirm_dose"
    if own is not None and from_diary:
        curves, parts = of_diary(own, body)
    else:
        curves, parts = _of_regimen(regimen, other, body)
    shown = DosePage(
        mg=Blank("mg", say("Dose, mg"), f"{regimen.steps[0].dose_mg:g}" if regimen.steps else USUAL["mg"]),
        clock=Blank("clock", say("Time"), found.get("clock", USUAL["clock"])),
        regimen=Blank(
            "regimen",
            say("Any regimen"),
            found.get("regimen", ""),
            hint=say("like 1.5mg x14d, 3mg x14d, 4.5mg, or 25mg@08:00+20:00, or 4.5mg/2d"),
        ),
        other=Blank(
            "other", say("Beside it"), found.get("other", ""), hint=say("a second regimen, for example 50mg@08:00")
        ),
        from_diary=from_diary,
        own=own is not None,
        facts=_facts(curves.seen),
        pictures=tuple(picture(panel, i) for i, panel in enumerate(curves.panels)),
        parts=parts,
        switches=_switches(body.hypotheses),
        limits=say(LIMITS),
        title=curves.title,
        error=error,
        confirm=confirm,
    )
    return Shown(around(desk, say("What a dose does"), "/dose"), shown, 422 if error else 200)


def _of_regimen(regimen: Regimen, other: Regimen | None, body: Body) -> tuple[Regimens, tuple[DosePart, ...]]:
    """The curves of a regimen, alone or beside another one, and what one missed night of it changes."""
    study = Study(regimen, DAYS, PEOPLE, body, SHOWN)
    seen = overview(study)
    if other is None:
        curves = Regimens(seen, tuple(seen.panels), regimen.title)
    else:
        beside = overview(replace(study, regimen=other))
        curves = Regimens(
            seen,
            tuple(beside_each_other(seen, beside)),
            say("{title}, beside {other}", title=regimen.title, other=other.title),
        )
    plain = regimen.steps and regimen.every == 1 and len(regimen.clock_h) == 1
    return curves, (_one_missed_night(study),) if plain else ()


def _one_missed_night(study: Study) -> DosePart:
    panel, taken, missed = missed_night(study, MISSED_DAY)
    return DosePart(
        say("What one missed night changes"),
        (
            say(
                "An hour before the next dose, {taken} of the receptors would be blocked if every night was taken, "
                "{missed} if that night was missed. One missed dose is left out, never taken twice.",
                taken=share(taken),
                missed=share(missed),
            ),
        ),
        (picture(panel, 9),),
    )


def _regimen(found: dict[str, str]) -> Regimen:
    words, confirmed = found.get("regimen", "").strip(), found.get("confirm") == "yes"
    if words:
        return parse_regimen(words, confirmed=confirmed)
    clock = found.get("clock", "").strip() or USUAL["clock"]
    clock_hour(clock)
    return parse_regimen(f"{found.get('mg', '').strip() or USUAL['mg']}mg@{clock}", confirmed=confirmed)


def _links(asked: Asked) -> dict[str, float]:
    """Published strengths until the form was sent; then exactly the boxes that are ticked."""
    if asked.query.get("set") != "yes":
        return dict(strengths())
    chosen = set(asked.many.get("link", ()))
    published = strengths()
    return {name: (published[name] or 1.0) if name in chosen else 0.0 for name in published}


def _switches(links: Mapping[str, float]) -> tuple[Switch, ...]:
    return tuple(
        Switch(name, say(link.title), say(link.says), say(link.grade_words), say(link.evidence), links[name] > 0)
        for name, link in hypotheses().items()
    )


def _facts(seen: Overview) -> tuple[Fact, ...]:
    low, middle, high = seen.last_day["endorphin_change"]
    return (
        Fact(
            share(seen.last_day["occupancy_mu"]), say("of mu receptors blocked, mean of the last day; 90 % of people")
        ),
        Fact(
            say("{low} to {high}", low=share(seen.trough), high=share(seen.peak)),
            say("least and most block of that day"),
        ),
        Fact(share(seen.last_day_short), say("if a low dose blocks for hours only (measured in mice)")),
        Fact(
            say(
                "{middle} times ({low} to {high})",
                middle=number(middle, FINE),
                low=number(low, FINE),
                high=number(high, FINE),
            ),
            say("beta-endorphin, compared with none taken"),
        ),
    )
