"""A simulation and a drawn claim for other programs: JSON, diaries, SBML, Antimony, event tables."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nightdose.diary.table.event_table import write_event_table
from nightdose.diary.table.table import write_table
from nightdose.errors import CallError
from nightdose.export.tidy import write_tidy
from nightdose.knowledge.hypotheses import hypotheses
from nightdose.language.catalogue import say
from nightdose.mechanism.claims.claim import Claim
from nightdose.mechanism.intake import taken_of
from nightdose.mechanism.interchange import antimony, sbml
from nightdose.mechanism.overview import Overview
from nightdose.mechanism.people import READINGS, taking, typical_person
from nightdose.mechanism.population import Study, chunks
from nightdose.mechanism.system import fingerprint, unit_of
from nightdose.mechanism.virtual_diaries import virtual_diary
from nightdose.whole_file import whole, write_whole


def simulation_record(
    study: Study, seen: Overview, error: float, title: str, written: Mapping[str, str]
) -> dict[str, Any]:
    """`nightdose.simulation/1`; error : relative, as achieved; written : what -> the file it was written to."""
    return {
        "schema": "nightdose.simulation/1", "model": fingerprint(), "regimen": title, "days": study.days,
        "people": study.people, "people_summarised": len(study.sample), "seed": study.seed,
        "relapsing_ms": study.relapsing,
        "hypotheses": {
            name: {"strength": study.body.hypotheses[name], "grade": link.grade, "evidence": link.evidence}
            for name, link in hypotheses().items()
        },
        "readings": {name: study.body.readings.get(name, sides[0]) for name, sides in READINGS.items()},
        "last_day": {
            name: {"median": middle, "low90": low, "high90": high, "unit": unit_of(name)}
            for name, (low, middle, high) in seen.last_day.items()
        },
        "mu_block": {
            name: dict(zip(("low90", "median", "high90"), values, strict=True))
            for name, values in (("least", seen.trough), ("most", seen.peak), ("mean_if_short", seen.last_day_short))
        },
        "error_asked": study.error, "error_achieved": error, "failures": list(seen.failures), "written": dict(written),
        "note": say("a model with graded hypotheses, not a measurement and not advice"),
    }  # fmt: skip


def claim_record(found: Claim) -> dict[str, Any]:
    """`nightdose.claim/1`."""
    return {
        "schema": "nightdose.claim/1", "claim": found.name, "quote": found.quote, "title": found.title,
        "published": found.published, "assumed": found.assumed, "distance": found.distance, "limits": found.limits,
        "links": [{"name": name, "grade": hypotheses()[name].grade} for name in found.links],
        "panels": [
            {
                "title": panel.title, "y": panel.y_words, "x_kind": panel.x_kind,
                "curves": [
                    {"name": c.name, "assumed": c.assumed, "x": c.x.tolist(), "median": c.middle.tolist()}
                    for c in panel.curves
                ],
                "bars": [
                    {"name": b.name, "assumed": b.assumed, "median": b.value, "low90": b.low, "high90": b.high}
                    for b in panel.bars
                ],
            }
            for panel in found.panels
        ],
    }  # fmt: skip


def write_people(path: Path, study: Study, workers: int = 1) -> int:
    """Every virtual person as a tidy table, streamed; how many of them failed."""
    about = {
        "engine": "nightdose " + version("nightdose"),
        "model": fingerprint(),
        "seed": str(study.seed),
        "error": f"{study.error:g}",
    }
    return write_tidy(path, chunks(study, workers=workers), about)


def write_diaries(path: Path, study: Study) -> None:
    """One file a cohort, with a person column; the virtual people are told apart by their number."""
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
        for number in range(study.people):
            head, *rows = write_table(virtual_diary(study, number)).splitlines()
            if number == 0:
                file.write(f"person,{head}\n")
            file.writelines(f"{number},{row}\n" for row in rows)


def write_model(path: Path, study: Study) -> None:
    """The model with these doses, or the doses alone; the ending chooses. CallError for another ending."""
    person, intake = typical_person(study.body), study.log()
    person = taking(person, study.largest_mg, study.body)
    match path.suffix.lower():
        case ".xml" | ".sbml":
            text = sbml(person, intake)
        case ".ant" | ".antimony":
            text = antimony(person, intake)
        case ".csv":
            text = write_event_table({"1": taken_of(intake, person["salt_fraction"], person["molar_mass"])})
        case _:
            raise CallError(
                say("{name}: choose .xml (SBML), .ant (Antimony) or .csv (event table).", name=path.name),
                field="export",
            )
    write_whole(path, text)
