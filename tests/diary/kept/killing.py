"""Run as a script: writers are killed at random moments; every entry they confirmed must be in the diary.

python killing.py ROUNDS SEED plain|encrypted FOLDER   -> prints a JSON summary
"""

import datetime
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from nightdose.diary.entry import Entry
from nightdose.diary.kept.store import Store

DAY = datetime.date(2026, 11, 20)


def write_until_killed(path, key, acknowledgements, start):
    """Child: add entries one after another (sometimes several, sometimes a correction), confirm each."""
    with Store(path, key) as store:
        number = 0
        while True:
            number += 1
            rows = [Entry(DAY, "score", f"r{start}-{number}-{part}", 1.0) for part in range(1 + number % 3)]
            added = store.add(*rows)
            if number % 5 == 0:
                store.correct(added[0], rows[0])
            os.write(acknowledgements, f"{rows[-1].item}\n".encode())


def one_round(path, key, rng, round_number):
    """Start a writer, kill it, return what it had confirmed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        write_until_killed(path, key, writer, round_number)
    os.close(writer)
    said = b""
    if rng.random() < 0.8:  # the others are killed while the diary is being opened
        said = os.read(reader, 65536)
    time.sleep(rng.uniform(0.0, 0.012))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(reader, 65536):
        said += chunk
    os.close(reader)
    return said.decode().split()


def main(rounds, seed, mode, folder):
    path, key = Path(folder) / "diary.db", bytes(32) if mode == "encrypted" else None
    Store(path, key, create=True).close()
    rng = random.Random(seed)
    confirmed, killed_writing, faults = [], 0, []
    for round_number in range(rounds):
        said = one_round(path, key, rng, round_number)
        killed_writing += bool(said)
        confirmed += said
        if round_number % 10 == 0 or round_number == rounds - 1:
            with Store(path, key) as store:
                faults += store.verify().faults
    with Store(path, key) as store:
        kept = {row.entry.item for row in store.history()}
    lost = [item for item in confirmed if item not in kept]
    print(json.dumps({
        "rounds": rounds, "killed_while_writing": killed_writing, "confirmed": len(confirmed),
        "lost": len(lost), "faults": faults,
    }))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
