"""`nightdose simulate REGIMEN`: what a dose does, hour by hour, with every claimed link able to be switched off."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from nightdose.errors import CallError
from nightdose.export.simulation import claim_record, simulation_record, write_diaries, write_model, write_people
from nightdose.keeping.remembered import usable_cores
from nightdose.keeping.simulated import TABLES, days_in, doses_in
from nightdose.keeping.simulated_drug import simulate_drug, simulation_lines
from nightdose.knowledge.chosen import chosen
from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.hypotheses import hypotheses, strengths
from nightdose.language.catalogue import say
from nightdose.mechanism.claims import CLAIMS, claim
from nightdose.mechanism.claims.claim import grades
from nightdose.mechanism.intake import Intake
from nightdose.mechanism.overview import Overview, overview
from nightdose.mechanism.people import READINGS, Body
from nightdose.mechanism.population import Study, achieved_error
from nightdose.mechanism.regimen import PRESETS, Regimen, describe, parse_regimen
from nightdose.mechanism.simulate import DEFAULT_ERROR
from nightdose.mechanism.system import OUTPUT_NAMES, unit_of
from nightdose.protocol.doses import DoseInDoubt
from nightdose.report.figures.mechanism import Words, claim_svg, picture
from nightdose.report.picture import save_picture
from nightdose.report.words.simulation import study_paragraphs, study_words

MOST_DRUG_PEOPLE, MOST_DRUG_DAYS = 10_000, 3_660  # of a medicine that comes as a file
OF_ANY_DRUG = frozenset({"regimen", "days", "people", "seed", "plot", "json", "confirm_dose"})
DEFAULT_COLUMNS = ("occupancy_mu", "occupancy_kappa", "occupancy_delta", "conc_naltrexone", "conc_metabolite",
                   "endorphin", "opioid_signal")  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/simulate.md explains them."""
    parser.add_argument(
        "regimen",
        nargs="?",
        default="ldn",
        help=say(
            "like 4.5mg@22:00, or '1.5mg x14d, 3mg x14d, 4.5mg'; a preset ({presets}); "
            "or a file: NONMEM event table or diary table with naltrexone_mg",
            presets=", ".join(PRESETS),
        ),
    )
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
    add("--workers", type=int, metavar="N",
        help="threads; the numbers do not depend on them; default: one a processor core")  # fmt: skip
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
            raise CallError(
                say(
                    "{path} cannot be written: the folder {parent} is not there. Make it first.",
                    path=path,
                    parent=path.parent,
                )
            )
    if (file := chosen()) is not None:
        return _run_drug(arguments, file)
    if arguments.claim:
        return _run_claim(arguments)
    study = study_of(arguments)
    seen = overview(study, workers=_workers(arguments))
    error = achieved_error(replace(study, names=OUTPUT_NAMES))
    written = _write_files(arguments, study, seen)
    title = (
        study.regimen.title
        if isinstance(study.regimen, Regimen)
        else say("doses of {regimen}", regimen=arguments.regimen)
    )
    if arguments.json:
        print(json.dumps(simulation_record(study, seen, error, title, written), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_words(study, seen, error, title, written)))
    return 0


def study_of(arguments: argparse.Namespace) -> Study:
    """The study that the options describe; raises CallError with a sentence for a wrong one."""
    if arguments.days is None:
        arguments.days = days_in(Path(arguments.regimen))
    for name, value, most in (("--days", arguments.days, 36525), ("--people", arguments.people, 10_000_000)):
        if not 1 <= value <= most:
            raise CallError(
                say(
                    "{name} {value} cannot be simulated. Give a whole number from 1 to {most}.",
                    name=name,
                    value=value,
                    most=most,
                )
            )
    if not 0.01 <= arguments.every <= 24 * arguments.days:
        raise CallError(
            say(
                "--every {every} is not a spacing. Give hours between 0.01 and the whole course.",
                every=f"{arguments.every:g}",
            )
        )
    names = OUTPUT_NAMES if arguments.columns == "all" else tuple(arguments.columns.split(","))
    if unknown := [name for name in names if name not in OUTPUT_NAMES]:
        raise CallError(
            say(
                "--columns: the model has no '{unknown}'. Choose from: {output_names}.",
                unknown=unknown[0],
                output_names=", ".join(OUTPUT_NAMES),
            )
        )
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
            raise CallError(
                say(
                    "--{option} changes a plan; a file already says what was taken.",
                    option=options[0].replace("_", "-"),
                )
            )
        return doses_in(path, 24.0 * arguments.days, confirmed=arguments.confirm_dose)
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


