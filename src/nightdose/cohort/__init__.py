"""Many people, one question: a row for everyone, from a mapping of diaries or from a file of any size."""

from nightdose.cohort.people import analyse_cohort, row_of

__all__ = ["analyse_cohort", "row_of"]
