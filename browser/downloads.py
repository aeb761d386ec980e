"""Everything that is fetched, from package registries through their own clients, each file known by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class Wrong(Exception):
    """The build cannot go on; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a registry. folder : what it unpacks to ("" = the archive has no folder of its own)."""

    name: str
    version: str
    registry: Literal["npm", "sdist", "wheel"]
    file: str
    sha256: str
    licence: str
    folder: str = ""


with (Path(__file__).parent / "pieces.toml").open("rb") as _file:
    PIECES = tuple(Piece(**each) for each in tomllib.load(_file)["piece"])
# a build backend that only says which package this is: pip asks every sdist for its metadata before it keeps the
# file, and to answer NumPy's own backend compiles all of NumPy, Argon2's all of CMake
BACKENDS = ("mesonpy", "scikit_build_core/build", "setuptools/build_meta")
BACKEND = """
import os, re
def _hook(folder, config_settings=None):
    words = open("PKG-INFO").read()
    name, version = (re.search(rf"^{field}: (.+)$", words, re.M).group(1) for field in ("Name", "Version"))
    made = f"{re.sub('[-.]+', '_', name)}-{version}.dist-info"
    os.makedirs(os.path.join(folder, made), exist_ok=True)
    with open(os.path.join(folder, made, "METADATA"), "w") as file:
        file.write(f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    return made
prepare_metadata_for_build_wheel = _hook
def build_wheel(folder, config_settings=None, metadata_directory=None): raise RuntimeError("only for its name")
"""


def piece(name: str) -> Piece:
    """The piece of that name."""
    return next(each for each in PIECES if each.name == name)


def sha256(path: Path) -> str:
    """The file's SHA-256, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetched(piece: Piece, cache: Path) -> Path:
    """The piece's archive in the cache; fetched once, and refused where its bytes are not those that are known."""
    target = cache / "downloads" / piece.file
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_file():
        _fetch(piece, target.parent)
    if not target.is_file():
        raise Wrong(f"{piece.name} {piece.version} could not be fetched: {piece.file} did not come.")
    if sha256(target) != piece.sha256:
        raise Wrong(f"{target} is not the file that this build knows. Remove it; if it comes again, do not use it.")
    return target


def _fetch(piece: Piece, folder: Path) -> None:
    named = f"{piece.name}=={piece.version}"
    pip = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
    if piece.registry == "npm":
        command, environment = ["npm", "pack", "--silent", f"{piece.name}@{piece.version}"], dict(os.environ)
    elif piece.registry == "wheel":
        command, environment = [*pip, "--only-binary", ":all:", named], dict(os.environ)
    else:
        command = [*pip, "--no-binary", ":all:", "--no-build-isolation", named]
        environment = {**os.environ, "PYTHONPATH": str(_stand_in(folder / "stand-in"))}
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=environment, check=False, stdout=quiet, stderr=quiet)


def _stand_in(folder: Path) -> Path:
    """A folder that goes in front of the real backends."""
    for name in BACKENDS:
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BACKEND, encoding="utf-8")
        if path.parent != folder:
            (path.parent / "__init__.py").touch()
    return folder


def unpacked(piece: Piece, cache: Path) -> Path:
    """The folder that the piece's archive unpacks to, in the cache."""
    archive = fetched(piece, cache)
    folder = cache / "unpacked" / f"{piece.name}-{piece.version}"
    if not (folder / ".whole").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(folder)
        else:
            with tarfile.open(archive) as packed:
                packed.extractall(folder, filter="data")
        (folder / ".whole").touch()
    return folder / piece.folder
