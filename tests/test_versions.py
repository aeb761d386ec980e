"""The versions that are tested are the versions that are promised."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("#")[0].strip().split("==") for line in lines]
    return {canonical(pair[0]): pair[1] for pair in pairs if len(pair) == 2}


def promised(*extras: str) -> dict[str, str]:
    """package -> the lowest version that pyproject.toml allows, of the default and of some extras."""
    lists = [PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"]]
    lists += [PROJECT["project"]["optional-dependencies"][extra] for extra in extras]
    found = [re.fullmatch(r"([\w.-]+)>=([\w.]+)", each) for each in chain(*lists) if not each.startswith("nightdose[")]
    assert all(found), "every requirement is written name>=version"
    return {canonical(match[1]): match[2] for match in found if match}


EXTRAS = (
    "parquet",
    "secure",
    "blind",
    "spreadsheet",
    "sbml",
    "png",
    "pdf",
)  # what people use; the tools are the newest ones


@pytest.mark.parametrize("name", sorted(promised(*EXTRAS, "test", "check")))
def test_what_make_check_installs_is_pinned(name):
    assert name in pinned("constraints.txt"), f"{name} is not in constraints.txt: make lock"


@pytest.mark.parametrize(("name", "lowest"), sorted(promised(*EXTRAS).items()))
def test_the_lowest_version_that_is_promised_is_one_that_make_oldest_runs(name, lowest):
    tried = pinned("constraints-oldest.txt")[name]
    assert tried.startswith(lowest), f"{name}>={lowest} is promised, {tried} is tried"
