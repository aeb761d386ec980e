"""Command lines: honest ones with words lost, doubled, swapped or replaced by words that nobody should give."""

from __future__ import annotations

import argparse
import importlib
import random
from functools import cache

from nightdose.cli.main import COMMANDS

TODAY, SLOW = "2026-11-27", ("analyse", "cohort", "simulate", "plan trial", "plan")
# honest lines, a command as often as it should be tried; the slow ones seldom
HONEST = """
log pain=4 --dose naltrexone=1.5mg@22:30 --guess 60% --note tired
log pain=4 --late naltrexone=1.5mg@00:40 --day yesterday
log --missed naltrexone --side-effect "vivid dreams=3" --event infection --until 2026-11-22 --day 2026-11-20
log --rescue sumatriptan=50mg@14:10 --lab "TSH=2.1 mU/L:0.4-4.0" --json
log --list 30 --json
log --correct 2 pain=5 --reason typo
log --withdraw 3 --reason twice
log --table out.csv --combine mean
log --medicine-start topiramate=25mg --medicine-stop tramadol=50mg --unknown-dose LDN
log --outcome fatigue:0-3 --outcome sleep:0-10:higher --day-start 05:00 --zone Europe/Oslo
log --start --plain --outcome pain:0-10 --diary new.db
log --start --outcome pain:0-10 --diary secret.db --passphrase-file pass.txt
log --dose naltrexone=45mg --dose-is-right 45 --instead
import table.csv --write
import table.csv --column pain=score:pain --date-column date --mapping mine --json
import table.csv --dates dmy --dose-is-right 9 --column ldn_mg=dose:LDN:mg --write
import forms.csv --column "LDN mg taken=dose:naltrexone:mg" --json
import daylio.csv --mood sad=2 --format daylio --write
import loop.zip --mg-per-unit LDN=1.5 --no-means-no --rescue ibuprofen --write
import evil.csv --write
import book.xlsx --sheet Sheet --json
safety
safety ask --complete --answer pregnant=no --json
safety medicine "Tylenol 3" --stopped 2026-11-01
safety medicine tramadol --forget
safety instruct steroid:prednisone --prescriber "Dr Lind" --words "May be taken together." --given 2026-11-20
safety check codiene --json
safety card -o card.html --name A --dose 4.5mg --clock 22:30 --prescriber B --contact C --allergies D --blinded
plan titration --step 1.5x14 --step 3x14 --capsule 1.5:60 --first-evening 2026-12-01 --clock 22:30 --ics plan.ics
plan titration --step 4.5x28 --tablet 50:3:halves --first-evening tomorrow --named --dose-is-right 9 --json
plan dilution --dose 1.5 --label "50 mg / 50 ml" --marks 0.1 --stated 1.5
plan amend --change dose_mg=3 --reason tired --from 2026-12-01
plan unlock --reason mistake
plan show --json
plan helper-key -o my.key
plan seal --to age1x -o sealed.age
plan kit sealed.age --identity my.key -o box --active "3 capsules of 1.5 mg" --dummy look-alikes --contact D
plan unblind --block 2 --reason pain --emergency
plan reveal allocation.json --early tired
backup --to .
backup verify
backup verify d.nightdose-backup --json
backup restore d.nightdose-backup --as other.db
backup export folder
backup passphrase --new-passphrase-file pass.txt --passphrase-file pass.txt
backup delete --sure "delete everything"
serve --port 0 --no-browser --diary d.db
serve --example --no-browser
verify table.csv
verify letter.html --json
""".strip().splitlines()
SELDOM = """
plan trial --outcome pain --meaningful 1 --pairs 6 --block-days 28 --run-in 14 --dose 4.5 --blinded --ics t.ics
plan trial --outcome pain --meaningful 1 --pairs 3 --start 2026-12-01 --event 2027-02-10:dentist --lock --json
plan --power --outcome pain --meaningful 1 --pairs 3 --block-days 14 --noise usual --diaries 2 --seed 1 --picture f.svg
analyse table.csv --outcome pain --treatment ldn --range 0 10 --meaningful 1 --json --no-report
analyse d.db --outcome pain --json --no-report
analyse table.csv --outcome pain --treatment ldn --better lower --report r.html
report d.db -o letter.html
report table.csv --outcome pain --treatment ldn -o letter.html
cohort people.csv --outcome pain --treatment naltrexone --workers 1 --out o.csv
simulate 4.5mg@22:00 --people 1 --days 3 --export m.xml
simulate table.csv --people 1 --days 30 --out s.csv --every 24
simulate "1.5mg x3d, 3mg x3d" --people 2 --days 6 --miss 2 --late 3=2 --double 5 --plot p.svg --json
""".strip().splitlines()
SHARE_SELDOM = 0.06
WORDS = (
    "", " ", "-1", "0", "1", "2", "10", "1e9", "nan", "inf", "-inf", "1e400", "999999999999999999999", "0.0000001",
    "x", "=", "=1", "pain=", "=4", "pain=4=5", "pain=-1", "pain=11", "pain=nan", "pain=four", "tramadol=50mg", "--",
    "-", "-o", "--json", "?", "yes", "no", "today", "yesterday", "2026-11-20", "2026-02-30", "0001-01-01",
    "9999-12-31", "20/11/2026", "22:30", "24:00", "25:61", "12:00 pm", "4.5mg", "4,5 mg", "450 mg", "4.5ml", "1.5x14",
    "0x0", "1.5x-1", "1.5:60", "50:3:halves", "Europe/Oslo", "Mars/Olympus", "d.db", "table.csv", "evil.csv",
    "empty.csv", "book.xlsx", "loop.zip", "pass.txt", "nothere.csv", ".", "/proc/self/mem", "folder", "folder/../x",
    "a" * 300, "ä ö ü", "µg", "\u202etxt", "\x1b[2J", "line\nbreak", "\ud800", "💊", "';DROP TABLE entry;--", "%s%n",
    "{0}", "<script>", "age1x", "null", "[1]", "50 mg / 50 ml", "TSH=2.1 mU/L:0.4-4.0", "pain:0-10",
    "pain:0-10:higher", "pain:count", "a:b:c:d", "naltrexone", "LDN",
)  # fmt: skip


