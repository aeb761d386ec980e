"""What was asked, as JSON and back: with the days it gives the same analysis again."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args

from nightdose.analyse import analyse
from nightdose.checks.certificate import with_certificate
from nightdose.checks.evidence import with_evidence
from nightdose.checks.sensitivity import with_sensitivity
from nightdose.diary.records import Diary
from nightdose.errors import InputError
from nightdose.knowledge.evidence_file import evidence_names, shipped_evidence
from nightdose.outcomes import with_exploratory
from nightdose.protocol.locked import Locked
from nightdose.protocol.sealing import Unblinding
from nightdose.question.kind import KINDS
from nightdose.question.looks import Looks
from nightdose.question.question import Better, OnsetName, Question, Randomised, Schedule
from nightdose.verdict.analysis import Analysis, AnyLook, Certificate, WorldRate

Json = Mapping[str, Any]
MOST_OTHERS = 24  # other outcomes, other medicines, columns that a question may name
LARGEST_NUMBER = 1e300
MOST_DIARIES = 100_000  # of a certificate


@dataclass(frozen=True, slots=True)
class Request:
    """Everything beside the diary that an analysis is made from.

    certificate : diaries of each kind, 0 = none. also : other outcomes. evidence : name of a shipped prior, "" = none.
    sensitivity : also under other starting assumptions. protocol, opened : stand beside the answer.
    """

    question: Question
    looks: Looks
    seed: int = 0
    certificate: int = 0
    also: tuple[Question, ...] = ()
    evidence: str = ""
    sensitivity: bool = False
    protocol: tuple[Locked, ...] = ()
    opened: tuple[Unblinding, ...] = ()


def request_of(analysis: Analysis, seed: int = 0) -> Request:
    """What this analysis was asked. seed : as it was given; a certificate knows its own."""
    found, prior = analysis.certificate, analysis.with_evidence
    return Request(
        question=analysis.question,
        looks=analysis.case.looks,
        seed=seed if found is None else found.seed,
        certificate=0 if found is None else found.n,
        also=tuple(each.question for each in analysis.exploratory),
        evidence=prior.prior.name if prior is not None and prior.prior.name in evidence_names() else "",
        sensitivity=bool(analysis.prior_variants),
        protocol=analysis.protocol,
        opened=analysis.opened,
    )


def recompute(diary: Diary, request: Request, certificate: Certificate | None, *, threads: int = 1) -> Analysis:
    """The analysis again, in the order of the first time. certificate : taken as it was; None = computed again."""
    analysis = analyse(diary, request.question, seed=request.seed, threads=threads, looks=request.looks)
    if certificate is not None:
        analysis = analysis.with_beside(certificate=certificate)
    elif request.certificate:
        analysis = with_certificate(analysis, request.certificate, seed=request.seed)
    analysis = analysis.with_beside(protocol=request.protocol, opened=request.opened)
    if request.evidence:
        analysis = with_evidence(analysis, shipped_evidence(request.evidence), threads=threads)
    if request.also:
        analysis = with_exploratory(analysis, request.also, threads=threads)
    return with_sensitivity(analysis, threads=threads) if request.sensitivity else analysis


def request_record(request: Request) -> dict[str, Any]:
    """The request as JSON; the protocol stands in a file of its own."""
    looks = request.looks
    return {
        "question": _question_record(request.question),
        "looks": {
            "counted": looks.counted,
            "planned": [day.isoformat() for day in looks.planned],
            "horizon_days": looks.horizon_days,
            "only": looks.only,
        },
        "seed": request.seed,
        "certificate": request.certificate,
        "also": [_question_record(each) for each in request.also],
        "evidence": request.evidence,
        "sensitivity": request.sensitivity,
    }


def _question_record(question: Question) -> dict[str, Any]:
    return asdict(question)


def read_request(record: Json, protocol: tuple[Locked, ...], opened: tuple[Unblinding, ...]) -> Request:
    """The request back. Raises InputError, CallError, or ValueError, KeyError, TypeError where it is none of ours."""
    looks, counted = record["looks"], record["looks"]["counted"]
    certificate, also = int(record["certificate"]), record["also"]
    if len(also) > MOST_OTHERS or not 0 <= certificate <= MOST_DIARIES or not 0 <= int(record["seed"]) < 2**63:
        raise InputError("question.json asks for more than nightdose does.")
    return Request(
        question=_question(record["question"]),
        looks=Looks(
            None if counted is None else int(counted),
            tuple(map(datetime.date.fromisoformat, looks["planned"])),
            _number(looks["horizon_days"]),
            bool(looks["only"]),
        ),
        seed=int(record["seed"]),
        certificate=certificate,
        also=tuple(map(_question, also)),
        evidence=str(record["evidence"]),
        sensitivity=bool(record["sensitivity"]),
        protocol=protocol,
        opened=opened,
    )


CHOICES = {"better": get_args(Better), "randomised": get_args(Randomised), "scale": tuple(KINDS)}


def _question(record: Json) -> Question:
    known = {field.name for field in fields(Question)}
    if set(record) != known:
        raise InputError("question.json does not have the fields of a question.")
    if any(record[name] not in choices for name, choices in CHOICES.items()):
        raise InputError("question.json names a scale, a direction or an order that nightdose does not know.")
    if record["onset"] not in (None, *get_args(OnsetName)):
        raise InputError("question.json names an onset that nightdose does not know.")
    limits, schedule = record["limits"], record["schedule"]
    named = {name: tuple(map(str, record[name])) for name in ("adjust", "covariates")}
    if any(len(names) > MOST_OTHERS for names in named.values()):
        raise InputError("question.json asks for more than nightdose does.")
    return Question(
        outcome=str(record["outcome"]),
        treatment=str(record["treatment"]),
        scale=record["scale"],
        better=record["better"],
        meaningful=_number(record["meaningful"]),
        limits=None if limits is None else (_number(limits[0]), _number(limits[1])),
        onset=record["onset"],
        randomised=record["randomised"],
        blinded=bool(record["blinded"]),
        unit=str(record["unit"]),
        weekday=bool(record["weekday"]),
        yearly=bool(record["yearly"]),
        against=str(record["against"]),
        schedule=None
        if schedule is None
        else Schedule(
            int(schedule["first_day"]),
            tuple(map(int, schedule["block_begins"])),
            int(schedule["block_days"]),
            bool(schedule["drawn"]),
            int(schedule["locked_day"]),
            None if schedule.get("last_day") is None else int(schedule["last_day"]),
        ),
        **named,
    )


def _number(value: Any) -> float:
    """As it stands, so that 3 stays 3 and the fingerprint the same."""
    if not isinstance(value, (int, float)) or not abs(value) < LARGEST_NUMBER:
        raise TypeError
    return value


def read_certificate(record: Json | None) -> Certificate | None:
    """The certificate that `export.record` wrote down."""
    if record is None:
        return None
    ever = record["any_look"]
    return Certificate(
        n=int(record["n"]),
        seed=int(record["seed"]),
        false_alarm=float(record["false_alarm"]),
        false_alarm_interval95=_pair(record["false_alarm_interval95"]),
        same_verdict_if_null=float(record["same_verdict_if_null"]),
        miss=float(record["miss"]),
        miss_interval95=_pair(record["miss_interval95"]),
        worlds=tuple(
            WorldRate(str(w["world"]), int(w["n"]), float(w["false_alarm"]), _pair(w["false_alarm_interval95"]))
            for w in record["worlds"]
        ),
        any_look=None
        if ever is None
        else AnyLook(
            int(ever["looks"]), int(ever["n"]), float(ever["false_alarm"]), _pair(ever["false_alarm_interval95"])
        ),
    )


def _pair(values: Any) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)
