"""python -m benchmarks.patients write | score | table (README.md)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.patients.cells import OUTCOMES, cells
from benchmarks.patients.files import Entry, read_set, write_set
from benchmarks.patients.score import match, score
from benchmarks.patients.table import page, summary
from benchmarks.patients.tools import TOOLS, ask, ask_each

DEFAULT_SET = Path("build/bench/patients")


def main() -> int:
    """One command of three."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patients", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    write = commands.add_parser("write", help="write the set of simulated patients to a folder")
    write.add_argument("--out", type=Path, default=DEFAULT_SET)
    write.add_argument("--n", type=int, default=20, help="patients of every cell")
    write.add_argument("--outcomes", nargs="+", default=list(OUTCOMES), choices=OUTCOMES)
    one = commands.add_parser("score", help="score one tool on a written set")
    one.add_argument("--set", type=Path, default=DEFAULT_SET)
    one.add_argument("--tool", choices=sorted(TOOLS))
    one.add_argument("--run", metavar="COMMAND", help="your own: 'mytool --file {diary} --question {question}'")
    one.add_argument("--name", help="of your own tool, for its file of answers")
    one.add_argument("--outcomes", nargs="+", default=list(OUTCOMES), choices=OUTCOMES)
    one.add_argument("--most", type=int, default=1_000_000, help="patients of every cell")
    one.add_argument("--again", action="store_true", help="ask afresh, even where an answer is kept")
    table = commands.add_parser("table", help="run every tool that is installed and write the page")
    table.add_argument("--set", type=Path, default=DEFAULT_SET)
    table.add_argument("--n", type=int, default=20, help="patients of every cell, where the set is not yet written")
    table.add_argument("--page", type=Path, default=Path("docs/accuracy.md"))
    table.add_argument("--only-kept", action="store_true", help="write the page from kept answers, run nothing")
    arguments = parser.parse_args()
    return {"write": run_write, "score": run_score, "table": run_table}[arguments.command](arguments)


def run_write(arguments: argparse.Namespace) -> int:
    """The set as files."""
    count = write_set(arguments.out, cells(tuple(arguments.outcomes)), arguments.n)
    print(f"{count} patients in {arguments.out}")
    return 0


def run_score(arguments: argparse.Namespace) -> int:
    """One tool's figures, printed."""
    if not (arguments.tool or arguments.run):
        print("Give --tool NAME or --run COMMAND.", file=sys.stderr)
        return 2
    entries = [
        entry
        for entry in read_set(arguments.set)
        if entry.truth["cell"]["outcome"] in arguments.outcomes and entry.truth["number"] < arguments.most
    ]
    if arguments.tool:
        answers = kept_answers(arguments.set, arguments.tool, entries, again=arguments.again)
    else:
        name = arguments.name or Path(arguments.run.split()[0]).stem
        answers = store(arguments.set, name, ask_each(arguments.run, entries), len(entries))
    truths = {entry.name: entry.truth for entry in entries}
    print(summary(score(match(truths, answers))))
    return 0


def run_table(arguments: argparse.Namespace) -> int:
    """Every tool on the same files, and the page made of it."""
    if not (arguments.set / "VERSION").exists():
        write_set(arguments.set, cells(), arguments.n)
    entries = list(read_set(arguments.set))
    answers, absent = {}, {}
    for name, tool in TOOLS.items():
        if not arguments.only_kept and tool.missing is None:
            kept_answers(arguments.set, name, entries)
        found = read_answers(arguments.set, name)
        if found:
            answers[name] = found
        else:
            absent[name] = tool.missing or "no answers kept"
    arguments.page.parent.mkdir(exist_ok=True)
    versions = {name: text.read_text() for name in TOOLS if (text := version_file(arguments.set, name)).exists()}
    page(arguments.page, entries, answers, absent, versions)
    print(f"wrote {arguments.page}")
    return 0


def kept_answers(folder: Path, name: str, entries: list[Entry], *, again: bool = False) -> list[dict[str, Any]]:
    """The tool's answers, asking only what is not yet answered."""
    tool = TOOLS[name]
    if again:
        answers_file(folder, name).unlink(missing_ok=True)
    kept = read_answers(folder, name)
    done = {a["id"] for a in kept}
    todo = [entry for entry in entries if tool.takes(entry.truth) and entry.name not in done]
    if todo and tool.missing:
        print(f"{name} cannot be run: {tool.missing}", file=sys.stderr)
        return kept
    if todo:
        kept += store(folder, name, ask(tool.command, todo), len(todo))
    version_file(folder, name).write_text(tool.version())
    return kept


def store(folder: Path, name: str, lines: Iterable[dict[str, Any]], total: int) -> list[dict[str, Any]]:
    """Appends answers to the tool's file as they come."""
    path = answers_file(folder, name)
    path.parent.mkdir(exist_ok=True)
    stored = []
    with path.open("a") as out:
        for answer in progress(lines, name, total):
            out.write(json.dumps(answer) + "\n")
            out.flush()
            stored.append(answer)
    return stored


def progress(lines: Iterable[dict[str, Any]], name: str, total: int) -> Iterator[dict[str, Any]]:
    """The same lines, with a count on standard error."""
    for done, answer in enumerate(lines, 1):
        if done % 200 == 0 or done == total:
            print(f"{name}: {done} of {total}", file=sys.stderr, flush=True)
        yield answer


def answers_file(folder: Path, name: str) -> Path:
    """Where answers are kept."""
    return folder / "answers" / f"{name}.jsonl"


def version_file(folder: Path, name: str) -> Path:
    """Where the version of the tool that answered is kept."""
    return folder / "answers" / f"{name}.version"


def read_answers(folder: Path, name: str) -> list[dict[str, Any]]:
    """Kept answers, none where there is no file."""
    path = answers_file(folder, name)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