@cache
def options(command: str) -> tuple[str, ...]:
    """Every option of a command and of the words below it."""
    parser = argparse.ArgumentParser(prog=command)
    importlib.import_module(f"nightdose.cli.{command}").configure(parser)
    found: list[str] = []
    waiting = [parser]
    while waiting:
        for action in waiting.pop()._actions:
            found += action.option_strings
            if isinstance(action, argparse._SubParsersAction):
                waiting += action.choices.values()
    return tuple(dict.fromkeys(found))


def split(line: str) -> list[str]:
    """The words of a line, quotes kept together."""
    words = [""]
    quoted = False
    for letter in line:
        if letter == '"':
            quoted = not quoted
        elif letter == " " and not quoted:
            words.append("")
        else:
            words[-1] += letter
    return words


def line(rng: random.Random) -> list[str]:
    """One command line: honest words, up to three of them lost, doubled, swapped, replaced or put in."""
    words = split(rng.choice(SELDOM if rng.random() < SHARE_SELDOM else HONEST))
    for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
        if len(words) < 2:
            break
        place = rng.randrange(1, len(words))
        kind = rng.random()
        if kind < 0.15:
            del words[place]
        elif kind < 0.25:
            words.insert(place, words[place])
        elif kind < 0.35:
            other = rng.randrange(1, len(words))
            words[place], words[other] = words[other], words[place]
        elif kind < 0.75:
            words[place] = rng.choice(WORDS)
        elif kind < 0.8:
            words[0] = rng.choice((*COMMANDS, "", "-h", "--version", "anlayse"))
        else:
            known = options(words[0]) if words[0] in COMMANDS else ("--json",)
            words[place:place] = [rng.choice(known), rng.choice(WORDS)]
    return bounded(words)


def bounded(words: list[str]) -> list[str]:
    """The line with small numbers where a large one would only take long: people, days, diaries, workers."""
    if words[:1] == ["simulate"]:
        words = [*words, "--people", "1", "--days", "3", "--workers", "1"]
    if words[:1] == ["cohort"]:
        words = [*words, "--workers", "1"]
    if words[:1] == ["plan"] and "--power" in words:
        words = [*words, "--diaries", "2"]
    return words
