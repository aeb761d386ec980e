"""The rows of a cohort as a value: a list of them, a frame, a picture of everybody."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

from nightdose.errors import CallError
from nightdose.evidence.people import PeoplePool, people_pool
from nightdose.evidence.profile import Profile
from nightdose.export.frames import Row
from nightdose.language.catalogue import say
from nightdose.language.number import number, plain
from nightdose.statistics import Z95

SHOWN = 20  # rows in a notebook
SHOWN_COLUMNS = ("person", "verdict", "ceiling", "improvement_mean", "improvement_lo95", "improvement_hi95", "days")


class Cohort(list[Row]):
    """One flat row a person (docs/cohort.md), in the order of the diaries. Answers about single people, not pooled."""

    @property
    def answers(self) -> Mapping[str, int]:
        """Verdict -> people, the commonest first; `failed` for those without one."""
        counted = Counter(row["verdict"] or "failed" for row in self)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame, indexed by person; CallError where pandas is not installed."""
        try:
            pandas = importlib.import_module("pandas")
        except ImportError as error:
            raise CallError(
                say('A frame needs pandas: pip install "nightdose[arviz]". The rows come without it.')
            ) from error
        return pandas.DataFrame(list(self)).set_index("person")

    def pool(self, between: float) -> PeoplePool:
        """The mean over these people and how far they truly differ, from their likelihoods (`evidence/people.py`).

        between : scale of the half-normal prior of the true sd between people, in the outcome's unit; half the sd of
        somebody's days is a mild choice. Whoever chose to be in the table decides what the mean is worth.
        Raises CallError where nobody's diary says anything.
        """
        return people_pool([Profile(row["likelihood_mean"], row["likelihood_sd"]) for row in self._known()], between)

    def forest(self, between: float, *, worth: float = 0.0) -> str:
        """Everybody by the diary alone, worst first, and the pool below, as HTML with its own style.

        worth : smallest difference worth having, drawn as a zone around 0.
        """
        # here: the processes that make the rows draw nothing, and these would be a tenth of their start
        from nightdose.report.figures.people import forest
        from nightdose.report.figures.svg import WIDE, drawing
        from nightdose.report.notebook import styled

        pool = self.pool(between)
        alone = sorted((row["likelihood_mean"], row["likelihood_sd"]) for row in self._known())
        rows = [(mean - Z95 * sd, mean, mean + Z95 * sd) for mean, sd in alone]
        body, bottom, drawn = forest(rows, pool, worth, WIDE)
        low, high = pool.interval95()
        sentence = say(
            "{n} of {all} people by their diaries alone (95 % interval, points of the outcome), worst first; below, "
            "the mean over people as a diamond: {mean} ({low} to {high}), and where one new person may lie.",
            n=drawn,
            all=len(self),
            mean=number(pool.mean, signed=True),
            low=number(low, signed=True),
            high=number(high, signed=True),
        )
        svg = drawing("people", say("Forest of people"), sentence, (WIDE, bottom + 24), "".join(body))
        return styled(f"{svg}<p>{escape(sentence)}</p>")

    def _known(self) -> list[Row]:
        return [row for row in self if row["likelihood_sd"] == row["likelihood_sd"]]

    def summary(self) -> str:
        """How many people got each answer, a line each."""
        return "\n".join([f"{len(self)} people", *(f"{n:>7}  {answer}" for answer, n in self.answers.items())])

    def __repr__(self) -> str:
        answers = ", ".join(f"{n} {answer}" for answer, n in self.answers.items())
        return f"<Cohort: {len(self)} people; {answers}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the counts and the first rows."""
        head = "".join(f"<th>{escape(name)}</th>" for name in SHOWN_COLUMNS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(plain(_shown(row[name])))}</td>" for name in SHOWN_COLUMNS) + "</tr>"
            for row in self[:SHOWN]
        )
        more = f"<p>and {len(self) - SHOWN} more</p>" if len(self) > SHOWN else ""
        return f"<p>{escape(repr(self)[1:-1])}</p><table><tr>{head}</tr>{rows}</table>{more}"


def _shown(value: Any) -> str:
    return ("" if value != value else f"{value:.3g}") if isinstance(value, float) else str(value)