def _run_drug(arguments: argparse.Namespace, file: DrugFile) -> int:
    """A medicine that comes as a file: what is in the blood, from the kinetics that its file gives."""
    defaults = vars(_plain_options())
    for name, usual in defaults.items():
        if name not in OF_ANY_DRUG and getattr(arguments, name) != usual:
            words = say("this belongs to the mechanism of naltrexone; for {drug} there is a level in blood.",
                        drug=file.name)  # fmt: skip
            raise CallError(words, field=name)
    days = arguments.days or 28
    if not 1 <= arguments.people <= MOST_DRUG_PEOPLE or not 1 <= days <= MOST_DRUG_DAYS:
        raise CallError(
            say("Give 1 to {people} --people and 1 to {days} --days.", people=MOST_DRUG_PEOPLE, days=MOST_DRUG_DAYS)
        )
    if arguments.regimen == "ldn":
        raise CallError(say("Say how much {drug}, for example: 2mg@22:00.", drug=file.name))
    plan = parse_regimen(arguments.regimen, confirmed=True, drugs=(file.name, *file.names))
    try:
        found = simulate_drug(file, plan, days, arguments.people, arguments.seed, confirmed=arguments.confirm_dose)
    except DoseInDoubt as error:
        raise CallError(str(error), field="confirm_dose") from None
    if arguments.plot:
        lines = simulation_lines(file, found)
        svg = picture("regimen", file.title, lines[0], (found.panel(),), (Words(file.title, lines[-1]),))
        save_picture(svg, arguments.plot)
    if arguments.json:
        print(json.dumps(found.record(file), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(simulation_lines(file, found)))
    if arguments.plot:
        print(say("Picture: {path}", path=arguments.plot))
    return 0


def _plain_options() -> argparse.Namespace:
    """Every option as it is where nothing was asked for."""
    parser = argparse.ArgumentParser()
    configure(parser)
    return parser.parse_args([])


def _run_claim(arguments: argparse.Namespace) -> int:
    found = claim(arguments.claim, arguments.seed)
    if arguments.plot:
        save_picture(claim_svg(found), arguments.plot)
    if arguments.json:
        print(json.dumps(claim_record(found), ensure_ascii=False, indent=1))
        return 0
    print(say("{title}\nClaim: “… {quote} …”", title=found.title, quote=found.quote) + "\n")
    print(say("As published: {words}", words=found.published) + "\n")
    print(say("What must be assumed: {words}", words=found.assumed) + "\n")
    print(say("Distance from the data: {words}", words=found.distance) + "\n")
    print(say("Limits: {words}", words=found.limits) + "\n")
    links = "; ".join(f"{title}: {grade}" for title, grade in grades(found))
    print(say("Evidence of each link: {links}.", links=links))
    if arguments.plot:
        print(say("Picture: {plot}", plot=arguments.plot))
    return 0


def _workers(arguments: argparse.Namespace) -> int:
    return usable_cores() if arguments.workers is None else int(arguments.workers)


def _write_files(arguments: argparse.Namespace, study: Study, seen: Overview) -> dict[str, str]:
    written = {}
    if arguments.plot:
        svg = picture(
            "regimen", _title(study, arguments), study_words(study), seen.panels, tuple(study_paragraphs(study, seen))
        )
        save_picture(svg, arguments.plot)
        written["plot"] = str(arguments.plot)
    if arguments.out:
        failed = write_people(arguments.out, study, _workers(arguments))
        written["out"] = str(arguments.out) + (" " + say("({failed} people failed)", failed=failed) if failed else "")
    if arguments.diaries:
        write_diaries(arguments.diaries, study)
        written["diaries"] = str(arguments.diaries)
    if arguments.export:
        write_model(arguments.export, study)
        written["export"] = str(arguments.export)
    return written


def _title(study: Study, arguments: argparse.Namespace) -> str:
    return (
        study.regimen.title
        if isinstance(study.regimen, Regimen)
        else say("Doses of {name}", name=Path(arguments.regimen).name)
    )


def as_words(study: Study, seen: Overview, error: float, title: str, written: Mapping[str, str]) -> list[str]:
    """The lines of a terminal: the run in words, the last day in numbers, what was written where."""
    lines = [f"{title}. {study_words(study)}.", ""]
    lines += [f"{p.lead} {p.words}" for p in study_paragraphs(study, seen)]
    lines += ["", f"{say('mean of the last day'):24} {say('median'):>10} {say('90 % of people'):>22}"]
    for name, (low, middle, high) in seen.last_day.items():
        unit = unit_of(name) if unit_of(name) != "1" else ""
        people = say("{low} to {high}", low=f"{low:.3g}", high=f"{high:.3g}")
        lines.append(f"{name:24} {middle:>10.3g} {people:>22} {unit}")
    lines += [
        "",
        say(
            "Relative error achieved on a sample of these people: {error} (asked: {asked}).",
            error=f"{error:.1e}",
            asked=f"{study.error:.0e}",
        ),
    ]
    lines += [say("Not finished: {sentence}.", sentence=sentence) for sentence in seen.failures]
    lines += [say("Written ({what}): {where}", what=what, where=where) for what, where in written.items()]
    return lines


def _pairs(words: Iterable[str], option: str) -> list[tuple[str, str]]:
    out = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise CallError(say("{option} {word}: write NAME=VALUE.", option=option, word=word))
        out.append((name.strip(), value.strip()))
    return out


def _float(word: str, option: str, name: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise CallError(
            say("{option} {name}: '{word}' is not a number.", option=option, name=name, word=word)
        ) from None


def _days(words: str, option: str) -> list[int]:
    """Days of a list like 3,10-12."""
    out: list[int] = []
    for word in filter(None, (part.strip() for part in words.split(","))):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        if found is None:
            raise CallError(
                say("{option}: '{word}' is not a day. Write for example 3,10-12.", option=option, word=word)
            )
        out += range(int(found[1]), int(found[2] or found[1]) + 1)
    return out
