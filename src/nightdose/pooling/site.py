"""A folder of contributions as a static site: one page and one file for programs, the same bytes for the same lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nightdose.diary.kept.files import write_whole
from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.pooling.export import pool_record
from nightdose.pooling.page import pool_html
from nightdose.pooling.pool import Pool

PAGE, NUMBERS = "index.html", "pool.json"
DECIMALS = 3


def site_files(pool: Pool) -> dict[str, bytes]:
    """Name -> bytes. What was refused stays with whoever collects: it may be somebody's mistake."""
    numbers = _rounded(pool_record(pool) | {"refused": []})
    return {
        PAGE: pool_html(pool).encode(),
        NUMBERS: (json.dumps(numbers, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(),
    }


def _rounded(value: Any) -> Any:
    """Numbers to three decimals: with all their digits it could be worked out which people are in a group."""
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value


def write_site(pool: Pool, folder: Path) -> tuple[Path, ...]:
    """The files in a folder that is new, empty or holds an older such site. Raises CallError for any other folder."""
    files = site_files(pool)
    there = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    if folder.exists() and not folder.is_dir():
        raise CallError(say("{folder} is a file, not a folder.", folder=folder), field="site")
    if there and not there <= set(files):
        raise CallError(
            say("{folder} holds other files; a site gets a folder of its own.", folder=folder), field="site"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(folder / name, content)
        (folder / name).chmod(0o644)  # a page that anyone may host is anyone's to read
    return tuple(folder / name for name in files)
