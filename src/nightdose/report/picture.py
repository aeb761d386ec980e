"""A drawn SVG to a file: as it is, or as PNG through the optional renderer."""

from __future__ import annotations

from pathlib import Path

from nightdose.errors import CallError
from nightdose.language.catalogue import say
from nightdose.whole_file import write_whole

PNG_WIDTH = 1440  # px: sharp on paper and on a phone


def save_picture(svg: str, path: Path) -> None:
    """Writes an .svg or a .png file."""
    match path.suffix.lower():
        case ".svg":
            write_whole(path, svg)
        case ".png":
            try:
                from resvg_py import svg_to_bytes
            except ImportError:
                raise CallError(
                    say(
                        "PNG needs the extra `png`: pip install 'nightdose[png]'. Or write an "
                        ".svg file; it opens in any browser."
                    )
                ) from None
            write_whole(path, bytes(svg_to_bytes(svg_string=svg, width=PNG_WIDTH, sans_serif_family="DejaVu Sans")))
        case _:
            raise CallError(say("{name}: a picture is written as .svg or .png.", name=path.name))
