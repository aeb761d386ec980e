"""The form of a contribution as a JSON schema, and a reader of the few words of that language that it uses.

docs/schema/contribution.json is `schema()` written out; a test holds both together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nightdose.evidence.profile import GRID
from nightdose.knowledge.pooled import Band, bands, condition_codes, outcome_codes
from nightdose.pooling.contribution import ANSWERS, BLINDINGS, CEILINGS, DESIGNS, SCALES, SCHEMA, SEXES

Schema = Mapping[str, Any]
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
LARGEST = 1e6  # of any number: no daily score is larger
MOST_DAYS = 7308  # 20 years, a multiple of 28
DAYS: Schema = {"type": "integer", "minimum": 28, "maximum": MOST_DAYS, "multipleOf": 28}
NULL: Schema = {"type": "null"}
ABOVE: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}
ANY: Schema = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}


def schema() -> dict[str, Any]:
    """All three kinds."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a pool: an answer, a registration or a withdrawal (docs/pooling.md)",
        "oneOf": [kind_schema(kind) for kind in ("answer", "registration", "withdrawal")],
    }


def kind_schema(kind: str) -> dict[str, Any]:
    """The fields of one kind; no other field is allowed."""
    own = {"answer": _answer, "registration": _registration, "withdrawal": _withdrawal}[kind]()
    fields: dict[str, Schema] = {
        "schema": {"const": SCHEMA},
        "kind": {"const": kind},
        **own,
        "key": {"type": "string", "pattern": "^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$"},
        "signature": {"type": "string", "pattern": "^[A-Za-z0-9+/]{86}==$"},
    }
    return {"type": "object", "properties": fields, "required": sorted(fields), "additionalProperties": False}


def _asked() -> dict[str, Schema]:
    return {
        "engine": {"type": "string", "pattern": "^[0-9]{1,4}(\\.[0-9]{1,4}){1,3}[a-z0-9.+]{0,12}$"},
        "drug": {"type": "string", "pattern": '^[^\\u0000-\\u001f<>&"]{1,60}$'},
        "condition": {"enum": sorted(condition_codes())},
        "outcome": {"enum": sorted(outcome_codes())},
        "scale": {"enum": sorted(SCALES)},
        "range": {"anyOf": [NULL, {"type": "array", "prefixItems": [ANY, ANY], "minItems": 2, "maxItems": 2}]},
        "better": {"enum": ["higher", "lower"]},
    }


def _answer() -> dict[str, Schema]:
    profile = {"type": "array", "items": {"type": "number", "minimum": -60, "maximum": 0}}
    effect = {
        "mean": ANY,
        "sd": ABOVE,
        "log_likelihood": {"anyOf": [NULL, profile | {"minItems": len(GRID), "maxItems": len(GRID)}]},
    }
    whole = {"type": "object", "properties": effect, "required": sorted(effect), "additionalProperties": False}
    return _asked() | {
        "trial": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
        "answer": {"enum": sorted(ANSWERS)},
        "ceiling": {"enum": sorted(CEILINGS)},
        "effect": {"anyOf": [NULL, whole]},
        "own_sd": {"type": "number", "minimum": 0, "maximum": LARGEST},
        "meaningful": ABOVE,
        "design": {"enum": sorted(DESIGNS)},
        "randomised": {"type": "boolean"},
        "blinding": {"enum": sorted(BLINDINGS)},
        "guessed": {"enum": [*(tenth / 10 for tenth in range(11)), None]},
        "dose_mg": _band("dose_mg"),
        "days": DAYS,
        "recorded": DAYS,
        "adherence": _band("adherence"),
        "looks": _band("looks"),
        "age": _band("age"),
        "sex": {"enum": [*sorted(SEXES), None]},
    }


def _registration() -> dict[str, Schema]:
    return _asked() | {
        "trial": HASH,
        "design": {"enum": ["alternating", "open_titration", "randomised_blocks"]},
        "blinded": {"type": "boolean"},
        "days": DAYS,
    }


def _withdrawal() -> dict[str, Schema]:
    return {"of": HASH}


def _band(name: str) -> Schema:
    listed: Sequence[Band | None] = [*bands(name), None]
    return {"enum": [None if each is None else list(each) for each in listed]}


def misfit(found: Schema, value: Any, where: str = "") -> str:
    """The first field that does not fit, by its name; "" where all do."""
    if "anyOf" in found:
        return "" if any(not misfit(each, value, where) for each in found["anyOf"]) else where
    if "const" in found or "enum" in found:
        allowed = found.get("enum", [found.get("const")])
        # True equals 1 in Python, not in JSON
        fits = any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in allowed)
        return "" if fits else where
    if not _is_of(found["type"], value):
        return where
    if found["type"] == "object":
        return _misfit_inside(found, value, where)
    if found["type"] == "array":
        items = found.get("prefixItems") or [found["items"]] * len(value)
        right = found["minItems"] <= len(value) <= found["maxItems"]
        wrong = any(misfit(item, each, where) for item, each in zip(items, value, strict=False))
        return "" if right and not wrong else where
    if found["type"] == "string":
        return "" if re.fullmatch(found["pattern"].removeprefix("^").removesuffix("$"), value) else where
    return "" if found["type"] in ("null", "boolean") or _in_bounds(found, value) else where


def _misfit_inside(found: Schema, value: Mapping[str, Any], where: str) -> str:
    for name in found["required"]:
        if name not in value:
            return f"{where}{name}"
    for name, each in value.items():
        if name not in found["properties"]:
            return f"{where}{name[:40]}"
        if wrong := misfit(found["properties"][name], each, f"{where}{name}"):
            return wrong
    return ""


def _is_of(kind: str, value: Any) -> bool:
    if kind in ("number", "integer"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        right = whole if kind == "integer" else isinstance(value, (int, float))
        return right and not isinstance(value, bool) and abs(value) < 1e300 and math.isfinite(value)
    kinds: Mapping[str, type] = {"string": str, "boolean": bool, "null": type(None), "object": dict, "array": list}
    return isinstance(value, kinds[kind])


def _in_bounds(found: Schema, value: float) -> bool:
    step = found.get("multipleOf")
    return (
        found.get("minimum", -math.inf) <= value <= found.get("maximum", math.inf)
        and value > found.get("exclusiveMinimum", -math.inf)
        and (step is None or value % step == 0)
    )
