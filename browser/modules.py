"""What is compiled beside NumPy: the two kernels unchanged, SQLite that speaks SQLCipher's format, and Argon2id."""

from __future__ import annotations

import shutil
from pathlib import Path

import nanobind

from browser.downloads import piece, sha256, unpacked
from browser.toolchain import COMMON, SIDE, SUFFIX, Toolchain, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NANOBIND = Path(nanobind.include_dir()).parent
# the kernels' own flags of CMakeLists.txt; `-march` is left to the browser's SIMD
LANES = ("-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")
# clang 14 makes of AES, at -O2 with SIMD, something that reads every encrypted page wrongly; so it gets neither
CAREFUL = ("-O1", "-fPIC", "-DNDEBUG", "-fwasm-exceptions")
SQLITE = (
    "-DSQLITE_OS_OTHER=1", "-DSQLITE_OMIT_WAL", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_THREADSAFE=0",
    "-DSQLITE_TEMP_STORE=2", "-DCODEC_TYPE=CODEC_TYPE_SQLCIPHER", "-DSQLITE3MC_USE_SQLCIPHER_LEGACY",
    "-DSQLITE3MC_OMIT_AES_HARDWARE_SUPPORT=1",
    "-D__WASM__",  # fresh randomness by getentropy, not by looking at a device file
    "-w",
)  # fmt: skip
ALONE = (
    "-O3", "--no-entry", "-sSTANDALONE_WASM", "-sALLOW_MEMORY_GROWTH",
    "-sEXPORTED_FUNCTIONS=_argon2id_hash_raw,_malloc",
)  # fmt: skip
KERNELS = {"_inference": ROOT / "cpp" / "inference", "_model": ROOT / "cpp" / "model"}
FOLDERS = {
    "_inference": "nightdose/inference",
    "_model": "nightdose/mechanism",
    "_sqlite3": "pysqlite3",
}


def modules(tools: Toolchain, cache: Path) -> dict[str, Path]:
    """Module name -> its compiled file; each compiled anew only where one of its sources changed."""
    return {
        **{name: _kernel(name, folder, tools, cache) for name, folder in KERNELS.items()},
        "_sqlite3": _sqlite(tools, cache),
    }


def _kernel(name: str, folder: Path, tools: Toolchain, cache: Path) -> Path:
    bind = [f"-I{NANOBIND / 'include'}", f"-I{NANOBIND / 'ext' / 'robin_map' / 'include'}"]
    common = [*COMMON, "-std=c++17", "-fno-strict-aliasing", "-fvisibility=hidden", *tools.includes, *bind]
    common += [f"-I{folder}", f"-I{folder.parent}"]
    sources = {
        "module.o": [*common, str(folder / "module.cpp")],
        "kernel.o": [*common, *LANES, "-DNIGHTDOSE_ARCH=base", str(folder / "kernel.cpp")],
        "nanobind.o": [*common, str(NANOBIND / "src" / "nb_combined.cpp")],
    }
    watched = [*sorted(folder.parent.rglob("*.[hc]pp")), tools.headers / "patchlevel.h"]
    return _compiled(name, "em++", sources, watched, cache, _side(name))


def _sqlite(tools: Toolchain, cache: Path) -> Path:
    bound = unpacked(piece("pysqlite3"), cache)
    amalgamation = unpacked(piece("better-sqlite3-multiple-ciphers"), cache) / "deps" / "sqlite3"
    common = [*COMMON, *SQLITE, *tools.includes, f"-I{amalgamation}", '-DMODULE_NAME="pysqlite3.dbapi2"']
    sources = {f"{each.stem}.o": [*common, str(each)] for each in sorted((bound / "src").glob("*.c"))}
    sources["sqlite3.o"] = [*CAREFUL, *SQLITE, str(amalgamation / "sqlite3.c")]
    sources["vfs.o"] = [*common, str(HERE / "native" / "vfs.c")]
    watched = [HERE / "native" / "vfs.c", tools.headers / "patchlevel.h"]
    return _compiled("_sqlite3", "emcc", sources, watched, cache, _side("_sqlite3"))


def argon2(cache: Path) -> Path:
    """Argon2id by itself, not a module of Python: browser/site/argon2.js says why."""
    library = unpacked(piece("argon2-cffi-bindings"), cache) / "extras" / "libargon2"
    common = ["-O3", "-DNDEBUG", f"-I{library / 'include'}", f"-I{library / 'src'}", "-DARGON2_NO_THREADS", "-w"]
    names = ["argon2", "core", "encoding", "ref", "blake2/blake2b"]
    sources = {f"{Path(n).name}.o": [*common, str(library / "src" / f"{n}.c")] for n in names}
    return _compiled("argon2.wasm", "emcc", sources, [], cache, ALONE)


def _side(name: str) -> tuple[str, ...]:
    return (*SIDE, f"-sEXPORTED_FUNCTIONS=_PyInit_{name}")


def _compiled(
    name: str, compiler: str, sources: dict[str, list[str]], watched: list[Path], cache: Path, link: tuple[str, ...]
) -> Path:
    """link : flags of the last step; a name without an ending is a module of Python."""
    work = cache / "modules" / name
    made, stamp = work / (name if "." in name else name + SUFFIX), work / "made-of"
    words = [compiler, *link, *(word for command in sources.values() for word in command)]
    of = "\n".join([*(f"{sha256(path)} {path.name}" for path in watched), " ".join(words)])
    if made.is_file() and stamp.is_file() and stamp.read_text() == of:
        return made
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for target, command in sources.items():
        run(["nice", "-n", "10", compiler, *command, "-c", "-o", str(work / target)])
    objects = [str(work / target) for target in sources]
    run(["nice", "-n", "10", compiler, *objects, *link, "-o", str(made)])
    stamp.write_text(of)
    return made
