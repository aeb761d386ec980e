"""A bench of simulated patients with known truth, on which any tool that reads a diary can be scored (README.md)."""

from pathlib import Path

VERSION = int((Path(__file__).parent / "VERSION").read_text())
