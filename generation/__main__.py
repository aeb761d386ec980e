"""`python -m generation`: after a change of an equation or a number. Installing the package does not need it."""

from pathlib import Path

from generation.kernel import header
from generation.model_page import page
from generation.safety_sources import page as sources

ROOT = Path(__file__).parents[1]
WRITTEN = {
    ROOT / "cpp/model/equations.hpp": header,
    ROOT / "docs/model.md": page,
    ROOT / "docs/safety-sources.md": sources,
}

if __name__ == "__main__":
    for path, text in WRITTEN.items():
        path.write_text(text(), encoding="utf-8")
