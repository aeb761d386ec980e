"""The headers of the Python inside the browser, from Debian's own packages: on Debian 12 as well as on Debian 13.

Debian 13 has Python 3.13; Debian 12 has not. So apt is given a list of its own, in the cache, that names Debian 13, and
one package is unpacked there: nothing is installed, and the machine's own lists stay as they are. Debian's signature
says that the package is Debian's.
"""

from __future__ import annotations

import shutil
import subprocess
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
        said_now = _fetch(folder)
        include = folder / "usr" / "include"
        made = include / f"python{PYTHON}"
        # Debian's own pyconfig.h only chooses the one of the machine
        shutil.copyfile(include / "x86_64-linux-gnu" / f"python{PYTHON}" / "pyconfig.h", made / "pyconfig.h")
        said.write_text(said_now, encoding="utf-8")
    return folder / "usr" / "include" / f"python{PYTHON}", said.read_text(encoding="utf-8")


def _fetch(folder: Path) -> str:
    """Unpacks the package into the folder; its name and version."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Wrong(f"The headers of Python {PYTHON} come from Debian's package {PACKAGE}, and apt is not here.")
    for part in ("lists/partial", "archives/partial", "parts"):
        (folder / part).mkdir(parents=True)
    line = f"deb [arch=amd64 signed-by={KEYS}] {_mirror()} {SUITE} main\n"
    (folder / "sources.list").write_text(line, encoding="utf-8")
    places = {
        "Dir::Etc::SourceList": folder / "sources.list", "Dir::Etc::SourceParts": folder / "parts",
        "Dir::State::Lists": folder / "lists", "Dir::Cache": folder, "APT::Sandbox::User": "root",
        "APT::Architecture": "amd64",
    }  # fmt: skip
    own = [word for name, value in places.items() for word in ("-o", f"{name}={value}")]
    for act in (["update"], ["download", PACKAGE]):
        done = subprocess.run(["apt-get", "-qq", *own, *act], cwd=folder, check=False, capture_output=True)
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()[-600:]
            raise Wrong(f"Debian's package {PACKAGE}, which has the headers of Python {PYTHON}, did not come:\n{words}")
    file = next(folder.glob(f"{PACKAGE}_*.deb"))
    subprocess.run(["dpkg-deb", "--extract", file, folder], check=True)
    shutil.rmtree(folder / "lists")
    return " ".join(file.stem.split("_")[:2])


def _mirror() -> str:
    """Where this machine's own apt gets Debian from."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(LABEL)|$(COMPONENT)", "Created-By: Packages"]
    said = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    found = [line.split("|")[0] for line in said.splitlines() if line.endswith("|Debian|main")]
    if not found:
        raise Wrong(f"apt knows no Debian to take {PACKAGE} from: run `apt-get update` once, on Debian.")
    return found[0]
