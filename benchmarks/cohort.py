"""How many diaries a second `nightdose cohort` answers, and in how much memory; with processes and on a Dask cluster.

    python -m benchmarks.cohort [--people 1000 ...] [--kinds continuous rating] [--table csv|parquet] [--dask]
                                [--page docs/cohort.md]

Simulated diaries of 180 days in blocks of 28, one file, the whole command from the shell. Peak memory is that of the
largest of its processes, and the sum over them cannot be larger than that times their number.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

BEGIN, END = "<!-- cohort: begin, written by `python -m benchmarks.cohort` -->", "<!-- cohort: end -->"
DAYS = 180
WANTED = {"continuous": 200, "rating": 60}  # a second on two cores


def main() -> None:
    """Measure, print, and write the section where a page is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cohort")
    parser.add_argument("--people", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--kinds", nargs="*", default=list(WANTED), choices=list(WANTED))
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--table", default="csv", choices=["csv", "parquet"])
    parser.add_argument("--dask", action="store_true", help="also a local cluster, two processes of one thread")
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    lines = [
        f"Simulated diaries of {DAYS} days; `python -m benchmarks.cohort`, {datetime.date.today():%B %Y}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f} before it.",
        "",
        "| outcome | people | who works | s | diaries a second | CPU ms a diary | largest process, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind in arguments.kinds:
            for people in arguments.people:
                table = Path(folder) / f"{kind}-{people}.csv"
                write_people(table, people, kind)
                if arguments.table == "parquet":
                    table = as_parquet(table)
                who = [(f"{n} process{'es' * (n > 1)}", ["--workers", str(n)]) for n in arguments.workers]
                for name, words in who:
                    lines.append(measured(table, kind, people, name, words))
                    print(lines[-1], flush=True)
                if arguments.dask:
                    with local_cluster() as (address, theirs):
                        words = ["--dask", address]
                        lines.append(measured(table, kind, people, "Dask, 2 processes", words, theirs))
                        print(lines[-1], flush=True)
                table.unlink()
    if arguments.page is not None:
        text = arguments.page.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        arguments.page.write_text("\n".join([head + BEGIN, *lines, END + rest.split(END)[1]]), encoding="utf-8")


def write_people(path: Path, people: int, kind: str) -> None:
    """The table: autocorrelated days, half a point better on treatment."""
    rng = np.random.default_rng(1)
    dose = 4.5 * ((np.arange(DAYS) // 28) % 2)
    with open(path, "w", encoding="utf-8") as file:
        file.write("person,day,pain,naltrexone_mg\n")
        for i in range(people):
            noise = rng.standard_normal(DAYS)
            for t in range(1, DAYS):
                noise[t] += 0.5 * noise[t - 1]
            pain = 5 - 0.5 * (dose > 0) + noise
            pain = np.clip(np.round(pain), 0, 10) if kind == "rating" else np.round(pain, 3)
            file.writelines(f"p{i},{t + 1},{pain[t]:g},{dose[t]:g}\n" for t in range(DAYS))


def as_parquet(table: Path) -> Path:
    """The same rows in row groups of a megabyte of text, some 300 people; the CSV is removed."""
    import pyarrow.csv
    import pyarrow.parquet

    out = table.with_suffix(".parquet")
    reader = pyarrow.csv.open_csv(table)
    with pyarrow.parquet.ParquetWriter(out, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
    table.unlink()
    return out


def measured(
    table: Path, kind: str, people: int, name: str, words: list[str], theirs: Callable[[], float] = lambda: 0.0
) -> str:
    """One row of the page: the command as a user types it. theirs : CPU seconds so far of whoever helps elsewhere."""
    out = table.with_name(f"{table.stem}.out{table.suffix}")
    asked = ["--outcome", "pain", "--treatment", "naltrexone", "--randomised", "blocks", "--scale", kind]
    command = [sys.executable, "-m", "nightdose", "cohort", str(table), *asked, "--out", str(out), "--json", *words]
    before, elsewhere = resource.getrusage(resource.RUSAGE_CHILDREN), theirs()
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + theirs() - elsewhere
    largest = after.ru_maxrss / 1024  # of all commands so far: they grow with the number of people, if at all
    out.unlink()
    speed = f"{seconds:.0f} | {people / seconds:.0f} | {1000 * cpu / people:.0f}"
    return f"| {kind} | {people:,} | {name} | {speed} | {largest:.0f} |"


@contextmanager
def local_cluster() -> Iterator[tuple[str, Callable[[], float]]]:
    """A Dask cluster of this machine: its address, and the CPU seconds of its two workers so far."""
    import distributed
    import psutil

    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = [psutil.Process(nanny.pid) for nanny in cluster.workers.values()]
        yield cluster.scheduler_address, lambda: sum(sum(one.cpu_times()[:2]) for one in workers)


if __name__ == "__main__":
    main()
