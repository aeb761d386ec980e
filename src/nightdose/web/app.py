"""The app: which address is which view. Plain ASGI: no socket, thread or file of its own (docs/decisions/050)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nightdose.errors import NightdoseError
from nightdose.knowledge.chosen import about
from nightdose.language.catalogue import mark, say
from nightdose.web import render
from nightdose.web.asked import Answered, Asked, Given, Go, Shown, Upload
from nightdose.web.contexts.doors import RefusedPage
from nightdose.web.desk import Absent, Desk, DiaryLocked
from nightdose.web.language import InTheReadersLanguage
from nightdose.web.security import LARGEST_UPLOAD, TOO_LARGE, App, Doors, Guard, Place, TooLarge
from nightdose.web.views import (
    answer,
    data,
    doors,
    dose,
    evidence,
    frame,
    gates,
    help,
    letter,
    made,
    medicine,
    plan,
    plan_forms,
    plan_trial,
    power,
    share,
    start,
    timeline,
    tonight,
)

View = Callable[[Desk, Asked], Answered]

GET: dict[str, View] = {
    "/": tonight.page,
    "/dose": dose.page,
    "/data": data.page,
    "/data/everything.zip": data.everything,
    "/data/days.csv": data.days,
    "/help": help.page,
    "/medicine": medicine.page,
    "/evidence": evidence.page,
    "/evidence/claims": evidence.claims_page,
    "/evidence/page": evidence.see,
    "/evidence/save": evidence.save,
    "/answer": answer.page,
    "/answer/report": answer.report,
    "/letter": letter.page,
    "/letter/page": letter.see,
    "/letter/save": letter.save,
    "/letter/pdf": letter.save_pdf,
    "/letter/package": letter.save_package,
    "/letter/fhir": letter.save_fhir,
    "/share": share.page,
    "/timeline": timeline.page,
    "/entry": timeline.entry,
    "/plan": plan.page,
    "/plan/gates": gates.page,
    "/plan/titration": plan_forms.titration_page,
    "/plan/calendar.ics": plan_forms.calendar,
    "/plan/trial": plan_trial.trial_page,
    "/plan/power": power.page,
    "/plan/liquid": plan_forms.liquid_page,
    "/plan/card": plan_forms.card_page,
    "/plan/protocol": plan.protocol_page,
    "/start": start.welcome,
    "/start/key": start.key,
    "/start/outcomes": start.outcomes,
    "/unlock": doors.page,
    "/more": doors.more,
    "/plan/sealed-order.age": plan.sealed_file,
    "/made": made.page,
}
POST: dict[str, View] = {
    "/": tonight.save,
    "/undo": tonight.undo,
    "/tonight": tonight.history,
    "/answer/look": answer.look,
    "/answer/certify": answer.certify,
    "/answer/stop": answer.stop,
    "/data/import": data.look,
    "/data/take": data.take,
    "/data/backup": data.make_backup,
    "/data/verify": data.verify,
    "/data/passphrase": data.passphrase,
    "/data/recovery": data.recovery,
    "/data/delete": data.delete,
    "/start/restore": data.restore,
    "/letter": letter.choose,
    "/share": share.show,
    "/entry": timeline.change,
    "/medicine": medicine.choose,
    "/plan/gates": gates.act,
    "/plan/seal": plan.seal,
    "/plan/unblind": plan.unblind,
    "/plan/reveal": plan.reveal,
    "/plan/unlock": plan.unlock,
    "/plan/stop": plan.stop,
    "/plan/end": plan.end,
    "/plan/titration": plan_forms.titrate,
    "/plan/trial": plan_trial.trial,
    "/plan/power/stop": power.stop,
    "/plan/amend": plan_trial.amend,
    "/plan/liquid": plan_forms.liquid,
    "/plan/card": plan_forms.card,
    "/start/example": start.example,
    "/start/leave": start.leave_example,
    "/start/key": start.make,
    "/start/outcomes": start.choose,
    "/unlock": doors.unlock,
    "/lock": doors.lock,
    "/language": doors.read_in,
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/json"}
log = logging.getLogger("nightdose.web")
# what is sent stays in memory: a file of a diary must not lie unencrypted in a temporary folder
MultiPartParser.spool_max_size = LARGEST_UPLOAD + 1


def create_app(desk: Desk, place: Place, doors: Doors) -> App:
    """The whole app around one diary, ready for any ASGI server, and for a test that calls it without one."""
    routes = [Route("/static/{path:path}", _static)]
    for path in dict.fromkeys([*GET, *POST]):
        methods = [name for name, table in (("GET", GET), ("POST", POST)) if path in table]
        routes.append(Route(path, _endpoint(desk, path), methods=methods))
    app = Starlette(routes=routes, exception_handlers={404: _not_found, 405: _not_found})
    return InTheReadersLanguage(Guard(app, place, doors, render.refusal))


def _endpoint(desk: Desk, path: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            asked = await _asked(request)
        except TooLarge:
            return Response(render.refusal(413, say(TOO_LARGE)), 413, media_type="text/html; charset=utf-8")
        return respond(request, asked)

    def respond(request: Request, asked: Asked) -> Response:
        view = (POST if asked.changes else GET)[path]
        try:
            with about(desk.medicine()):
                answered = view(desk, asked)
        except DiaryLocked:
            answered = doors.locked(desk, asked)
        except Absent:
            answered = doors.absent(desk, asked)
        except NightdoseError as error:
            answered = Shown(
                frame.around(desk, say("Not done")), RefusedPage(str(error), "/", say("Back to tonight")), 422
            )
        except Exception as error:  # noqa: BLE001  a page that breaks must still be a page
            # the words of a diary may stand in an error's text: only where it happened is written down
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s at %s:%s", type(error).__name__, last.filename.rsplit("/", 1)[-1], last.lineno)
            answered = Shown(
                frame.around(desk, say("Not now")), RefusedPage(say(BROKEN), "/", say("Back to tonight")), 500
            )
        return _response(answered, request.query_params.get("format") == "json")

    return endpoint


BROKEN = mark("Something in nightdose broke while this page was made. Your diary is unharmed, and nothing was changed.")


async def _asked(request: Request) -> Asked:
    """The request as a value; a file that was sent stays in memory (read by `diary/unwritten.py`)."""
    query = dict(request.query_params)
    if request.method != "POST":
        several: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            several.setdefault(name, []).append(value)
        return Asked(request.url.path, query=query, many=several, parts=dict(request.path_params))
    form = await request.form(max_part_size=LARGEST_UPLOAD)
    words = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    many: dict[str, list[str]] = {}
    for name, value in words:
        many.setdefault(name, []).append(value)
    sent = {
        name: Upload(value.filename or "", await value.read())
        for name, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    }
    await form.close()
    return Asked(request.url.path, True, query, dict(words), many, sent, dict(request.path_params))


def _response(answered: Answered, json: bool) -> Response:
    if isinstance(answered, Go):
        kept = {"set-cookie": answered.cookie} if answered.cookie else None
        return RedirectResponse(answered.path, status_code=307 if answered.again else 303, headers=kept)
    if isinstance(answered, Given):
        headers = {"content-disposition": f'{"inline" if answered.shown else "attachment"}; filename="{answered.name}"'}
        if answered.policy:
            headers["content-security-policy"] = answered.policy
        return Response(answered.content, media_type=answered.kind, headers=headers)
    if json:
        return Response(render.as_json(answered), answered.status, media_type="application/json")
    return Response(render.html(answered), answered.status, media_type="text/html; charset=utf-8")


async def _static(request: Request) -> Response:
    """A stylesheet, script or picture of ours."""
    name = str(request.path_params["path"])
    found = files("nightdose.web").joinpath("static")
    if name in ("figures.css", "published.css"):  # the pictures and trials look the same in a report and here
        found = files("nightdose.report").joinpath("templates")
    for part in name.split("/"):
        if part in ("", ".", ".."):
            return await _not_found(request, None)
        found = found.joinpath(part)
    kind = KINDS.get(name[name.rfind(".") :])
    if kind is None or not found.is_file():
        return await _not_found(request, None)
    return Response(found.read_bytes(), media_type=kind)


async def _not_found(request: Request, error: Exception | None) -> Response:
    return Response(
        render.refusal(404, say("There is no such page."), home=True), 404, media_type="text/html; charset=utf-8"
    )
