"""NumPy from its own sources, for Pyodide's Python; five minutes of one core, once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from browser.downloads import piece, unpacked
from browser.toolchain import SUFFIX, WRAPPER, Toolchain, run

CROSS = """[binaries]
c = '{bin}/cc'
cpp = '{bin}/c++'
ar = 'emar'
ranlib = 'emranlib'
strip = 'emstrip'
cython = '{tools}/cython'
python = '{python}'

[host_machine]
system = 'emscripten'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'

[properties]
longdouble_format = 'IEEE_QUAD_LE'
skip_sanity_check = true
"""
OPTIONS = ("-Dallow-noblas=true", "-Ddisable-optimization=true", "-Ddisable-threading=true", "-Dbuildtype=release")
# Cython writes down the whole path of a file that does not lie below the folder it runs in; so it runs in the sources'
PLACELESS = """#!{python}
import os, sys
from Cython.Compiler.Main import setuptools_main
if any(a.startswith("{source}/") for a in sys.argv):
    # which files it read matters to a second run alone, and would be named from here
    sys.argv[1:] = [os.path.abspath(a) if "/" in a and a[0] != "-" else a for a in sys.argv[1:] if a != "-M"]
    os.chdir("{source}")
sys.exit(setuptools_main())
"""
CYTHON, NINJA = "cython==3.0.12", "ninja==1.13.0"


def numpy(tools: Toolchain, cache: Path) -> Path:
    """The folder that holds numpy/, compiled."""
    source = unpacked(piece("numpy"), cache)
    work = cache / "numpy"
    done, stamp = work / "site", work / "made-of"
    recipe = hashlib.sha256("\n".join((CROSS, *OPTIONS, PLACELESS, WRAPPER)).encode()).hexdigest()
    of = f"{piece('numpy').sha256} {CYTHON} {NINJA} {tools.python_h} {recipe}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == of:
        return done
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    native = work / "native"
    # meson asks a Python of this machine; the headers of the other one go first, in the compilers' wrappers
    subprocess.run([sys.executable, "-m", "venv", native], check=True)
    run([str(native / "bin/pip"), "install", "-q", "--disable-pip-version-check", CYTHON, NINJA])
    cython = native / "bin" / "cython"
    cython.write_text(PLACELESS.format(python=native / "bin/python", source=source), encoding="utf-8")
    cross = work / "cross.ini"
    words = CROSS.format(bin=tools.wrappers, tools=native / "bin", python=native / "bin/python")
    cross.write_text(words, encoding="utf-8")
    meson = [str(native / "bin/python"), str(source / "vendored-meson/meson/meson.py")]
    build, installed = work / "build", work / "installed"
    first = ["setup", str(build), str(source), "--cross-file", str(cross), f"--prefix={installed}", *OPTIONS]
    run([*meson, *first], path=native / "bin")
    run(["nice", "-n", "10", str(native / "bin/ninja"), "-C", str(build), "-j1"], path=native / "bin")
    run([*meson, "install", "-C", str(build), "--no-rebuild"], path=native / "bin")
    found = next(installed.rglob("numpy/__init__.py")).parent
    shutil.copytree(found, done / "numpy")
    _slim(done / "numpy")
    _placeless(done / "numpy" / "__config__.py", cache)
    stamp.write_text(of, encoding="utf-8")
    return done


def _slim(folder: Path) -> None:
    """Without what only developers of NumPy use; extensions named as Pyodide looks for them."""
    for name in ("tests", "_examples"):
        for each in list(folder.rglob(name)):
            shutil.rmtree(each)
    for name in ("f2py", "distutils"):  # compilers of Fortran and of C
        shutil.rmtree(folder / name, ignore_errors=True)
    for each in list(folder.rglob("*")):
        if each.suffix in (".pyi", ".a", ".pc", ".h", ".pxd", ".pyx") or each.name == "py.typed":
            each.unlink()
        elif each.suffix == ".so":
            each.rename(each.with_name(each.name.split(".")[0] + SUFFIX))


def _placeless(path: Path, cache: Path) -> None:
    """Where it was built is not part of what was built."""
    path.write_text(path.read_text(encoding="utf-8").replace(str(cache), "cache"), encoding="utf-8")
