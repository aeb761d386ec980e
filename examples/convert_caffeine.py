"""Makes examples/caffeine.csv, a diary table, from the published file caffeine_daily.csv.

    python examples/convert_caffeine.py caffeine_daily.csv > examples/caffeine.csv

Only columns and their names change; a rating given on a later day than the capsule becomes unknown.
"""

import csv
import sys

MORNING = ("absorption", "mindfulness")  # first meditation after the dose
EVENING = ("productivity", "creativity")  # first evening rating after the dose
PROMPTS = ("happiness_mean", "contentment_mean", "relaxation_mean")  # prompts in the 14 hours after the dose


def main(source: str) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["date", "caffeine_mg", "caffeine_guess", *MORNING, *EVENING, *PROMPTS])
    with open(source, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            same_evening = row["evening_rating_at_utc"][:10] == row["date"]
            out.writerow(
                [
                    row["date"],
                    200 * int(row["active"]),
                    row["stated_probability_of_active"],
                    *(row[name] for name in MORNING),
                    *(row[name] if same_evening else "" for name in EVENING),
                    *(row[name] for name in PROMPTS),
                ]
            )


if __name__ == "__main__":
    main(sys.argv[1])
