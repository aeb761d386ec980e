"""What a planned trial would find, as work beside the page: a picture before day 1, and the shortest design."""

from __future__ import annotations

from nightdose.errors import CallError
from nightdose.keeping.jobs import Job
from nightdose.keeping.power import TRIALS, Ahead, look_ahead, usual_ups
from nightdose.keeping.trial_plan import TrialPlan
from nightdose.language.catalogue import say
from nightdose.planning import LEAST_RUN_IN
from nightdose.processes import Progress
from nightdose.protocol.design_check import power_not_known
from nightdose.report.figures.power import power_figure
from nightdose.report.figures.svg import NARROW, WIDE
from nightdose.web.asked import Answered, Asked, Go, Shown
from nightdose.web.contexts.parts import Picture
from nightdose.web.contexts.plan import PowerPage
from nightdose.web.desk import Desk
from nightdose.web.views.frame import around

KEPT = "power"


def begin(desk: Desk, plan: TrialPlan) -> Answered:
    """Start the work for this plan; what ran for another one stops."""
    ups = usual_ups(desk.store(), plan.question)
    if ups is None:
        raise CallError(power_not_known(plan.question.outcome, LEAST_RUN_IN).sentence, field="outcome")
    running = _job(desk)
    if running is not None and not running.over:
        desk.jobs.stop(running.number)

    def work(progress: Progress) -> Ahead:
        return look_ahead(plan.design, plan.question, ups, n=TRIALS, hoped=plan.hoped, progress=progress)

    desk.kept[KEPT] = (None, desk.jobs.start("power", work))
    return Go("/plan/power")


def page(desk: Desk, asked: Asked) -> Answered:
    """How far it is, or what was found."""
    desk.store()
    job = _job(desk)
    if job is None or job.state == "stopped":
        return Go("/plan/trial")
    if job.state == "failed":
        raise CallError(job.sentence)
    if not job.over or not isinstance(job.result, Ahead):
        return Shown(
            around(desk, say("What it would find"), "/plan"), PowerPage(working=True, progress=(job.done, job.total))
        )
    return Shown(around(desk, say("What it would find"), "/plan"), _page(job.result))


def stop(desk: Desk, asked: Asked) -> Answered:
    """Stop it; the design waits where it was."""
    desk.store()
    job = _job(desk)
    if job is not None:
        desk.jobs.stop(job.number)
        desk.kept.pop(KEPT, None)
    return Go("/plan/trial")


def _page(found: Ahead) -> PowerPage:
    wide, narrow = (power_figure(found.forecast, width=w, ident=f"power-{w:g}") for w in (WIDE, NARROW))
    return PowerPage(
        picture=Picture(wide.svg, narrow.svg, wide.sentence),
        shortest=found.sentence,
        tried=tuple((f"{weeks}", f"{pairs}", f"{power}") for pairs, weeks, power in found.lengths),
        basis=found.basis,
    )


def _job(desk: Desk) -> Job | None:
    kept = desk.kept.get(KEPT)
    if kept is None or not isinstance(kept[1], int):
        return None
    try:
        return desk.jobs.look(kept[1])
    except CallError:
        return None
