"""What nightdose says about other people's published diaries; fills the tables of docs/real-diaries.md.

    python -m benchmarks.real_diaries

Needs ../shared/data. Each table stands between markers; the words around it are written by hand.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from nightdose.analyse import analyse
from nightdose.diary.records import Diary
from nightdose.diary.table.table import read_table
from nightdose.question.looks import ONE_LOOK
from nightdose.question.question import Question
from nightdose.verdict.decide import decide

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "real-diaries.md"


def rows(path: str) -> list[dict[str, str]]:
    with open(DATA / path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def on_grid(table: list[dict[str, str]], day: str, columns: dict[str, str], name: str) -> Diary:
    """A diary from long rows: `columns` maps new names to the file's; days without a row are unknown."""
    days = [int(row[day]) for row in table]
    first, length = min(days), max(days) - min(days) + 1
    out = {new: np.full(length, np.nan) for new in columns}
    for row, at in zip(table, days, strict=True):
        for new, old in columns.items():
            out[new][at - first] = number(row[old])
    return Diary(name, first, False, out, length)


def line(diary: Diary, question: Question, published: str) -> str:
    """One row: outcome, what is published, what nightdose says, and what it says where one looks once at the end."""
    a = analyse(diary, question, curves=False)
    e = a.verdict.estimate
    said = f"`{a.verdict.answer}`, ceiling {a.verdict.ceiling}"
    once = decide(replace(a.case, looks=ONE_LOOK), a.fitted, a.checks)
    if once.answer != a.verdict.answer:
        said += f"; read once `{once.answer}`, {once.ceiling}"
    if e is None:
        return f"| {question.outcome} | {published} | {said}: {a.verdict.reasons[0].code} | | |"
    low, high = e.interval95
    adjusted = a.guess.adjusted if a.guess else None
    guessed = f"{adjusted.mean:.2f} ({adjusted.interval95[0]:.2f} to {adjusted.interval95[1]:.2f})" if adjusted else ""
    return (
        f"| {question.outcome} | {published} | {said} | {e.mean:.2f} ({low:.2f} to {high:.2f}), "
        f"P(better) {e.better:.3f} | {guessed} |"
    )


HEAD = [
    "| outcome | published | nightdose | improvement (95 %), own unit | with the guess taken into account |",
    "|---|---|---|---|---|",
]


def caffeine() -> list[str]:
    diary = read_table(ROOT / "examples" / "caffeine.csv")
    published = {
        "absorption": ("d 0.61, p 0.00017", 0.25),
        "mindfulness": ("d 0.58, p 0.0007", 0.25),
        "productivity": ("d 0.58, p 1.3e-12", 0.1),
        "creativity": ("d 0.45, p 4.6e-27", 0.1),
        "happiness_mean": ("d 0.27, p 0.002", 0.5),
        "contentment_mean": ("d 0.13, p 0.02", 0.5),
        "relaxation_mean": ("d -0.11, p 0.15", 0.5),
    }
    return HEAD + [
        line(
            diary,
            Question(
                name, "caffeine", better="higher", meaningful=size, onset="same-day", randomised="days", blinded=True
            ),
            words,
        )
        for name, (words, size) in published.items()
    ]


def lsd() -> list[str]:
    diary = read_table(DATA / "lsd_microdose_self_experiment" / "lsd_daily.csv")
    diary = diary.with_column("lsd_mg", diary.column("lsd"))
    published = {
        "time_to_sleep_min": ("p 0.49", None, "lower", 5.0),
        "total_sleep_min": ("p 0.12", None, "higher", 15.0),
        "awakenings": ("p 0.25", None, "lower", 1.0),
        "morning_feel": ("d 0.42, p 0.011 before correction", (1.0, 4.0), "higher", 0.25),
        "flashcard_recall": ("p 0.68", None, "higher", 0.1),
        "mood_productivity": ("d -0.18, p 0.27", (1.0, 5.0), "higher", 0.25),
        "creativity": ("d -0.19, p 0.28", (1.0, 3.0), "higher", 0.25),
    }
    return HEAD + [
        line(
            diary,
            Question(
                name,
                "lsd",
                scale="rating" if limits else "continuous",
                better=better,
                meaningful=size,
                limits=limits,
                onset="same-day",
                randomised="blocks",
                blinded=True,
                unit="",
            ),
            words,
        )
        for name, (words, limits, better, size) in published.items()
    ]


def noopept() -> list[str]:
    diary = read_table(DATA / "noopept_self_experiment" / "noopept_daily.csv")
    for drug in ("noopept", "magnesium_l_threonate"):
        diary = diary.with_column(f"{drug}_mg", diary.column(drug))
    ask = {
        "scale": "rating",
        "limits": (1.0, 5.0),
        "better": "higher",
        "meaningful": 0.25,
        "onset": "same-day",
        "unit": "",
    }
    return [
        "| treatment | nightdose | improvement (95 %), points |",
        "|---|---|---|",
        *(
            "| {} | {} | {} |".format(drug, *spoken(diary, Question("mood_productivity", drug, adjust=(other,), **ask)))
            for drug, other in (("noopept", "magnesium_l_threonate"), ("magnesium_l_threonate", "noopept"))
        ),
    ]


