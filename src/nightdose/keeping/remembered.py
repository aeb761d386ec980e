"""Certificates already computed, kept on this machine: counts of answers under a hash, nothing of a diary."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from nightdose.checks.certificate import Tally


class TallyFolder:
    """Tallies as files `<folder>/<engine>/<key>.json`; another engine starts an empty folder.

    A file that cannot be read is as good as none, and one that cannot be written is not missed: it is computed again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / engine_fingerprint()

    def get(self, key: str) -> Tally | None:
        """The tally of an earlier run, or None."""
        try:
            kept = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            null = {str(answer): int(n) for answer, n in kept["null"].items()}
            worlds = {str(name): (int(called), int(drawn)) for name, (called, drawn) in kept["worlds"].items()}
            ever, asked = kept["ever"]
            return Tally(null, int(kept["found"]), worlds, int(kept["looks"]), (int(ever), int(asked)))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return None

    def put(self, key: str, tally: Tally) -> None:
        """Keep it, whole or not at all."""
        path = self._folder / f"{key}.json"
        half = path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_text(json.dumps(asdict(tally)), encoding="utf-8")
            half.replace(path)


def cache_folder() -> Path:
    """Where certificates are kept: XDG_CACHE_HOME/nightdose, or ~/.cache/nightdose."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "nightdose" / "certificates"


@cache
def engine_fingerprint() -> str:
    """Version and a hash of the package's own files: changed code never meets old counts."""
    digest = hashlib.sha256()
    root = Path(str(files("nightdose")))
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.toml"), *compiled()]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{version('nightdose')}-{digest.hexdigest()[:16]}"


def compiled() -> list[Path]:
    """The compiled kernel; in a development tree it lies outside the package's folder."""
    from nightdose.inference import _inference

    return [Path(str(_inference.__file__))]


def usable_cores() -> int:
    """How many processes may run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
