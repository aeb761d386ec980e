"""Other programs run in environments of their own, where there is no nightdose."""

import subprocess
import sys
from pathlib import Path

import benchmarks
from nightdose.cli.main import LINEAR_ALGEBRA_THREADS

ROOT = Path(__file__).parents[2]


def test_what_a_rival_imports_does_without_nightdose():
    words = (
        "import sys; sys.modules['nightdose'] = None; import benchmarks.patients.files, benchmarks.patients.design, "
        "benchmarks.rivals.solvers"
    )
    subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=True)


def test_rivals_take_one_thread_like_every_command():
    text = Path(benchmarks.__file__).read_text(encoding="utf-8")
    assert all(f'"{variable}"' in text for variable in LINEAR_ALGEBRA_THREADS)