def spoken(diary: Diary, question: Question) -> tuple[str, str]:
    a = analyse(diary, question, curves=False)
    e = a.verdict.estimate
    if e is None:
        return f"`{a.verdict.answer}`: {a.verdict.reasons[0].code}", ""
    return (
        f"`{a.verdict.answer}`, ceiling {a.verdict.ceiling}",
        f"{e.mean:.2f} ({e.interval95[0]:.2f} to {e.interval95[1]:.2f})",
    )


def lamp() -> list[str]:
    table = rows("lllt_self_experiment/lllt_sittings.csv")
    names = {n: n for n in table[0] if n.endswith("_score")}
    diary = on_grid(table, "sitting", {**names, "lamp_mg": "active"}, "lamp")
    out = ["| score | nightdose | improvement (95 %), points |", "|---|---|---|"]
    for name in names:
        question = Question(name, "lamp", better="higher", meaningful=10.0, onset="same-day", blinded=True, unit="")
        out.append("| {} | {} | {} |".format(name, *spoken(diary, question)))
    return out


def migraine_person(args: tuple[str, list[dict[str, str]]]) -> tuple[str, str]:
    """(answer for the medication, answer for the programme) of one person."""
    person, table = args
    diary = on_grid(table, "day_from_treatment", {"headache": "headache"}, person)
    day = np.arange(diary.days) + diary.first_day
    taken = float(table[0]["medication"] != "none")
    diary = diary.with_column("medication_mg", np.full(diary.days, taken))
    diary = diary.with_column("programme_mg", (day >= 0).astype(float))
    ask = {"scale": "binary", "meaningful": 2 / 28, "unit": ""}
    medication, programme = (
        analyse(diary, Question("headache", name, **ask), curves=False).verdict.answer
        for name in ("medication", "programme")
    )
    return medication, programme


def migraine(pool: ProcessPoolExecutor) -> list[str]:
    people = defaultdict(list)
    for row in rows("migraine_diaries/migraine_diaries.csv"):
        people[row["person"]].append(row)
    answers = list(pool.map(migraine_person, people.items(), chunksize=4))
    return counted(
        {
            "medication (one value a person)": [a[0] for a in answers],
            "programme (starts on day 0)": [a[1] for a in answers],
        }
    )


def taper_person(args: tuple[str, list[tuple[int, float]], list[tuple[int, float]]]) -> str:
    person, doses, scores = args
    days = [d for d, _ in doses] + [d for d, _ in scores]
    first, length = min(days), max(days) - min(days) + 1
    dose, withdrawal = np.zeros(length), np.full(length, np.nan)
    for day, mg in doses:
        dose[day - first] = mg
    for day, score in scores:
        withdrawal[day - first] = score
    diary = Diary(person, first, False, {"withdrawal": withdrawal, "buprenorphine_mg": dose}, length)
    question = Question("withdrawal", "buprenorphine", scale="ordinal", meaningful=0.5, onset="days")
    return analyse(diary, question, curves=False).verdict.answer


def taper(pool: ProcessPoolExecutor) -> list[str]:
    doses, scores = defaultdict(list), defaultdict(list)
    for row in rows("buprenorphine_taper/daily_dose.csv"):
        doses[row["person"]].append((int(row["study_day"]), number(next(v for k, v in row.items() if "dose" in k))))
    for row in rows("buprenorphine_taper/withdrawal.csv"):
        scores[row["person"]].append((int(row["study_day"]), number(row["withdrawal_0_3"])))
    people = [(p, doses[p], scores[p]) for p in scores if doses[p]]
    answers = list(pool.map(taper_person, people, chunksize=4))
    enough = [a for a, (_, _, s) in zip(answers, people, strict=True) if len(s) >= 14]
    return counted({"everybody with doses and scores": answers, "of them with 14 or more scores": enough})


def epilepsy() -> list[str]:
    people = defaultdict(list)
    for row in rows("epilepsy_progabide/epilepsy.csv"):
        people[row["person"]].append(row)
    answers = []
    for person, table in people.items():
        diary = on_grid(table, "period", {"seizures": "seizures"}, person)
        diary = diary.with_column("progabide_mg", np.full(diary.days, float(table[0]["treatment"] != "placebo")))
        answers.append(analyse(diary, Question("seizures", "progabide", scale="count", unit="")).verdict.answer)
    return counted({"progabide (one arm a person, four periods)": answers})


def counted(groups: dict[str, Iterable[str]]) -> list[str]:
    kinds = ("helps", "harms", "no_meaningful_difference", "not_yet_known", "cannot_be_known")
    out = [f"| question | people | {' | '.join(f'`{k}`' for k in kinds)} |", "|---|---|" + "---|" * len(kinds)]
    for name, answers in groups.items():
        found = Counter(answers)
        out.append(f"| {name} | {sum(found.values())} | {' | '.join(str(found[k]) for k in kinds)} |")
    return out


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with ProcessPoolExecutor(2) as pool:
        tables = {
            "caffeine": caffeine(),
            "lsd": lsd(),
            "noopept": noopept(),
            "lamp": lamp(),
            "migraine": migraine(pool),
            "taper": taper(pool),
            "epilepsy": epilepsy(),
        }
    for name, lines in tables.items():
        body = "\n".join([f"<!-- {name}: nightdose {version('nightdose')} -->", "", *lines, "", f"<!-- end {name} -->"])
        page, n = re.subn(rf"<!-- {name}: .*?<!-- end {name} -->", lambda _, b=body: b, page, flags=re.DOTALL)
        assert n == 1, f"the page has no place for {name}"
        print("\n".join([name, *lines, ""]), flush=True)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
