"""The page: every tool's figures on the same files, with counts and Monte Carlo errors."""

from __future__ import annotations

import datetime
import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks.patients import VERSION
from benchmarks.patients.cells import EVERY_DESIGN, OUTCOMES, SCENARIOS
from benchmarks.patients.files import Entry
from benchmarks.patients.score import Figure, Score, Scored, match, score
from benchmarks.patients.tools import TOOLS

HEADING = "## Judging: the bench of simulated patients"
BEGIN, END = "<!-- bench: begin, written by `make bench` -->", "<!-- bench: end -->"
SLOW = ("structural", "causalimpact", "brms", "stan", "numpyro")
Groups = dict[str, list[Scored]]


def summary(s: Score) -> str:
    """One tool's figures as lines for a terminal."""
    return "\n".join(f"{field.name:15s} {_plain(getattr(s, field.name))}" for field in fields(s))


def _plain(x: Figure | float) -> str:
    if not isinstance(x, Figure):
        return f"{x:g}"
    return f"{x.value:8.4f} +- {x.error:.4f}  (n = {x.n})" if x.n else "       -"


def page(
    path: Path,
    entries: Sequence[Entry],
    answers: dict[str, list[dict[str, Any]]],
    absent: dict[str, str],
    versions: dict[str, str],
) -> None:
    """Writes the section between its markers; the rest of the page stays as it is."""
    truths = {entry.name: entry.truth for entry in entries}
    groups = {name: match(truths, answers[name]) for name in TOOLS if name in answers}
    body = "\n".join([BEGIN, "", *_section(entries, groups, absent, versions), "", END])
    old = path.read_text() if path.exists() else "# Accuracy\n"
    if BEGIN in old and END in old:
        new = old[: old.index(BEGIN)] + body + old[old.index(END) + len(END) :]
    else:
        new = f"{old.rstrip()}\n\n{HEADING}\n\n{body}\n"
    path.write_text(new)


def _section(entries: Sequence[Entry], groups: Groups, absent: dict[str, str], versions: dict[str, str]) -> list[str]:
    n = max((entry.truth["number"] for entry in entries), default=-1) + 1
    cells = len({tuple(entry.truth["cell"].values()) for entry in entries})
    lines = [
        f"Bench version {VERSION}: {len(entries):,} simulated diaries of up to 365 days, {cells} cells of {n} patients "
        f"each (numbers 0 to {n - 1}, which are the seeds), made by `python -m benchmarks.patients`; what the "
        f"scenarios are is in `benchmarks/patients/README.md`. Page written {datetime.date.today().isoformat()} on "
        f"{platform.machine()}, Python {platform.python_version()}. Every tool read the same files; the slow ones were "
        "given fewer of them.",
        "A figure is followed by its Monte Carlo standard error. Per cent, unless a column says otherwise.",
        "",
        "- **false**: `helps` or `harms` although the drug does nothing (for a rule without verdicts: p < 0.05), where "
        "the design can answer; **fooled**: the same where nobody could tell (hope or a taper began with the drug, "
        "no days before, or doses that follow a habit);",
        "- **power**: `helps` where the drug helps, 0.8 latent sd at steady state; **above 0**: the 95 % interval lies "
        "above 0 there (no threshold of size, comparable between tools);",
        "- **covers**: the 95 % interval holds the truth, the mean difference on the recorded days on treatment; "
        "**bias**, **RMSE** of the estimate in sd of the person's outcome, where one is given;",
        "- **honest**: `cannot be known` where it cannot; **needless**: the same where it can; **CPU**: median of "
        "one fit.",
    ]
    for outcome in OUTCOMES:
        lines += _outcome_table(outcome, groups)
    lines += _breakdown(
        "False alarms by what happens (continuous, drug does nothing)", "scenario", list(SCENARIOS), groups, _any_alarm
    )
    lines += _breakdown(
        "False alarms by design (continuous, design can answer)",
        "design",
        [*EVERY_DESIGN, "dose_blocks"],
        groups,
        _false,
    )
    lines += _breakdown(
        "Power by design (continuous, interval above 0)",
        "design",
        [*EVERY_DESIGN, "dose_blocks"],
        groups,
        lambda s: s.interval_power,
    )
    lines += _looked_often(groups)
    lines += _ours(groups)
    lines += _same_diaries(groups)
    lines += [
        "",
        "**Versions.** "
        + "; ".join(f"{TOOLS[name].title}: {v}" for name, v in versions.items() if name in groups)
        + ".",
    ]
    if absent:
        lines += ["", "**Not run:** " + "; ".join(f"{TOOLS[name].title} ({why})" for name, why in absent.items()) + "."]
    failed = {name: score(g).failed for name, g in groups.items()}
    named = [f"{TOOLS[name].title} {round(f.value * f.n)} of {f.n}" for name, f in failed.items() if f.value > 0]
    lines += ["", "**Diaries without a usable line** (counted as not `helps`): " + (", ".join(named) or "none") + "."]
    return lines


def _of(pairs: Sequence[Scored], **cell: str) -> list[Scored]:
    return [s for s in pairs if all(s.truth["cell"][key] == value for key, value in cell.items())]


