"""The headers of the Python inside the browser, from Debian's own packages: on Debian 12 as well as on Debian 13.

Debian 13 has Python 3.13; Debian 12 has not. So apt is given a list of its own, in the cache, that names Debian 13, and
one package is unpacked there: nothing is installed, and the machine's own lists stay as they are. Debian's signature
says that the package is Debian's.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from browser.downloads import Wrong

PYTHON = "3.13"  # of Pyodide 0.29
PACKAGE, SUITE = f"libpython{PYTHON}-dev", "trixie"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def headers(cache: Path) -> tuple[Path, str]:
    """(folder with Python.h and pyconfig.h, the package's name and version); fetched once, Wrong with a sentence."""
    folder = cache / "headers"
    said = folder / "package"
    if not said.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        (came,) = unpacked_from_debian(folder, SUITE, "amd64", (PACKAGE,))
        include = folder / "usr" / "include"
        made = include / f"python{PYTHON}"
        # Debian's own pyconfig.h only chooses the one of the machine
        shutil.copyfile(include / "x86_64-linux-gnu" / f"python{PYTHON}" / "pyconfig.h", made / "pyconfig.h")
        said.write_text(came, encoding="utf-8")
    return folder / "usr" / "include" / f"python{PYTHON}", said.read_text(encoding="utf-8")


def unpacked_from_debian(folder: Path, suite: str, architecture: str, packages: Sequence[str]) -> list[str]:
    """Unpacks these packages of a Debian into the folder; the name and version of each. Wrong with a sentence."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Wrong(f"{packages[0]} is a package of Debian, and apt is not here.")
    for part in ("lists/partial", "archives/partial", "parts"):
        (folder / part).mkdir(parents=True)
    line = f"deb [arch={architecture} signed-by={KEYS}] {_mirror()} {suite} main\n"
    (folder / "sources.list").write_text(line, encoding="utf-8")
    places = {
        "Dir::Etc::SourceList": folder / "sources.list", "Dir::Etc::SourceParts": folder / "parts",
        "Dir::State::Lists": folder / "lists", "Dir::Cache": folder, "APT::Sandbox::User": "root",
        "APT::Architecture": architecture, "APT::Architectures::": architecture,
    }  # fmt: skip
    own = [word for name, value in places.items() for word in ("-o", f"{name}={value}")]
    for act in (["update"], ["download", *packages]):
        done = subprocess.run(["apt-get", "-qq", *own, *act], cwd=folder, check=False, capture_output=True)
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()[-600:]
            raise Wrong(f"These packages of Debian did not come: {', '.join(packages)}\n{words}")
    files = sorted(folder.glob("*.deb"))
    for file in files:
        subprocess.run(["dpkg-deb", "--extract", file, folder], check=True)
        file.unlink()
    shutil.rmtree(folder / "lists")
    return [" ".join(file.stem.split("_")[:2]) for file in files]


def _mirror() -> str:
    """Where this machine's own apt gets Debian from."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(LABEL)|$(COMPONENT)", "Created-By: Packages"]
    said = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    found = [line.split("|")[0] for line in said.splitlines() if line.endswith("|Debian|main")]
    if not found:
        raise Wrong("apt knows no Debian to take packages from: run `apt-get update` once, on Debian.")
    return found[0]
