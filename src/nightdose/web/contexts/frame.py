"""The frame around every page, and its navigation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. icon : a name in templates/icons.html; short : its words under the thumb."""

    path: str
    words: str
    short: str
    icon: str


PLACES = (
    Place("/", "Tonight", "Tonight", "moon"),
    Place("/timeline", "Timeline", "Timeline", "days"),
    Place("/answer", "Answer", "Answer", "dots"),
    Place("/plan", "Plan", "Plan", "list"),
    Place("/letter", "Letter", "Letter", "page"),
    Place("/dose", "What a dose does", "Dose", "curve"),
    Place("/evidence", "Evidence", "Evidence", "scales"),
    Place("/data", "Data", "Data", "box"),
    Place("/help", "Help", "Help", "question"),
)


UNDER_THE_THUMB = 4  # of them; the rest stand behind "More"


KEYS = (
    ("0 to 9", "answer the question that is marked, and go to the next"),
    ("-", "10"),
    ("Enter", "save"),
    ("g, then t, l, a or p", "go to Tonight, Timeline, Answer or Plan"),
    ("?", "show these keys; Escape closes them"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page.

    here : path of the place that is marked; label : words on every page of an example or synthetic diary, "" else;
    diary : the diary's name, "" before there is one; can_lock : the diary has a passphrase and is open.
    """

    title: str
    here: str = ""
    label: str = ""
    diary: str = ""
    can_lock: bool = False
    visiting: bool = False  # the example is looked at; a button leads back
    places: tuple[Place, ...] = PLACES
    keys: tuple[tuple[str, str], ...] = KEYS

    @property
    def near(self) -> tuple[Place, ...]:
        return self.places[:UNDER_THE_THUMB]

    @property
    def far(self) -> tuple[Place, ...]:
        return self.places[UNDER_THE_THUMB:]


@dataclass(frozen=True, slots=True)
class MorePage:
    """The places that do not fit under the thumb."""

    places: tuple[Place, ...]
