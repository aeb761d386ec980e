"""What a page is asked and what it answers, as values: a view knows no request, no socket and no server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nightdose.web.contexts.frame import Frame


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: the name it had, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. changes : it was sent by a form; only such a request may change anything.

    query, form : the last value of each name; many : every value of a form's name, in order.
    """

    path: str
    changes: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)  # of the path

    def typed(self, name: str) -> str:
        """What stands in a field, without the blanks around it; "" where nothing does."""
        return self.form.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: the frame around it and its own value (a class of `contexts.PAGES`)."""

    frame: Frame
    page: object
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """Go on to another page. again : send the same form there as well."""

    path: str
    again: bool = False
    cookie: str = ""  # for the browser to keep


@dataclass(frozen=True, slots=True)
class Given:
    """A file to keep: its name, kind and bytes. shown : in the window instead of being saved."""

    name: str
    kind: str
    content: bytes
    shown: bool = False
    policy: str = ""  # of a page that brings its own style


Answered = Shown | Go | Given
