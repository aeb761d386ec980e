"""How the diary file got its present form: numbered steps, each run once and never edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION_ID = 0x4E444F53  # "NDOS" in the file header says whose file it is


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number becomes the file's `user_version`."""

    number: int
    what: str
    statements: tuple[str, ...]


_APPEND_ONLY = """
CREATE TRIGGER {table}_never_{lower} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the diary only grows: write a correction instead'); END
"""


def _append_only(table: str) -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        _APPEND_ONLY.format(table=table, verb=verb, lower=verb.lower()) for verb in ("UPDATE", "DELETE")
    )


MIGRATIONS = (
    Migration(
        1,
        "entries, append-only, chained by hash",
        (
            """
            CREATE TABLE entry (
              number        INTEGER PRIMARY KEY,
              written_utc   TEXT NOT NULL,
              day           TEXT NOT NULL,
              kind          TEXT NOT NULL,
              item          TEXT NOT NULL,
              value         REAL,
              unit          TEXT NOT NULL,
              status        TEXT NOT NULL,
              text          TEXT NOT NULL,
              at_local      TEXT,              -- ISO with offset, as the wall clock showed it
              extra         TEXT NOT NULL,     -- JSON object
              source        TEXT NOT NULL,
              source_key    TEXT,
              corrects      INTEGER REFERENCES entry(number),
              withdrawn     INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
              reason        TEXT NOT NULL,
              chain         TEXT NOT NULL
            ) STRICT
            """,
            "CREATE UNIQUE INDEX entry_corrected_once ON entry(corrects) WHERE corrects IS NOT NULL",
            "CREATE UNIQUE INDEX entry_imported_once ON entry(source_key) WHERE source_key IS NOT NULL",
            "CREATE INDEX entry_by_day ON entry(day, kind, item)",
            *_append_only("entry"),
        ),
    ),
    Migration(
        2,
        "documents: outcomes, settings, protocol, amendments, instructions, commitments; append-only",
        (
            """
            CREATE TABLE document (
              number        INTEGER PRIMARY KEY,
              written_utc   TEXT NOT NULL,
              kind          TEXT NOT NULL,
              name          TEXT NOT NULL,
              body          TEXT NOT NULL,     -- JSON object
              chain         TEXT NOT NULL
            ) STRICT
            """,
            "CREATE INDEX document_by_kind ON document(kind, name, number)",
            *_append_only("document"),
        ),
    ),
    Migration(
        3,
        "how many rows there are and the hash of the last, apart from the rows: a cut-off end shows",
        (
            """
            CREATE TABLE tip (
              name          TEXT PRIMARY KEY,
              rows          INTEGER NOT NULL,
              chain         TEXT NOT NULL
            ) STRICT
            """,
            *(
                f"INSERT INTO tip SELECT '{table}', count(*), coalesce("
                f"(SELECT chain FROM {table} ORDER BY number DESC LIMIT 1), '') FROM {table}"
                for table in ("entry", "document")
            ),
            _APPEND_ONLY.format(table="tip", verb="DELETE", lower="delete"),
        ),
    ),
)
NEWEST = MIGRATIONS[-1].number
