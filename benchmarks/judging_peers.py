"""One diary judged from the shell: `nightdose analyse` beside the samplers and series programs, at equal accuracy.

The diaries are three of those whose posterior is known from long runs of Stan (tests/authorities/). Stan, PyMC with
nutpie and NumPyro sample the very same model; the others estimate something else, and their row says so.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.patients.tools import ONE_THREAD, TOOLS, Tool
from benchmarks.spent import Spent, spent

NIGHTDOSE = str(Path(sys.executable).parent / "nightdose")
SAMPLERS = ("stan", "pymc", "numpyro")
OTHERS = {
    "ar1": "a regression with AR(1) errors: no delayed effect, no drift",
    "structural": "the same parts by maximum likelihood, onset time given, no priors: another interval",
    "causalimpact": "the mean after the start against a forecast from before; diaries with one start only",
}
PLAIN = 0.05  # sd of the posterior: an error that nobody would see


def judging(folder: Path) -> list[str]:
    """The section: what is compared, the table, and what each program said."""
    print("judging: reference posteriors", flush=True)
    known = json.loads(spent([sys.executable, "-m", "benchmarks.references", str(folder)]).out)
    off = statistics.median(known["off"])
    diaries = known["diaries"]
    ours = [_ours(diary) for diary in diaries]
    mine = statistics.median(s.cpu_s for s, _ in ours)
    days = ", ".join(str(diary["days"]) for diary in diaries)
    lines = [
        f"**One diary judged** ({len(diaries)} diaries of {days} days). `nightdose analyse FILE --json` is timed from "
        "the shell with its start, reading, the fit, ordinary causes, checks and verdict. A sampler's whole command "
        "(start, compilation, one chain of one diary) is timed the same way; its time to an error is that of its fit "
        "alone, compiled: warm-up + effective draws needed / effective draws a CPU second. Our error is the median "
        f"distance of the mean of the effect from long runs of Stan on {len(known['off'])} diaries: {off:.3f} sd of "
        f"it, worst {max(known['off']):.3f}, much of it the long runs' own. A sampler's error is 1 / sqrt(effective "
        f"draws) sd: it takes {1 / off**2:,.0f} effective draws to match ours, {1 / PLAIN**2:.0f} for {PLAIN} sd. "
        "The command's own number also weighs ordinary causes, which the long runs did not have: it lies further from "
        "them.",
        "",
        f"| on the same diaries | estimates | mean off long Stan here, sd | whole command, CPU s | peak MB "
        f"| CPU s to {PLAIN} sd | CPU s to {off:.3f} sd | x nightdose |",
        "|---|---|---|---|---|---|---|---|",
        "| **nightdose**, whole command | the model, ordinary causes beside it "
        f"| {_off([line for _, line in ours], diaries)} | {mine:.2f} "
        f"| {max(cost.peak_mb for cost, _ in ours):.0f} | {mine:.2f} | {mine:.2f} | 1 |",
    ]
    answers_s = statistics.median(line["seconds"] for _, line in ours)
    lines.append(f"| nightdose, the answer alone, on the clock | the same | | {answers_s:.2f} | | | | |")
    said = [_said("nightdose", [line for _, line in ours])]
    for name in (*SAMPLERS, *OTHERS):
        print(f"judging: {name}", flush=True)
        tool = TOOLS[name]
        chosen = [d for d in diaries if name != "causalimpact" or d["one_start"]]
        if tool.missing:
            lines.append(f"| {tool.title} | not run: {tool.missing} | | | | | | |")
            continue
        cost, answers = _asked(tool, chosen)
        lines.append(_row(name, tool, (cost, answers), _off(answers, chosen), (off, mine)))
        said.append(_said(tool.title, answers))
    reference = [{"improvement": {"mean": d["improvement"], "sd": d["sd"]}} for d in diaries]
    return [*lines, "", "Improvement and half the width of its 95 % interval, diary by diary: "
            + "; ".join([_said("long Stan", reference), *said]) + "."]  # fmt: skip


def _ours(diary: Mapping[str, Any]) -> tuple[Spent, dict[str, Any]]:
    cost = spent([NIGHTDOSE, "analyse", diary["path"], *diary["words"], "--json"])
    return cost, json.loads(cost.out)


def _asked(tool: Tool, diaries: Sequence[Mapping[str, Any]]) -> tuple[Spent, list[dict[str, Any]]]:
    """One process for all of them: the first answer has start and compilation in it, the others have not."""
    cost = spent(tool.command, given="".join(f"{diary['path']}\n" for diary in diaries), env=ONE_THREAD)
    return cost, [json.loads(line) for line in cost.out.splitlines() if line.startswith("{")]


def _off(answers: Sequence[Mapping[str, Any]], diaries: Sequence[Mapping[str, Any]]) -> str:
    """Median distance of the estimates from the long runs on these diaries, in sd of the long runs."""
    pairs = [(a["improvement"]["mean"], d) for a, d in zip(answers, diaries, strict=True) if a.get("improvement")]
    return f"{statistics.median(abs(mean - d['improvement']) / d['sd'] for mean, d in pairs):.3f}" if pairs else "-"


def _row(
    name: str, tool: Tool, run: tuple[Spent, Sequence[Mapping[str, Any]]], away: str, against: tuple[float, float]
) -> str:
    """A row of another program. against : our error, and the CPU seconds of our command."""
    (cost, answers), (off, mine) = run, against
    good = [a for a in answers if "error" not in a]
    if not good:
        return f"| {tool.title} | failed: {answers[0]['error'] if answers else cost.err[-80:]} | | | | | | |"
    whole = cost.cpu_s - sum(a["cpu_s"] for a in answers[1:])
    if name in OTHERS:
        fit = statistics.median(a["cpu_s"] for a in good)
        return (
            f"| {tool.title} | {OTHERS[name]} | {away} | {whole:.2f} | {cost.peak_mb:.0f} | its fit: {fit:.2f} | - "
            f"| {whole / mine:.1f}, whole commands |"
        )
    times = [tuple(_until(a, error) for error in (PLAIN, off)) for a in good]
    plain, equal = (statistics.median(column) for column in zip(*times, strict=True))
    draws = statistics.median(a["ess"] / a["draw_s"] for a in good)
    return (
        f"| {tool.title} | the same model; {draws:.0f} effective draws a CPU s | {away} | {whole:.1f} "
        f"| {cost.peak_mb:.0f} | {plain:.1f} | {equal:.0f} | {equal / mine:,.0f} |"
    )


def _until(answer: Mapping[str, Any], error: float) -> float:
    """CPU seconds of a compiled sampler until its mean is as exact as this, in posterior sd."""
    return float(answer["warm_s"] + answer["draw_s"] / answer["ess"] / error**2)


def _said(title: str, answers: Sequence[Mapping[str, Any]]) -> str:
    def parts() -> Iterator[str]:
        for answer in answers:
            found = answer.get("improvement")
            if found is None:
                yield "-"
                continue
            low, high = found.get("interval95") or (-1.96 * found["sd"], 1.96 * found["sd"])
            yield f"{found['mean']:.2f} ± {(high - low) / 2:.2f}"

    return f"{title.replace('**', '')} {', '.join(parts())}"
