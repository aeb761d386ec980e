"""`nightdose simulate REGIMEN`: what a dose does, hour by hour, with every claimed link able to be switched off."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from nightdose.diary.day import DEFAULT_START, hours_of, since_midnight
from nightdose.diary.records import DAY_START_COLUMN
from nightdose.diary.table.event_table import is_event_table, read_event_table, write_event_table
from nightdose.diary.table.table import read_table, write_table
from nightdose.errors import CallError, InputError
from nightdose.export.tidy import write_tidy
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.mechanism.claims import CLAIMS, claim
from nightdose.mechanism.claims.claim import grades
from nightdose.mechanism.compartments import dose_nmol
from nightdose.mechanism.intake import GUT, Event, Intake, intake_of, taken_of
from nightdose.mechanism.interchange import antimony, sbml
from nightdose.mechanism.overview import Overview, assumptions, overview
from nightdose.mechanism.people import READINGS, Body, typical_person, typical_values
from nightdose.mechanism.population import Study, achieved_error, chunks
from nightdose.mechanism.regimen import NIGHT, PRESETS, Regimen, check_dose, describe, parse_regimen
from nightdose.mechanism.simulate import DEFAULT_ERROR
from nightdose.mechanism.system import OUTPUT_NAMES, fingerprint, unit_of
from nightdose.mechanism.virtual_diaries import virtual_diary
from nightdose.report.figures.mechanism import Words, claim_svg, picture
from nightdose.report.picture import save_picture

DEFAULT_COLUMNS = ("occupancy_mu", "occupancy_kappa", "occupancy_delta", "conc_naltrexone", "conc_metabolite",
                   "endorphin", "opioid_signal")  # fmt: skip


TABLES, USUAL_DAYS = (".csv", ".tsv", ".parquet", ".txt"), 28


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/simulate.md explains them."""
    parser.add_argument(
        "regimen", nargs="?", default="ldn",
        help=f"like 4.5mg@22:00, or '1.5mg x14d, 3mg x14d, 4.5mg'; a preset ({', '.join(PRESETS)}); "
        "or a file: NONMEM event table or diary table with naltrexone_mg",
    )  # fmt: skip
    add = parser.add_argument
    add("--days", type=int, help="days simulated (default: those of a diary table, else 28)")
    add(
        "--people",
        type=int,
        default=100,
        help="virtual people (default 100); 1 = one typical person",
    )
    add("--seed", type=int, default=1, help="same seed, same people, same numbers")
    add("--links", default="published", choices=("published", "off", "claimed"), help="where every hypothesis starts")
    add("--hypothesis", action="append", default=[], metavar="NAME=STRENGTH", help=", ".join(hypotheses()))
    add("--reading", action="append", default=[], metavar="NAME=SIDE",
        help="; ".join(f"{name}: {', '.join(sides)}" for name, sides in READINGS.items()))  # fmt: skip
    add("--weight", type=float, metavar="KG")
    add("--liver", default="normal", choices=("normal", "cirrhosis"))
    add("--ms", action="store_true", help="relapsing MS: chance triggers of self-attack")
    add("--start-day", type=int, default=None)
    add("--stop-day", type=int, default=None, help="first day without a dose")
    add("--miss", default="", metavar="DAYS", help="days without a dose, like 3,10-12")
    add("--late", action="append", default=[], metavar="DAY=HOURS", help="a dose later than planned, like 5=3.5")
    add("--double", default="", metavar="DAYS", help="days with a second dose at the same time")
    add("--confirm-dose", action="store_true", help="simulate a dose above the labelled range all the same")
    add("--error", type=float, default=DEFAULT_ERROR, help="relative error asked for (default 1e-4)")
    add("--every", type=float, default=24.0, metavar="HOURS", help="spacing of rows in --out (default 24)")
    add("--columns", default=",".join(DEFAULT_COLUMNS), help="what --out records; `all` for everything")
    add("--workers", type=int, default=1)
    add("--out", type=Path, metavar="FILE", help="tidy table, .csv or .parquet, streamed")
    add("--plot", type=Path, metavar="FILE", help="picture, .svg or .png")
    add("--claim", choices=tuple(CLAIMS), help="draw a claim of the low-dose story instead of a regimen")
    add("--diaries", type=Path, metavar="FILE", help="diaries that the virtual people would write, .csv")
    add("--export", type=Path, metavar="FILE", help="the model with these doses: .xml (SBML) or .ant (Antimony); "
        "the doses as a NONMEM event table: .csv")  # fmt: skip
    add("--json", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Simulate, or draw a claim, or export the model; exit code 0."""
    for path in (arguments.plot, arguments.out, arguments.diaries, arguments.export):
        if path is not None and not path.resolve().parent.is_dir():
            raise CallError(f"{path} cannot be written: the folder {path.parent} is not there. Make it first.")
    if arguments.claim:
        return _run_claim(arguments)
    study = study_of(arguments)
    seen = overview(study, workers=arguments.workers)
    error = achieved_error(replace(study, names=OUTPUT_NAMES))
    written = _write_files(arguments, study, seen)
    title = study.regimen.title if isinstance(study.regimen, Regimen) else f"doses of {arguments.regimen}"
    if arguments.json:
        print(json.dumps(as_json(study, seen, error, title, written), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_words(study, seen, error, title, written)))
    return 0


def study_of(arguments: argparse.Namespace) -> Study:
    """The study that the options describe; raises CallError with a sentence for a wrong one."""
    if arguments.days is None:
        arguments.days = _usual_days(Path(arguments.regimen))
    for name, value, most in (("--days", arguments.days, 36525), ("--people", arguments.people, 10_000_000)):
        if not 1 <= value <= most:
            raise CallError(f"{name} {value} cannot be simulated. Give a whole number from 1 to {most}.")
    if not 0.01 <= arguments.every <= 24 * arguments.days:
        raise CallError(f"--every {arguments.every:g} is not a spacing. Give hours between 0.01 and the whole course.")
    names = OUTPUT_NAMES if arguments.columns == "all" else tuple(arguments.columns.split(","))
    if unknown := [name for name in names if name not in OUTPUT_NAMES]:
        raise CallError(f"--columns: the model has no '{unknown[0]}'. Choose from: {', '.join(OUTPUT_NAMES)}.")
    changes = {
        name: _float(value, "--hypothesis", name) for name, value in _pairs(arguments.hypothesis, "--hypothesis")
    }
    body = Body(
        weight_kg=arguments.weight,
        liver=arguments.liver,
        hypotheses=strengths(changes, start=arguments.links),
        readings=dict(_pairs(arguments.reading, "--reading")),
    )
    return Study(
        regimen=_regimen(arguments), days=arguments.days, people=arguments.people, body=body, names=names,
        every_h=arguments.every, seed=arguments.seed, relapsing=arguments.ms, error=arguments.error,
    )  # fmt: skip


def _regimen(arguments: argparse.Namespace) -> Regimen | Intake:
    path = Path(arguments.regimen)
    if path.suffix.lower() in TABLES:
        if options := [o for o in ("miss", "late", "double", "start_day", "stop_day") if getattr(arguments, o)]:
            raise CallError(f"--{options[0].replace('_', '-')} changes a plan; a file already says what was taken.")
        return _from_file(path, 24.0 * arguments.days, confirmed=arguments.confirm_dose)
    plan = parse_regimen(arguments.regimen, confirmed=arguments.confirm_dose)
    late = {
        int(_float(day, "--late", day)): _float(hours, "--late", day) for day, hours in _pairs(arguments.late, "--late")
    }
    changed = replace(
        plan,
        start_day=plan.start_day if arguments.start_day is None else arguments.start_day,
        stop_day=plan.stop_day if arguments.stop_day is None else arguments.stop_day,
        missed=frozenset(_days(arguments.miss, "--miss")),
        extra=dict.fromkeys(_days(arguments.double, "--double"), 1),
        late_h=late,
    )
    return replace(changed, title=describe(changed)) if changed.steps else changed


def _usual_days(path: Path) -> int:
    """How many days a diary table has; 28 for a plan, and for an event table."""
    table = path.suffix.lower() in TABLES and path.exists()
    if not table or (path.suffix.lower() != ".parquet" and is_event_table(path)):
        return USUAL_DAYS
    return read_table(path).days


def _from_file(path: Path, end_h: float, *, confirmed: bool) -> Intake:
    if not path.exists():
        raise InputError(f"{path} is not there. Give the path of an event table or a diary table.")
    p = typical_values()
    if path.suffix.lower() != ".parquet" and is_event_table(path):
        table = read_event_table(path, end_h)
        if len(table.doses) > 1:
            raise InputError(
                f"{path.name} holds {len(table.doses)} persons. Simulate one at a time: keep one ID in the file."
            )
        taken = next(iter(table.doses.values()))
        for dose in taken:
            if dose.compartment == 1:
                check_dose(dose.dose, confirmed=confirmed)
        return intake_of(taken, p["salt_fraction"], p["molar_mass"])
    diary = read_table(path)
    if "naltrexone_mg" not in diary.columns:
        raise InputError(f"{path.name} has no column naltrexone_mg, and no TIME and AMT either: no doses to simulate.")
    doses, clocks = diary.dose("naltrexone"), diary.column("naltrexone_time")
    starts = diary.column(DAY_START_COLUMN)
    start_h = float(starts[~np.isnan(starts)][0]) if not np.isnan(starts).all() else hours_of(DEFAULT_START)
    hours = np.where(np.isnan(clocks), NIGHT, since_midnight(clocks, start_h))
    if unknown := int(np.isnan(doses).sum()):
        raise InputError(
            f"{path.name}: the dose is unknown on {unknown} of {diary.days} days. A simulation needs every dose: "
            "write 0 for none taken."
        )
    behind = np.flatnonzero((doses > 0) & (24.0 * np.arange(diary.days) >= end_h))
    if behind.size:
        raise CallError(
            f"{path.name} has {diary.days} days, and {behind.size} of its doses come after the {end_h / 24:g} days "
            f"that are simulated; they would be left out. Simulate {diary.days} days: --days {diary.days}."
        )
    for mg in np.unique(doses[doses > 0]).tolist():
        check_dose(mg, confirmed=confirmed)
    return Intake.of(
        Event(24.0 * day + hour, GUT, dose_nmol(mg, p["salt_fraction"], p["molar_mass"]))
        for day, (mg, hour) in enumerate(zip(doses.tolist(), hours.tolist(), strict=True))
        if mg > 0
    )


def _run_claim(arguments: argparse.Namespace) -> int:
    found = claim(arguments.claim, arguments.seed)
    if arguments.plot:
        save_picture(claim_svg(found), arguments.plot)
    if arguments.json:
        print(json.dumps(_claim_json(found), ensure_ascii=False, indent=1))
        return 0
    print(f"{found.title}\nClaim: “… {found.quote} …”\n")
    for lead, words in (("As published", found.published), ("What must be assumed", found.assumed),
                        ("Distance from the data", found.distance), ("Limits", found.limits)):  # fmt: skip
        print(f"{lead}: {words}\n")
    print("Evidence of each link: " + "; ".join(f"{title}: {grade}" for title, grade in grades(found)) + ".")
    if arguments.plot:
        print(f"Picture: {arguments.plot}")
    return 0


def _claim_json(found: Any) -> dict[str, Any]:
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


def _write_files(arguments: argparse.Namespace, study: Study, seen: Overview) -> dict[str, str]:
    written = {}
    if arguments.plot:
        svg = picture(
            "regimen", _title(study, arguments), _subtitle(study), seen.panels, tuple(_paragraphs(study, seen))
        )
        save_picture(svg, arguments.plot)
        written["plot"] = str(arguments.plot)
    if arguments.out:
        about = {
            "engine": "nightdose " + version("nightdose"),
            "model": fingerprint(),
            "seed": str(study.seed),
            "error": f"{study.error:g}",
        }
        failed = write_tidy(arguments.out, chunks(study, workers=arguments.workers), about)
        written["out"] = str(arguments.out) + (f" ({failed} people failed)" if failed else "")
    if arguments.diaries:
        _write_diaries(arguments.diaries, study)
        written["diaries"] = str(arguments.diaries)
    if arguments.export:
        _export(arguments.export, study)
        written["export"] = str(arguments.export)
    return written


def _write_diaries(path: Path, study: Study) -> None:
    """One file a cohort, with a person column; the virtual people are told apart by their number."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(study.people):
            head, *rows = write_table(virtual_diary(study, number)).splitlines()
            if number == 0:
                file.write(f"person,{head}\n")
            file.writelines(f"{number},{row}\n" for row in rows)


def _export(path: Path, study: Study) -> None:
    person, intake = typical_person(study.body), study.log()
    match path.suffix.lower():
        case ".xml" | ".sbml":
            text = sbml(person, intake)
        case ".ant" | ".antimony":
            text = antimony(person, intake)
        case ".csv":
            text = write_event_table({"1": taken_of(intake, person["salt_fraction"], person["molar_mass"])})
        case _:
            raise CallError(f"{path.name}: export to .xml (SBML), .ant (Antimony) or .csv (event table).")
    path.write_text(text, encoding="utf-8")


def _title(study: Study, arguments: argparse.Namespace) -> str:
    return study.regimen.title if isinstance(study.regimen, Regimen) else f"Doses of {Path(arguments.regimen).name}"


def _subtitle(study: Study) -> str:
    if study.people == 1:
        return f"One typical person, {study.days} days"
    return f"{study.people} virtual people, {study.days} days, seed {study.seed}; medians, shaded 90% of them"


def _share(values: tuple[float, float, float]) -> str:
    low, middle, high = (round(100 * v) for v in values)
    return f"{middle}% ({low} to {high})"


def _paragraphs(study: Study, seen: Overview) -> Iterable[Words]:
    day = seen.last_day
    yield Words(
        "Receptors.",
        f"On the last day {_share(day['occupancy_mu'])} of central mu receptors are blocked on average, between "
        f"{_share(seen.trough)} and {_share(seen.peak)}. Under the short-block reading "
        "(measured in mice only) it would be "
        f"{_share(seen.last_day_short)}. Nothing has been measured in people beyond 8 hours at a low dose.",
    )
    low, middle, high = day["endorphin_change"]
    yield Words(
        "Endorphin.",
        f"Beta-endorphin is {middle:.2f} times untreated ({low:.2f} to {high:.2f}); the "
        "signal that gets through the block "
        f"is {_share(day['opioid_signal'])} of normal. How release answers a low dose is an "
        "interpolation: it was seen at "
        "full dose only.",
    )
    yield Words("Links that are on.", " ".join(assumptions(study.body)) or "None: what is left is blockade alone.")


def as_words(study: Study, seen: Overview, error: float, title: str, written: Mapping[str, str]) -> list[str]:
    """The lines of a terminal: the run in words, the last day in numbers, what was written where."""
    lines = [f"{title}. {_subtitle(study)}.", ""]
    lines += [f"{p.lead} {p.words}" for p in _paragraphs(study, seen)]
    lines += ["", f"{'mean of the last day':24} {'median':>10} {'90% of people':>22}"]
    for name, (low, middle, high) in seen.last_day.items():
        unit = unit_of(name) if unit_of(name) != "1" else ""
        lines.append(f"{name:24} {middle:>10.3g} {f'{low:.3g} to {high:.3g}':>22} {unit}")
    lines += ["", f"Relative error achieved on a sample of these people: {error:.1e} (asked: {study.error:.0e})."]
    lines += [f"Not finished: {sentence}." for sentence in seen.failures]
    lines += [f"Written ({what}): {where}" for what, where in written.items()]
    return lines


def as_json(study: Study, seen: Overview, error: float, title: str, written: Mapping[str, str]) -> dict[str, Any]:
    """The object of `simulate --json`."""
    return {
        "schema": "nightdose.simulation/1", "model": fingerprint(), "regimen": title, "days": study.days,
        "people": study.people, "seed": study.seed, "relapsing_ms": study.relapsing,
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
        "note": "a model with graded hypotheses, not a measurement and not advice",
    }  # fmt: skip


def _pairs(words: Iterable[str], option: str) -> list[tuple[str, str]]:
    out = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise CallError(f"{option} {word}: write NAME=VALUE.")
        out.append((name.strip(), value.strip()))
    return out


def _float(word: str, option: str, name: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise CallError(f"{option} {name}: '{word}' is not a number.") from None


def _days(words: str, option: str) -> list[int]:
    """Days of a list like 3,10-12."""
    out: list[int] = []
    for word in filter(None, (part.strip() for part in words.split(","))):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        if found is None:
            raise CallError(f"{option}: '{word}' is not a day. Write for example 3,10-12.")
        out += range(int(found[1]), int(found[2] or found[1]) + 1)
    return out
