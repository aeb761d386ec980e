"""What a dose does: the mechanism under a regimen, beside another one, or under the doses of one's own diary."""

from __future__ import annotations

from dataclasses import replace

from nightdose.errors import CallError
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.mechanism.overview import SHOWN, Overview, overview
from nightdose.mechanism.panel import Panel
from nightdose.mechanism.people import Body
from nightdose.mechanism.population import Study
from nightdose.mechanism.regimen import Regimen, clock_hour, parse_regimen
from nightdose.report.figures.panel import panel_figure, panel_rows
from nightdose.report.figures.svg import NARROW, WIDE
from nightdose.web.asked import Answered, Asked, Shown
from nightdose.web.contexts.dose import DosePage, Fact, Switch
from nightdose.web.contexts.parts import Blank, Picture
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

PEOPLE, DAYS = 40, 28  # virtual people of a picture that has to redraw at once; a regimen has settled by then
MISSED_DAY = DAYS - 4
USUAL = {"mg": "4.5", "clock": "22:00"}
LIMITS = (
    "Nothing has been measured in people beyond 8 hours after a low dose: everything later is carried over from 50 mg "
    "by the model. How endorphins answer a low dose is an interpolation; it was seen at full dose only."
)


def page(desk: Desk, asked: Asked) -> Answered:
    """The form and its curves; a regimen that cannot be read leaves the usual one with a sentence."""
    found, error = dict(asked.query), ""
    links = _links(asked)
    try:
        regimen = _regimen(found)
        other = parse_regimen(found["other"]) if found.get("other", "").strip() else None
    except CallError as wrong:
        regimen, other, error = _regimen({}), None, str(wrong)
    body = Body(hypotheses=links)
    seen = overview(Study(regimen, DAYS, PEOPLE, body, SHOWN))
    beside = overview(Study(other, DAYS, PEOPLE, body, SHOWN)) if other else None
    title = regimen.title if beside is None or other is None else f"{regimen.title}, beside {other.title}"
    shown = DosePage(
        mg=Blank("mg", "Dose, mg", f"{regimen.steps[0].dose_mg:g}" if regimen.steps else USUAL["mg"]),
        clock=Blank("clock", "Time", found.get("clock", USUAL["clock"])),
        regimen=Blank(
            "regimen",
            "Any regimen",
            found.get("regimen", ""),
            hint="like 1.5mg x14d, 3mg x14d, 4.5mg, or 25mg@08:00+20:00, or 4.5mg/2d",
        ),
        other=Blank("other", "Beside it", found.get("other", ""), hint="a second regimen, for example 50mg@08:00"),
        missed=found.get("missed") == "yes",
        from_diary=False,
        own=False,
        facts=_facts(seen),
        pictures=tuple(_picture(panel, i) for i, panel in enumerate(_panels(seen, beside))),
        switches=_switches(links),
        limits=LIMITS,
        title=title,
        error=error,
    )
    return Shown(around(desk, "What a dose does", "/dose"), shown, 422 if error else 200)


def _regimen(found: dict[str, str]) -> Regimen:
    words = found.get("regimen", "").strip()
    if words:
        regimen = parse_regimen(words)
    else:
        clock = found.get("clock", "").strip() or USUAL["clock"]
        clock_hour(clock)
        regimen = parse_regimen(f"{found.get('mg', '').strip() or USUAL['mg']}mg@{clock}")
    return replace(regimen, missed=frozenset({MISSED_DAY})) if found.get("missed") == "yes" else regimen


def _links(asked: Asked) -> dict[str, float]:
    """Published strengths until the form was sent; then exactly the boxes that are ticked."""
    if asked.query.get("set") != "yes":
        return dict(strengths())
    chosen = set(asked.many.get("link", ()))
    published = strengths()
    return {name: (published[name] or 1.0) if name in chosen else 0.0 for name in published}


def _switches(links: dict[str, float]) -> tuple[Switch, ...]:
    return tuple(
        Switch(name, link.title, link.says, link.grade_words, link.evidence, links[name] > 0)
        for name, link in hypotheses().items()
    )


def _facts(seen: Overview) -> tuple[Fact, ...]:
    def share(values: tuple[float, float, float]) -> str:
        low, middle, high = (round(100 * v) for v in values)
        return f"{middle} % ({low} to {high})"

    low, middle, high = seen.last_day["endorphin_change"]
    return (
        Fact(share(seen.last_day["occupancy_mu"]), "of mu receptors blocked, mean of the last day; 90 % of people"),
        Fact(f"{share(seen.trough)} to {share(seen.peak)}", "least and most block of that day"),
        Fact(share(seen.last_day_short), "if a low dose blocks for hours only (measured in mice)"),
        Fact(f"{middle:.2f} times ({low:.2f} to {high:.2f})", "beta-endorphin, compared with none taken"),
    )


def _panels(seen: Overview, beside: Overview | None) -> list[Panel]:
    if beside is None:
        return list(seen.panels)
    out = []
    for ours, theirs in zip(seen.panels, beside.panels, strict=True):
        curves = (
            *(replace(c, name=f"first: {c.name}") for c in ours.curves),
            *(replace(c, name=f"beside: {c.name}", low=None, high=None) for c in theirs.curves),
        )
        out.append(replace(ours, curves=curves))
    return out


def _picture(panel: Panel, number: int) -> Picture:
    wide = panel_figure(panel, width=WIDE, ident=f"panel-{number}-wide")
    narrow = panel_figure(panel, width=NARROW, ident=f"panel-{number}-narrow")
    head, rows = panel_rows(panel)
    return Picture(wide.svg, narrow.svg, wide.sentence, head, tuple(rows))
