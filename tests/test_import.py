"""The package imports and its folders keep the one-way flow."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["benchmarks", "calibration", "generation", "examples"])
def test_every_script_outside_the_package_still_finds_what_it_imports(folder):
    """Imported in processes of their own, so that none runs what it does and none is helped by another."""
    # rivals run in environments of their own (benchmarks/README.md); a notebook needs marimo and has a test of its own
    found = sorted((ROOT / folder).rglob("*.py"))
    paths = [path for path in found if "rivals" not in path.parts and "marimo.App" not in path.read_text("utf-8")]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    wanted = [name for name in modules if not name.endswith(("__init__", "__main__"))]
    done = subprocess.run([sys.executable, "-c", code, *wanted], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
