"""The frame around every page, and its navigation."""

from __future__ import annotations

from dataclasses import dataclass

from nightdose.language.catalogue import mark


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. icon : a name in templates/icons.html; short : its words under the thumb.

    Words as the catalogue has them; the template says them.
    """

    path: str
    words: str
    short: str
    icon: str


PLACES = (
    Place("/", mark("Tonight"), mark("Tonight"), "moon"),
    Place("/timeline", mark("Timeline"), mark("Timeline"), "days"),
    Place("/answer", mark("Answer"), mark("Answer"), "dots"),
    Place("/plan", mark("Plan"), mark("Plan"), "list"),
    Place("/letter", mark("Letter"), mark("Letter"), "page"),
    Place("/dose", mark("What a dose does"), mark("Dose"), "curve"),
    Place("/evidence", mark("Evidence"), mark("Evidence"), "scales"),
    Place("/data", mark("Data"), mark("Data"), "box"),
    Place("/help", mark("Help"), mark("Help"), "question"),
)


OUTCOMES = Place(
    "/start/outcomes", mark("What you score"), mark("What you score"), "list"
)  # behind "More", and on Data
UNDER_THE_THUMB = 4  # of them; the rest stand behind "More"


KEYS = (
    (mark("0 to 9"), mark("answer the question that is marked, and go to the next")),
    ("-", "10"),
    (mark("Enter"), mark("save")),
    (mark("g, then t, l, a or p"), mark("go to Tonight, Timeline, Answer or Plan")),
    ("?", mark("show these keys; Escape closes them")),
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
    next_words: str = ""  # after an act: what comes next for this person, and its page
    next_path: str = ""
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
