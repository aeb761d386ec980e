"""The folder of static files: Pyodide, NumPy, nightdose, the window around it, and a manifest of every byte."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zipfile
from importlib.metadata import version
from pathlib import Path

from generation.messages import in_scripts

from browser.downloads import PIECES, Piece, piece, sha256, unpacked
from browser.modules import FOLDERS, HERE, ROOT, argon2
from browser.toolchain import SUFFIX, Toolchain, run
from nightdose.language.catalogue import carried, find

FORMAT = "nightdose.browser/1"
PYODIDE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide-lock.json")
STANDARD = "python_stdlib.zip"  # Python's library and tzdata, read where they lie in it; Pyodide's own holds text
PACKED = (".wasm", ".js", ".mjs", ".json", ".txt", ".zip")  # sent smaller, whatever the host does
LARGE = 30_000  # bytes; what is smaller is needed as it is before there is a service worker
# nothing of the command line but the analysis; what needs sockets is never imported there
LEFT_OUT = ("nightdose/web/serving.py", "nightdose/cli/serve.py")
# what nothing there imports, of Python's library and of NumPy: less to bring, and less to hold in a phone's memory
UNUSED = (
    "_pyio.py", "_pyrepl", "doctest.py", "mailbox.py", "pdb.py", "pickletools.py", "pydoc.py", "pydoc_data", "unittest",
    "wsgiref", "xmlrpc", "_multiarray_tests*", "_operand_flag_tests*", "_rational_tests*", "_struct_ufunc_tests*",
    "_umath_tests*", "lapack_lite*", "_pyinstaller",
)  # fmt: skip
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
OLD = (1980, 1, 1, 0, 0, 0)


def site(target: Path, tools: Toolchain, numpy: Path, modules: dict[str, Path], cache: Path) -> dict[str, object]:
    """Writes the folder anew; its manifest."""
    making = target.with_name(target.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(HERE / "site", making)
    _styles(making / "static")
    words = words_of()
    worded(making / "words.js", words)
    (making / "pyodide").mkdir()
    for name in PYODIDE:
        shutil.copyfile(unpacked(piece("pyodide"), cache) / name, making / "pyodide" / name)
    _zipped(making / "pyodide" / STANDARD, _compiled(_standard(cache), cache / "site" / "standard", cache))
    _zipped(making / "numpy.zip", _compiled(numpy, cache / "site" / "numpy", cache))
    _zipped(making / "nightdose.zip", _compiled(_packages(cache, modules), cache / "site" / "packages", cache))
    shutil.copyfile(argon2(cache), making / "argon2.wasm")
    (making / "licences.txt").write_text(_licences(cache), encoding="utf-8")
    manifest = _sealed(making, tools.python_h, words)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(making, target)
    return manifest


def words_of() -> dict[str, dict[str, str]]:
    """language -> sentence -> translation, of what a browser says without Python: from the pages' own catalogues."""
    said = {text for _, text in in_scripts()}
    found = {}
    for code in carried()[1:]:
        catalogue = find(code).messages
        found[code] = {text: catalogue.gettext(text) for text in sorted(said) if catalogue.gettext(text) != text}
    return found


def worded(script: Path, words: dict[str, dict[str, str]]) -> None:
    """Writes them in front of a script."""
    script.write_text(_in_front(words) + script.read_text(encoding="utf-8"), encoding="utf-8")


def _in_front(words: dict[str, dict[str, str]]) -> str:
    return f"const WORDS = {json.dumps(words, ensure_ascii=False, indent=0, sort_keys=True)};\n"


def _styles(folder: Path) -> None:
    """What the pages' heads name, for the service worker to give without the engine (as web/app.py does with it)."""
    shutil.copytree(ROOT / "src" / "nightdose" / "web" / "static", folder)
    for name in ("figures.css", "published.css"):
        shutil.copyfile(ROOT / "src" / "nightdose" / "report" / "templates" / name, folder / name)


def _standard(cache: Path) -> Path:
    """Python's library as Pyodide brings it, and the time zones, which are 600 files that nobody needs to unpack."""
    folder = cache / "site" / "library"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(unpacked(piece("pyodide"), cache) / STANDARD) as archive:
        archive.extractall(folder)
    shutil.copytree(unpacked(piece("tzdata"), cache) / "tzdata", folder / "tzdata")
    return folder


