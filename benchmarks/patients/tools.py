"""The tools that the bench knows how to run: ours, the rules in use, and the samplers, each in its own environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.patients.cells import OPEN_START, OUTCOMES
from benchmarks.patients.files import Entry

ROOT = Path(__file__).parents[2]
RIVALS = Path(os.environ.get("NIGHTDOSE_RIVALS", Path.home() / ".cache" / "nightdose-rivals"))


@dataclass(frozen=True)
class Tool:
    """A program that reads paths of diaries on standard input and prints one line of JSON for each.

    environment : folder under RIVALS with its Python, "R", or "" for ours; most : patients of each cell it is given.
    """

    name: str
    title: str
    environment: str
    arguments: tuple[str, ...]
    outcomes: tuple[str, ...] = OUTCOMES
    designs: frozenset[str] | None = None
    scenarios: frozenset[str] | None = None
    most: int = 1_000_000
    packages: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        if self.environment == "R":
            return ["Rscript", *self.arguments]
        python = RIVALS / self.environment / "bin" / "python" if self.environment else Path(sys.executable)
        return [str(python), *self.arguments]

    @property
    def missing(self) -> str | None:
        """Why it cannot be run here, or None."""
        if self.environment == "R":
            if shutil.which("Rscript") is None:
                return "R is not installed"
            asked = [f'requireNamespace("{package}", quietly = TRUE)' for package in self.packages]
            found = subprocess.run(["Rscript", "-e", f"q(status = !({' && '.join(asked)}))"], check=False)
            return None if found.returncode == 0 else f"R package {self.packages[0]} is not installed"
        return (
            None
            if Path(self.command[0]).exists()
            else f"no environment `{self.environment}` (benchmarks/rivals/build.sh)"
        )

    def version(self) -> str:
        """What answers, as `package version`, from its own environment."""
        if self.environment == "R":
            asked = [f'cat("{p}", as.character(packageVersion("{p}")), "")' for p in self.packages]
            command = ["Rscript", "-e", "; ".join(asked)]
        else:
            names = ", ".join(repr(p) for p in self.packages)
            code = f"from importlib.metadata import version; print(*[f'{{p}} {{version(p)}}' for p in [{names}]])"
            command = [self.command[0], "-c", code]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return found if self.environment else f"{found} at {_commit()}"

    def takes(self, truth: dict[str, Any]) -> bool:
        """Is this patient one that the tool is given?"""
        cell = truth["cell"]
        return (
            cell["outcome"] in self.outcomes
            and (self.designs is None or cell["design"] in self.designs)
            and (self.scenarios is None or cell["scenario"] in self.scenarios)
            and truth["number"] < self.most
        )


ONE_THREAD = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip() or "unknown"


SCIPY, STATSMODELS = ("scipy",), ("statsmodels", "scipy")
SIMPLE = "-m", "benchmarks.rivals.rules"
FEW = frozenset({"null", "responder", "worst_start", "drift"})

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "nightdose",
            "**nightdose**",
            "",
            ("-m", "benchmarks.patients.nightdose"),
            packages=("nightdose", "numpy"),
        ),
        Tool("welch", "Welch t-test on days", "series", (*SIMPLE, "welch"), packages=SCIPY),
        Tool("mannwhitney", "Mann-Whitney on days", "series", (*SIMPLE, "mannwhitney"), packages=SCIPY),
        Tool("cycles", "ANOVA on cycles", "series", (*SIMPLE, "cycles"), packages=SCIPY),
        Tool("hac", "OLS, HAC(14) errors", "series", (*SIMPLE, "hac"), packages=STATSMODELS),
        Tool("hac_trend", "OLS + trend, HAC(14)", "series", (*SIMPLE, "hac_trend"), packages=STATSMODELS),
        Tool(
            "ar1",
            "AR(1) regression + trend",
            "series",
            (*SIMPLE, "ar1"),
            outcomes=("continuous",),
            most=2,
            packages=STATSMODELS,
        ),
        Tool(
            "structural",
            "structural series, ML",
            "series",
            (*SIMPLE, "structural"),
            outcomes=("continuous",),
            most=4,
            packages=STATSMODELS,
        ),
        Tool(
            "causalimpact",
            "CausalImpact (Python)",
            "causalimpact",
            ("-m", "benchmarks.rivals.causal_impact"),
            outcomes=("continuous",),
            designs=OPEN_START,
            most=2,
            packages=("pycausalimpact", "statsmodels", "pandas"),
        ),
        Tool(
            "brms",
            "brms, ar(p = 1)",
            "R",
            ("benchmarks/rivals/ar_regression.R",),
            outcomes=("continuous",),
            designs=frozenset({"blocks"}),
            scenarios=FEW,
            most=5,
            packages=("brms", "rstan"),
        ),
        Tool(
            "stan",
            "Stan, our model",
            "R",
            ("benchmarks/rivals/own_model.R",),
            outcomes=("continuous",),
            designs=frozenset({"blocks"}),
            scenarios=FEW,
            most=5,
            packages=("rstan",),
        ),
        Tool(
            "pymc",
            "PyMC + nutpie, our model",
            "pymc",
            ("-m", "benchmarks.rivals.own_model_pymc"),
            outcomes=("continuous",),
            designs=frozenset({"blocks"}),
            scenarios=FEW,
            most=2,
            packages=("pymc", "nutpie"),
        ),
        Tool(
            "numpyro",
            "NumPyro, our model",
            "numpyro",
            ("-m", "benchmarks.rivals.own_model"),
            outcomes=("continuous",),
            designs=frozenset({"blocks"}),
            scenarios=FEW,
            most=2,
            packages=("numpyro", "jax"),
        ),
    )
}


def ask(command: Sequence[str], entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """The tool's line for every diary, in order; a line that is no JSON becomes an error."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=ONE_THREAD
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for entry in entries:
        try:
            process.stdin.write(f"{entry.diary.resolve()}\n")
            process.stdin.flush()
        except BrokenPipeError:
            return
        line = process.stdout.readline()
        if not line:
            return
        yield {"id": entry.name, **_parsed(line)}
    process.stdin.close()
    process.wait()


def ask_each(command: str, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """The same for a program that is started once a diary: {diary} and {question} are replaced by paths."""
    for entry in entries:
        filled = [
            part.replace("{diary}", str(entry.diary.resolve())).replace("{question}", str(entry.question.resolve()))
            for part in command.split()
        ]
        done = subprocess.run(filled, capture_output=True, text=True, check=False)
        lines = done.stdout.strip().splitlines()
        yield {
            "id": entry.name,
            **(_parsed(lines[-1]) if lines else {"error": done.stderr.strip()[-200:] or "no output"}),
        }


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {"error": f"no JSON: {line.strip()[:100]}"}
    return found if isinstance(found, dict) else {"error": "no JSON object"}
