"""python -m browser [FOLDER]: nightdose as a folder of static files, from package registries alone."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from browser.downloads import Wrong
from browser.modules import ROOT, modules
from browser.numpy_wasm import numpy
from browser.site import site
from browser.toolchain import toolchain

TARGET = ROOT / "build" / "browser"


def cache_folder() -> Path:
    """Where downloads and compiled pieces stay between runs; outside the tree."""
    named = os.environ.get("NIGHTDOSE_BROWSER_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "nightdose-browser"


def main() -> int:
    """Builds; 0 when the folder is there, 2 with a sentence where something is missing."""
    asked = argparse.ArgumentParser(prog="python -m browser", description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=TARGET)
    target = asked.parse_args().folder.resolve()
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def step(words: str) -> None:
        print(f"{time.monotonic() - began:7.0f} s  {words}", flush=True)

    try:
        tools = toolchain(cache)
        step("the compiler is there")
        built = modules(tools, cache)
        step("kernels, SQLite and Argon2id are compiled")
        numbers = numpy(tools, cache)
        step("NumPy is compiled")
        made = site(target, tools, numbers, built, cache)
    except Wrong as error:
        print(error, file=sys.stderr)
        return 2
    files = made["files"]
    assert isinstance(files, dict), "the manifest names its files"
    once = sum(f.get("bytes_packed", f["bytes"]) for f in files.values())
    step(f"{target}: {len(files)} files, {once / 1e6:.1f} MB to download once, version {made['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
