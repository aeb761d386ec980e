"""Calibration: false alarms, coverage, power, simulation-based calibration, untreated people; docs/calibration.md.

    python -m benchmarks.validate [--n 400] [--first 0] [--workers 2] [--only binary prior-draws ...]

Every figure has its seeds, counts and Monte Carlo error; nothing is written by hand below the marker of that page. Each
section is written as soon as it is done, so that a stopped run keeps what it has.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from tests.generators import simulate

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_cohort
from nightdose.inference.components import NO_CUTS, Cuts, HyperPrior, LaggedColumn, Series
from nightdose.inference.normal import normal_cdf
from nightdose.inference.posterior import fit
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import Question, Scale
from nightdose.verdict.decide import decide

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "calibration.md"
MARKER = "<!-- below: written by `python -m benchmarks.validate` -->"
UNTREATED = ROOT.parent / "shared" / "data" / "untreated_daily_diaries" / "mirorr_group1.csv"
SCENARIOS, DESIGNS = ("S0", "S1", "S2"), ("switch", "titration", "blocks")
OUTCOMES: tuple[Scale, ...] = ("continuous", "rating", "ordinal", "binary", "count")
TITLES = {
    "continuous": "Continuous",
    "rating": "0-10 rating",
    "ordinal": "Four ordered categories",
    "binary": "Yes or no",
    "count": "Counts",
}
# half of 0.8 latent sd or a little more, in each outcome's own unit
MEANINGFUL = {"continuous": 0.5, "rating": 0.9, "ordinal": 0.3, "binary": 0.1, "count": 0.25}
SHARE = {
    "continuous": 1.0,
    "rating": 0.5,
    "ordinal": 0.3,
    "binary": 0.3,
    "count": 0.2,
}  # of --n, dearer kinds get fewer
FEWEST_OF_EACH = 5  # yes and no, without which a diary is not one of yes and no


@dataclass(frozen=True)
class Cell:
    """One judged diary: the answer, whether the interval excludes 0 and covers the truth, error in posterior sd."""

    answer: str
    excludes: bool
    covers: bool
    error_sd: float
    seconds: float


def judged(seed: int, scenario: str, design: str, effect: float, outcome: str) -> Cell:
    truth = simulate(seed, scenario=scenario, design=design, effect=effect, outcome=outcome)
    question = Question(
        "pain",
        "naltrexone",
        scale=outcome,
        limits=(0, 10) if outcome == "rating" else None,
        meaningful=MEANINGFUL[outcome],
        adjust=("topiramate",) if scenario == "S2" else (),
        randomised="blocks" if design == "blocks" else "none",
    )
    analysis = analyse(truth.diary, question, curves=False)
    estimate, improvement = analysis.verdict.estimate, truth.improvement
    if estimate is None:  # cannot be known, or refused
        return Cell(analysis.verdict.answer, False, True, 0.0, analysis.seconds)
    low, high = estimate.interval95
    error = (estimate.mean - improvement) / estimate.sd
    return Cell(analysis.verdict.answer, low > 0 or high < 0, low <= improvement <= high, error, analysis.seconds)


def share(count: float, n: int) -> str:
    """A percentage with its Monte Carlo standard error."""
    p = count / n
    return f"{100 * p:.1f} ({100 * math.sqrt(max(p * (1 - p), 0.25 / n) / n):.1f})"


def scenarios(n: int, first: int, outcome: str, run: Callable[..., Iterable[Cell]]) -> list[str]:
    lines = [
        f"### {TITLES[outcome]}, T = 365, 20 % missing, n = {n} diaries a cell, seeds {first} on",
        "",
        "| scenario | design | null: called `helps` or `harms`, % | null: interval excludes 0, % | "
        "effect 0.8: interval excludes 0, % | called `helps` (power), % | 95 % interval covers, % | "
        "bias, posterior sd | cannot be known, % | ms a fit (median) |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    seeds = range(first, first + n)
    for scenario in SCENARIOS:
        for design in DESIGNS:
            null, real = (
                list(run(partial(judged, scenario=scenario, design=design, effect=effect, outcome=outcome), seeds))
                for effect in (0.0, -0.8)
            )
            called = sum(c.answer in ("helps", "harms") for c in null)
            unknown = Counter(c.answer for c in null)["cannot_be_known"]
            lines.append(
                f"| {scenario} | {design} | {share(called, n)} | {share(sum(c.excludes for c in null), n)} | "
                f"{share(sum(c.excludes for c in real), n)} | {share(sum(c.answer == 'helps' for c in real), n)} | "
                f"{share(sum(c.covers for c in real), n)} | {np.mean([c.error_sd for c in real]):+.2f} | "
                f"{share(unknown, n)} | {1000 * np.median([c.seconds for c in null + real]):.0f} |"
            )
            print(lines[-1], flush=True)
    return [*lines, ""]


def ranked(seed: int, design: str, outcome: str) -> float:
    """Posterior probability below the true effect, for a diary drawn from the priors themselves."""
    series, truth = prior_draw(seed, design, outcome)
    p = fit(series)
    return float(p.weights @ normal_cdf((truth - p.mean[:, 2]) / np.sqrt(p.cov[:, 2, 2])))


FAMILIES = {"continuous": "gaussian", "count": "count"}  # every other outcome is a category
CUTS = {
    "rating": Cuts((np.arange(-5, 5) + 0.5) / 2),  # steps of half a unit, open ends: eleven categories
    "ordinal": Cuts(np.array([-0.8, 0.1, 1.0]), free=True),
    "binary": Cuts(np.array([0.5])),
}
PRIORS = {
    "binary": HyperPrior(level_scale=0.06, noise_fixed=1.0),
    "count": HyperPrior(ar_scale=0.7, noise_scale=0.7),
}


def prior_draw(seed: int, design: str, outcome: str) -> tuple[Series, float]:
    """A series drawn from its own priors, with a quarter of the days missing, and the true coefficient of its dose.

    switch: the start day is drawn at random; blocks: 28 days, randomised in pairs. Diaries of yes and no with fewer
    than FEWEST_OF_EACH of either are drawn again, which conditions on the diary and moves no rank; so are series that
    never vary.
    """
    rng = np.random.default_rng([seed, 77])
    while True:
        series, effect = _drawn(rng, design, outcome)
        used = series.y[series.seen]
        enough = outcome != "binary" or min(np.sum(used == 0), np.sum(used == 1)) >= FEWEST_OF_EACH
        if np.ptp(used) > 0 and enough:
            return series, effect


def _drawn(rng: np.random.Generator, design: str, outcome: str) -> tuple[Series, float]:
    days = 365
    if design == "blocks":
        dose = np.concatenate([rng.permutation([0.0, 1.0]).repeat(28) for _ in range(days // 56 + 1)])[:days]
    else:
        dose = (np.arange(days) >= rng.integers(days // 5, days // 2)).astype(float)
    fixed = np.column_stack([np.ones(days), np.arange(days) / days - 0.5])
    empty = Series(
        family=FAMILIES.get(outcome, "category"),
        y=np.zeros(days),
        seen=rng.random(days) > 0.25,
        fixed=fixed,
        fixed_names=("intercept", "trend"),
        lagged=(LaggedColumn("dose", dose, 0.0, 10.0, 0.8),),
        border_mean=np.zeros(3),
        border_sd=np.array([1.0, 1.0, 1.2 if outcome == "binary" else 1.0]),
        day_weight=np.full(days, 1 / days),
        prior=PRIORS.get(outcome, HyperPrior()),
        cuts=CUTS.get(outcome, NO_CUTS),
    )
    points, tau, cuts = empty.hyper(rng.standard_normal((1, len(empty.hyper_names))))
    level_sd, ar_sd, phi, noise_sd = points[:, 0]
    b = empty.border_sd * rng.standard_normal(3)
    spell = np.empty(days)
    spell[0] = ar_sd * rng.standard_normal()
    for t in range(1, days):
        spell[t] = phi * spell[t - 1] + ar_sd * math.sqrt(1 - phi * phi) * rng.standard_normal()
    exposure, keep = np.zeros(days), math.exp(-1 / tau[0, 0])
    for t in range(days):
        exposure[t] = dose[t] + keep * ((exposure[t - 1] if t else 0.0) - dose[t])
    level = np.cumsum(level_sd * rng.standard_normal(days))
    y = fixed @ b[:2] + b[2] * exposure + level + spell + noise_sd * rng.standard_normal(days)
    if outcome == "count":
        y = rng.poisson(np.exp(np.minimum(y, 12.0))).astype(float)
    elif outcome != "continuous":
        y = np.searchsorted(cuts[0], y).astype(float)
    return replace(empty, y=y), float(b[2])


def simulation_based(n: int, first: int, run: Callable[..., Iterable[float]]) -> list[str]:
    lines = [
        f"### Simulation-based calibration: truth drawn from the priors, n = {n} a row, seeds {first} on",
        "",
        "| outcome | design | 95 % covers | 80 % covers | 50 % covers | Kolmogorov-Smirnov p of the ranks |",
        "|---|---|---|---|---|---|",
    ]
    for outcome in OUTCOMES:
        for design in ("switch", "blocks"):
            u = np.array(list(run(partial(ranked, design=design, outcome=outcome), range(first, first + n))))
            inside = [share(int(np.sum(np.abs(u - 0.5) <= level / 2)), n) for level in (0.95, 0.80, 0.50)]
            lines.append(f"| {outcome} | {design} | {' | '.join(inside)} | {uniform_p(u):.2f} |")
            print(lines[-1], flush=True)
    return [*lines, ""]


def uniform_p(u: np.ndarray) -> float:
    """p value of the Kolmogorov-Smirnov distance from uniform, asymptotic series."""
    n, ordered = len(u), np.sort(u)
    step = np.arange(1, n + 1) / n
    distance = float(max(np.max(step - ordered), np.max(ordered - step + 1 / n)))
    x = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    return float(min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101)))))


def started(diary: Diary, start: str, scale: Scale = "continuous", every: int = 1) -> Iterator[tuple[Diary, Question]]:
    """Every item of one untreated person with an invented drug.

    start : fixed (day 30), worst (after the worst 7-day mean between day 14 and 60), or blocks (of 7 days, drawn in
    pairs and written down as assigned, an effect of days). scale : as what it is written (`as_written`); every : only
    every so manieth item.
    """
    for number, item in enumerate(name for name in diary.columns if name != "group"):
        values = diary.column(item)
        if number % every or np.sum(~np.isnan(values)) < 40 or np.nanstd(values) == 0:
            continue
        written = as_written(values, scale)
        if len(np.unique(written[~np.isnan(written)])) < 2:
            continue
        there = diary.with_column(item, written)
        question = Question(
            item,
            "naltrexone",
            scale=scale,
            limits=(0, 10) if scale == "rating" else None,
            meaningful=WORTH.get(scale, float(max(0.5 * np.nanstd(written), 1e-6))),
        )
        if start == "blocks":
            rng = np.random.default_rng([number, diary.days])
            pairs = [rng.permutation([0.0, 4.5]).repeat(7) for _ in range(diary.days // 14 + 1)]
            dose = np.concatenate(pairs)[: diary.days]
            dosed = there.with_column("naltrexone_mg", dose).with_column("naltrexone_assigned_mg", dose)
            yield dosed, replace(question, randomised="blocks", onset="days")
            continue
        day = 30
        if start == "worst":
            means = [
                np.nanmean(values[d - 7 : d]) if np.any(~np.isnan(values[d - 7 : d])) else -np.inf
                for d in range(14, 60)
            ]
            day = 14 + int(np.argmax(means))
        yield there.with_column("naltrexone_mg", np.where(np.arange(diary.days) >= day, 4.5, 0.0)), question


WORTH: dict[str, float] = {"binary": 0.1, "ordinal": 0.3, "count": 0.25}  # others: half an sd
EVERY = 3  # of the items: what one person rates moves together


def as_written(values: np.ndarray, scale: Scale) -> np.ndarray:
    """A person's scores on another scale: tenths of their own range; above the own median or not; own quarters; whole
    halves of an sd above the own median, none below."""
    low, middle, high = (float(q) for q in np.nanquantile(values, (0, 0.5, 1)))
    if scale == "continuous":
        return values
    if scale == "rating":
        return np.round(10 * (values - low) / (high - low))
    if scale == "count":
        return np.maximum(np.round((values - middle) / (0.5 * float(np.nanstd(values)))), 0.0)
    cuts = np.array([middle]) if scale == "binary" else np.unique(np.nanquantile(values, (0.25, 0.5, 0.75)))
    return np.where(np.isnan(values), np.nan, np.searchsorted(cuts, values))


def invented(diary: Diary, start: str, scale: Scale) -> list[tuple[str, str]]:
    """(answer read as often as people do, answer read once) for items of one untreated person."""
    found = []
    for dosed, question in started(diary, start, scale, EVERY):
        there = analyse(dosed, question, curves=False)
        once = decide(replace(there.case, looks=ONE_LOOK), there.fitted, there.checks).answer
        found.append((there.verdict.answer, once))
    return found


def untreated(run: Callable[..., Iterable[list[tuple[str, str]]]]) -> list[str]:
    if not UNTREATED.is_file():
        return ["### Untreated people", "", "Not run: the data set is not at hand.", ""]
    people = list(read_cohort(UNTREATED).values())
    lines = [
        f"### 25 untreated people, every {EVERY}rd of 33 daily ratings, an invented start: each call is a false alarm",
        "",
        "Continuous as they wrote it, on other scales written down anew (`as_written`).",
        "",
        "| start | scale | series | called `helps` or `harms`, % | cannot be known, % | read only once: called, % |",
        "|---|---|---|---|---|---|",
    ]
    for start, words in (
        ("fixed", "day 30"),
        ("worst", "after the worst week, chosen for each rating"),
        ("blocks", "blocks of 7 days drawn in pairs, by plan, an effect of days"),
    ):
        for scale in OUTCOMES:
            told = [pair for found in run(partial(invented, start=start, scale=scale), people) for pair in found]
            n = len(told)
            called, single = (sum(pair[k] in ("helps", "harms") for pair in told) for k in (0, 1))
            refused = sum(pair[0] == "cannot_be_known" for pair in told)
            lines.append(f"| {words} | {scale} | {n} | {share(called, n)} | {share(refused, n)} | {share(single, n)} |")
            print(lines[-1], flush=True)
    note = "Ratings of one person move together, so the true Monte Carlo error is larger than the one in brackets."
    return [*lines, "", note, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400, help="diaries a cell, continuous; the others take a share")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, help="sections to make anew")
    arguments = parser.parse_args()
    with ProcessPoolExecutor(arguments.workers) as pool:
        run = partial(pool.map, chunksize=4)
        for name in arguments.only:
            started = time.time()
            if name in OUTCOMES:
                lines = scenarios(round(SHARE[name] * arguments.n), arguments.first, name, run)
            elif name == "prior-draws":
                lines = simulation_based(arguments.n + arguments.n // 4, arguments.first, run)
            else:
                lines = untreated(run)
            made = f"nightdose {version('nightdose')}, NumPy {np.__version__}; {time.time() - started:.0f} s."
            keep(name, [*lines, made, ""])


SECTIONS = (*OUTCOMES, "prior-draws", "untreated")
OTHERS = (
    "planned",
    "looks",
    "looks-again",
    "rhythms",
    "habits",
    "said",
    "attacks",
    "slips",
    "worlds",
    "frontier",
    "ordinary-causes",
    "causes",
)  # written by the benchmarks of these names, after the others


def keep(name: str, lines: list[str]) -> None:
    """The page with this section new, in its place, and the others as they were."""
    head, _, body = PAGE.read_text(encoding="utf-8").partition(MARKER)
    found = {part.split(" -->")[0]: part for part in body.split("<!-- section: ")[1:]}
    found[name] = "\n".join([f"{name} -->", "", *lines])
    sections = [f"<!-- section: {found[section].rstrip()}\n" for section in (*SECTIONS, *OTHERS) if section in found]
    PAGE.write_text("\n".join([head.rstrip(), "", MARKER, "", *sections]), encoding="utf-8")
    print(f"{name}: written to {PAGE.relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    main()
