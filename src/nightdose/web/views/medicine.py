"""Another medicine than naltrexone: its file chosen or sent, what it says, and the level in blood."""

from __future__ import annotations

from nightdose.errors import CallError, InputError, NightdoseError
from nightdose.keeping import drug_files, own_drug, settings
from nightdose.keeping.simulated_drug import simulate_drug, simulation_lines
from nightdose.knowledge.chosen import NALTREXONE, chosen, treatment
from nightdose.knowledge.drug_file import DrugFile
from nightdose.language.catalogue import say
from nightdose.mechanism.panel import Panel
from nightdose.mechanism.regimen import parse_regimen
from nightdose.report.words.drug_file import facts_of, sources_of
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.medicine import DrugDosePage, MedicinePage
from nightdose.web.contexts.parts import Choice
from nightdose.web.desk import Desk
from nightdose.web.views.dose_curves import picture
from nightdose.web.views.frame import around

PEOPLE, DAYS = 100, 28
HERE = "/medicine"


def page(desk: Desk, asked: Asked) -> Answered:
    """Which medicine this diary is about, and what its file says."""
    desk.store()
    return Shown(around(desk, say("The medicine"), HERE), _page(chosen()))


def choose(desk: Desk, asked: Asked) -> Answered:
    """Keep the file that was chosen or sent in the diary; what is wrong with it comes back with its line."""
    store = desk.store()
    try:
        file = _asked_for(asked)
        if file is None:
            own_drug.settle(store, naltrexone=True)
        else:
            own_drug.replace_file(store, file, settings.today(store, desk.clock()), asked.typed("reason"))
    except NightdoseError as error:
        page = _page(chosen(), str(error), asks_reason=error.field == "reason")
        return Shown(around(desk, say("The medicine"), HERE), page, 422)
    return Go(HERE)


def dose(desk: Desk, asked: Asked, file: DrugFile) -> Answered:
    """The level in blood under a regimen."""
    usual = f"{file.studied.low_mg:g}mg@22:00" if file.studied else ""
    regimen, error = asked.query.get("regimen", "").strip() or usual, ""
    sentences: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    try:
        if regimen:
            plan = parse_regimen(regimen, confirmed=True, drugs=(file.name, *file.names))
            found = simulate_drug(file, plan, DAYS, PEOPLE, 1, confirmed=True)
            sentences, panels = tuple(simulation_lines(file, found)), (found.panel(),)
    except CallError as wrong:
        error = str(wrong)
    shown = DrugDosePage(file.title, regimen, sentences, tuple(picture(p, i) for i, p in enumerate(panels)), error)
    return Shown(around(desk, say("What a dose does"), "/dose"), shown, 422 if error else 200)


def _asked_for(asked: Asked) -> DrugFile | None:
    sent = asked.files.get("file")
    if sent is not None and sent.content:
        try:
            text = sent.content.decode("utf-8")
        except UnicodeDecodeError:
            raise InputError(say("{name} is not UTF-8 text. Save it as UTF-8.", name=sent.name)) from None
        return drug_files.brought(text, sent.name or "drug.toml")
    name = asked.typed("medicine") or NALTREXONE
    return drug_files.found(name) if name in _names() else None


def _names() -> set[str]:
    return {each.name for each in drug_files.offered()}


def _named(each: drug_files.Offered) -> str:
    if each.own:
        return say("{name}, a file of your own", name=each.name)
    return say("{name}, a file that comes with nightdose", name=each.name)


def _page(file: DrugFile | None, error: str = "", *, asks_reason: bool = False) -> MedicinePage:
    offered = (
        Choice(NALTREXONE, say("Naltrexone")),
        *(Choice(each.name, _named(each)) for each in drug_files.offered()),
    )
    return MedicinePage(
        chosen=treatment(),
        title=say("Low-dose naltrexone") if file is None else file.title,
        offered=offered,
        facts=() if file is None else facts_of(file),
        sources=() if file is None else sources_of(file),
        fingerprint="" if file is None else file.sha256[:12],
        folder=str(drug_files.folder()),
        error=error,
        asks_reason=asks_reason,
    )