def _outcome_table(outcome: str, groups: Groups) -> list[str]:
    parts = {name: _of(pairs, outcome=outcome) for name, pairs in groups.items()}
    parts = {name: pairs for name, pairs in parts.items() if pairs}
    if not parts:
        return []
    ours = score(parts["nightdose"]).cpu_ms if "nightdose" in parts else math.nan
    lines = [
        "",
        f"### {outcome.capitalize()}",
        "",
        "| tool | diaries | false | fooled | power | above 0 | covers | bias | RMSE | honest | needless | CPU ms "
        "| x ours |",
        "|---" * 13 + "|",
    ]
    for name, pairs in parts.items():
        s = score(pairs)
        false = _false(s)
        ratio = f"{s.cpu_ms / ours:.2g}" if s.cpu_ms == s.cpu_ms and ours == ours else "-"
        cells = [percent(f) for f in (false, s.fooled, s.power, s.interval_power, s.coverage)]
        errors = [number(s.bias), number(s.rmse)]
        honest = [percent(s.honest), percent(s.overcautious)]
        cpu = f"{s.cpu_ms:.3g}" if s.cpu_ms == s.cpu_ms else "-"
        lines.append(
            "| " + " | ".join([TOOLS[name].title, f"{s.diaries:,}", *cells, *errors, *honest, cpu, ratio]) + " |"
        )
    return lines


def _false(s: Score) -> Figure:
    """helps or harms on null diaries that could answer."""
    a, b = s.false_helps, s.false_harms
    if not a.n:
        return a
    near = ((a.value + b.value) * a.n + 2) / (a.n + 4)
    return Figure(a.value + b.value, math.sqrt(near * (1 - near) / (a.n + 4)), a.n)


def _any_alarm(s: Score) -> Figure:
    """The same, wherever the drug does nothing."""
    return _false(s) if s.false_helps.n else s.fooled


def _breakdown(
    title: str, key: str, values: Sequence[str], groups: Groups, figure: Callable[[Score], Figure]
) -> list[str]:
    tools = [name for name in groups if name not in ("mannwhitney", "hac", "brms", "stan", "numpyro")]
    lines = [
        "",
        f"### {title}",
        "",
        "| | " + " | ".join(TOOLS[name].title for name in tools) + " |",
        "|---" * (len(tools) + 1) + "|",
    ]
    for value in values:
        row = [figure(score(_of(groups[name], outcome="continuous", **{key: value}))) for name in tools]
        if any(f.n for f in row):
            lines.append(f"| {value.replace('_', ' ')} | " + " | ".join(percent(f) for f in row) + " |")
    return lines


def _looked_often(groups: Groups) -> list[str]:
    """Diaries read after 84 days and every 28 days since: ever called, though the drug does nothing."""
    lines = ["", "### Read eleven times in a year: ever called, the drug does nothing", "", "| tool | people | ever |"]
    lines += ["|---|---|---|"]
    for name, pairs in groups.items():
        ever = score(pairs).ever
        if ever.n:
            lines.append(f"| {TOOLS[name].title} | {ever.n} | {percent(ever)} |")
    return lines


def _ours(groups: Groups) -> list[str]:
    """Where nightdose is weak: every scenario and design in turn."""
    if "nightdose" not in groups:
        return []
    lines = [
        "",
        "### nightdose in every corner",
        "",
        "| scenario, design, outcome | false | fooled | power | above 0 | covers | bias | honest |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for scenario, s in SCENARIOS.items():
        if scenario == "looks":
            continue
        for kind, designs in (("one start", _open(s.designs)), ("periods", _switching(s.designs))):
            for outcome in s.outcomes:
                cell = _of(groups["nightdose"], scenario=scenario, outcome=outcome)
                part = [p for p in cell if p.truth["cell"]["design"] in designs]
                if part:
                    f = score(part)
                    row = [percent(x) for x in (_false(f), f.fooled, f.power, f.interval_power, f.coverage)]
                    row += [number(f.bias), percent(f.honest)]
                    lines.append(f"| {scenario.replace('_', ' ')}, {kind}, {outcome} | " + " | ".join(row) + " |")
    fooled = [p for p in groups["nightdose"] if p.truth["improvement"] == 0 and p.verdict in ("helps", "harms")]
    low = sum(bool(p.answer and p.answer.get("ceiling") == "low") for p in fooled)
    doses = score(_of(groups["nightdose"], scenario="inverted_u")).best_dose
    return [
        *lines,
        "",
        f"Of its {len(fooled)} `helps`/`harms` on drugs that do nothing, {low} carry the ceiling `low` and read "
        f"'cause not established'. Inverted U, best dose named: {percent(doses)} of {doses.n}.",
    ]


def _open(designs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(d for d in designs if d in ("switch", "titration"))


def _switching(designs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(d for d in designs if d not in ("switch", "titration"))


def _same_diaries(groups: Groups) -> list[str]:
    """The slow tools beside nightdose on exactly their diaries."""
    if "nightdose" not in groups:
        return []
    lines = [
        "",
        "### Slow tools and nightdose on the same few diaries (continuous)",
        "",
        "| tool | diaries | false | power | above 0 | covers | RMSE | CPU ms | x ours |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in SLOW:
        if name not in groups:
            continue
        theirs = [s for s in groups[name] if s.answer]
        ids = {(*s.truth["cell"].values(), s.truth["number"]) for s in theirs}
        ours = [s for s in groups["nightdose"] if (*s.truth["cell"].values(), s.truth["number"]) in ids]
        base = score(ours).cpu_ms
        for title, part in ((TOOLS[name].title, theirs), ("nightdose on these", ours)):
            f = score(part)
            row = [percent(x) for x in (_false(f), f.power, f.interval_power, f.coverage)]
            lines.append(
                f"| {title} | {f.diaries} | "
                + " | ".join(row)
                + f" | {number(f.rmse)} | {f.cpu_ms:.3g} | {f.cpu_ms / base:.3g} |"
            )
    return lines


def percent(f: Figure) -> str:
    """A share in per cent with its error."""
    return f"{100 * f.value:.1f} ± {100 * f.error:.1f}" if f.n else "-"


def number(f: Figure) -> str:
    """A value with its error."""
    return f"{f.value:.2f} ± {f.error:.2f}" if f.n > 1 else "-"
