"""The only place that reads knowledge files, shipped or brought; a file that breaks its rules does not load."""

from __future__ import annotations

import csv
import math
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from nightdose.arrays import Floats, frozen
from nightdose.errors import InputError, KnowledgeError
from nightdose.knowledge.parameter import Parameter

ACCENTS = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}  # of TeX, as combining marks
MOST_CHARACTERS = 1_000_000  # of a file that its user brings


def data_text(name: str) -> str:
    """Text of one file of `knowledge/data`."""
    return files("nightdose.knowledge").joinpath("data", name).read_text(encoding="utf-8")


def bibliography_text() -> str:
    """The sources of trials and answers, then those of the mechanism."""
    return data_text("references.bib") + "\n" + data_text("mechanism.bib")


@cache
def reference_keys() -> frozenset[str]:
    """Keys of the .bib files, the sources that a parameter may name."""
    return frozenset(re.findall(r"^@\w+\{([^,\s]+),", bibliography_text(), flags=re.MULTILINE))


def data_names(folder: str) -> tuple[str, ...]:
    """Names of the files in one folder of `knowledge/data`."""
    return tuple(entry.name for entry in files("nightdose.knowledge").joinpath("data", folder).iterdir())


def file_text(path: str) -> str:
    """Text of a knowledge file that its user brings; raises InputError with a sentence where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MOST_CHARACTERS + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"{path} is too large: a file of this kind has at most {MOST_CHARACTERS:,} characters.")
    return text


def parameter(name: str, entry: Mapping[str, Any], sources: frozenset[str]) -> Parameter:
    """One TOML table as a parameter; raises KnowledgeError on the first broken rule."""
    if "value" not in entry or "unit" not in entry or "kind" not in entry:
        raise KnowledgeError(f"parameter '{name}' lacks a value, a unit or a kind")
    value, source = float(entry["value"]), entry.get("source", "")
    if not math.isfinite(value):
        raise KnowledgeError(f"parameter '{name}' is {value}, which is not a number to calculate with")
    if source and source not in sources:
        raise KnowledgeError(f"parameter '{name}': source '{source}' is not in the .bib files")
    return Parameter(
        name=name,
        symbol=entry.get("symbol", name),
        value=value,
        unit=entry["unit"],
        spread=MappingProxyType(entry.get("spread", {"family": "none"})),
        kind=entry["kind"],
        source=source,
        where=entry.get("where", ""),
        why=entry.get("why", ""),
    )


def parse_parameters(text: str, sources: frozenset[str]) -> Mapping[str, Parameter]:
    """Parameters of one TOML text, name -> Parameter; raises KnowledgeError on the first broken rule."""
    return MappingProxyType({name: parameter(name, entry, sources) for name, entry in tomllib.loads(text).items()})


@cache
def parameters(name: str) -> Mapping[str, Parameter]:
    """Parameters of `knowledge/data/<name>.toml`."""
    return parse_parameters(data_text(f"{name}.toml"), reference_keys())


@cache
def references() -> Mapping[str, Mapping[str, str]]:
    """references.bib: key -> fields (title, author, year, journal, url, note), without the signs of TeX."""
    entries = re.findall(r"^@\w+\{([^,\s]+),(.*?)^\}", bibliography_text(), flags=re.MULTILINE | re.DOTALL)
    return MappingProxyType(
        {
            key: MappingProxyType(
                {
                    field: value if field == "url" else without_tex(value)
                    for field, value in re.findall(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", body, flags=re.MULTILINE)
                }
            )
            for key, body in entries
        }
    )


def without_tex(words: str) -> str:
    """`H{\\"a}user` as Häuser, `{Health Canada}` as Health Canada: what BibTeX needs and nobody wants to read."""
    letters = re.sub(
        r"\{?\\([\"'`^~])\{?\\?([A-Za-z])\}?\}?",
        lambda found: unicodedata.normalize("NFC", found[2] + ACCENTS[found[1]]),
        words,
    )
    return re.sub(r"[{}]|\\(?=[&%$#_])", "", letters)


def table(name: str) -> Mapping[str, Any]:
    """One shipped TOML file as it stands; its reader checks what it means."""
    return MappingProxyType(tomllib.loads(data_text(f"{name}.toml")))


def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Rows of one shipped CSV file, column -> text."""
    return tuple(MappingProxyType(row) for row in csv.DictReader(data_text(f"{name}.csv").splitlines()))


@cache
def joint_spread(name: str) -> tuple[tuple[str, ...], Floats]:
    """Names of jointly fitted parameters and (n, n) lower root of the covariance of their logarithms."""
    table = tomllib.loads(data_text(f"{name}.toml"))
    size = len(table["names"])
    root = np.zeros((size, size))
    for i, row in enumerate(table["root"]):
        root[i, : i + 1] = row
    return tuple(table["names"]), frozen(root)