def _packages(cache: Path, modules: dict[str, Path]) -> Path:
    """nightdose and what it imports, as one folder."""
    folder = cache / "site" / "sources"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fresh = shutil.ignore_patterns("__pycache__", "*.so", "*.pyc", "*.c", "*.pyi", "py.typed")
    shutil.copytree(ROOT / "src" / "nightdose", folder / "nightdose", ignore=fresh)
    for name in LEFT_OUT:
        (folder / name).unlink()
    for part in PIECES:
        if part.name != "tzdata" and (part.registry == "wheel" or part.name == "markupsafe"):
            for each in sorted(unpacked(part, cache).iterdir()):
                if each.is_dir() and not each.name.endswith((".dist-info", ".egg-info")):
                    shutil.copytree(each, folder / each.name, ignore=fresh)
                elif each.suffix == ".py":
                    shutil.copyfile(each, folder / each.name)
    bound = unpacked(piece("pysqlite3"), cache)
    shutil.copytree(bound / "pysqlite3", folder / "pysqlite3", ignore=fresh)
    shutil.copytree(HERE / "python", folder, dirs_exist_ok=True, ignore=fresh)
    named = folder / f"nightdose-{version('nightdose')}.dist-info"
    named.mkdir()
    (named / "METADATA").write_text(f"Metadata-Version: 2.1\nName: nightdose\nVersion: {version('nightdose')}\n")
    for name, built in modules.items():
        shutil.copyfile(built, folder / FOLDERS[name] / (name + SUFFIX))
    return folder


def _compiled(source: Path, target: Path, cache: Path) -> Path:
    """The same folder with Python's own bytecode instead of text: a phone need not compile it at every start."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*UNUSED))
    run(["node", str(HERE / "compile.mjs"), str(unpacked(piece("pyodide"), cache)), str(target)])
    for each in [*target.rglob("*.py"), *target.rglob("__pycache__/*")]:
        each.unlink()
    return target


def _zipped(target: Path, folder: Path) -> None:
    """The same bytes from the same files: sorted, without times. Not packed inside: the whole is packed on the way, and
    what lies on the device need not be unpacked by Python at every start."""
    with zipfile.ZipFile(target, "w") as archive:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                archive.writestr(zipfile.ZipInfo(each.relative_to(folder).as_posix(), OLD), each.read_bytes())


def _licences(cache: Path) -> str:
    """The words under which each part is passed on, as its authors wrote them."""
    parts = [f"nightdose (Apache-2.0)\n\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}"]
    for part in PIECES:
        root = cache / "unpacked" / f"{part.name}-{part.version}"
        unpacked(part, cache)
        found = sorted(
            (f for f in root.rglob("*") if f.is_file() and f.name.upper().startswith(("LICEN", "COPYING"))),
            key=lambda f: (len(f.parts), str(f)),
        )
        words = "\n\n".join(f.read_text(encoding="utf-8", errors="replace") for f in found[:12])
        parts.append(f"{part.name} {part.version} ({part.licence})\n\n{words}")
    return ("\n\n" + "=" * 100 + "\n\n").join(parts)


def _sealed(folder: Path, python_h: str, translated: dict[str, dict[str, str]]) -> dict[str, object]:
    """Packs what shrinks, writes sw.js with the list of files and their hashes, and the manifest beside it."""
    worker = folder / "sw.js"
    files: dict[str, dict[str, object]] = {}
    for each in sorted(f for f in folder.rglob("*") if f.is_file() and f != worker):
        name, content = each.relative_to(folder).as_posix(), each.read_bytes()
        packed = each.suffix in PACKED and len(content) > LARGE
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "packed": packed}
        if packed:
            small = gzip.compress(content, 9, mtime=0)
            each.with_name(each.name + ".packed").write_bytes(small)
            files[name]["bytes_packed"] = len(small)
            each.unlink()
    known = {name: {"sha256": f["sha256"], "packed": f["packed"]} for name, f in files.items()}
    words = worker.read_text(encoding="utf-8")
    made = hashlib.sha256((json.dumps(known, sort_keys=True) + words).encode()).hexdigest()[:16]
    head = (
        f"const VERSION = {json.dumps(made)};\nconst POLICY = {json.dumps(POLICY)};\n"
        f"const FILES = {json.dumps(known, indent=0, sort_keys=True)};\n{_in_front(translated)}"
    )
    worker.write_text(head + words, encoding="utf-8")
    manifest: dict[str, object] = {
        "format": FORMAT, "version": made, "files": files, "sw.js": sha256(worker),
        "made_of": [_source(part) for part in PIECES], "compiled_with": f"Debian's Emscripten, headers of {python_h}",
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    return manifest


def _source(part: Piece) -> dict[str, str]:
    where = "npm" if part.registry == "npm" else "PyPI"
    return {
        "name": part.name, "version": part.version, "from": where, "file": part.file, "sha256": part.sha256,
        "licence": part.licence,
    }  # fmt: skip
