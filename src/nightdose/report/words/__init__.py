"""What a report says, one file a part of it; numbers and units come from `language` and `question/words.py`."""

from __future__ import annotations

Rows = list[tuple[str, str]]  # name, value
