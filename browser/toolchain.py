"""Debian's Emscripten made fit for Pyodide's Python: its headers, the flags of a module, and a compiler that links one.

Three things differ between the two and are mended here, in copies inside the cache:

- Python's pyconfig.h (Debian's, browser/headers.py) describes a computer; a browser's pointers have 4 bytes.
- Emscripten 3.1.6 takes a time for 32 bits, the Emscripten that built Pyodide for 64; `time()` returns 64.
- a `-shared` link has to become a side module that speaks of 64-bit numbers and of exceptions as Pyodide does.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from browser.downloads import Wrong
from browser.headers import headers

SUFFIX = ".cpython-313-wasm32-emscripten.so"
NARROW = {"LONG": 4, "VOID_P": 4, "SIZE_T": 4, "UINTPTR_T": 4, "PTHREAD_T": 4}
NOT_THERE = ("HAVE_GCC_UINT128_T", "HAVE_GCC_ASM_FOR_X64", "HAVE_GCC_ASM_FOR_X87")
COMMON = ("-O2", "-fPIC", "-DNDEBUG", "-fwasm-exceptions", "-msimd128")
SIDE = ("-sSIDE_MODULE=2", "-sWASM_BIGINT", "-fwasm-exceptions", "-O2")
SYSROOT = Path("/usr/share/emscripten/cache/sysroot/include")
WRAPPER = """#!{python}
import os, sys
given = [a for a in sys.argv[1:] if a not in ("-shared", "-pthread", "-Wl,--as-needed", "-Wl,--allow-shlib-undefined",
                                              "-Wl,--start-group", "-Wl,--end-group", "-Wl,-O1", "-lm")]
linking = "-shared" in sys.argv
mend = ["-sSIDE_MODULE=1", "-sWASM_BIGINT", "-fwasm-exceptions", "-O2"] if linking else ["-fPIC"]
headers = ["-isystem", "{system}", "-I{headers}"]
# meson names the folder it works in after this machine's Python, and Cython writes it down
sources = [a for a in given if ".so.p/" in a and a.endswith((".c", ".cpp"))]
placeless = [f"-fmacro-prefix-map={{os.path.dirname(a)}}/=" for a in sources]
os.execvp("{compiler}", ["{compiler}", *mend, *headers, *placeless, *given])
"""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """headers, system : mended copies that go first; wrappers : compilers that link; python_h : their package."""

    headers: Path
    system: Path
    wrappers: Path
    python_h: str

    @property
    def includes(self) -> tuple[str, ...]:
        return ("-isystem", str(self.system), f"-I{self.headers}")


def toolchain(cache: Path) -> Toolchain:
    """What is needed to compile; Wrong with a sentence where it is not there."""
    for program, package in (("emcc", "emscripten"), ("npm", "npm"), ("node", "nodejs")):
        if shutil.which(program) is None:
            raise Wrong(f"{program} is missing: install the package {package} (as root: apt-get install {package}).")
    include, came = headers(cache)
    folder = cache / "toolchain"
    made = Toolchain(folder / "python", folder / "system", folder / "bin", came)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(include, made.headers)
    _mend_pyconfig(made.headers / "pyconfig.h")
    (made.system / "bits").mkdir(parents=True)
    types = (SYSROOT / "bits" / "alltypes.h").read_text(encoding="utf-8")
    mended = re.sub(r"typedef long time_t;", "typedef long long time_t;", types)
    (made.system / "bits" / "alltypes.h").write_text(mended, encoding="utf-8")
    made.wrappers.mkdir()
    for name, compiler in (("cc", "emcc"), ("c++", "em++")):
        text = WRAPPER.format(python=sys.executable, headers=made.headers, system=made.system, compiler=compiler)
        path = made.wrappers / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return made


def _mend_pyconfig(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name, size in NARROW.items():
        text = re.sub(rf"#define SIZEOF_{name} \d+", f"#define SIZEOF_{name} {size}", text)
    text = re.sub(r"#define ALIGNOF_LONG \d+", "#define ALIGNOF_LONG 4", text)
    for name in NOT_THERE:
        text = re.sub(rf"#define {name} 1", f"/* no {name} */", text)
    path.write_text(text, encoding="utf-8")


def run(command: list[str], *, cwd: Path | None = None, path: Path | None = None) -> None:
    """A step of the build; its own words are shown only where it fails."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "315532800"}
    environment.pop("EM_CACHE", None)  # Debian's is frozen and complete; another one is empty
    if path is not None:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True)
    if done.returncode:
        words = (done.stdout + done.stderr).decode(errors="replace")[-3000:]
        raise Wrong(f"This step of the build failed:\n  {' '.join(command)[:600]}\n{words}")
